"""Corrects the models that the catalogue gave by what people decided: services, kinds, danger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue
from intake109.classifier.assignment import Assignment
from intake109.classifier.correction import KEPT, Columns, Taught, correct, moved
from intake109.classifier.examples import Example
from intake109.classifier.features import prepare
from intake109.classifier.kinds import Logistic
from intake109.classifier.linear import Floats, Linear, best_sharpness
from intake109.classifier.parts import Parts

_DANGERS = 0.25
"""The share of all weight that dangers have, as in training from the catalogue: a missed one costs a life."""
_NOT_OWN = -1e6
_SPHERE_ROUNDS = 250
"""Spheres have all decisions to learn from: after 10,000 a hundred rounds gave .805 right, three hundred .828."""


def corrected(parts: Parts, catalogue: Catalogue, examples: Sequence[Example]) -> Parts:
    """Return the parts after decisions, oldest first; what names a service that is no more teaches only its kind."""
    if not examples:
        return parts
    rows = parts.features.rows([prepare(example.text) for example in examples])
    return replace(
        parts,
        services=_services(parts.services, catalogue, examples, rows),
        kind=_kind(parts.kind, examples, rows),
        incident=_incident(parts.incident, examples, rows),
    )


def _services(
    assignment: Assignment, catalogue: Catalogue, examples: Sequence[Example], rows: sp.csr_matrix
) -> Assignment:
    spheres = [_sphere(catalogue, example) for example in examples]
    top = _taught(assignment.spheres, spheres, rows)
    codes = _taught(assignment.services, [example.service for example in examples], rows)
    of_spheres, sphere_sharpness = correct(assignment.spheres, assignment.sphere_sharpness, top, _SPHERE_ROUNDS)
    services, service_sharpness = _within(assignment, codes)
    return replace(
        assignment,
        spheres=of_spheres,
        services=services,
        sphere_sharpness=sphere_sharpness,
        service_sharpness=service_sharpness,
    )


def _within(assignment: Assignment, taught: Taught) -> tuple[Linear, float]:
    """Correct the services of every sphere among themselves, and see on decisions held out how sure they may be."""
    services, sharpness, sphere_of = assignment.services, assignment.service_sharpness, assignment.sphere_of
    trial = taught.trial()
    if trial is not None:
        learnt, held = trial
        scores = _moved_within(services, sharpness, sphere_of, learnt).scores(held.rows)
        scores[sphere_of[None, :] != sphere_of[held.chosen][:, None]] = _NOT_OWN
        return _moved_within(services, sharpness, sphere_of, taught), best_sharpness(scores, held.chosen)
    return _moved_within(services, sharpness, sphere_of, taught), sharpness


def _moved_within(services: Linear, sharpness: float, sphere_of: Columns, taught: Taught) -> Linear:
    weights = sp.csc_matrix(services.weights)
    parts, offsets = [], []
    for sphere in range(int(sphere_of.max()) + 1):
        own = np.flatnonzero(sphere_of == sphere)
        model = Linear(tuple(services.classes[i] for i in own), weights[:, own].tocsr(), services.offsets[own])
        here = taught.part(np.flatnonzero(sphere_of[taught.chosen] == sphere))
        if here.count and len(own) > 1:
            here = replace(here, chosen=np.searchsorted(own, here.chosen))
            model = moved(model, sharpness, here, KEPT * here.count // taught.count)
        parts.append(model.weights)
        offsets.append(model.offsets)
    return Linear(services.classes, sp.hstack(parts, format="csr", dtype=np.float32), np.concatenate(offsets))


def _kind(model: Logistic, examples: Sequence[Example], rows: sp.csr_matrix) -> Logistic:
    taught = _taught(model.linear, [example.kind for example in examples], rows)
    return Logistic(*correct(model.linear, model.sharpness, taught))


def _incident(model: Logistic, examples: Sequence[Example], rows: sp.csr_matrix) -> Logistic:
    """Correct by the decisions that say so or not; the sharpness stays, for the model has to see danger first."""
    names = {True: "danger", False: "calm", None: ""}
    taught = _taught(model.linear, [names[example.is_incident] for example in examples], rows)
    is_danger = taught.chosen == (model.linear.classes.index("danger") if "danger" in model.linear.classes else -1)
    if not is_danger.any():
        return model
    shares: Mapping[bool, float] = {
        True: _DANGERS / is_danger.mean(),
        False: (1 - _DANGERS) / max((~is_danger).mean(), 1e-9),
    }
    counts = np.where(is_danger, shares[True], shares[False])
    taught = replace(taught, counts=np.asarray(counts, np.float32))
    return Logistic(moved(model.linear, model.sharpness, taught), model.sharpness)


def _taught(model: Linear, names: Sequence[str], rows: sp.csr_matrix) -> Taught:
    """Return the decisions that chose one of the model's classes."""
    column = {name: number for number, name in enumerate(model.classes)}
    known = np.array([number for number, name in enumerate(names) if name in column], np.int64)
    chosen = np.array([column[names[number]] for number in known], np.int64)
    counts: Floats = np.ones(len(known), np.float32)
    return Taught(rows[known], chosen, counts)


def _sphere(catalogue: Catalogue, example: Example) -> str:
    service = catalogue.get(example.service)
    if service is None:
        return example.sphere
    return service.sphere if service.code != TO_BE_CLARIFIED else ""
