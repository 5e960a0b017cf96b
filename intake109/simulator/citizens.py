"""The modelled citizens: who writes when, of what, in which language, and what they add afterwards."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue, Service
from intake109.model import Channel, Kind, Language
from intake109.simulator.said import Said, Truth
from intake109.simulator.scenario import Burst, Scenario

_HOUR = timedelta(hours=1)
_CHANNELS = {Channel.TELEGRAM: 0.55, Channel.WHATSAPP: 0.25, Channel.INSTAGRAM: 0.20}
_KINDS = {Kind.APPEAL: 0.82, Kind.THANKS: 0.05, Kind.SPAM: 0.06, Kind.CHAT: 0.07}
_INCIDENTS = 0.02
"""Share of appeals that tell of danger to life."""
_ADDS = 0.12
_REPEATS = 0.03
_ANSWERS = 0.7
_STREETS = ("Абая", "Гоголя", "Ерубаева", "Мира", "Сейфуллина", "Жамбыла", "Строителей", "Бухар жырау")


class Citizens:
    """Everybody who writes. The same seed makes the same people say the same."""

    def __init__(
        self, scenario: Scenario, catalogue: Catalogue, zone: ZoneInfo, seed: int, streets: Sequence[str] = _STREETS
    ) -> None:
        self._streets = streets
        self._scenario = scenario
        self._zone = zone
        self._random = Random(f"{seed}:citizens")
        self._number = itertools.count(1)
        self._ends_at: datetime | None = None
        services = [one for one in catalogue.services.values() if one.phrases.all and one.code != TO_BE_CLARIFIED]
        self._random.shuffle(services)
        self._incidents = [one for one in services if one.is_incident]
        self._ordinary = [one for one in services if not one.is_incident]
        self._often = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(self._ordinary))))
        self._no_appeals = {kind: catalogue.examples.get(kind.value, ()) for kind in Kind}

    def during(self, begins_at: datetime, lasts: timedelta) -> list[Said]:
        """Return everything said in in a time of whole hours, in order.

        Afterwards nobody says anything, not even in answer to a question.
        """
        self._ends_at = begins_at + lasts
        found: list[Said] = []
        for hour in range(lasts // _HOUR):
            since = begins_at + hour * _HOUR
            rate = self._scenario.per_hour[since.astimezone(self._zone).hour]
            for at in self._moments(since, _HOUR, rate):
                found += self._tell(at, self._truth())
        if self._scenario.burst is not None:
            for day in range(math.ceil(lasts / timedelta(days=1))):
                found += self._burst(begins_at + day * timedelta(days=1), self._scenario.burst, day)
        return sorted((one for one in found if one.at < self._ends_at), key=lambda one: (one.at, one.key))

    def answer(self, asked: Said, now: datetime) -> Said | None:
        """Return what a citizen answers to a question of ours, None if nothing."""
        if self._random.random() > _ANSWERS:
            return None
        at = now + timedelta(seconds=self._random.lognormvariate(5.3, 0.8))
        answer = self._say(at, asked.channel, asked.author, self._place(), asked)
        return answer if self._ends_at is not None and at < self._ends_at else None

    def _moments(self, since: datetime, lasts: timedelta, per_hour: float) -> Iterator[datetime]:
        at = since
        while per_hour > 0:
            at += timedelta(seconds=self._random.expovariate(per_hour / 3600))
            if at >= since + lasts:
                return
            yield at

    def _burst(self, day_at: datetime, burst: Burst, day: int) -> Iterator[Said]:
        local = day_at.astimezone(self._zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        begins_at = (midnight + burst.begins).astimezone(day_at.tzinfo)
        services = self._random.sample(self._ordinary[:60], burst.stories)
        for at in self._moments(begins_at, burst.lasts, burst.per_hour):
            which = self._random.randrange(burst.stories)
            truth = Truth(Kind.APPEAL, services[which].code, story=f"{day}:{which}")
            yield from self._tell(at, truth if self._random.random() < 0.7 else self._truth())

    def _truth(self) -> Truth:
        kind = self._random.choices(list(_KINDS), list(_KINDS.values()))[0]
        if kind is not Kind.APPEAL:
            return Truth(kind)
        if self._incidents and self._random.random() < _INCIDENTS:
            return Truth(kind, self._random.choice(self._incidents).code, is_incident=True)
        service = self._random.choices(self._ordinary, cum_weights=self._often)[0]
        return Truth(kind, service.code, is_question=service.answer is not None)

    def _tell(self, at: datetime, truth: Truth) -> Iterator[Said]:
        """Let one citizen write, and perhaps add the address, or say it all again when nobody has answered."""
        channel = self._random.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
        author = f"citizen{next(self._number)}"
        text, language = self._words(truth)
        first = Said(f"{author}:1", channel, author, text, language, at, truth, self._place())
        yield first
        if truth.kind is not Kind.APPEAL:
            return
        if self._random.random() < _ADDS:
            later = at + timedelta(seconds=self._random.uniform(15, 150))
            yield self._say(later, channel, author, first.address, first)
        if self._random.random() < _REPEATS:
            later = at + timedelta(minutes=self._random.uniform(12, 40))
            yield self._say(later, channel, author, text, first)

    def _say(self, at: datetime, channel: Channel, author: str, text: str, first: Said) -> Said:
        key = f"{author}:{next(self._number)}:more"
        truth = Truth(first.truth.kind, first.truth.service, first.truth.is_incident, story=f"of {author}")
        return Said(key, channel, author, text, first.language, at, truth, first.address)

    def _words(self, truth: Truth) -> tuple[str, Language]:
        language = self._random.choices([Language.RU, Language.KK, Language.MIXED], [0.55, 0.3, 0.15])[0]
        if truth.kind is not Kind.APPEAL:
            return self._random.choice(self._no_appeals[truth.kind] or (truth.kind.value,)), language
        service = self._service(truth.service)
        phrases = {Language.RU: service.phrases.ru, Language.KK: service.phrases.kk}.get(language)
        return f"{self._random.choice(phrases or service.phrases.all)}. {self._place()}", language

    def _service(self, code: str) -> Service:
        return next(one for one in (*self._incidents, *self._ordinary) if one.code == code)

    def _place(self) -> str:
        return f"{self._random.choice(self._streets)} {self._random.randint(1, 120)}"
