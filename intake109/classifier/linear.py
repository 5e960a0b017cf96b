"""A linear model with its small weights cut off, small on disk and quick for one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import scipy.sparse as sp

Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Linear:
    """Scores of `classes` for rows of features: `rows @ weights + offsets`.

    Attributes:
        weights: features x classes; sparse as trained and kept, dense where few classes are asked often.
        offsets: one per class.
    """

    classes: tuple[str, ...]
    weights: sp.csr_matrix | Floats
    offsets: Floats

    def scores(self, rows: sp.csr_matrix) -> Floats:
        """Return one row of scores per row of features."""
        told: Any = rows @ self.weights
        return cast(Floats, (told.toarray() if sp.issparse(told) else told) + self.offsets)

    def dense(self) -> Linear:
        """Return the same model with dense weights: quicker for few classes, far too big for many."""
        weights = sp.csr_matrix(self.weights).toarray()
        return Linear(self.classes, np.ascontiguousarray(weights, dtype=np.float32), self.offsets)

    def pruned(self, share: float) -> Linear:
        """Keep the `share` (0…1) of the weights with the greatest size; the rest decides next to nothing."""
        weights = sp.csr_matrix(self.weights, copy=True)
        data = np.abs(weights.data)
        keep = max(int(len(data) * share), 1)
        if keep >= len(data):
            return self
        least = np.partition(data, len(data) - keep)[len(data) - keep]
        weights.data[data < least] = 0
        weights.eliminate_zeros()
        return Linear(self.classes, weights, self.offsets)


def fit_margins(rows: sp.csr_matrix, labels: Sequence[str], strictness: float, weight: Floats | None = None) -> Linear:
    """Fit one-against-rest squared-hinge margins: the best of what was measured on few phrases per class.

    `strictness` is the inverse of regularisation; `weight` one number per row.
    """
    from sklearn.svm import LinearSVC

    known = sorted({str(label) for label in labels})
    if len(known) == 1:
        return Linear((known[0],), sp.csr_matrix((rows.shape[1], 1), dtype=np.float32), np.zeros(1, np.float32))
    used = np.flatnonzero(np.diff(rows.tocsc().indptr))  # columns of other spheres only cost memory
    model = LinearSVC(C=strictness, dual=True, max_iter=2000, tol=1e-2, random_state=0)
    model.fit(rows[:, used], np.asarray(labels), sample_weight=weight)
    told = np.vstack([-model.coef_, model.coef_]) if len(known) == 2 else model.coef_
    offsets = np.concatenate([-model.intercept_, model.intercept_]) if len(known) == 2 else model.intercept_
    small = sp.csr_matrix(told.T.astype(np.float32))
    spread = sp.csr_matrix((np.ones(len(used), np.float32), (used, np.arange(len(used)))), (rows.shape[1], len(used)))
    return Linear(tuple(known), cast(sp.csr_matrix, (spread @ small).tocsr()), offsets.astype(np.float32))


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Return probabilities; `sharpness` is the inverse of the temperature."""
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) * sharpness)
    return cast(Floats, raised / raised.sum(axis=1, keepdims=True))


def best_sharpness(scores: Floats, truth: np.ndarray[Any, Any]) -> float:
    """Return the sharpness under which held-out truths (column numbers) are least surprising."""
    from scipy.optimize import minimize_scalar

    def surprise(log_sharpness: float) -> float:
        told = softmax(scores, float(np.exp(log_sharpness)))[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(told, 1e-9)).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2.0, 4.0), method="bounded").x))
