"""Small pictures for the queue, and the size of the large one."""

from __future__ import annotations

from pathlib import Path

from intake109.errors import MediaError

THUMBNAIL_PIXELS = 320
_MOST_PIXELS = 60_000_000


def make_thumbnail(source: Path, target: Path) -> tuple[int, int]:
    """Write a thumbnail without any metadata and return the width and height of the original in pixels.

    Raises:
        MediaError: it is no picture that can be opened, or absurdly large.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(source) as image:
            width, height = image.size
            if width * height > _MOST_PIXELS:
                raise MediaError(f"a picture of {width} × {height} is not opened", permanent=True)
            image.draft("RGB", (THUMBNAIL_PIXELS * 2, THUMBNAIL_PIXELS * 2))
            small = ImageOps.exif_transpose(image).convert("RGB")
            small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
            temporary = target.with_suffix(".part")
            small.save(temporary, "WEBP", quality=78)
            temporary.replace(target)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError("the picture is damaged", permanent=True) from error
    return width, height
