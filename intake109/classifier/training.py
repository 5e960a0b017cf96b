"""Builds a classifier from nothing but the catalogue; a minute for a thousand services."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue
from intake109.classifier import assignment, kinds
from intake109.classifier.decided import corrected
from intake109.classifier.examples import Example, told_once
from intake109.classifier.features import Features, prepare
from intake109.classifier.haste import Haste
from intake109.classifier.languages import Pieces
from intake109.classifier.linear import Floats
from intake109.classifier.parts import Parts
from intake109.classifier.surroundings import Surroundings
from intake109.classifier.word_lists import word_list
from intake109.model import Kind

Progress = Callable[[str, float], None]
"""Told what is being done and how much of all is behind, 0…1."""

_KIND_SHARES = {Kind.APPEAL.value: 0.8, Kind.THANKS.value: 0.06, Kind.SPAM.value: 0.05, Kind.CHAT.value: 0.09}
"""What a city's channels bring, roughly: the catalogue has twenty appeals for every other text."""
_KINDS = kinds.Fit(_KIND_SHARES)
_INCIDENTS = kinds.Fit({"danger": 0.25, "calm": 0.75}, looseness=8.0, rounds=300, slope=1e-5)
"""Danger is learnt to the end, six seconds: at the slope where kinds stop, three times as many calm messages stood
before the last dangers."""
_LIKE_A_MESSAGE = 20.0
"""How much a line of the lists (alarms, calm negatives) counts beside a service's phrase when danger is learnt: phrases
say more of a thousand services than of how danger is told."""
_EVERYDAY = 4.0
"""The same for everyday messages of the spheres: they are as many as all other lines, and far from any danger."""

_COPIES = 4
"""Hasty copies of every line that is not everyday. The model of danger is the mean of as many, each taught by the lines
and one copy: a single one misses three dangers of a hundred more or less, as its copies happen to be."""
_HELD_OUT = 5
_FEWEST_TO_CALIBRATE = 2000
"""Texts that speak for a service; of fewer a fifth would say next to nothing of what the whole will know."""
_NEVER_HELD_OUT = -1
"""The group of names and keywords: they are easier than what citizens write and would make the models too sure."""


@dataclass(frozen=True, slots=True)
class _Example:
    """A text and what it teaches; `code` and `sphere` are empty where it teaches nothing of them.

    `copy` numbers the hasty copies of a line; 0 is the line itself.
    """

    text: str
    kind: str
    code: str
    sphere: str
    is_danger: bool
    group: int
    serves_kinds: bool = True
    is_everyday: bool = False
    copy: int = 0

    @property
    def serves_danger_alone(self) -> bool:
        return not self.sphere and not self.serves_kinds

    @property
    def serves_danger(self) -> bool:
        """Say whether it is more than a keyword: "люк" alone is neither danger nor calm."""
        return bool(self.code) or self.group != _NEVER_HELD_OUT

    @property
    def weight(self) -> float:
        """Return how much it counts when danger is learnt."""
        if self.code:
            return 1.0
        return _EVERYDAY if self.is_everyday else _LIKE_A_MESSAGE


@dataclass(frozen=True, slots=True)
class _Sharpness:
    """Inverse temperatures of the models; the defaults serve catalogues too small to hold anything out."""

    sphere: float = 1.6
    service: float = 8.0
    kind: float = 0.7
    incident: float = 0.9


@dataclass(frozen=True, slots=True)
class _Models:
    services: assignment.Assignment
    kind: kinds.Logistic
    incident: kinds.Logistic


