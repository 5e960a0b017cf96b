"""A whole catalogue that was sent: looked at first, written in one go, taken back in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.catalogue.contents import Kind, content_of, retired
from intake109.catalogue.difference import Difference, What, difference
from intake109.catalogue.incoming import Incoming, Thing, retirements
from intake109.catalogue.overlay import Entry, judge_all, overlay
from intake109.catalogue.services import Catalogue
from intake109.errors import CatalogueError, ConflictError, RefusedError
from intake109.review_ui.catalogue.editing import NOTE_LIMIT, TURN
from intake109.store import audit, catalogue_imports, revisions
from intake109.store.database import take_turns
from intake109.store.tables import CatalogueImportRow


class OvertakenError(ConflictError):
    """What an import would write was edited since it was read; `things` names it."""

    def __init__(self, things: Sequence[Thing]) -> None:
        named = ", ".join(code for _, code in things[:10])
        super().__init__(f"{named} was edited since this file was read: send the file once more and look at it again")
        self.things = things


@dataclass(frozen=True, slots=True)
class Shown:
    """An import as its page shows it.

    Attributes:
        lines: what would change; once it is saved, what has changed.
        missing: what the files leave out; it stays unless somebody says otherwise.
        touched: what was edited since: of a draft it cannot be saved over, of a saved import it stays when that goes.
    """

    row: CatalogueImportRow
    lines: list[Difference]
    missing: list[Thing]
    touched: list[Thing]

    @property
    def counts(self) -> dict[What, int]:
        """How many there are of each sort, in the order of the sorts."""
        told = [line.what for line in self.lines]
        return {what: told.count(what) for what in What if what in told}

    @property
    def is_draft(self) -> bool:
        return self.row.saved_at is None


def now_is(session: Session, base: Catalogue) -> tuple[Catalogue, int]:
    """Return the catalogue as it is in this transaction, and the mark of its newest edit."""
    catalogue, _ = overlay(base, revisions.entries(session))
    return catalogue, revisions.newest(session)


def told(current: Catalogue, entries: Sequence[Entry], language: str = "ru") -> list[Difference]:
    """Return what entries change in a catalogue; what they leave as it is is left out."""
    return [one for entry in entries if (one := difference(_as_in(current, entry), entry, language))]


def keep(session: Session, name: str, incoming: Incoming, mark: int, user_id: int | None, now: datetime) -> int:
    """Keep what was read until somebody has looked at it; return its id."""
    content = {
        "entries": [[one.kind.value, one.code, dict(one.content), one.is_retired] for one in incoming.entries],
        "missing": [[kind.value, code] for kind, code in incoming.missing],
    }
    return catalogue_imports.add(session, name, content, mark, user_id, now)


def show(session: Session, base: Catalogue, import_id: int, language: str = "ru") -> Shown:
    """Return an import as it is: a draft, saved, or taken back.

    Raises:
        NotFoundError: there is none, or it was forgotten.
    """
    row = catalogue_imports.get(session, import_id)
    if row.saved_at is None:
        current, _ = now_is(session, base)
        entries, missing = _read(row.content)
        return Shown(row, told(current, entries, language), missing, _overtaken(session, row, entries))
    rows = catalogue_imports.revisions_of(session, import_id)
    was = catalogue_imports.before(session, import_id)
    entries = [revisions.entry_of(one) for one in rows]
    lines = [difference(was.get((one.kind, one.code)) or _as_in(base, one), one, language) for one in entries]
    latest = catalogue_imports.numbers(session)
    later = [(Kind(one.kind), one.code) for one in rows if latest[Kind(one.kind), one.code] != one.number]
    return Shown(row, [line for line in lines if line], [], later)


def save(
    session: Session, base: Catalogue, import_id: int, user_id: int | None, note: str, now: datetime, *, leave: bool
) -> int:
    """Write everything an import says in one go; return how many versions that made.

    Args:
        leave: retire also what its files leave out.

    Raises:
        NotFoundError: there is none, or it was forgotten.
        ConflictError: it is saved already.
        OvertakenError: something of it was edited since it was read.
        RefusedError: nobody says why, or it would change nothing.
        CatalogueError: together with what was edited since it breaks a rule; each line says which.
    """
    take_turns(session, TURN)
    row = catalogue_imports.get(session, import_id)
    if row.saved_at is not None:
        raise ConflictError("this import is saved already")
    if not note.strip():
        raise RefusedError("note", "say why the catalogue changes: it is kept in the history of everything")
    current, _ = now_is(session, base)
    entries, missing = _read(row.content)
    if leave:
        entries += retirements(current, missing)
    things = _overtaken(session, row, entries)
    if things:
        raise OvertakenError(things)
    entries = [one for one in entries if difference(_as_in(current, one), one)]
    if not entries:
        raise RefusedError("import", "the catalogue says all of this already: there is nothing to save")
    row.note, row.saved_at, row.user_id = note.strip()[:NOTE_LIMIT], now, user_id
    _write(session, current, entries, user_id, row.note, now, import_id)
    audit.note(session, now, user_id, "imported", "catalogue_import", import_id, changes=len(entries))
    return len(entries)


def undo(session: Session, base: Catalogue, import_id: int, user_id: int | None, note: str, now: datetime) -> int:
    """Bring back what was before an import, in new versions; return how many. What was edited since stays as it is.

    Raises:
        NotFoundError: there is none, or it was forgotten.
        ConflictError: it was never saved, or is taken back already.
        CatalogueError: what was edited since still needs something of it; each line says what.
    """
    take_turns(session, TURN)
    row = catalogue_imports.get(session, import_id)
    if row.saved_at is None or row.undone_at is not None:
        raise ConflictError("this import was never saved, or is taken back already")
    current, _ = now_is(session, base)
    was, latest = catalogue_imports.before(session, import_id), catalogue_imports.numbers(session)
    entries = []
    for one in catalogue_imports.revisions_of(session, import_id):
        entry = revisions.entry_of(one)
        if latest[entry.kind, entry.code] == one.number:
            earlier = was.get((entry.kind, entry.code)) or _as_in(base, entry)
            # What came with the import was nowhere before: its code is given for ever, so it leaves.
            entries.append(earlier or Entry(entry.kind, entry.code, entry.content, is_retired=True))
    row.undone_at, row.undone_by = now, user_id
    _write(session, current, entries, user_id, note.strip()[:NOTE_LIMIT] or row.note, now, None)
    audit.note(session, now, user_id, "undone", "catalogue_import", import_id, changes=len(entries))
    return len(entries)


def _write(
    session: Session,
    current: Catalogue,
    entries: Sequence[Entry],
    user_id: int | None,
    note: str,
    now: datetime,
    import_id: int | None,
) -> None:
    problems = judge_all(current, entries)
    if problems:
        raise CatalogueError(problems)
    latest = catalogue_imports.numbers(session)
    for one in entries:
        revisions.add(session, one, latest.get((one.kind, one.code), 0) + 1, user_id, note, now, import_id)


def _read(content: dict[str, Any]) -> tuple[list[Entry], list[Thing]]:
    entries = [Entry(Kind(kind), code, told, is_retired) for kind, code, told, is_retired in content["entries"]]
    return entries, [(Kind(kind), code) for kind, code in content["missing"]]


def _overtaken(session: Session, row: CatalogueImportRow, entries: Sequence[Entry]) -> list[Thing]:
    since = catalogue_imports.edited_since(session, row.mark)
    return [(one.kind, one.code) for one in entries if (one.kind, one.code) in since]


def _as_in(catalogue: Catalogue, entry: Entry) -> Entry | None:
    content = content_of(catalogue, entry.kind, entry.code)
    if content is None:
        return None
    return Entry(entry.kind, entry.code, content, entry.code in retired(catalogue, entry.kind))
