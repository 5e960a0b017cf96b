"""Drawings are the same for the same name, and different for different names."""

import io

import pytest
from PIL import Image

from intake109.demo import script
from intake109.demo.standin.pictures import draw
from intake109.demo.standin.scenes import SCENES


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_scene_is_a_jpeg_of_640_by_480_and_always_the_same(name: str) -> None:
    first = draw(name)
    draw.cache_clear()

    picture = Image.open(io.BytesIO(first))

    assert (picture.format, picture.size) == ("JPEG", (640, 480))
    assert draw(name) == first


def test_no_two_names_give_the_same_picture() -> None:
    assert len({draw(name) for name in [*SCENES, "street", "somewhere"]}) == len(SCENES) + 2


def test_every_picture_of_the_script_is_drawn_on_purpose() -> None:
    wanted: set[str] = set()
    for step in script.read().steps:
        media = step.fields.get("media")
        wanted |= {str(one) for one in media} if isinstance(media, list) else set()

    assert wanted <= set(SCENES)
