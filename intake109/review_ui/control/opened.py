"""One appeal on the control page: the executor's answers with what is doubtful in them, its course, who saw what."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.appeals.course import OVER, Status
from intake109.appeals.terms.ageing import PRESSABLE
from intake109.appeals.work import formal, sightings
from intake109.appeals.work.answers import Judgement
from intake109.clock import city_day
from intake109.review_ui.desk.case import Case
from intake109.store import answers, calls, people, private, steps
from intake109.store import sightings as seen
from intake109.store.tables import AnswerFileRow, AnswerRow, CallAttemptRow, CallRow, SightingRow, StepRow

_MAIN = (Status.REGISTERED, Status.FORWARDED, Status.IN_WORK, Status.ANSWERED, Status.CLOSED)
_WORKED_ON = frozenset({Status.FORWARDED, Status.IN_WORK})
_ASIDE = frozenset({Status.WAITING, Status.LONG_TERM})
_OWNERS = frozenset({"supervisor", "quality", "administrator"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer; `doubt` is why it is marked, empty for most."""

    text: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a person reads it; days are None where none was said."""

    row: AnswerRow
    pieces: list[Piece]
    files: list[AnswerFileRow]
    acted_on: date | None
    promised_on: date | None

    @property
    def is_likely_formal(self) -> bool:
        return formal.is_likely_formal(self.row.doubts)

    @property
    def is_waiting(self) -> bool:
        return self.row.judged_at is None


@dataclass(frozen=True, slots=True)
class Station:
    """One stop of the course: reached when (None: not yet, or passed by), whether the appeal stands there.

    Those aside are not on the line: waiting, given back, in the folder.
    """

    status: Status
    at: datetime | None
    is_here: bool
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """One time the problem was taken up."""

    number: int
    stations: list[Station]


@dataclass(frozen=True, slots=True)
class Called:
    """A citizen who was or is to be called in this round, and what was tried."""

    row: CallRow
    name: str
    tries: list[CallAttemptRow]


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything the control page shows of one appeal, and what may be done with it."""

    case: Case
    answers: list[Shown]
    sightings: list[SightingRow]
    rounds: list[Round]
    owners: list[tuple[int, str]]
    is_seen_safe: bool
    today: date
    calls: list[Called] = field(default_factory=list)
    is_unheard: bool = False
    """Done by a private organisation, and nobody could be reached: only a person ends it."""

    @property
    def tomorrow(self) -> date:
        """The first day on which something may come back from the folder."""
        return self.today + timedelta(days=1)

    @property
    def status(self) -> Status:
        return Status(self.case.appeal.status)

    @property
    def to_judge(self) -> AnswerRow | None:
        """The answer that waits for judgement."""
        return next((one.row for one in self.answers if one.is_waiting and self.status is Status.ANSWERED), None)

    @property
    def acts(self) -> frozenset[str]:
        """What may be done now, by name."""
        if self.case.into is not None or self.status is Status.ANNULLED:
            return frozenset()
        found = {"judge"} if self.to_judge else set()
        if self.status in _WORKED_ON:
            found |= {"wait"}
        if self.status in _WORKED_ON or self.status is Status.RETURNED:
            found |= {"shelve"}
        if self.status in _ASIDE:
            found |= {"take_out"}
        if self.status not in OVER and self.status is not Status.ANSWERED:
            found |= {"answer", "reroute"}
        if self.status in (Status.CLOSED, Status.ANSWERED) and not self.to_judge and self.case.reporters:
            found |= {"reopen"}
        if self.is_unheard:
            found |= {"call_again", "close"}
        if self.case.appeal.is_incident:
            found |= {"see"}
        return frozenset(found | ({"press"} if self.status in PRESSABLE else set()))


def opened(session: Session, case: Case, zone: ZoneInfo, now: datetime) -> Opened:
    """Read what belongs to a case on the control page."""
    appeal = case.appeal
    appeal_id = appeal.id or 0
    rows = answers.of_appeal(session, appeal_id)
    files = answers.files(session, [row.id for row in rows if row.id is not None])
    return Opened(
        case=case,
        answers=[_shown(row, files.get(row.id or 0, []), zone) for row in reversed(rows)],
        sightings=seen.of_appeal(session, appeal_id),
        rounds=rounds(steps.of_appeal(session, appeal_id), appeal.round, Status(appeal.status)),
        owners=[
            (one.id, one.name) for one in people.all_of(session) if one.id and one.is_active and one.role in _OWNERS
        ],
        is_seen_safe=sightings.is_seen_safe(session, appeal),
        today=city_day(now, zone),
        calls=_called(session, case),
        is_unheard=private.is_unheard(session, appeal_id),
    )


def _called(session: Session, case: Case) -> list[Called]:
    names = {one.row.id: one.conversation.name or one.conversation.username for one in case.reporters}
    rows = calls.of_round(session, case.appeal.id or 0, case.appeal.round)
    tries = calls.attempts(session, [row.id for row in rows if row.id is not None])
    return [Called(row, names.get(row.reporter_id, ""), tries.get(row.id or 0, [])) for row in rows]


def rounds(made: list[StepRow], current: int, status: Status) -> list[Round]:
    """Draw the course from the steps made: a line of stations for each round, the newest first."""
    found = []
    for number in range(current, 0, -1):
        own = [step for step in made if step.round == number]
        found.append(Round(number, _stations(own, number, status if number == current else None)))
    return found


def _stations(made: list[StepRow], number: int, status: Status | None) -> list[Station]:
    reached = {step.after: step.at for step in made}
    line = [Station(one, reached.get(one), one is status) for one in _MAIN]
    if number == 1 and made:
        line[0] = Station(Status.REGISTERED, made[0].at, status is Status.REGISTERED)
    elif number > 1:
        line = line[1:]
    if status is None:
        return line
    at = _MAIN.index(_beside(made, status)) - (len(_MAIN) - len(line))
    line = [one if place <= at else replace(one, at=None) for place, one in enumerate(line)]  # what was undone is ahead
    if status not in _MAIN:
        line.insert(at + 1, Station(status, reached.get(status), is_here=True, is_aside=True))
    return line


def _beside(made: list[StepRow], status: Status) -> Status:
    """Return the station on the line at which an appeal stands, or beside which."""
    if status in _MAIN:
        return status
    before = next((Status(step.before) for step in reversed(made) if step.after == status and step.before), None)
    return before if before in _MAIN else Status.FORWARDED


def _shown(row: AnswerRow, files: list[AnswerFileRow], zone: ZoneInfo) -> Shown:
    return Shown(row, _pieces(row, zone), files, _day(row.acted_on), _day(row.promised_on))


def _pieces(row: AnswerRow, zone: ZoneInfo) -> list[Piece]:
    """Cut an answer at the passages its doubts rest on; what a person has accepted or only noted is not marked."""
    if not row.doubts or row.judgement not in ("", Judgement.FORMAL):
        return [Piece(row.text)]
    found, at = [], 0
    for one in formal.read(row.text, city_day(row.at, zone)).passages:
        if one.doubt.value in row.doubts:
            found += [Piece(row.text[at : one.start]), Piece(row.text[one.start : one.end], one.doubt.value)]
            at = one.end
    return [piece for piece in (*found, Piece(row.text[at:])) if piece.text]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
