"""Tables of organisations and routes on their way: read, looked at with whatever is wrong, saved only then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.appeals.executors import organisations as entering
from intake109.appeals.executors.organisations import Place
from intake109.errors import ConflictError, NotFoundError
from intake109.review_ui.routing.reading import Line, Read
from intake109.spreadsheet import SheetProblem
from intake109.store import organisations
from intake109.store.tables import OrganisationRow, RoutingDraftRow

LARGEST_BYTES = 5 * 2**20
_KEPT_FOR = timedelta(days=2)
ORGANISATIONS, ROUTES = "organisations", "routes"


@dataclass(frozen=True, slots=True)
class Draft:
    """A table as the page shows it. `changes` is how many lines would change something."""

    row: RoutingDraftRow
    lines: list[Line]
    problems: list[SheetProblem]
    known: Mapping[str, OrganisationRow]

    @property
    def places(self) -> int:
        return sum(len(one.places) for one in self.lines)

    @property
    def new(self) -> int:
        """How many organisations are not known yet."""
        return sum(1 for one in self.lines if one.entry is not None and one.code not in self.known)


def keep(session: Session, kind: str, name: str, read: Read, user_id: int, now: datetime) -> int:
    """Keep what was read until somebody has looked at it; return the draft's id. Old drafts are forgotten."""
    session.execute(delete(RoutingDraftRow).where(col(RoutingDraftRow.created_at) < now - _KEPT_FOR))
    content = {
        "lines": [one.kept() for one in read.lines],
        "problems": [[one.line, one.code, one.said] for one in read.problems],
    }
    row = RoutingDraftRow(kind=kind, name=name[:200], content=content, user_id=user_id, created_at=now)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def show(session: Session, draft_id: int) -> Draft:
    """Return a draft as it is.

    Raises:
        NotFoundError: it was saved or forgotten.
    """
    row = session.get(RoutingDraftRow, draft_id)
    if row is None:
        raise NotFoundError(f"there is no draft {draft_id}")
    lines = [Line.read(one) for one in row.content["lines"]]
    problems = [SheetProblem(*one) for one in row.content["problems"]]
    return Draft(row, lines, problems, organisations.by_codes(session, {one.code for one in lines}))


def save(session: Session, draft_id: int, user_id: int, now: datetime) -> int:
    """Save everything that was understood and forget the draft; return how many lines changed something.

    Raises:
        NotFoundError: it was saved or forgotten.
        ConflictError: an organisation it names has gone meanwhile, or somebody else saves it now.
    """
    draft = show(session, draft_id)
    gone = session.execute(
        delete(RoutingDraftRow).where(col(RoutingDraftRow.id) == draft_id).returning(col(RoutingDraftRow.id))
    )
    if gone.first() is None:
        raise ConflictError("somebody else has just saved this table")
    changed = sum(_save(session, one, draft.known, user_id, now) for one in draft.lines)
    places: dict[str, list[Place]] = {}
    for one in draft.lines:
        places.setdefault(one.code, []).extend(one.places)
    return changed + sum(entering.answer_for_all(session, code, told, user_id, now) for code, told in places.items())


def _save(session: Session, line: Line, known: Mapping[str, OrganisationRow], user_id: int, now: datetime) -> bool:
    if line.entry is None:
        return False
    is_new = line.code not in known
    before = None if is_new else known[line.code].model_dump()
    row = entering.save(session, line.code, line.entry, user_id, now, is_new=is_new)
    return before != row.model_dump()
