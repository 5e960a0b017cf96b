"""Marks by which texts that are nearly the same meet in an index: MinHash bands over pieces of the folded words.

A mark is a number; two texts that share most of their pieces share at least one of their marks, whatever differs.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from intake109.dedup.wording import Wording

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

PIECE = 4
BANDS, ROWS = 12, 4
"""Measured (bench/repeats.py): more bands find hardly more and cost a row in the database each."""
_SEED = 109
_PRIME = 0x9E3779B97F4A7C15


@lru_cache(maxsize=256)
def marks(said: Wording) -> tuple[int, ...]:
    """Return a text's marks, 64 bits each with a sign; none if it is too short to be recognised.

    The same text has the same marks in every process and version: they are stored. What was marked a moment ago is
    remembered: a message is first looked for, then marked itself.
    """
    import numpy as np

    if not said.says_something:
        return ()
    letters = np.frombuffer(said.line.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    pieces = letters[: 1 - PIECE]
    for at in range(1, PIECE):
        pieces = pieces * np.uint64(1_000_003) + letters[at : len(letters) - PIECE + 1 + at]
    factors, shifts = _functions()
    hashed = (factors[:, None] * np.unique(pieces)[None, :] + shifts[:, None]) >> np.uint64(20)
    least = hashed.min(axis=1).reshape(BANDS, ROWS)
    band = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(_PRIME)
    for row in range(ROWS):
        band = (band ^ least[:, row]) * np.uint64(_PRIME)
        band ^= band >> np.uint64(29)
    return tuple(band.view(np.int64).tolist())


@cache
def _functions() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    import numpy as np

    chosen = np.random.Generator(np.random.PCG64(_SEED)).integers(
        1, 2**63, size=(2, BANDS * ROWS), dtype=np.uint64, endpoint=False
    )
    return chosen[0] * np.uint64(2) + np.uint64(1), chosen[1]
