"""Scores of suggestions against what a person decided; pure counting, no model in sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Ranked = Sequence[tuple[str, float]]
"""Labels with their probabilities, best first; empty where the classifier was unsure."""

_BINS = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """How good suggestions are. All but `count` are 0…1.

    Attributes:
        macro_f1: mean over the labels that occur in the truth; weighted_f1 weighs them by how often they do.
        calibration_error: expected difference between the first suggestion's probability and how often it is right.
        unsure: share of texts with no suggestion; they count as wrong.
    """

    count: int
    accuracy: float
    top3: float
    macro_f1: float
    weighted_f1: float
    calibration_error: float
    unsure: float


@dataclass(frozen=True, slots=True)
class Alarms:
    """How good a flag is: `recall` of what had to be flagged, `precision` of what was."""

    count: int
    recall: float
    precision: float


def score(truths: Sequence[str], suggestions: Sequence[Ranked]) -> Scores:
    """Compare suggestions with the truth, text by text.

    Raises:
        ValueError: there is nothing to compare, or not one suggestion list per truth.
    """
    if not truths or len(truths) != len(suggestions):
        raise ValueError(
            f"{len(truths)} truths and {len(suggestions)} suggestions: one list of them per truth is needed"
        )
    firsts = [ranked[0][0] if ranked else "" for ranked in suggestions]
    count = len(truths)
    f1 = _f1_by_label(truths, firsts)
    often = Counter(truths)
    return Scores(
        count=count,
        accuracy=sum(first == truth for first, truth in zip(firsts, truths, strict=True)) / count,
        top3=sum(truth in [label for label, _ in ranked[:3]] for ranked, truth in zip(suggestions, truths, strict=True))
        / count,
        macro_f1=sum(f1.values()) / len(f1),
        weighted_f1=sum(f1[label] * times for label, times in often.items()) / count,
        calibration_error=_calibration_error(truths, suggestions),
        unsure=sum(not ranked for ranked in suggestions) / count,
    )


def alarms(truths: Sequence[bool], flags: Sequence[bool]) -> Alarms:
    """Compare flags with the truth; a share of nothing is 1 (nothing was missed, nothing was false)."""
    hits = sum(truth and flag for truth, flag in zip(truths, flags, strict=True))
    return Alarms(
        len(truths), hits / max(sum(truths), 1) if any(truths) else 1.0, hits / sum(flags) if any(flags) else 1.0
    )


def by_sphere(services: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return suggestions of spheres, in the order in which suggested services name them, their probabilities added."""
    added: dict[str, float] = {}
    for sphere, probability in services:
        added[sphere] = added.get(sphere, 0.0) + probability
    return list(added.items())


def _f1_by_label(truths: Sequence[str], firsts: Sequence[str]) -> dict[str, float]:
    right = Counter(truth for truth, first in zip(truths, firsts, strict=True) if truth == first)
    told, said = Counter(truths), Counter(firsts)
    return {label: 2 * right[label] / (told[label] + said[label]) for label in told}


def _calibration_error(truths: Sequence[str], suggestions: Sequence[Ranked]) -> float:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for truth, ranked in zip(truths, suggestions, strict=True):
        if ranked:
            label, probability = ranked[0]
            bins[min(int(probability * _BINS), _BINS - 1)].append((probability, label == truth))
    error = 0.0
    for told in filter(None, bins):
        error += abs(sum(probability - is_right for probability, is_right in told)) / len(truths)
    return error
