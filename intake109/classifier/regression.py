"""Softmax regression for many labels at once: one pass over the rows serves all of them.

One-against-rest models ask each label alone; here labels compete, so the second and third suggestion mean something,
and 130 labels cost hardly more than 15. scikit-learn's own solvers need minutes for what small batches do in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from intake109.classifier.linear import Floats, softmax

ROUNDS = 8
_RATE = 0.2
BALANCE = 0.3
"""A row counts less the more frequent its label is, by this power: rare labels come into the first three, for nothing
lost in accuracy."""
_DECAY = 1e-4
_STEPS = 64
_BATCH = (16, 256)
_FIRST_STEP = 1e-6

Columns = np.ndarray[Any, np.dtype[np.int64]]
Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Rows of features, the column of each one's label among `width` labels, and how much each row counts."""

    rows: sp.csr_matrix
    labels: Columns
    counts: Floats
    width: int

    def part(self, chosen: Columns) -> Lesson:
        """Return the chosen rows."""
        return Lesson(self.rows[chosen], self.labels[chosen], self.counts[chosen], self.width)

    def log_frequency(self) -> Floats:
        """Return the logarithm of each label's share; a label without rows counts as half a row."""
        told = np.bincount(self.labels, self.counts, self.width) + 0.5
        return np.asarray(np.log(told / told.sum()), np.float32)

    def balanced(self) -> Floats:
        """Return how much each row counts while learning: less where its label is frequent; 1 on average."""
        counts = self.counts * np.exp(-BALANCE * self.log_frequency()[self.labels])
        return np.asarray(counts / counts.mean(), np.float32)


def batches(lesson: Lesson, shuffled: np.random.Generator) -> list[Columns]:
    """Return the numbers of all rows once, shuffled, in small batches."""
    count = lesson.rows.shape[0]
    size = int(np.clip(count // _STEPS, *_BATCH))
    return np.array_split(shuffled.permutation(count), max(1, count // size))


def fit(lesson: Lesson, tell: Tell) -> tuple[Floats, Floats]:
    """Return weights (features x labels) and offsets; `tell` hears the share of the work that is done.

    The step of every weight shrinks with what it has moved (AdaGrad), so that words of one rare label learn from few
    rows; only weights whose features occur in a batch are touched. Rows are shuffled with a fixed seed.
    """
    shuffled = np.random.default_rng(0)
    weights = np.zeros((lesson.rows.shape[1], lesson.width), np.float32)
    moved = np.full_like(weights, _FIRST_STEP)
    frequency = lesson.log_frequency()
    offsets = (1 - BALANCE) * frequency
    decay = min(_DECAY, 1 / lesson.rows.shape[0])
    counts = lesson.balanced()
    for number in range(ROUNDS):
        rate = np.float32(_RATE * (1 - number / ROUNDS))
        for chosen in batches(lesson, shuffled):
            rows, used = narrow(lesson.rows[chosen])
            old = weights[used]
            wrong = softmax(np.asarray(rows @ old) + offsets, 1.0)
            wrong[np.arange(len(chosen)), lesson.labels[chosen]] -= 1
            wrong *= counts[chosen][:, None] / len(chosen)
            slope = np.asarray(rows.T.tocsr() @ wrong) + np.float32(decay) * old
            moved[used] += slope**2
            weights[used] = old - rate * slope / np.sqrt(moved[used])
            offsets = offsets - rate * wrong.sum(axis=0)
        tell((number + 1) / ROUNDS)
    return weights, offsets


def narrow(rows: sp.csr_matrix) -> tuple[sp.csr_matrix, Columns]:
    """Return the rows without the features that none of them has, and the columns that are left."""
    used, columns = np.unique(rows.indices, return_inverse=True)
    return sp.csr_matrix((rows.data, columns, rows.indptr), (rows.shape[0], len(used))), used
