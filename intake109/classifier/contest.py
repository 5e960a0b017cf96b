"""Champion against challenger: which of two classifiers is right more often on decisions neither has learnt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from intake109.catalogue.services import TO_BE_CLARIFIED
from intake109.classifier.evaluation import alarms, by_sphere, score
from intake109.classifier.examples import Example, key_of
from intake109.model import Kind, Verdict

FEWEST = 100
"""Decisions that must be held out, and as many to learn from: on fewer the better one is a matter of luck."""
_HELD_OUT = 0.2
_MOST_HELD_OUT = 2000
_KIND_MAY_FALL = 0.01
_TOP3_MAY_FALL = 0.005


class Judging(Protocol):
    """What is compared."""

    def classify_many(self, texts: Sequence[str]) -> list[Verdict]: ...


class Why(StrEnum):
    """Why a challenger was promoted, or was not; the screens and the command line have words for each."""

    BETTER = "better"
    NOT_BETTER = "not_better"
    INCIDENTS_MISSED = "incidents_missed"
    KIND_WORSE = "kind_worse"
    TOP3_WORSE = "top3_worse"


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a model was on the held-out decisions; shares are 0…1.

    Attributes:
        services: decisions that chose a service; `first` and `top3` are shares of them.
        incidents: decisions of danger to life; `incident_recall` of nothing is 1.
    """

    decisions: int
    services: int
    first: float
    top3: float
    sphere: float
    kind: float
    incidents: int
    incident_recall: float
    incident_precision: float

    def told(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a contest ended; `won` decisions only the challenger put first rightly, `lost` only the champion."""

    why: Why
    champion: Figures
    challenger: Figures
    won: int
    lost: int

    @property
    def is_better(self) -> bool:
        return self.why is Why.BETTER


def held_out(
    decisions: Sequence[Example], seen_until: datetime | None, day_of: Callable[[datetime], date]
) -> tuple[list[Example], list[Example]]:
    """Split decisions, oldest first, into those to learn and the newest days', which decide who is better.

    Held out is only what the champion has not learnt (decided after `seen_until`): the newest whole days that make a
    fifth of it, or, where a day is too large, its newest decisions; never more than half. So the challenger always
    has something new to show. Copies of texts that are learnt are not held out. Nothing is held out of too few.
    """
    fresh = [one for one in decisions if one.decided_at and (seen_until is None or one.decided_at > seen_until)]
    if len(fresh) < 2 * FEWEST:
        return list(decisions), []
    wanted = min(max(FEWEST, int(len(fresh) * _HELD_OUT)), _MOST_HELD_OUT)
    start = fresh[-wanted]
    assert start.decided_at is not None
    first_day = day_of(start.decided_at)
    of_days = [one for one in fresh if one.decided_at and day_of(one.decided_at) >= first_day]
    test = of_days if len(of_days) <= min(len(fresh) // 2, _MOST_HELD_OUT) else fresh[-wanted:]
    tested = set(map(id, test))
    learnt = [one for one in decisions if id(one) not in tested]
    known = {key_of(one.text) for one in learnt}
    return learnt, [one for one in test if key_of(one.text) not in known]


def decide(champion: Judging, challenger: Judging, test: Sequence[Example]) -> Ruling:
    """Score both on the same decisions and say who shall serve.

    The challenger wins if its first suggestion is right more often by more than luck would do (of the decisions on
    which only one of the two is right, won − lost ≥ √(won + lost)), if it misses no more incidents, and if the first
    three suggestions and the kind are hardly worse.

    Raises:
        ValueError: no decision chose a service.
    """
    texts = [one.text for one in test]
    said, claimed = champion.classify_many(texts), challenger.classify_many(texts)
    old, new = _figures(test, said), _figures(test, claimed)
    pairs = [(_is_right(a, one), _is_right(b, one)) for a, b, one in zip(said, claimed, test, strict=True)]
    won = sum(after and not before for before, after in pairs)
    lost = sum(before and not after for before, after in pairs)
    return Ruling(_why(old, new, won, lost), old, new, won, lost)


def _why(old: Figures, new: Figures, won: int, lost: int) -> Why:
    if new.incident_recall < old.incident_recall:
        return Why.INCIDENTS_MISSED
    if won <= lost or (won - lost) ** 2 < won + lost:
        return Why.NOT_BETTER
    if new.top3 < old.top3 - _TOP3_MAY_FALL:
        return Why.TOP3_WORSE
    if new.kind < old.kind - _KIND_MAY_FALL:
        return Why.KIND_WORSE
    return Why.BETTER


def _figures(test: Sequence[Example], verdicts: Sequence[Verdict]) -> Figures:
    asked = [(verdict, one) for verdict, one in zip(verdicts, test, strict=True) if has_service(one)]
    services = score(
        [one.service for _, one in asked], [[(guess.code, guess.probability) for guess in v.services] for v, _ in asked]
    )
    firsts = [(by_sphere([(guess.sphere, guess.probability) for guess in v.services]), one) for v, one in asked]
    dangers = [(bool(one.is_incident), v.incident.flag) for v, one in zip(verdicts, test, strict=True)]
    alarm = alarms([truth for truth, _ in dangers], [flag for _, flag in dangers])
    return Figures(
        decisions=len(test),
        services=len(asked),
        first=services.accuracy,
        top3=services.top3,
        sphere=sum(bool(ranked) and ranked[0][0] == one.sphere for ranked, one in firsts) / len(asked),
        kind=sum(v.kind == Kind(one.kind) for v, one in zip(verdicts, test, strict=True)) / len(test),
        incidents=sum(truth for truth, _ in dangers),
        incident_recall=alarm.recall,
        incident_precision=alarm.precision,
    )


def _is_right(verdict: Verdict, one: Example) -> bool:
    return has_service(one) and bool(verdict.services) and verdict.services[0].code == one.service


def has_service(one: Example) -> bool:
    """Say whether a person chose a service; "to be clarified" is none."""
    return bool(one.service) and one.service != TO_BE_CLARIFIED
