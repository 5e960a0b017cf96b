"""A picture's hash by what it shows: 64 bits that recompressing, shrinking or another format hardly change."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_SIDE, _KEPT = 32, 8
_LEAST_SPREAD = 8.0
"""Standard deviation of the grey levels, 0…255: a black night or a white wall looks like any other."""


def picture_hash(small: Path) -> int | None:
    """Return a picture's hash, 64 bits with a sign; None if it is too plain to be told from others, or unreadable.

    The signs of the lowest frequencies of the grey picture (DCT) around their median.

    Args:
        small: an upright picture, best the thumbnail: it is decoded in no time.
    """
    import numpy as np
    from PIL import Image

    try:
        with Image.open(small) as image:
            grey = np.asarray(image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float64)
    except (OSError, ValueError, SyntaxError):
        return None
    if float(grey.std()) < _LEAST_SPREAD:
        return None
    basis = _basis()
    low = (basis @ grey @ basis.T).ravel()
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


@cache
def _basis() -> npt.NDArray[np.float64]:
    """Return the first rows of the DCT-II matrix."""
    import numpy as np

    along, frequency = np.arange(_SIDE), np.arange(_KEPT)
    found: npt.NDArray[np.float64] = np.cos(np.pi / _SIDE * (along[None, :] + 0.5) * frequency[:, None])
    return found
