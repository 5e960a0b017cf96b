"""What was read from a pasted text or a table, on its way to be looked at and saved; a long table in steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.catalogue.services import Catalogue
from intake109.errors import NotFoundError, RefusedError
from intake109.outages import drafts, entering, matching, spreadsheet, utilities
from intake109.outages.announcement import AnnouncementReader
from intake109.outages.drafts import Draft, Item
from intake109.outages.entering import Desk
from intake109.outages.spreadsheet import Table
from intake109.outages.texts import place_line
from intake109.store import outage_drafts
from intake109.store.tables import OutageDraftRow

LARGEST_BYTES = 5 * 2**20
_READ_AT_ONCE = 1_000
_SAVED_AT_ONCE = 50
_PLACES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One announcement of a draft, as the page shows it. `outage_id` is what it became, 0 for nothing yet."""

    number: int
    item: Item
    what: str
    places: list[str]
    more: int
    outage_id: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as the page shows it. `share` is how far the present work is, 0…1; None if nothing is going on."""

    row: OutageDraftRow
    draft: Draft
    total: int
    lines: list[Line]
    share: float | None
    is_saving: bool

    @property
    def ready(self) -> int:
        """How many can be saved as they are."""
        return sum(1 for one in self.lines if not one.outage_id and not one.item.problems)

    @property
    def saved(self) -> int:
        return sum(1 for one in self.lines if one.outage_id)


def paste(session: Session, text: str, reader: AnnouncementReader, desk: Desk) -> int:
    """Read a pasted text and keep it as a draft; return its id.

    Raises:
        RefusedError: there is no announcement in it.
    """
    found = reader.read(text, desk.now)
    if not found:
        raise RefusedError("paste", "no announcement was found in this text")
    content = {"draft": drafts.of_text(found, desk.catalogue).kept()}
    return outage_drafts.add(session, "", content, desk.user_id or 0, desk.now)


def upload(session: Session, name: str, content: bytes, user_id: int, now: datetime) -> int:
    """Take a file apart and keep it as a draft that is still to be read; return its id."""
    table = spreadsheet.open_table(content)
    kept = {
        "draft": Draft(errors=table.errors).kept(),
        "columns": list(table.columns),
        "rows": [[number, list(cells)] for number, cells in table.rows],
    }
    return outage_drafts.add(session, name, kept, user_id, now)


def read(session: Session, draft_id: int, catalogue: Catalogue, language: str) -> Reading:
    """Return a draft as it is.

    Raises:
        NotFoundError: there is no such draft, or it was forgotten.
    """
    row = session.get(OutageDraftRow, draft_id)
    if row is None:
        raise NotFoundError(f"there is no draft {draft_id}")
    draft, total = Draft.read(row.content["draft"]), len(row.content.get("rows", []))
    lines = [
        Line(
            number,
            item,
            utilities.off(item.services, catalogue, language),
            [place_line(place, language) for place in item.places[:_PLACES_SHOWN]],
            max(len(item.places) - _PLACES_SHOWN, 0),
            int(row.saved.get(str(number), 0)),
        )
        for number, item in enumerate(draft.items)
    ]
    is_saving = bool(row.content.get("saving"))
    share = draft.at / total if draft.at < total else None
    if is_saving:
        share = len(row.saved) / max(len(lines), 1)
    return Reading(row, draft, total, lines, share, is_saving)


def step(session: Session, draft_id: int, reader: AnnouncementReader, desk: Desk) -> None:
    """Do the next piece of what is going on with a draft: read more lines, or save more announcements.

    Raises:
        NotFoundError: there is no such draft.
    """
    row = _locked(session, draft_id)
    draft, content = Draft.read(row.content["draft"]), dict(row.content)
    rows = content.get("rows", [])
    if draft.at < len(rows):
        table = Table(tuple(content["columns"]), tuple((number, tuple(cells)) for number, cells in rows))
        draft = spreadsheet.advance(draft, table, reader, desk.catalogue, desk.now, _READ_AT_ONCE)
        row.content = content | {"draft": draft.kept()}
    elif content.get("saving"):
        _save_some(session, row, draft, desk)


def begin_saving(session: Session, draft_id: int) -> None:
    """Let everything without a problem be saved; the steps that follow do it.

    Raises:
        NotFoundError: there is no such draft.
    """
    row = _locked(session, draft_id)
    row.content = dict(row.content) | {"saving": True}


def item(session: Session, draft_id: int, number: int) -> Item | None:
    """Return one announcement of a draft, None if it is gone or was saved."""
    row = session.get(OutageDraftRow, draft_id)
    if row is None or str(number) in row.saved:
        return None
    items = Draft.read(row.content["draft"]).items
    return items[number] if 0 <= number < len(items) else None


def note_saved(session: Session, draft_id: int, number: int, outage_id: int) -> None:
    """Note that an announcement has been looked at and saved; a draft that is gone does not matter any more."""
    row = outage_drafts.lock(session, draft_id)
    if row is not None:
        row.saved = dict(row.saved) | {str(number): outage_id}


def _save_some(session: Session, row: OutageDraftRow, draft: Draft, desk: Desk) -> None:
    """Save the next announcements; matching waits until the last, or each would look through the whole queue."""
    saved: dict[str, Any] = dict(row.saved)
    waiting = [n for n, one in enumerate(draft.items) if str(n) not in saved and not one.problems]
    for number in waiting[:_SAVED_AT_ONCE]:
        entry = draft.items[number].entry
        if entry is not None:
            saved[str(number)] = entering.enter(session, entry, desk, matches=False).id
    row.saved = saved
    if len(waiting) <= _SAVED_AT_ONCE:
        row.content = dict(row.content) | {"saving": False}
        spheres = {
            service.sphere for one in draft.items for code in one.services if (service := desk.catalogue.get(code))
        }
        matching.match_all_open(session, sorted(spheres), desk.now)


def _locked(session: Session, draft_id: int) -> OutageDraftRow:
    row = outage_drafts.lock(session, draft_id)
    if row is None:
        raise NotFoundError(f"there is no draft {draft_id}")
    return row
