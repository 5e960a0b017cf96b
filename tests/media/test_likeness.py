"""The same photo is recognised however it was sent on, and a plain one is like no other."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from intake109.dedup.pictures import MOST_DIFFERENT, distance
from intake109.media.likeness import picture_hash
from intake109.media.thumbnails import make_thumbnail


def scene(seed: int) -> Image.Image:
    """Paint a street that no other seed paints."""
    chance = random.Random(seed)
    image = Image.new("RGB", (1280, 960), (chance.randrange(256), chance.randrange(256), 200))
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = chance.randrange(1200), chance.randrange(900)
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.rectangle((x, y, x + chance.randrange(60, 600), y + chance.randrange(60, 500)), fill=colour)
    return image.filter(ImageFilter.GaussianBlur(2))


def hashed(folder: Path, image: Image.Image, kind: str = "JPEG", **how: int) -> int | None:
    source, small = folder / "source", folder / "small.webp"
    out = BytesIO()
    image.save(out, kind, **how)
    source.write_bytes(out.getvalue())
    make_thumbnail(source, small)
    return picture_hash(small)


@pytest.mark.parametrize("seed", range(12))
def test_a_photo_sent_on_keeps_its_hash(tmp_path: Path, seed: int) -> None:
    image = scene(seed)
    first = hashed(tmp_path, image, quality=92)
    assert first is not None

    sent_on = [
        hashed(tmp_path, image, quality=35),
        hashed(tmp_path, image.resize((640, 480)), quality=70),
        hashed(tmp_path, image, "PNG"),
        hashed(tmp_path, image.convert("L")),
    ]

    assert all(one is not None and distance(first, one) <= MOST_DIFFERENT for one in sent_on)


def test_other_photos_have_other_hashes(tmp_path: Path) -> None:
    found = [hashed(tmp_path, scene(seed)) for seed in range(40)]

    near = [
        distance(one, other)
        for at, one in enumerate(found)
        for other in found[:at]
        if one is not None and other is not None
    ]

    assert min(near) > MOST_DIFFERENT


@pytest.mark.parametrize("colour", ["black", "white", (90, 90, 90)])
def test_a_plain_picture_is_like_no_other(tmp_path: Path, colour: str | tuple[int, int, int]) -> None:
    assert hashed(tmp_path, Image.new("RGB", (640, 480), colour)) is None


def test_what_cannot_be_read_has_no_hash(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no picture")

    assert picture_hash(tmp_path / "broken") is None
