"""Small pictures for the queue, and the size of the large one."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from intake109.errors import MediaError

THUMBNAIL_PIXELS = 320
_MOST_PIXELS = 60_000_000
_ORIENTATION = 0x0112
_FIRST_LYING = 5
"""EXIF orientations 5 to 8 lie on their side. Source: Exif (CIPA DC-008), tag Orientation."""
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)
"""What Pillow's decoders let through on broken data; an unidentified picture is an OSError."""


def kept_or_made(source: Path, target: Path) -> bool:
    """Say whether there is a thumbnail of a picture, making it if it is asked for the first time."""
    if target.is_file():
        return True
    if not source.is_file():
        return False
    try:
        make_thumbnail(source, target)
    except MediaError:
        return False
    except OSError:  # somebody else makes the same just now, or the disk is full
        return target.is_file()
    return True


def make_thumbnail(source: Path, target: Path) -> tuple[int, int]:
    """Write a thumbnail without any metadata and return width and height of the original, upright, in pixels.

    Raises:
        MediaError: it is no picture that can be opened, or absurdly large.
        OSError: the thumbnail could not be written; the picture itself is good and is tried again.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(source) as image:
            width, height = image.size
            if width * height > _MOST_PIXELS:
                raise MediaError(f"a picture of {width} × {height} is not opened", permanent=True)
            is_lying = image.getexif().get(_ORIENTATION, 1) >= _FIRST_LYING  # may decode all of it, so after the check
            image.draft("RGB", (THUMBNAIL_PIXELS * 2, THUMBNAIL_PIXELS * 2))
            small = ImageOps.exif_transpose(image).convert("RGB")
            small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    except Image.DecompressionBombError as error:
        raise MediaError("a picture of absurd size is not opened", permanent=True) from error
    except _DAMAGED as error:
        raise MediaError("the picture is damaged", permanent=True) from error
    temporary = target.with_suffix(".part")
    try:
        small.save(temporary, "WEBP", quality=78)  # not above: a full disk must not make a good picture a damaged one
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return (height, width) if is_lying else (width, height)
