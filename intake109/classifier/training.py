"""Builds a classifier from nothing but the catalogue; a minute for a thousand services."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue
from intake109.classifier import assignment
from intake109.classifier.features import Features, prepare
from intake109.classifier.kinds import fit_logistic
from intake109.classifier.languages import Pieces
from intake109.classifier.parts import Parts
from intake109.classifier.surroundings import Surroundings
from intake109.classifier.word_lists import word_list
from intake109.model import Kind

Progress = Callable[[str, float], None]
"""Told what is being done and how much of all is behind, 0…1."""

_KIND_SHARES = {Kind.APPEAL.value: 0.8, Kind.THANKS.value: 0.06, Kind.SPAM.value: 0.05, Kind.CHAT.value: 0.09}
"""What a city's channels bring, roughly: the catalogue has twenty appeals for every other text."""
_INCIDENT_SHARES = {"danger": 0.25, "calm": 0.75}


@dataclass(frozen=True, slots=True)
class _Example:
    """A text and what it teaches; `code` and `sphere` are empty where it teaches nothing of them."""

    text: str
    kind: str
    code: str
    sphere: str
    is_danger: bool
    group: int
    serves_kinds: bool = True


def train_parts(catalogue: Catalogue, progress: Progress | None = None) -> Parts:
    """Train all models; `progress` is told of every step."""
    tell = progress or (lambda _what, _share: None)
    tell("reading", 0.0)
    examples = _examples(catalogue)
    prepared = [prepare(example.text) for example in examples]
    tell("features", 0.05)
    features = Features.fit(prepared)
    rows = features.rows(prepared)
    with warnings.catch_warnings():
        # Both solvers stop at their limit of rounds by design: more rounds do not change the order of the classes.
        from sklearn.exceptions import ConvergenceWarning

        warnings.simplefilter("ignore", ConvergenceWarning)
        services = _fit_services(rows, examples, tell)
        tell("kinds", 0.8)
        groups = np.array([example.group for example in examples])
        own = np.flatnonzero([example.serves_kinds for example in examples])
        kind = fit_logistic(rows[own], [examples[index].kind for index in own], _KIND_SHARES, groups[own])
        tell("incidents", 0.9)
        # A keyword alone ("люк") is neither danger nor calm.
        own = np.flatnonzero([bool(example.code) or not example.sphere for example in examples])
        dangers = ["danger" if examples[index].is_danger else "calm" for index in own]
        incident = fit_logistic(rows[own], dangers, _INCIDENT_SHARES, groups[own])
    tell("languages", 0.97)
    pieces = Pieces.count(
        (phrase for service in catalogue.services.values() for phrase in service.phrases.kk),
        (phrase for service in catalogue.services.values() for phrase in service.phrases.ru),
    )
    tell("ready", 1.0)
    dangerous = tuple(service.code for service in catalogue.services.values() if service.is_incident)
    return Parts(features, services, kind, incident, pieces, dangerous)


def _fit_services(rows: sp.csr_matrix, examples: list[_Example], tell: Progress) -> assignment.Assignment:
    own = np.flatnonzero([bool(example.sphere) for example in examples])
    return assignment.fit(
        rows[own],
        [examples[index].code for index in own],
        [examples[index].sphere for index in own],
        np.array([examples[index].group for index in own]),
        lambda _what, share: tell("services", 0.1 + 0.7 * share),
    )


def _examples(catalogue: Catalogue) -> list[_Example]:
    """Return every text to learn from; `group` numbers what a text was made of, so that its copies stay together."""
    asides = [*catalogue.examples.get("chat", ()), *catalogue.examples.get("thanks", ())]
    surroundings = Surroundings(asides)
    told: list[_Example] = []
    group = 0
    for service in catalogue.services.values():
        if service.code == TO_BE_CLARIFIED:
            continue  # it is what an inspector chooses when nothing fits; suggesting it would hide that
        names = (service.names.ru, service.names.kk, service.names.en)
        bare = Kind.APPEAL.value, service.code, service.sphere, service.is_incident
        for phrase in service.phrases.all:
            group += 1
            around = surroundings.around(phrase)
            beside = surroundings.beside(around)
            # Beside thanks an appeal is still one, but what makes the difference must be learnt from plain ones.
            told += [_Example(phrase, *bare, group), _Example(beside, *bare, group, beside == around)]
        for name in names:
            group += 1
            told.append(_Example(name, *bare, group))
    spheres = {service.sphere for service in catalogue.services.values()}
    for sphere, line in word_list("keywords").items():
        for word in filter(None, (word.strip() for word in line.split(",") if sphere in spheres)):
            group += 1
            bare = Kind.APPEAL.value, "", sphere, False
            told += [_Example(word, *bare, group), _Example(surroundings.around(word), *bare, group, False)]
    others = [(text, kind) for kind, texts in catalogue.examples.items() for text in texts]
    for text, kind in [*others, *catalogue.calm]:
        group += 1
        copies = [text] if kind == Kind.CHAT else [text, surroundings.somewhere(text)]  # chat names no house
        told += [_Example(said, kind, "", "", False, group) for said in copies]
    return told
