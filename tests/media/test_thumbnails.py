"""Small pictures of whatever citizens send."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from intake109.errors import MediaError
from intake109.media.thumbnails import THUMBNAIL_PIXELS, make_thumbnail


def picture(kind: str, size: tuple[int, int] = (640, 480), mode: str = "RGB", orientation: int = 0) -> bytes:
    image = Image.new(mode, size)
    image.paste(1 if mode in {"1", "P"} else "red" if mode != "L" else 200, (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
        exif[0x010F] = "Maker of cameras"
    out = BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A PNG that says it is enormous and holds almost nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def thumbnail(folder: Path, content: bytes) -> tuple[tuple[int, int], Image.Image]:
    source, target = folder / "source", folder / "small.webp"
    source.write_bytes(content)
    size = make_thumbnail(source, target)
    with Image.open(target) as image:
        image.load()
        return size, image


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("GIF", "P"), ("WEBP", "RGB")],
)
def test_a_thumbnail_is_small_and_keeps_the_proportions(tmp_path: Path, kind: str, mode: str) -> None:
    size, small = thumbnail(tmp_path, picture(kind, mode=mode))

    assert size == (640, 480)
    assert small.size == (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS * 480 // 640)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.webp", "source"]


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    assert thumbnail(tmp_path, picture("PNG", (20, 10)))[1].size == (20, 10)


@pytest.mark.parametrize(
    ("orientation", "corner", "size"),
    [
        (1, (0, 0), (640, 480)),
        (3, (1, 1), (640, 480)),
        (6, (1, 0), (480, 640)),
        (8, (0, 1), (480, 640)),
    ],
)
def test_a_photo_stands_upright_and_its_size_with_it(
    tmp_path: Path, orientation: int, corner: tuple[int, int], size: tuple[int, int]
) -> None:
    told, small = thumbnail(tmp_path, picture("JPEG", orientation=orientation))

    width, height = small.size
    pixel = small.getpixel((corner[0] * (width - 1), corner[1] * (height - 1)))
    assert told == size
    assert (width < height) == (size[0] < size[1])
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200


def test_a_thumbnail_tells_nothing_about_the_camera(tmp_path: Path) -> None:
    _, small = thumbnail(tmp_path, picture("JPEG", orientation=6))

    assert not dict(small.getexif())


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"no picture", picture("JPEG")[:300], picture("PNG")[:60], picture("WEBP")[:40]]
)
def test_a_damaged_picture_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(MediaError, match="damaged") as refusal:
        thumbnail(tmp_path, content)

    assert refusal.value.permanent
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


@pytest.mark.parametrize("size", [(10_000, 8_000), (60_000, 60_000)])
def test_a_picture_of_absurd_size_is_not_opened(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(MediaError, match="not opened") as refusal:
        thumbnail(tmp_path, claiming(*size))

    assert refusal.value.permanent


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow grumbles about broken EXIF and goes on
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.data())
def test_whatever_bytes_are_broken_it_is_a_picture_or_an_error_of_ours(tmp_path: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]))
    content = bytearray(picture(kind, (60, 40), orientation=6 if kind == "JPEG" else 0))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    with suppress(MediaError):
        thumbnail(tmp_path, bytes(content))
