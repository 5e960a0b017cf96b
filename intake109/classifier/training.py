"""Builds a classifier from nothing but the catalogue; a minute for a thousand services."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from intake109.catalogue.services import Catalogue
from intake109.classifier import assignment
from intake109.classifier.features import Features, prepare
from intake109.classifier.kinds import fit_logistic
from intake109.classifier.languages import Pieces
from intake109.classifier.parts import Parts
from intake109.classifier.surroundings import Surroundings
from intake109.model import Kind

Progress = Callable[[str, float], None]
"""Told what is being done and how much of all is behind, 0…1."""

_KIND_SHARES = {Kind.APPEAL.value: 0.8, Kind.THANKS.value: 0.06, Kind.SPAM.value: 0.05, Kind.CHAT.value: 0.09}
"""What a city's channels bring, roughly: the catalogue has twenty appeals for every other text."""
_INCIDENT_SHARES = {"danger": 0.25, "calm": 0.75}


@dataclass(frozen=True, slots=True)
class _Example:
    text: str
    kind: str
    code: str
    sphere: str
    is_danger: bool
    group: int
    serves_services: bool


def train_parts(catalogue: Catalogue, progress: Progress | None = None) -> Parts:
    """Train all models; `progress` is told of every step."""
    tell = progress or (lambda _what, _share: None)
    tell("reading", 0.0)
    examples = _examples(catalogue)
    prepared = [prepare(example.text) for example in examples]
    tell("features", 0.05)
    features = Features()
    rows = features.fit(prepared)
    with warnings.catch_warnings():
        # Both solvers stop at their limit of rounds by design: more rounds do not change the order of the classes.
        from sklearn.exceptions import ConvergenceWarning

        warnings.simplefilter("ignore", ConvergenceWarning)
        services = _fit_services(rows, examples, tell)
        tell("kinds", 0.8)
        groups = np.array([example.group for example in examples])
        kind = fit_logistic(rows, [example.kind for example in examples], _KIND_SHARES, groups)
        tell("incidents", 0.9)
        dangers = ["danger" if example.is_danger else "calm" for example in examples]
        incident = fit_logistic(rows, dangers, _INCIDENT_SHARES, groups)
    tell("languages", 0.97)
    pieces = Pieces.count(
        (phrase for service in catalogue.services.values() for phrase in service.phrases.kk),
        (phrase for service in catalogue.services.values() for phrase in service.phrases.ru),
    )
    tell("ready", 1.0)
    return Parts(features, services, kind, incident, pieces)


def _fit_services(rows: sp.csr_matrix, examples: list[_Example], tell: Progress) -> assignment.Assignment:
    own = np.flatnonzero([example.serves_services for example in examples])
    return assignment.fit(
        rows[own],
        [examples[index].code for index in own],
        [examples[index].sphere for index in own],
        np.array([examples[index].group for index in own]),
        lambda _what, share: tell("services", 0.1 + 0.7 * share),
    )


def _examples(catalogue: Catalogue) -> list[_Example]:
    surroundings = Surroundings()
    told: list[_Example] = []
    group = 0
    for service in catalogue.services.values():
        names = (service.names.ru, service.names.kk, service.names.en)
        for phrase in service.phrases.all:
            group += 1
            for text in (phrase, surroundings.around(phrase)):
                told.append(_Example(text, Kind.APPEAL, service.code, service.sphere, service.is_incident, group, True))
        for name in names:
            group += 1
            told.append(_Example(name, Kind.APPEAL, service.code, service.sphere, service.is_incident, group, True))
    others = [(text, kind) for kind, texts in catalogue.examples.items() for text in texts]
    for text, kind in [*others, *catalogue.calm]:
        group += 1
        told.append(_Example(text, kind, "", "", False, group, False))
    return told
