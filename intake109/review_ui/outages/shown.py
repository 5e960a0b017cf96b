"""What the pages show of outages, read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.config import Outages
from intake109.errors import NotFoundError
from intake109.outages import entering, texts, utilities
from intake109.outages.entering import Change
from intake109.outages.matching import Phase, phase
from intake109.queue.rules import Rules
from intake109.store import outages, people
from intake109.store.outages import Asking
from intake109.store.tables import OutageChangeRow, OutagePlaceRow, OutageRow

_PAGE = 30
_MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One outage of a list. `what` and `where` are in the viewer's language."""

    row: OutageRow
    what: str
    where: str
    phase: Phase
    asked: int
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Lists:
    """All outages by when they are."""

    now: list[Line]
    soon: list[Line]
    past: list[Line]
    more: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an outage. `until` is the end it then had; `is_told` whether those who asked know."""

    row: OutageChangeRow
    who: str
    until: datetime | None
    is_told: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One outage with all that belongs to it. `letters` are what a citizen would be answered now, by language."""

    line: Line
    places: list[str]
    letters: dict[str, str]
    asking: list[Asking]
    history: list[Step]
    entered_by: str
    undo: OutageChangeRow | None

    @property
    def row(self) -> OutageRow:
        return self.line.row


@dataclass(frozen=True, slots=True)
class Known:
    """An outage beside a task. `doubts` name what the citizen left open."""

    row: OutageRow
    what: str
    where: str
    text: str
    phase: Phase
    doubts: tuple[str, ...]

    @property
    def answers(self) -> bool:
        return self.phase is Phase.NOW


def lists(session: Session, rules: Rules, times: Outages, language: str, now: datetime, before: int | None) -> Lists:
    """Read all lists; `before` is the last past one seen."""
    running, coming = outages.running(session, now, _MOST), outages.coming(session, now, _MOST)
    past = outages.past(session, before, _PAGE + 1)
    more = past[_PAGE - 1].id if len(past) > _PAGE else None

    def read(rows: Sequence[OutageRow]) -> list[Line]:
        return _lines(session, rows, rules, times, language, now)

    return Lists(read(running), read(coming), read(past[:_PAGE]), more)


def one(
    session: Session, outage_id: int, rules: Rules, times: Outages, language: str, user_id: int, now: datetime
) -> Shown:
    """Read one outage.

    Raises:
        NotFoundError: there is no such outage.
    """
    row = session.get(OutageRow, outage_id)
    if row is None:
        raise NotFoundError(f"there is no outage {outage_id}")
    (line,) = _lines(session, [row], rules, times, language, now)
    places = outages.places(session, [outage_id])[outage_id]
    names = people.names(session)
    history = outages.history(session, outage_id)
    last = next((change for change in history if change.undone_at is None), None)
    is_own = last is not None and last.changed_by == user_id and entering.can_undo(last, now)
    return Shown(
        line,
        [texts.place_line(place, language) for place in places],
        {code: _letter(session, row, places, code, rules, now) for code in ("ru", "kk", "en")},
        outages.asking(session, outage_id),
        [_step(change, names, now) for change in history],
        names.get(row.entered_by or 0, ""),
        last if is_own else None,
    )


def known(session: Session, task_id: int, rules: Rules, times: Outages, language: str, now: datetime) -> list[Known]:
    """Return the outages that may explain a task, those that answer it first; what is long over is left out."""
    found = [(row, doubt, phase(row, times, now)) for row, doubt in outages.matches(session, task_id)]
    live = [(row, doubt, at) for row, doubt, at in found if at in (Phase.NOW, Phase.LAPSED, Phase.OVER)]
    places = outages.places(session, [row.id for row, _, _ in live if row.id is not None])
    shown = [
        Known(
            row,
            utilities.off(row.services, rules.catalogue, language),
            texts.where(places[row.id or 0], language),
            _own_text(row, language),
            at,
            tuple(doubt.split()),
        )
        for row, doubt, at in live
    ]
    return sorted(shown, key=lambda one: not one.answers)


def _lines(
    session: Session, rows: Sequence[OutageRow], rules: Rules, times: Outages, language: str, now: datetime
) -> list[Line]:
    ids = [row.id for row in rows if row.id is not None]
    places, asked = outages.places(session, ids), outages.count_asking(session, ids)
    waiting = outages.count_waiting(session, ids)
    return [
        Line(
            row,
            utilities.off(row.services, rules.catalogue, language),
            texts.where(places[row.id or 0], language),
            phase(row, times, now),
            asked.get(row.id or 0, 0),
            waiting.get(row.id or 0, 0),
        )
        for row in rows
    ]


def _letter(
    session: Session, row: OutageRow, places: Sequence[OutagePlaceRow], language: str, rules: Rules, now: datetime
) -> str:
    text = texts.answer(session, row, places, language, rules.catalogue, rules.zone, now)
    return text.replace("{number}", f"{now.astimezone(rules.zone).year}-…")


def _step(change: OutageChangeRow, names: dict[int, str], now: datetime) -> Step:
    ends_at = change.after.get("ends_at")
    until = datetime.fromisoformat(ends_at) if ends_at else None
    tells = change.kind not in (Change.ENTERED, Change.EDITED) and change.undone_at is None
    return Step(change, names.get(change.changed_by or 0, ""), until, tells and change.tell_at is None)


def _own_text(row: OutageRow, language: str) -> str:
    return {"kk": row.text_kk, "en": row.text_en}.get(language, row.text_ru) or row.text_ru or row.text_kk
