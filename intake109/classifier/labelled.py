"""A classifier for whatever labels a centre's own history has: 15 categories or 160 topics, most of them rare.

Two models that err differently, a regression and a small network, read the same words. How far to trust each, and how
much of their lean to frequent labels to take back, is learnt on texts held out: that makes the probabilities honest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import scipy.sparse as sp

from intake109.classifier import network, regression
from intake109.classifier.features import Features, prepare
from intake109.classifier.linear import Floats, Linear, softmax
from intake109.classifier.network import Network
from intake109.classifier.regression import Columns, Lesson
from intake109.errors import IntakeError
from intake109.progress import Progress

_HELD_OUT = 5
_NEVER_HELD_OUT = -1
"""The place of what labels are called: it is easier than what citizens write and would make the models too sure."""
_TRIAL_ROWS = 20_000
"""A trial on more rows would double the training and hardly change what it teaches."""
_FEWEST_TO_CALIBRATE = 200
_TILT = 0.15
"""How far rare labels go first beyond their probability, as a power of frequency; gained accuracy and macro-F1."""
_RARE = 2
_FEW_TEXTS = 20
"""A label with so many texts is known by them; its name, one row more, would only stir what they say."""
_FEW = 3000
"""Below so many texts words met once are kept: a rare label has no others. Above, they would only cost memory."""
_SUGGESTIONS = 5
_BATCH = 1024


class LabelsError(IntakeError):
    """There is nothing to learn from; the message says what is missing."""

    permanent = True


@dataclass(frozen=True, slots=True)
class _Trust:
    """Powers of what each model says and of how frequent a label is; the defaults serve small histories."""

    regression: float = 0.8
    network: float = 0.6
    frequency: float = -0.3


@dataclass(frozen=True, slots=True)
class Model:
    """Both models and how far each is trusted."""

    regression: Linear
    network: Network
    log_frequency: Floats
    trust: _Trust

    def opinions(self, rows: sp.csr_matrix) -> list[Floats]:
        """Return what `trust` weighs: scores of labels, one row per text, and the frequencies, one for all."""
        return [self.regression.scores(rows), self.network.scores(rows), self.log_frequency[None, :]]

    def scores(self, rows: sp.csr_matrix) -> Floats:
        """Return one row of scores per row of features; their softmax is honest."""
        return _weighed(self.opinions(rows), astuple(self.trust))


class LabelClassifier:
    """Suggests labels for texts. Safe to share between threads once built; `model` is all that was learnt."""

    def __init__(self, features: Features, model: Model, tilt: Floats) -> None:
        self.labels = model.regression.classes
        self.features = features
        self.model = model
        self.tilt = tilt

    def suggest(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Return up to five labels per text, best first, with calibrated probabilities (0…1).

        Where two labels are nearly as probable the rarer comes first, so probabilities may rise a little in a list.
        """
        told: list[list[tuple[str, float]]] = []
        for start in range(0, len(texts), _BATCH):
            rows = self.features.rows([prepare(text) for text in texts[start : start + _BATCH]])
            scores = self.model.scores(rows)
            probabilities = softmax(scores, 1.0)
            order = np.argsort(-(scores + self.tilt), axis=1, kind="stable")[:, :_SUGGESTIONS]
            told += [
                [(self.labels[column], float(row[column])) for column in best]
                for best, row in zip(order, probabilities, strict=True)
            ]
        return told


def train(texts: Sequence[str], labels: Sequence[str], progress: Progress | None = None) -> LabelClassifier:
    """Learn from texts and their labels, one each; the same history gives the same classifier, in whatever process.

    What a rare label is called is learnt as one more text of it, if it has letters: often it is the best example.

    Raises:
        LabelsError: fewer than two different labels, or no text has a word.
    """
    tell = progress or (lambda _what, _share: None)
    classes = tuple(sorted(set(labels)))
    if len(classes) < 2:
        raise LabelsError(f"{len(classes)} different labels to learn: give a history with at least two")
    tell("reading", 0.0)
    told = Counter(zip(map(prepare, texts), labels, strict=True))
    if not any(text for text, _ in told):
        raise LabelsError("no words to learn from: is the text's column the right one?")
    named = _names(labels)
    told.update((name, label) for label, name in named.items())
    prepared = [text for text, _ in told]
    tell("reading", 0.5)
    features = Features.fit(prepared, rare_words=1 if len(prepared) < _FEW else _RARE)
    column = {label: number for number, label in enumerate(classes)}
    lesson = Lesson(
        features.rows(prepared),
        np.array([column[label] for _, label in told]),
        np.array(list(told.values()), np.float32),
        len(classes),
    )
    tell("reading", 1.0)
    trust = _trust(lesson, prepared, frozenset(named.values()), tell)
    model = _model(lesson, classes, trust, tell)
    return LabelClassifier(features, model, -np.float32(_TILT) * lesson.log_frequency())


def _names(labels: Sequence[str]) -> dict[str, str]:
    """Return what rare labels are called, as the models read it; a number or a sign is no name."""
    rare = sorted(label for label, count in Counter(labels).items() if count < _FEW_TEXTS)
    return {label: name for label in rare if any(map(str.isalpha, name := prepare(label)))}


def _model(lesson: Lesson, classes: tuple[str, ...], trust: _Trust, tell: Progress) -> Model:
    weights, offsets = regression.fit(lesson, lambda share: tell("learning", share / 2))
    learnt = network.fit(lesson, lambda share: tell("learning", (1 + share) / 2))
    return Model(Linear(classes, weights, offsets), learnt, lesson.log_frequency(), trust)


def _trust(lesson: Lesson, prepared: Sequence[str], names: frozenset[str], tell: Progress) -> _Trust:
    """Train without a fifth of the texts and see which powers make the truth there least surprising.

    The same text under two labels is held out or learnt as a whole: a remembered text would be trusted too much.
    """
    if len(prepared) < _FEWEST_TO_CALIBRATE:
        return _Trust()
    texts = [text for text in dict.fromkeys(prepared) if text not in names]
    place = dict(zip(texts, np.random.default_rng(0).permutation(len(texts)).tolist(), strict=True))
    place |= dict.fromkeys(names, _NEVER_HELD_OUT)
    places = np.array([place[text] for text in prepared])
    held = (places % _HELD_OUT == 0) & (places < _TRIAL_ROWS)
    learnt = (places % _HELD_OUT != 0) & (places < _TRIAL_ROWS)
    trial = lesson.part(np.flatnonzero(learnt))
    model = _model(trial, (), _Trust(), lambda _what, share: tell("calibration", share))
    known = np.isin(lesson.labels, trial.labels)
    test = lesson.part(np.flatnonzero(held & known))
    return _least_surprising(model.opinions(test.rows), test.labels, test.counts)


def _least_surprising(opinions: list[Floats], truth: Columns, counts: Floats) -> _Trust:
    from scipy.optimize import minimize

    def surprise(powers: Sequence[float]) -> float:
        told = softmax(_weighed(opinions, powers), 1.0)
        likely = np.maximum(told[np.arange(len(truth)), truth], 1e-9)
        return float(-np.average(np.log(likely), weights=counts))

    found = minimize(surprise, astuple(_Trust()), method="Nelder-Mead", options={"xatol": 1e-2, "fatol": 1e-4})
    return _Trust(*map(float, found.x))


def _weighed(opinions: Sequence[Floats], powers: Sequence[float]) -> Floats:
    told = sum(np.float32(power) * opinion for power, opinion in zip(powers, opinions, strict=True))
    return np.asarray(told, np.float32)
