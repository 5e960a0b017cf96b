"""Drawings of what citizens photograph: simple shapes, recognisable at a glance, the same bytes for the same name.

Everything is drawn at twice the size and made smaller, which gives smooth edges; a little grain makes it look
photographed, so that a perceptual hash has something to hold on to.
"""

import io
import random
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 640, 480
_SCALE = 2
_GRAIN = 14


class Canvas:
    """A picture in the making, in coordinates of 640×480."""

    def __init__(self, name: str) -> None:
        from PIL import Image, ImageDraw

        self.chance = random.Random(zlib.crc32(name.encode()))
        self._image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE))
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def _scaled(self, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * _SCALE, y * _SCALE) for x, y in points]

    def band(self, top: float, bottom: float, above: str, below: str) -> None:
        """Fill between two heights with a gradient."""
        from PIL import ImageColor

        first, last = ImageColor.getrgb(above), ImageColor.getrgb(below)
        start, end = int(top * _SCALE), int(bottom * _SCALE)
        for row in range(start, end):
            share = (row - start) / max(1, end - start)
            colour = tuple(round(a + (b - a) * share) for a, b in zip(first[:3], last[:3], strict=True))
            self._draw.line([(0, row), (WIDTH * _SCALE, row)], fill=colour)

    def shape(self, points: list[tuple[float, float]], fill: str) -> None:
        """Fill a polygon."""
        self._draw.polygon(self._scaled(points), fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        """Fill a rectangle."""
        self._draw.rectangle(self._scaled([(left, top), (right, bottom)]), fill=fill)

    def oval(self, x: float, y: float, wide: float, high: float, fill: str) -> None:
        """Fill an oval around a middle."""
        self._draw.ellipse(self._scaled([(x - wide, y - high), (x + wide, y + high)]), fill=fill)

    def line(self, points: list[tuple[float, float]], fill: str, width: float = 3) -> None:
        """Draw a line with round joints."""
        self._draw.line(self._scaled(points), fill=fill, width=round(width * _SCALE), joint="curve")

    def blob(self, x: float, y: float, wide: float, high: float, fill: str, rough: float = 0.18) -> None:
        """Fill an uneven spot around a middle."""
        from math import cos, pi, sin

        points = []
        for step in range(28):
            reach = 1 + self.chance.uniform(-rough, rough)
            angle = 2 * pi * step / 28
            points.append((x + cos(angle) * wide * reach, y + sin(angle) * high * reach))
        self.shape(points, fill)

    def house(self, left: float, top: float, wide: float, bottom: float, wall: str, *, lit: float = 0.0) -> None:
        """Draw a block of flats; `lit` is the share of windows with light."""
        self.box(left, top, left + wide, bottom, wall)
        self.box(left, top, left + wide, top + 5, "#00000030")
        for y in range(round(top) + 14, round(bottom) - 16, 26):
            for x in range(round(left) + 10, round(left + wide) - 16, 26):
                light = self.chance.random() < lit
                self.box(x, y, x + 13, y + 15, "#ffd98a" if light else "#36495a")

    def text(self, x: float, y: float, words: str, size: float, fill: str) -> None:
        """Write a few words with the font that Pillow brings along."""
        from PIL import ImageFont

        self._draw.text((x * _SCALE, y * _SCALE), words, fill=fill, font=ImageFont.load_default(size * _SCALE))

    def jpeg(self) -> bytes:
        """Make it smaller, add grain, and give it as JPEG."""
        from PIL import Image, ImageChops

        small = self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        grain = self._grain(Image.new("L", (WIDTH, HEIGHT)))
        grey = Image.merge("RGB", (grain, grain, grain))
        out = io.BytesIO()
        ImageChops.subtract(ImageChops.add(small, grey), Image.new("RGB", small.size, (_GRAIN // 2,) * 3)).save(
            out, "JPEG", quality=84
        )
        return out.getvalue()

    def _grain(self, blank: "Image") -> "Image":
        noise = self.chance.randbytes(WIDTH * HEIGHT)
        blank.frombytes(bytes(one % _GRAIN for one in noise))
        return blank


@lru_cache(maxsize=64)
def draw(name: str) -> bytes:
    """Draw a picture by name and give it as JPEG, 640×480; a name nobody drew gives a street of its own."""
    from intake109.demo.standin.scenes import SCENES, street

    canvas = Canvas(name)
    SCENES.get(name, street)(canvas)
    return canvas.jpeg()
