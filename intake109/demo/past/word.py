"""What followed in the last days: citizens said whether it is solved, the staff judged, looked, called, passed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.alerts import raising
from intake109.appeals.course import Status
from intake109.appeals.executors.rerouting import reroute
from intake109.appeals.news import Setting
from intake109.appeals.voice import calls, satisfaction
from intake109.appeals.work import incidents, judging, shelving
from intake109.appeals.work.answers import Judgement
from intake109.appeals.work.incidents import Seen
from intake109.appeals.work.shelving import Folder
from intake109.appeals.work.sightings import How
from intake109.clock import city_day
from intake109.demo.past.executors import by_day
from intake109.errors import IntakeError
from intake109.simulator.agenda import Agenda
from intake109.store import alerts
from intake109.store.database import Database
from intake109.store.tables import AnswerRow, AppealRow, CallRow, ReporterRow

_SAYS = (("yes", 58), ("no", 18), ("nothing", 24))
_WRITES_FROM, _WRITES_UNTIL = 8, 23
_OTHERS = ("improvement", "housing_association", "water_utility")
_LEFT = timedelta(hours=14)
"""What came up so shortly before the end is left to whoever tries the demo."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Whose accounts decide: ids."""

    supervisor: int
    quality: int


class Words:
    """The citizens' word and the staff's. `look` lets citizens read, `work` lets the staff go through their shelves."""

    def __init__(
        self,
        database: Database,
        agenda: Agenda,
        setting: Callable[[], Setting],
        staff: Staff,
        ends_at: datetime,
        random: Random,
    ) -> None:
        self._database = database
        self._agenda = agenda
        self._setting = setting
        self._staff = staff
        self._ends_at = ends_at
        self._random = random
        self._asked: set[tuple[int, int]] = set()
        self._looked_at: set[tuple[int, int]] = set()

    def look(self) -> None:
        """Plan what everybody asked since says, and when somebody looks at a danger that is said to be over."""
        with self._database.read() as session:
            asked = [(one or 0, round_) for one, round_ in session.execute(_ASKED)]
            over = [(one or 0, round_) for one, round_ in session.execute(_OVER)]
        for reporter_id, number_of_round in asked:
            if (reporter_id, number_of_round) not in self._asked:
                self._asked.add((reporter_id, number_of_round))
                self._plan(reporter_id, number_of_round)
        for appeal_id, number_of_round in over:
            if (appeal_id, number_of_round) not in self._looked_at:
                self._looked_at.add((appeal_id, number_of_round))
                at = self._agenda.clock.now() + timedelta(minutes=self._random.uniform(10, 90))
                self._agenda.at(at, lambda appeal_id=appeal_id: self._see(appeal_id))  # type: ignore[misc]

    def answer_alerts(self) -> None:
        """Let the supervisor answer for whatever the staff is told and nobody else has answered for."""
        now = self._agenda.clock.now()
        with self._database.write() as session:
            told = alerts.live(session, self._staff.supervisor, "supervisor")
            raising.acknowledge_gathered(session, told, self._staff.supervisor, now)

    def work(self) -> None:
        """Go through what waits for a person; what is fresh at the end of the last days is left."""
        now = self._agenda.clock.now()
        before = min(now - timedelta(hours=1), self._ends_at - _LEFT)
        setting = self._setting()
        with self._database.read() as session:
            doubted = _ids(session, AnswerRow, col(AnswerRow.judged_at).is_(None), col(AnswerRow.at) < before)
            returned = _resting(session, Status.RETURNED, before)
            slow = _resting(session, Status.IN_WORK, now - timedelta(days=2))
            due = _ids(session, CallRow, col(CallRow.closed_at).is_(None), col(CallRow.due_at) < before)
        for answer_id in doubted:
            self._do(lambda session, one=answer_id: self._judge(session, one, setting))  # type: ignore[misc]
        for appeal_id in returned:
            self._do(lambda session, one=appeal_id: self._pass_on(session, one, setting))  # type: ignore[misc]
        for appeal_id in slow[:1]:
            self._do(lambda session, one=appeal_id: self._shelve(session, one, setting))  # type: ignore[misc]
        for call_id in due:
            self._do(lambda session, one=call_id: self._call(session, one, setting))  # type: ignore[misc]

    def _plan(self, reporter_id: int, number_of_round: int) -> None:
        word = self._random.choices([word for word, _ in _SAYS], [weight for _, weight in _SAYS])[0]
        if word == "nothing":
            return
        is_solved = word == "yes" or number_of_round > 1
        at = self._agenda.clock.now() + timedelta(minutes=self._random.lognormvariate(4.2, 1.0))
        at = by_day(at, self._setting().zone, _WRITES_FROM, _WRITES_UNTIL, self._random)
        self._agenda.at(at, lambda: self._say(reporter_id, number_of_round, is_solved))

    def _say(self, reporter_id: int, number_of_round: int, is_solved: bool) -> None:
        setting, now = self._setting(), self._agenda.clock.now()
        self._do(
            lambda session: satisfaction.hear(
                session, reporter_id, is_solved, setting, now, number_of_round=number_of_round
            )
        )

    def _see(self, appeal_id: int) -> None:
        seen = Seen(How.CAMERA, True, "Камера на перекрёстке: опасности нет, огорожено и закрыто.")
        now = self._agenda.clock.now()
        self._do(lambda session: incidents.see(session, appeal_id, seen, self._staff.supervisor, self._setting(), now))

    def _judge(self, session: Session, answer_id: int, setting: Setting) -> None:
        now = self._agenda.clock.now()
        row = session.get_one(AnswerRow, answer_id)
        is_formal = "no_action" in row.doubts or "future" in row.doubts
        judgement = Judgement.FORMAL if is_formal else Judgement.ACCEPTED
        why = "нет выполненной работы, даты и фото" if is_formal else ""
        judging.judge(session, answer_id, judgement, self._staff.quality, setting, now, why)

    def _pass_on(self, session: Session, appeal_id: int, setting: Setting) -> None:
        appeal = session.get_one(AppealRow, appeal_id)
        other = next(kind for kind in _OTHERS if kind != appeal.executor)
        service = setting.catalogue.services[appeal.service]
        reroute(session, appeal_id, service, other, self._staff.supervisor, setting, self._agenda.clock.now())

    def _shelve(self, session: Session, appeal_id: int, setting: Setting) -> None:
        now = self._agenda.clock.now()
        until = city_day(now, setting.zone) + timedelta(days=40)
        folder = Folder("нужны деньги из бюджета будущего года", self._staff.supervisor, until)
        shelving.shelve(session, appeal_id, folder, self._staff.supervisor, setting, now)

    def _call(self, session: Session, call_id: int, setting: Setting) -> None:
        now, user_id = self._agenda.clock.now(), self._staff.quality
        if self._random.random() < 0.5:
            satisfaction.told_by_phone(session, call_id, True, "", user_id, setting, now)
        else:
            satisfaction.not_reached(session, call_id, calls.Outcome.NO_ANSWER, "", user_id, setting, now)

    def _do(self, act: Callable[[Session], object]) -> None:
        """Act, unless things have gone another way meanwhile."""
        try:
            with self._database.write() as session:
                act(session)
        except IntakeError:
            return


_ASKED = (
    select(col(ReporterRow.id), col(ReporterRow.asked_round))
    .join(AppealRow, col(AppealRow.id) == col(ReporterRow.appeal_id))
    .where(
        col(AppealRow.status) == Status.ANSWERED.value,
        col(ReporterRow.asked_round) == col(AppealRow.round),
        col(ReporterRow.said) == "",
        col(ReporterRow.removed_at).is_(None),
    )
)
_OVER = select(col(AppealRow.id), col(AppealRow.round)).where(
    col(AppealRow.status) == Status.ANSWERED.value, col(AppealRow.is_incident)
)


def _resting(session: Session, status: Status, before: datetime) -> list[int]:
    """Return the appeals in a status that were registered before a moment."""
    return _ids(session, AppealRow, col(AppealRow.status) == status.value, col(AppealRow.registered_at) < before)


def _ids(session: Session, table: type[AnswerRow | AppealRow | CallRow], *which: ColumnElement[bool]) -> list[int]:
    found = session.execute(select(col(table.id)).where(*which).order_by(col(table.id))).scalars()
    return [one for one in found if one is not None]
