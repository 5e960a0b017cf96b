"""Scores a classifier on a labelled file: the catalogue's own, or one trained on a centre's history."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from intake109.catalogue.services import Catalogue
from intake109.classifier.contest import Judging
from intake109.classifier.evaluation import Ranked, Scores, by_sphere, score
from intake109.classifier.history import HistoryError, Labelled
from intake109.classifier.labelled import LabelClassifier, train
from intake109.progress import Progress

Suggest = Callable[[Sequence[str]], Sequence[Ranked]]
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a trial.

    Attributes:
        labels: "sphere" or "service" for a classifier of the catalogue's services, "history" for one of own labels.
        training_s: seconds of reading, calibrating and learning; 0 where nothing was trained.
    """

    labels: str
    scores: Scores
    messages_per_second: float
    trained_on: int = 0
    training_s: float = 0.0

    def shown(self) -> dict[str, Any]:
        """Return the figures by name, for JSON and for a table."""
        return {
            "labels": self.labels,
            **asdict(self.scores),
            "messages_per_second": round(self.messages_per_second, 1),
            "trained_on": self.trained_on,
            "training_s": round(self.training_s, 1),
        }


def try_history(learnt: Sequence[Labelled], test: Sequence[Labelled], progress: Progress | None = None) -> Outcome:
    """Train on one file's rows and score on another's; labels that were never learnt count as wrong.

    Raises:
        LabelsError: the rows to learn from have fewer than two labels, or no words.
    """
    started = time.perf_counter()
    classifier = train([row.text for row in learnt], [row.label for row in learnt], progress)
    training_s = time.perf_counter() - started
    scores, speed = _score(test, classifier.suggest, progress)
    return Outcome("history", scores, speed, len(learnt), training_s)


def try_labels(classifier: LabelClassifier, test: Sequence[Labelled], progress: Progress | None = None) -> Outcome:
    """Score a classifier of a centre's own labels that was learnt before; labels it does not know count as wrong."""
    scores, speed = _score(test, classifier.suggest, progress)
    return Outcome("history", scores, speed)


def try_catalogue(
    classifier: Judging, catalogue: Catalogue, path: Path, test: Sequence[Labelled], progress: Progress | None = None
) -> Outcome:
    """Score a classifier that suggests the catalogue's services; the labels are spheres, or else codes of services.

    Raises:
        HistoryError: a label is neither; `path`, where the rows are from, and its line are named.
    """
    spheres = {service.sphere for service in catalogue.services.values()}
    is_sphere = test[0].label in spheres
    known, what = (spheres, "sphere") if is_sphere else (set(catalogue.services), "service")
    for row in test:
        if row.label not in known:
            raise HistoryError(
                f"{path}, line {row.line}: label “{row.label}” is no {what} of the catalogue; "
                "write spheres or codes of services throughout, or train on labels of your own with --train"
            )

    def suggest(texts: Sequence[str]) -> list[Ranked]:
        verdicts = classifier.classify_many(texts)
        if not is_sphere:
            return [[(guess.code, guess.probability) for guess in verdict.services] for verdict in verdicts]
        return [by_sphere([(guess.sphere, guess.probability) for guess in verdict.services]) for verdict in verdicts]

    scores, speed = _score(test, suggest, progress)
    return Outcome(what, scores, speed)


def _score(test: Sequence[Labelled], suggest: Suggest, progress: Progress | None) -> tuple[Scores, float]:
    told: list[Ranked] = []
    started = time.perf_counter()
    for start in range(0, len(test), _BATCH):
        told += suggest([row.text for row in test[start : start + _BATCH]])
        if progress:
            progress("scoring", len(told) / len(test))
    speed = len(test) / (time.perf_counter() - started)
    return score([row.label for row in test], told), speed
