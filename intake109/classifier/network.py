"""A network of one hidden layer over the same rows as the regression: it learns which words mean the same.

Alone it is surer of frequent and rare labels than the regression where there are thousands of rows, and worse in the
first three where there are few; together they are best, see docs/classifier.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from intake109.classifier.linear import Floats, softmax
from intake109.classifier.regression import BALANCE, ROUNDS, Columns, Lesson, Tell, batches, narrow

_HIDDEN = 128
_RATE = 0.05
_OFFSET_RATE = 0.1
_FORGOTTEN = 0.3
"""Share of hidden values left out at each step, so that none relies on another."""
_SPREAD = 0.1
_FIRST_STEP = (1e-5, 1e-3)


@dataclass(slots=True)
class Network:
    """Weights of the hidden layer (features x hidden) and of the labels (hidden x labels)."""

    inner: Floats
    inner_offsets: Floats
    outer: Floats
    outer_offsets: Floats

    def scores(self, rows: sp.csr_matrix) -> Floats:
        """Return one row of scores per row of features."""
        hidden = np.maximum(np.asarray(rows @ self.inner) + self.inner_offsets, 0)
        return np.asarray(hidden @ self.outer + self.outer_offsets, np.float32)


def fit(lesson: Lesson, tell: Tell) -> Network:
    """Learn by AdaGrad in small batches; shuffled, started and forgetting by a fixed seed."""
    chance = np.random.default_rng(0)
    frequency = lesson.log_frequency()
    network = Network(
        chance.standard_normal((lesson.rows.shape[1], _HIDDEN), dtype=np.float32) * np.float32(_SPREAD),
        np.zeros(_HIDDEN, np.float32),
        chance.standard_normal((_HIDDEN, lesson.width), dtype=np.float32) * np.float32(_HIDDEN**-0.5),
        np.asarray((1 - BALANCE) * frequency, np.float32),
    )
    moved = np.full_like(network.inner, _FIRST_STEP[0]), np.full_like(network.outer, _FIRST_STEP[1])
    counts = lesson.balanced()
    for number in range(ROUNDS):
        rate = np.float32(_RATE * (1 - number / ROUNDS))
        for chosen in batches(lesson, chance):
            rows, used = narrow(lesson.rows[chosen])
            kept = np.asarray(chance.random((len(chosen), _HIDDEN), dtype=np.float32) >= _FORGOTTEN, np.float32)
            _step(
                network,
                moved,
                rows,
                used,
                kept / np.float32(1 - _FORGOTTEN),
                lesson.labels[chosen],
                counts[chosen],
                rate,
            )
        tell((number + 1) / ROUNDS)
    return network


def _step(
    network: Network,
    moved: tuple[Floats, Floats],
    rows: sp.csr_matrix,
    used: Columns,
    kept: Floats,
    labels: Columns,
    counts: Floats,
    rate: np.float32,
) -> None:
    """Move the weights of one batch; `used` are the features of its rows, `kept` what is not forgotten."""
    old = network.inner[used]
    heard = np.asarray(rows @ old) + network.inner_offsets
    hidden = np.maximum(heard, 0) * kept
    wrong = softmax(hidden @ network.outer + network.outer_offsets, 1.0)
    wrong[np.arange(len(labels)), labels] -= 1
    wrong *= counts[:, None] / len(labels)
    back = (wrong @ network.outer.T) * (heard > 0) * kept
    slope, outer_slope = np.asarray(rows.T.tocsr() @ back), hidden.T @ wrong
    moved[0][used] += slope**2
    moved[1][:] += outer_slope**2
    network.inner[used] = old - rate * slope / np.sqrt(moved[0][used])
    network.outer -= rate * outer_slope / np.sqrt(moved[1])
    network.outer_offsets -= rate * wrong.sum(axis=0)
    network.inner_offsets -= rate * np.float32(_OFFSET_RATE) * back.sum(axis=0)
