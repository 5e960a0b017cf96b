"""The model that says which services a text may ask for: first the sphere, then the service within it.

With about ten phrases a service, one model over a thousand classes has too little to learn from; a sphere has
hundreds of phrases, and within one sphere few services compete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from intake109.classifier import regression
from intake109.classifier.linear import Floats, Linear, best_sharpness, fit_margins, softmax
from intake109.classifier.regression import Lesson

_SERVICE_STRICTNESS = 1.0
_SPHERE_KEPT = 0.2
_SERVICE_KEPT = 0.12

Labels = np.ndarray[Any, Any]
"""One text per row."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Spheres and, beside each other in one matrix, the services of all spheres.

    Attributes:
        sphere_of: column of the sphere for each service.
        sphere_sharpness, service_sharpness: inverse temperatures, fitted on phrases held out.
    """

    spheres: Linear
    services: Linear
    sphere_of: np.ndarray[tuple[int], np.dtype[np.int64]]
    sphere_sharpness: float
    service_sharpness: float

    def sphere_probabilities(self, rows: sp.csr_matrix) -> Floats:
        """Return rows x spheres."""
        return softmax(self.spheres.scores(rows), self.sphere_sharpness)

    def within_spheres(self, rows: sp.csr_matrix) -> Floats:
        """Return rows x services: the probability of a service if its sphere is right."""
        scores = self.services.scores(rows)
        told = np.empty_like(scores)
        for column in range(len(self.spheres.classes)):
            own = self.sphere_of == column
            told[:, own] = softmax(scores[:, own], self.service_sharpness)
        return told


def fit(
    rows: sp.csr_matrix, codes: Labels, spheres: Labels, sphere_sharpness: float, service_sharpness: float
) -> Assignment:
    """Fit on one row per text; the code is empty for a text that only speaks for its sphere."""
    top = _fit_spheres(rows, spheres)
    parts = []
    for sphere in top.classes:
        own = (spheres == sphere) & (codes != "")
        parts.append(fit_margins(rows[own], list(codes[own]), _SERVICE_STRICTNESS).pruned(_SERVICE_KEPT))
    services = Linear(
        tuple(code for part in parts for code in part.classes),
        sp.hstack([part.weights for part in parts], format="csr", dtype=np.float32),
        np.concatenate([part.offsets for part in parts]),
    )
    sphere_of = np.repeat(np.arange(len(parts)), [len(part.classes) for part in parts])
    return Assignment(top, services, sphere_of, sphere_sharpness, service_sharpness)


def _fit_spheres(rows: sp.csr_matrix, spheres: Labels) -> Linear:
    """Let all spheres compete: with hundreds of texts each that beats margins, in the first three above all."""
    classes = sorted(set(spheres.tolist()))
    numbers = np.searchsorted(np.array(classes), spheres)
    lesson = Lesson(rows, numbers, np.ones(len(spheres), np.float32), len(classes))
    weights, offsets = regression.fit(lesson, lambda _share: None)
    return Linear(tuple(classes), sp.csr_matrix(weights), np.asarray(offsets, np.float32)).pruned(_SPHERE_KEPT)


def sharpness_of(trial: Assignment, rows: sp.csr_matrix, codes: Labels, spheres: Labels) -> tuple[float, float]:
    """Return the sharpness of spheres and of services that makes a trial's probabilities honest on texts held out."""
    known = np.isin(codes, trial.services.classes)
    rows, codes, spheres = rows[known], codes[known], spheres[known]
    sphere_column = {sphere: column for column, sphere in enumerate(trial.spheres.classes)}
    truth = np.array([sphere_column[sphere] for sphere in spheres])
    of_spheres = best_sharpness(trial.spheres.scores(rows), truth)
    scores = trial.services.scores(rows)
    scores[trial.sphere_of[None, :] != truth[:, None]] = -1e6  # only services of the true sphere compete
    service_column = {code: column for column, code in enumerate(trial.services.classes)}
    return of_spheres, best_sharpness(scores, np.array([service_column[code] for code in codes]))
