"""The room's front: a text in, a verdict out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from intake109.catalogue.services import Catalogue
from intake109.catalogue.text import words
from intake109.classifier.apart import train_apart
from intake109.classifier.features import prepare, sentences
from intake109.classifier.languages import Languages
from intake109.classifier.linear import Floats
from intake109.classifier.parts import Parts
from intake109.classifier.place.gazetteer import Gazetteer
from intake109.classifier.place.places import Places
from intake109.classifier.rules import Rules
from intake109.classifier.storage import ModelFileError, restore
from intake109.classifier.training import Progress, train_parts
from intake109.model import IncidentSign, Kind, ServiceGuess, Span, Verdict

_SUGGESTIONS = 5
_SPHERES_SHOWN = 3
_UNSURE = 0.02
"""A best service less probable than this is a guess among a thousand: nothing is suggested."""
_WITHIN = 0.2
"""How much the service counts beside its sphere in the order of suggestions: a sure sphere comes before a sure service
of a doubtful sphere, which put the right sphere first 2-3 % more often."""
_INCIDENT = 0.4
"""From here on the model raises an incident. docs/classifier.md has what other thresholds trade."""
_BESIDE_A_RULE = 0.12
"""The same where a rule hears danger too, in wide words or beside a doubt: two that half hear it are enough."""
_BY_WORDS = 0.85
"""How much the words count beside the services asked for in the score of danger: every sphere has dangers of its own,
and few of them are services."""
_BY_SENTENCE = 0.25
"""How much the most alarming sentence counts beside the whole text: alone it sounds worse than it is meant ("children
are ill"), yet a long letter may hide a danger in it."""
_RULE_SCORE = 0.95
_LONG = 12
_SENTENCE_SHARE = 0.3
_EXPLAINED = 6
_READ_FOR_REASONS = 150
_PARTICLE = 2
_LEAST_SAY = 0.15
"""A word with less say than this share of the strongest word's did not speak for a service, it stood by."""
_CODE_VERSION = "14"
"""To be raised when the code or its word lists train differently: a cached model of another version is trained anew."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the models say of texts: of each whole and of its sentences (first the whole), or of the whole alone.

    `within` are the services if their sphere is right; danger is read from the words and from the services asked for.
    """

    spheres: Floats
    within: Floats
    kinds: Floats
    danger_by_words: Floats
    danger_by_service: Floats

    def of(self, index: int, start: int, end: int) -> _Said:
        """Return what is said of one text, the rows `start` ≤ i < `end`."""
        own = slice(start, end)
        whole = slice(index, index + 1)
        return _Said(
            self.spheres[own],
            self.within[whole],
            self.kinds[own],
            self.danger_by_words[own],
            self.danger_by_service[whole],
        )

    @property
    def danger(self) -> float:
        words = _BY_SENTENCE * self.danger_by_words.max() + (1 - _BY_SENTENCE) * self.danger_by_words[0]
        return float(_BY_WORDS * words + (1 - _BY_WORDS) * self.danger_by_service[0])


class Classifier:
    """Says what a text is. Safe to share between threads once built."""

    def __init__(self, parts: Parts, version: str, gazetteer: Gazetteer | None = None) -> None:
        self.version = version
        self.parts = parts.for_serving()
        self._rules = Rules()
        self._places = Places(gazetteer)
        self._languages = Languages(parts.pieces)
        self._services = parts.services.services.classes
        self._spheres = parts.services.spheres.classes
        self._dangerous = np.isin(self._services, list(parts.dangerous))

    def classify(self, text: str) -> Verdict:
        """Return the verdict on one text: own words, and the parent's where there is one."""
        return self.classify_many([text])[0]

    def classify_many(self, texts: Sequence[str]) -> list[Verdict]:
        """Return one verdict per text, in order; faster than one by one."""
        pieces: list[str] = []
        starts: list[int] = []
        for text in texts:
            starts.append(len(pieces))
            pieces += _pieces(text)
        starts.append(len(pieces))
        rows = self.parts.features.rows([prepare(piece) for piece in pieces]) if pieces else None
        if rows is None:
            return []
        said = self._read(rows, starts[:-1])
        return [
            self._verdict(text, said.of(index, start, end))
            for index, (text, (start, end)) in enumerate(zip(texts, pairwise(starts), strict=True))
        ]

    def explain(self, text: str, code: str) -> list[Span]:
        """Return the words that spoke most for a service, strongest first; empty for a code it does not know.

        Particles ("на", "не") are left out, and what a very long text says after its first 150 words.
        """
        if code not in self._services:
            return []
        column = self._services.index(code)
        assignment = self.parts.services
        sphere = int(assignment.sphere_of[column])
        told = words(text)[:_READ_FOR_REASONS]
        if not told:
            return []
        # A word's say is what the scores lose without it.
        without = [prepare(text[: word.start] + " " + text[word.end :]) for word in told]
        rows = self.parts.features.rows([prepare(text), *without])
        scores = assignment.spheres.scores(rows)[:, sphere] + assignment.services.scores(rows)[:, column]
        losses = scores[0] - scores[1:]
        order = np.argsort(-losses, kind="stable")[:_EXPLAINED]
        least = max(float(losses[order[0]]) * _LEAST_SAY, 0.0)
        return [
            Span(told[i].start, told[i].end, code)
            for i in order
            if losses[i] > least and len(told[i].folded) > _PARTICLE
        ]

    def _verdict(self, text: str, said: _Said) -> Verdict:
        kind, kind_probability, appeal_probability = self._kind(text, said)
        return Verdict(
            kind=kind,
            kind_probability=kind_probability,
            appeal_probability=appeal_probability,
            services=self._guesses(text, said),
            incident=self._incident(text, said, kind),
            language=self._languages.of(text),
            place=self._places.find(text),
            text=text,
            model=self.version,
        )

    def _guesses(self, text: str, said: _Said) -> tuple[ServiceGuess, ...]:
        if not words(text):
            return ()
        sphere_of = self.parts.services.sphere_of
        of_spheres, within = _blend(said.spheres), said.within[0]
        probabilities = of_spheres[sphere_of] * within
        order = _best(of_spheres, within, sphere_of)
        if probabilities[order].max() < _UNSURE:
            return ()
        return tuple(
            ServiceGuess(self._services[i], self._spheres[sphere_of[i]], float(probabilities[i])) for i in order
        )

    def _kind(self, text: str, said: _Said) -> tuple[Kind, float, float]:
        if not words(text):
            return Kind.APPEAL, 1.0, 1.0  # a photo, a voice message, a row of emoji: a person must look
        names = self.parts.kind.linear.classes
        told = dict(zip(names, map(float, said.kinds[0]), strict=True))
        appeal = told.pop(Kind.APPEAL.value, 0.0)
        other = max(told, key=lambda name: told[name], default=Kind.APPEAL.value)
        if other == Kind.THANKS and len(said.kinds) > 1 and Kind.APPEAL.value in names:
            # Thanks that go on to a new problem are an appeal: one sentence of it is enough.
            appeal = max(appeal, float(said.kinds[1:, names.index(Kind.APPEAL.value)].max()))
        if appeal >= told.get(other, 0.0):
            return Kind.APPEAL, appeal, appeal
        return Kind(other), told[other], appeal

    def _incident(self, text: str, said: _Said, kind: Kind) -> IncidentSign:
        heard = self._rules.hear(text)
        score = said.danger * (1.0 if kind is Kind.APPEAL else 0.5)
        if heard.is_sure:
            return IncidentSign(True, max(score, _RULE_SCORE), heard.spans)
        if heard.spans and score >= _BESIDE_A_RULE:
            return IncidentSign(True, max(score, _INCIDENT), heard.spans)
        return IncidentSign(score >= _INCIDENT, score, self._model_reasons(text) if score >= _INCIDENT else ())

    def _read(self, rows: sp.csr_matrix, wholes: Sequence[int]) -> _Said:
        """Ask the models of every row; of the thousand services only for whole texts, which is where time goes."""
        services = self.parts.services
        spheres, within = services.sphere_probabilities(rows), services.within_spheres(rows[wholes])
        by_service = (spheres[wholes][:, services.sphere_of] * within)[:, self._dangerous].sum(axis=1)
        by_words = self.parts.incident.probability(rows, "danger")
        return _Said(spheres, within, self.parts.kind.probabilities(rows), by_words, by_service)

    def _model_reasons(self, text: str) -> tuple[Span, ...]:
        told = words(text)
        without = [prepare(text[: word.start] + " " + text[word.end :]) for word in told]
        rows = self.parts.features.rows([prepare(text), *without])
        said = self._read(rows, range(len(told) + 1))
        scores = _BY_WORDS * said.danger_by_words + (1 - _BY_WORDS) * said.danger_by_service
        losses = scores[0] - scores[1:]
        strongest = np.argsort(-losses, kind="stable")[:3]
        chosen = sorted(i for i in strongest if losses[i] > 0)
        return tuple(Span(told[i].start, told[i].end, "model") for i in chosen)


def train(catalogue: Catalogue, progress: Progress | None = None, gazetteer: Gazetteer | None = None) -> Classifier:
    """Train a classifier from the catalogue alone."""
    return Classifier(train_parts(catalogue, progress), version_of(catalogue), gazetteer)


def load_or_train(
    catalogue: Catalogue, folder: Path, progress: Progress | None = None, gazetteer: Gazetteer | None = None
) -> Classifier:
    """Return the classifier kept in `folder` for this catalogue, or train and keep it; a damaged file is replaced.

    Raises:
        TrainingError: it had to be trained and could not be.
    """
    version = version_of(catalogue)
    path = folder / f"catalogue-{version}.npz"
    try:
        parts = restore(path)
    except ModelFileError:
        train_apart(catalogue, path, progress)
        parts = restore(path)
    return Classifier(parts, version, gazetteer)


def version_of(catalogue: Catalogue) -> str:
    """Return what a model trained now would be called: it changes with the lesson and with the code's version."""
    return hashlib.blake2b(f"{catalogue.lesson}:{_CODE_VERSION}".encode(), digest_size=8).hexdigest()


def _pieces(text: str) -> list[str]:
    """Return the text and, if it is long, its sentences."""
    parts = sentences(text) if len(text.split()) > _LONG else []
    return [text, *parts] if len(parts) > 1 else [text]


def _best(of_spheres: Floats, within: Floats, sphere_of: np.ndarray[Any, Any]) -> list[int]:
    """Return the columns to suggest, best first: the likeliest, and the best of each of the likeliest spheres."""
    rank = of_spheres[sphere_of] * within**_WITHIN
    chosen: list[int] = []
    for sphere in np.argsort(-of_spheres, kind="stable")[:_SPHERES_SHOWN]:
        first, last = np.searchsorted(sphere_of, (sphere, sphere + 1))  # services stand sphere by sphere
        if first < last:
            chosen.append(int(first + np.argmax(rank[first:last])))
    likeliest = np.argpartition(-rank, min(_SUGGESTIONS, len(rank) - 1))[:_SUGGESTIONS]
    rest = (int(column) for column in likeliest[np.argsort(-rank[likeliest])] if column not in chosen)
    chosen += [next(rest) for _ in range(min(_SUGGESTIONS, len(rank)) - len(chosen))]
    return sorted(chosen, key=lambda column: -rank[column])


def _blend(probabilities: Floats) -> Floats:
    """Weigh the whole against its sentences, the surer ones more: long texts hide one problem among much else."""
    if len(probabilities) == 1:
        return np.asarray(probabilities[0], dtype=np.float32)
    parts = probabilities[1:]
    weight = parts.max(axis=1, keepdims=True)
    mean = (parts * weight).sum(axis=0) / weight.sum()
    return np.asarray((1 - _SENTENCE_SHARE) * probabilities[0] + _SENTENCE_SHARE * mean, dtype=np.float32)
