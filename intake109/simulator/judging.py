"""A judge without training: it knows the truth and errs as often as the classifier was measured to err."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from random import Random

from intake109.catalogue.services import Catalogue
from intake109.model import IncidentSign, Kind, Language, Place, ServiceGuess, Span, Verdict
from intake109.simulator.said import Said, Truth

_SHARES = (0.0, 0.16, 0.43, 0.592, 0.668, 0.749, 0.83, 1.0)
_AT_LEAST = (1.0, 0.95, 0.8, 0.6, 0.5, 0.4, 0.3, 0.05)
"""What share of messages gets at least which probability for its first service; docs/promise.md."""
_DANGER_HEARD = 0.96
_DANGER_IMAGINED = 0.005
_SAME_SPHERE = 0.75
_UNSEEN = Truth(Kind.CHAT)


class ModelledJudge:
    """Judges by the first line of a text. A probability p is right in p of the cases: it is calibrated."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self._seed = seed
        self._known: dict[str, Said] = {}
        self._codes = list(catalogue.services)
        self._spheres = {one.code: one.sphere for one in catalogue.services.values()}
        self._siblings: dict[str, list[str]] = {}
        for one in catalogue.services.values():
            self._siblings.setdefault(one.sphere, []).append(one.code)

    def learn(self, said: Said) -> None:
        """Be told what a message really is, before it is judged."""
        self._known[said.text] = said

    def classify_many(self, texts: Sequence[str]) -> list[Verdict]:
        return [self.classify(text) for text in texts]

    def classify(self, text: str) -> Verdict:
        line = text.split("\n", 1)[0]
        random = Random(f"{self._seed}:{line}")
        said = self._known.get(line)
        truth = said.truth if said else _UNSEEN
        appeal = _appeal_probability(truth, random)
        return Verdict(
            kind=Kind.APPEAL if appeal >= 0.5 else (truth.kind if truth.kind is not Kind.APPEAL else Kind.CHAT),
            kind_probability=max(appeal, 1 - appeal),
            appeal_probability=appeal,
            services=self._services(truth, random),
            incident=_sign(truth, random),
            language=said.language if said else Language.RU,
            place=Place(text=said.address, normalised=said.address) if said and said.address else Place(),
            text=text,
            model="simulator",
        )

    def explain(self, text: str, code: str) -> list[Span]:
        """Return no reasons: there are none."""
        return []

    def _services(self, truth: Truth, random: Random) -> tuple[ServiceGuess, ...]:
        probability = _certainty(random)
        is_right = bool(truth.service) and random.random() < probability
        code = truth.service if is_right else self._mistaken(truth, random)
        return (ServiceGuess(code, self._spheres[code], round(probability, 4)),)

    def _mistaken(self, truth: Truth, random: Random) -> str:
        sphere = self._siblings.get(self._spheres.get(truth.service, ""), [])
        near = [code for code in sphere if code != truth.service]
        if near and random.random() < _SAME_SPHERE:
            return random.choice(near)
        return random.choice([code for code in self._codes if code != truth.service])


def _certainty(random: Random) -> float:
    """Draw the probability of a first service, as they were measured."""
    share = random.random()
    at = min(bisect(_SHARES, share), len(_SHARES) - 1)
    part = (share - _SHARES[at - 1]) / (_SHARES[at] - _SHARES[at - 1])
    return _AT_LEAST[at - 1] + part * (_AT_LEAST[at] - _AT_LEAST[at - 1])


def _appeal_probability(truth: Truth, random: Random) -> float:
    """Draw how probably it is an appeal: of what is certainly none (2 % and less) at most one in fifty is one."""
    shares = (0.974, 0.024, 0.002) if truth.kind is Kind.APPEAL else (0.05, 0.25, 0.70)
    low, high = random.choices([(0.9, 0.999), (0.05, 0.9), (0.0, 0.015)], shares)[0]
    return random.uniform(low, high)


def _sign(truth: Truth, random: Random) -> IncidentSign:
    is_heard = random.random() < (_DANGER_HEARD if truth.is_incident else _DANGER_IMAGINED)
    flag = is_heard and truth.kind is Kind.APPEAL
    return IncidentSign(flag, 1.0 if flag else 0.0)
