"""Drawings of what citizens photograph. Deterministic by name."""

import io
from functools import lru_cache


@lru_cache(maxsize=64)
def draw(name: str) -> bytes:
    """Draw a picture by name and give it as JPEG, 640×480."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (640, 480), "#8fa3ad")
    ImageDraw.Draw(picture).text((40, 40), name, fill="white")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