class _Lesson:
    """Examples with their rows; says what each model learns from."""

    def __init__(self, examples: list[_Example], rows: sp.csr_matrix) -> None:
        self._rows = rows
        self._examples = np.array(examples, dtype=object)

    def services(self) -> tuple[sp.csr_matrix, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        own = np.flatnonzero([bool(example.sphere) for example in self._examples])
        chosen = self._examples[own]
        return self._rows[own], np.array([x.code for x in chosen]), np.array([x.sphere for x in chosen])

    def kinds(self) -> tuple[sp.csr_matrix, np.ndarray[Any, Any]]:
        own = np.flatnonzero([example.serves_kinds for example in self._examples])
        return self._rows[own], np.array([example.kind for example in self._examples[own]])

    def dangers(self, copy: int = 0) -> tuple[sp.csr_matrix, np.ndarray[Any, Any], Floats]:
        """Return all but the keywords, with the hasty copies of one number, and how much each counts."""
        own = np.flatnonzero([x.serves_danger and x.copy in (0, copy) for x in self._examples])
        chosen = self._examples[own]
        weight = np.array([example.weight for example in chosen], np.float32)
        return self._rows[own], np.where([example.is_danger for example in chosen], "danger", "calm"), weight


def train_parts(catalogue: Catalogue, progress: Progress | None = None, decisions: Sequence[Example] = ()) -> Parts:
    """Train all models from the catalogue, then correct them by what people decided, oldest first.

    `progress` is told of every step.
    """
    tell = progress or (lambda _what, _share: None)
    tell("reading", 0.0)
    examples = _examples(catalogue)
    prepared = [prepare(example.text) for example in examples]
    with warnings.catch_warnings():
        # Both solvers stop at their limit of rounds by design: more rounds do not change the order of the classes.
        from sklearn.exceptions import ConvergenceWarning

        warnings.simplefilter("ignore", ConvergenceWarning)
        sharpness = _calibrate(examples, prepared, tell)
        tell("features", 0.45)
        told = told_once(decisions)
        beside = [prepare(example.text) for example in told]
        features = Features.fit(_counted(examples, prepared), beside=beside, has_ideas=True)
        models = _fit(_Lesson(examples, features.rows(prepared)), sharpness, tell, 0.5)
    tell("languages", 0.97)
    pieces = Pieces.count(
        (phrase for service in catalogue.services.values() for phrase in service.phrases.kk),
        (phrase for service in catalogue.services.values() for phrase in service.phrases.ru),
    )
    dangerous = tuple(service.code for service in catalogue.services.values() if service.is_incident)
    parts = Parts(features, models.services, models.kind, models.incident, pieces, dangerous)
    tell("decisions", 0.98)
    parts = corrected(parts, catalogue, told)
    tell("ready", 1.0)
    return parts


def _counted(examples: list[_Example], prepared: list[str]) -> list[str]:
    """Return the texts whose words become features; those of danger alone would move spheres and kinds as well."""
    return [text for example, text in zip(examples, prepared, strict=True) if not example.serves_danger_alone]


def _fit(lesson: _Lesson, sharpness: _Sharpness, tell: Progress, begun: float) -> _Models:
    tell("services", begun)
    services = assignment.fit(*lesson.services(), sharpness.sphere, sharpness.service)
    tell("kinds", begun + 0.25)
    kind = kinds.fit_logistic(*lesson.kinds(), _KINDS, sharpness.kind)
    tell("incidents", begun + 0.35)
    lessons = (lesson.dangers(copy + 1) for copy in range(_COPIES))
    return _Models(services, kind, kinds.fit_mean(lessons, _INCIDENTS, sharpness.incident))


def _calibrate(examples: list[_Example], prepared: list[str], tell: Progress) -> _Sharpness:
    """Train on four fifths of the phrases and see how sure the models may be of the last fifth.

    The features are learnt without them as well: what citizens write has words no phrase has, and a model that has
    counted the held-out words already looks less sure than it will be.
    """
    if sum(bool(example.code) for example in examples) < _FEWEST_TO_CALIBRATE:
        return _Sharpness()
    held = [example.group % _HELD_OUT == 0 for example in examples]

    def lesson(features: Features, is_held: bool) -> _Lesson:
        own = [i for i, out in enumerate(held) if out is is_held and not (is_held and examples[i].copy)]
        return _Lesson([examples[i] for i in own], features.rows([prepared[i] for i in own]))

    tell("calibration", 0.02)
    counted = [index for index, out in enumerate(held) if not out]
    features = Features.fit(_counted([examples[i] for i in counted], [prepared[i] for i in counted]), has_ideas=True)
    trial = _fit(lesson(features, False), _Sharpness(), tell, 0.05)
    test = lesson(features, True)
    return _Sharpness(
        *assignment.sharpness_of(trial.services, *test.services()),
        kinds.sharpness_of(trial.kind, *test.kinds()),
        kinds.sharpness_of(trial.incident, *test.dangers()[:2]),
    )


def _examples(catalogue: Catalogue) -> list[_Example]:
    """Return every text to learn from; `group` numbers the phrase a text was made of: its copies stay together."""
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
        told += [_Example(name, *bare, _NEVER_HELD_OUT) for name in names]
    of_spheres = _of_spheres({service.sphere for service in catalogue.services.values()}, surroundings, group + 1)
    told += of_spheres
    group += len(of_spheres)
    others = [(text, kind) for kind, texts in catalogue.examples.items() for text in texts]
    for text, kind in [*others, *catalogue.calm]:
        group += 1
        copies = [text] if kind == Kind.CHAT else [text, surroundings.somewhere(text)]  # chat names no house
        told += [_Example(said, kind, "", "", False, group) for said in copies]
    told += _of_danger(group, {example.text: example.group for example in of_spheres})
    return told + _hasty(told)


def _of_spheres(spheres: Set[str], surroundings: Surroundings, group: int) -> list[_Example]:
    """Return what the room's own lists teach of these spheres: words, ordinary messages and alarms of each."""
    told: list[_Example] = []
    for sphere, line in word_list("keywords").items():
        for word in filter(None, (word.strip() for word in line.split(",") if sphere in spheres)):
            bare = Kind.APPEAL.value, "", sphere, False
            around = surroundings.around(word)
            told += [_Example(word, *bare, _NEVER_HELD_OUT), _Example(around, *bare, _NEVER_HELD_OUT, False)]
    for name, is_danger in (("tellings", False), ("alarms", True)):
        for sphere, texts in word_list(name).items():
            for text in texts if sphere in spheres else ():
                group += 1
                bare = Kind.APPEAL.value, "", sphere, is_danger
                copies = text, surroundings.around(text)
                told += [_Example(said, *bare, group, is_everyday=not is_danger) for said in copies]
    return told


def _of_danger(group: int, groups: Mapping[str, int]) -> list[_Example]:
    """Return what teaches danger alone, with groups from `group` on, or with those its texts have in `groups`.

    Long messages tell of one danger among ordinary troubles, or of several troubles and no danger: so do these.
    """
    surroundings = Surroundings()
    tellings, own = word_list("tellings"), word_list("danger_or_calm")
    lists: list[tuple[list[str], bool, list[str]]] = [(own["danger"], True, []), (own["calm"], False, [])]
    lists += [(texts, False, texts) for texts in tellings.values()]
    lists += [(texts, True, tellings[sphere]) for sphere, texts in word_list("alarms").items()]
    lists += [(texts, True, []) for texts in word_list("danger_told").values()]
    lists += [(texts, False, []) for texts in word_list("calm_near_danger").values()]
    told: list[_Example] = []
    for texts, is_danger, others in lists:
        for text in texts:
            group += 1
            own_group = groups.get(text, group)
            copies = [surroundings.with_another(text, others)] if others else [text, surroundings.around(text)]
            bare = Kind.APPEAL.value, "", "", is_danger, own_group, False, bool(others) and not is_danger
            told += [_Example(said, *bare) for said in copies]
    return told


def _hasty(told: list[_Example]) -> list[_Example]:
    """Return copies of what the lists tell, for danger alone; a phrase says too little to leave words out."""
    haste = Haste()
    lines = [x for x in told if x.serves_danger and not x.code and not x.is_everyday]
    return [
        _Example(haste.of(x.text), x.kind, "", "", x.is_danger, x.group, serves_kinds=False, copy=copy + 1)
        for copy in range(_COPIES)
        for x in lines
    ]
