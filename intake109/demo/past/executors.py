"""The executors of the last days: they take what was forwarded, answer by day, some slowly, some formally, some not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.appeals.course import Status
from intake109.appeals.news import Setting
from intake109.appeals.work import answers
from intake109.appeals.work.answers import Enclosed, Said, Via
from intake109.clock import city_day
from intake109.demo.standin import reports_of_work
from intake109.errors import IntakeError
from intake109.simulator.agenda import Agenda
from intake109.store.database import Database
from intake109.store.tables import AppealRow

_OPENS, _CLOSES = 8, 20
"""Hours of the city in which executors work; danger does not wait for them."""
_FATES = (("done", 56), ("slow", 21), ("formal", 11), ("promised", 7), ("returned", 5))
_LIKE = {
    "done": (1.0, 14.0),
    "formal": (0.5, 5.0),
    "promised": (1.0, 6.0),
    "returned": (0.5, 4.0),
    "danger": (0.4, 5.0),
}
"""Hours from being told to saying something, at least and at most."""


class Executors:
    """All organisations of the city. `look` lets them notice what has been forwarded to them since."""

    def __init__(
        self,
        database: Database,
        agenda: Agenda,
        setting: Callable[[], Setting],
        photos: Sequence[Enclosed],
        until: datetime,
        random: Random,
    ) -> None:
        """`until`: what is registered later is left for the executors of the day that follows."""
        self._until = until
        self._database = database
        self._agenda = agenda
        self._setting = setting
        self._photos = photos
        self._random = random
        self._known: set[tuple[int, int]] = set()
        self._said = 0

    def look(self) -> None:
        """Plan what is made of everything that was forwarded since the last look."""
        with self._database.read() as session:
            rows = session.execute(
                select(col(AppealRow.id), col(AppealRow.round), col(AppealRow.is_incident)).where(
                    col(AppealRow.status) == Status.FORWARDED.value,
                    col(AppealRow.merged_into).is_(None),
                    col(AppealRow.registered_at) < self._until,
                )
            ).all()
        for found, number_of_round, is_incident in rows:
            appeal_id = found or 0
            if (appeal_id, number_of_round) not in self._known:
                self._known.add((appeal_id, number_of_round))
                self._plan(appeal_id, "danger" if is_incident else self._fate(number_of_round))

    def _fate(self, number_of_round: int) -> str:
        if number_of_round > 1:
            return "done"
        return self._random.choices([fate for fate, _ in _FATES], [weight for _, weight in _FATES])[0]

    def _plan(self, appeal_id: int, fate: str) -> None:
        now = self._agenda.clock.now()
        if fate == "slow":
            if self._random.random() < 0.6:
                self._agenda.at(self._by_day(now + timedelta(hours=2)), lambda: self._do(appeal_id, self._take))
            return
        earliest, latest = _LIKE[fate]
        says_at = now + timedelta(hours=self._random.uniform(earliest, latest))
        if fate != "danger":
            says_at = self._by_day(says_at)
        if fate in ("done", "danger"):
            takes_at = now + (says_at - now) * self._random.uniform(0.1, 0.5)
            self._agenda.at(takes_at, lambda: self._do(appeal_id, self._take))
        act = {"formal": self._formal, "promised": self._promise, "returned": self._return}.get(fate, self._finish)
        self._agenda.at(says_at, lambda: self._do(appeal_id, act))
        if fate == "promised":
            self._agenda.at(says_at + timedelta(hours=26), lambda: self._do(appeal_id, self._finish))

    def _by_day(self, moment: datetime) -> datetime:
        return by_day(moment, self._setting().zone, _OPENS, _CLOSES, self._random)

    def _do(self, appeal_id: int, act: Callable[[Session, int, datetime], object]) -> None:
        """Act, unless things have gone another way meanwhile."""
        try:
            with self._database.write() as session:
                act(session, appeal_id, self._agenda.clock.now())
        except IntakeError:
            return

    def _take(self, session: Session, appeal_id: int, now: datetime) -> object:
        return answers.take(session, appeal_id, None, now)

    def _finish(self, session: Session, appeal_id: int, now: datetime) -> object:
        self._said += 1
        setting = self._setting()
        photo = self._photos[self._said % len(self._photos)]
        text = reports_of_work.done(self._said, session.get_one(AppealRow, appeal_id).sphere)
        said = Said(text, city_day(now, setting.zone), None, (photo,), Via.REGISTRY)
        return answers.receive(session, appeal_id, said, setting, now)

    def _formal(self, session: Session, appeal_id: int, now: datetime) -> object:
        text = self._random.choice(reports_of_work.FORMAL)
        return answers.receive(session, appeal_id, Said(text, via=Via.REGISTRY), self._setting(), now)

    def _promise(self, session: Session, appeal_id: int, now: datetime) -> object:
        setting = self._setting()
        day = city_day(now, setting.zone) + timedelta(days=1)
        said = Said(f"Поставим в план, сделаем {day:%d.%m.%Y}.", None, day, via=Via.REGISTRY)
        return answers.receive(session, appeal_id, said, setting, now)

    def _return(self, session: Session, appeal_id: int, now: datetime) -> object:
        why = self._random.choice(reports_of_work.NOT_OURS)
        return answers.give_back(session, appeal_id, why, None, now, Via.REGISTRY)


def by_day(moment: datetime, zone: ZoneInfo, opens: int, closes: int, random: Random) -> datetime:
    """Return the moment, or one in the morning that follows where it is night in the city."""
    local = moment.astimezone(zone)
    if opens <= local.hour < closes:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= closes else 0)
    opening = datetime(day.year, day.month, day.day, opens, tzinfo=zone)
    return opening + timedelta(minutes=random.uniform(5, 150))
