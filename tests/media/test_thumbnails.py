"""Small pictures: what is the citizen's fault, and what is our disk's."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from intake109.errors import MediaError
from intake109.media.thumbnails import make_thumbnail


def picture(path: Path) -> Path:
    Image.new("RGB", (800, 400), "grey").save(path, "JPEG")
    return path


def test_a_thumbnail_is_small_and_the_size_is_that_of_the_original(tmp_path: Path) -> None:
    size = make_thumbnail(picture(tmp_path / "a"), tmp_path / "a.thumbnail.webp")

    with Image.open(tmp_path / "a.thumbnail.webp") as small:
        assert (size, small.size) == ((800, 400), (320, 160))


def test_a_picture_cut_short_is_damaged_for_good(tmp_path: Path) -> None:
    whole = picture(tmp_path / "a").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(MediaError, match="damaged") as failure:
        make_thumbnail(tmp_path / "half", tmp_path / "half.thumbnail.webp")

    assert failure.value.permanent


def test_a_disk_that_takes_nothing_does_not_make_a_picture_damaged(tmp_path: Path) -> None:
    source = picture(tmp_path / "a")

    with pytest.raises(FileNotFoundError):
        make_thumbnail(source, tmp_path / "gone" / "a.thumbnail.webp")
