"""Corrects a linear model by what people decided; what it said before is where learning starts.

With no decision the model stays as it is, with a hundred it moves a little, with ten thousand hardly anything but
they count: weights are drawn back to the model's own, not to nothing. So a centre's first days cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from intake109.classifier.linear import Floats, Linear, best_sharpness, softmax

Columns = np.ndarray[Any, np.dtype[np.int64]]

ROUNDS = 100
_POWER_ROUNDS = 8
_CAUTION = 1.3
"""The steepest direction is found by a few rounds of the power method, which come a little short of it."""
_PULL = 0.1
"""How strongly weights are drawn back, in rows: what one decision says moves little, what ten say moves far."""
_OFFSET_PULL = 3.0
"""The same for how frequent each class is: the first decisions of a morning must not drown all other classes."""
_HELD_OUT = 5
_TRIAL_ROWS = 6_000
_FEWEST_TO_CALIBRATE = 200
KEPT = 400_000
"""So many of the changed weights are kept, the largest; more makes the file large and nothing better."""


@dataclass(frozen=True, slots=True)
class Taught:
    """Decisions as rows of features, the column each one chose, and how much each counts."""

    rows: sp.csr_matrix
    chosen: Columns
    counts: Floats

    def part(self, which: np.ndarray[Any, Any]) -> Taught:
        """Return the rows at these places."""
        return Taught(self.rows[which], self.chosen[which], self.counts[which])

    @property
    def count(self) -> int:
        return int(self.rows.shape[0])

    def trial(self) -> tuple[Taught, Taught] | None:
        """Return four fifths of the newest to learn and the last fifth to see how sure one may be; None if too few."""
        count = min(self.count, _TRIAL_ROWS)
        if count < _FEWEST_TO_CALIBRATE:
            return None
        place = np.random.default_rng(0).permutation(count) + self.count - count
        return self.part(place[count // _HELD_OUT :]), self.part(place[: count // _HELD_OUT])


def correct(model: Linear, sharpness: float, taught: Taught, rounds: int = ROUNDS) -> tuple[Linear, float]:
    """Return the model after the decisions, and the sharpness that keeps its probabilities honest."""
    if not taught.count:
        return model, sharpness
    trial = taught.trial()
    if trial is None:
        return moved(model, sharpness, taught, rounds=rounds), sharpness
    learnt, held = trial
    honest = best_sharpness(moved(model, sharpness, learnt, rounds=rounds).scores(held.rows), held.chosen)
    return moved(model, sharpness, taught, rounds=rounds), honest


def moved(model: Linear, sharpness: float, taught: Taught, kept: int = KEPT, rounds: int = ROUNDS) -> Linear:
    """Return the model after the decisions; its scores mean what they meant under the same sharpness."""
    before = np.asarray(model.scores(taught.rows) * np.float32(sharpness), np.float32)
    weights, offsets = _fit(taught, before, rounds)
    change = Linear(model.classes, weights, offsets).pruned(kept / max(weights.nnz, 1))
    shrunk = sp.csr_matrix(change.weights) / np.float32(sharpness)
    total = (sp.csr_matrix(model.weights) + shrunk).tocsr()
    return Linear(model.classes, total, np.asarray(model.offsets + offsets / np.float32(sharpness), np.float32))


def _fit(taught: Taught, before: Floats, rounds: int) -> tuple[sp.csr_matrix, Floats]:
    """Return what to add to weights and offsets, given the scores before (rows x classes).

    Gradient descent with Nesterov's momentum, the same number of rounds always: stopping early draws back as well.
    """
    rows, used = _narrow(taught.rows)
    turned = rows.T.tocsr()
    share = (taught.counts / taught.counts.sum())[:, None]
    pull, offset_pull = (np.float32(rows_worth / taught.count) for rows_worth in (_PULL, _OFFSET_PULL))
    truth = np.zeros_like(before)
    truth[np.arange(len(taught.chosen)), taught.chosen] = 1
    weights = ahead = np.zeros((len(used), before.shape[1]), np.float32)
    offsets = ahead_offsets = np.zeros(before.shape[1], np.float32)
    step = np.float32(1 / (_curvature(rows, turned, share[:, 0]) + offset_pull))
    for number in range(rounds):
        wrong = (softmax(before + rows @ ahead + ahead_offsets, 1.0) - truth) * share
        momentum = np.float32(number / (number + 3))
        moved = ahead - step * (np.asarray(turned @ wrong) + pull * ahead)
        moved_offsets = ahead_offsets - step * (wrong.sum(axis=0) + offset_pull * ahead_offsets)
        ahead = moved + momentum * (moved - weights)
        ahead_offsets = moved_offsets + momentum * (moved_offsets - offsets)
        weights, offsets = moved, moved_offsets
    spread = sp.csr_matrix(
        (np.ones(len(used), np.float32), (used, np.arange(len(used)))), (taught.rows.shape[1], len(used))
    )
    return (spread @ sp.csr_matrix(weights)).tocsr(), np.asarray(offsets, np.float32)


def _curvature(rows: sp.csr_matrix, turned: sp.csr_matrix, share: Floats) -> float:
    """Return how steeply the slope may change at most: half the greatest spread of the rows, offset included."""
    direction = np.ones(rows.shape[1], np.float32)
    spread = 1.0
    for _ in range(_POWER_ROUNDS):
        direction /= np.linalg.norm(direction)
        direction = np.asarray(turned @ (share * (rows @ direction)))
        spread = float(np.linalg.norm(direction))
    return 0.5 * (_CAUTION * spread + 1)


def _narrow(rows: sp.csr_matrix) -> tuple[sp.csr_matrix, Columns]:
    """Return the rows without the features that none of them has, and the columns that are left."""
    used, columns = np.unique(rows.indices, return_inverse=True)
    return sp.csr_matrix((rows.data, columns, rows.indptr), (rows.shape[0], len(used))), used
