"""A picture is damaged by its sender, never by our disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from intake109.media.thumbnails import make_thumbnail


def test_a_disk_that_takes_nothing_does_not_make_a_picture_damaged(tmp_path: Path) -> None:
    Image.new("RGB", (800, 400), "grey").save(tmp_path / "a", "JPEG")

    with pytest.raises(FileNotFoundError):
        make_thumbnail(tmp_path / "a", tmp_path / "gone" / "a.thumbnail.webp")
