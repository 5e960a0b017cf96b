"""The models of a yes or no: is it an appeal (else which kind), does it threaten life. Logistic, calibrated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from intake109.classifier.linear import Floats, Linear, best_sharpness, softmax

_KEPT = 0.5
Weighted = tuple[sp.csr_matrix, np.ndarray[Any, Any], Floats]
"""Rows of features, the class of each, and how much each counts beside others of its class."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A multinomial logistic model and the sharpness that makes its probabilities honest."""

    linear: Linear
    sharpness: float

    def probabilities(self, rows: sp.csr_matrix) -> Floats:
        """Return rows x classes."""
        return softmax(self.linear.scores(rows), self.sharpness)

    def probability(self, rows: sp.csr_matrix, name: str) -> Floats:
        """Return the probability of one class; 0 everywhere if it was never seen."""
        if name not in self.linear.classes:
            return np.zeros(rows.shape[0], np.float32)
        return self.probabilities(rows)[:, self.linear.classes.index(name)]


def sharpness_of(trial: Logistic, rows: sp.csr_matrix, labels: np.ndarray[Any, Any]) -> float:
    """Return the sharpness that makes a trial's probabilities honest on texts held out."""
    columns = {name: column for column, name in enumerate(trial.linear.classes)}
    truth = np.array([columns[label] for label in labels])
    return best_sharpness(trial.linear.scores(rows), truth)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a model is fitted: the `shares` of its classes in real traffic, which the examples do not have, `looseness`,
    the inverse of regularisation, how many `rounds` the solver may take and how small a slope lets it stop before."""

    shares: dict[str, float]
    looseness: float = 20.0
    rounds: int = 60
    slope: float = 1e-3


def fit_logistic(
    rows: sp.csr_matrix, labels: np.ndarray[Any, Any], how: Fit, sharpness: float, weight: Floats | None = None
) -> Logistic:
    """Fit a model; `weight` is how much each row counts beside others of its class, all alike if None."""
    counts = np.ones(len(labels), np.float32) if weight is None else weight
    return Logistic(_fit(rows, labels, how, counts, _solver(how)).pruned(_KEPT), sharpness)


def fit_mean(lessons: Iterable[Weighted], how: Fit, sharpness: float) -> Logistic:
    """Fit a model to each lesson; return the one whose scores are the mean of theirs: less is left to luck.

    Each begins where the one before ended: there is one best answer to each lesson, and it is near.
    """
    solver = _solver(how)
    models = [_fit(rows, labels, how, counts, solver).pruned(_KEPT) for rows, labels, counts in lessons]
    weights = sum((sp.csr_matrix(model.weights) for model in models[1:]), sp.csr_matrix(models[0].weights))
    offsets = np.asarray(sum(model.offsets for model in models) / np.float32(len(models)), np.float32)
    whole = Linear(models[0].classes, (weights / np.float32(len(models))).tocsr(), offsets)
    return Logistic(whole.pruned(_KEPT), sharpness)


def _solver(how: Fit) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=how.looseness, max_iter=how.rounds, tol=how.slope, warm_start=True)


def _fit(rows: sp.csr_matrix, labels: np.ndarray[Any, Any], how: Fit, counts: Floats, model: Any) -> Linear:
    names, classes = np.unique(labels, return_inverse=True)
    if len(names) == 1:
        empty = sp.csr_matrix((rows.shape[1], 1), dtype=np.float32)
        return Linear((str(names[0]),), empty, np.zeros(1, np.float32))
    shares = np.array([how.shares.get(str(name), 0.1) for name in names])
    of_classes = shares * len(labels) / np.bincount(classes, counts)
    model.fit(rows, labels, sample_weight=counts * of_classes[classes])
    told = np.vstack([-model.coef_ / 2, model.coef_ / 2]) if len(names) == 2 else model.coef_
    offsets = np.concatenate([-model.intercept_ / 2, model.intercept_ / 2]) if len(names) == 2 else model.intercept_
    weights = sp.csr_matrix(told.T.astype(np.float32))
    return Linear(tuple(map(str, names)), weights, offsets.astype(np.float32))
