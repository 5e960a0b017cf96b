"""What the duty person does with an outage: enters, edits, moves, ends, cancels. Every change is kept.

Each is the caller's one transaction. Those who asked are told once the change can no longer be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from intake109.catalogue.services import Catalogue
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.outages import matching, utilities
from intake109.outages.places import Where
from intake109.outages.texts import LONGEST_TEXT
from intake109.store import audit, outages
from intake109.store.tables import OutageChangeRow, OutagePlaceRow, OutageRow

LONGEST = timedelta(days=120)
"""An outage announced for longer is a slip of the pen in its year or month."""


class Change(StrEnum):
    """What happened to an outage. All but `ENTERED`, `EDITED` and `UNDONE` are told to those who asked."""

    ENTERED = "entered"
    EDITED = "edited"
    MOVED = "moved"
    ENDED = "ended"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    """The announced end passed and nobody said anything."""
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an outage says, checked by a person."""

    services: Sequence[str]
    places: Sequence[Where]
    begins_at: datetime
    ends_at: datetime
    text_ru: str = ""
    text_kk: str = ""
    text_en: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who changes an outage, when, by which catalogue, and for how long it can be taken back."""

    user_id: int | None
    catalogue: Catalogue
    undo: timedelta
    now: datetime


def enter(session: Session, entry: Entry, desk: Desk, *, matches: bool = True) -> OutageRow:
    """Enter an outage; open tasks it may explain show it at once, unless `matches` says that this comes later.

    Raises:
        RefusedError: nothing is switched off, nowhere, or it ends before it begins.
    """
    _require(entry, desk.catalogue)
    row = OutageRow(
        services=list(entry.services),
        family=utilities.family(entry.services, desk.catalogue),
        begins_at=entry.begins_at,
        ends_at=entry.ends_at,
        text_ru=entry.text_ru.strip(),
        text_kk=entry.text_kk.strip(),
        text_en=entry.text_en.strip(),
        source=entry.source.strip()[:500],
        entered_by=desk.user_id,
        entered_at=desk.now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    _place(session, row.id, entry.places)
    _note(session, row, Change.ENTERED, {}, desk)
    if matches:
        _match(session, row, desk)
    return row


def edit(session: Session, outage_id: int, version: int, entry: Entry, desk: Desk) -> OutageRow:
    """Change what an outage says; another end is a move, and told.

    Raises:
        NotFoundError: there is no such outage.
        ConflictError: somebody else changed it since it was opened, or it is over.
        RefusedError: a field breaks a rule.
    """
    _require(entry, desk.catalogue)
    row = _open(session, outage_id)
    if row.version != version:
        raise ConflictError("somebody else has changed this outage; look at it as it is now")
    before = _snapshot(session, row)
    is_moved = row.ends_at != entry.ends_at
    row.services, row.family = list(entry.services), utilities.family(entry.services, desk.catalogue)
    row.begins_at, row.ends_at = entry.begins_at, entry.ends_at
    row.text_ru, row.text_kk, row.text_en = entry.text_ru.strip(), entry.text_kk.strip(), entry.text_en.strip()
    row.source = entry.source.strip()[:500]
    if is_moved:
        row.lapsed_at = None
    _place(session, outage_id, entry.places)
    _note(session, row, Change.MOVED if is_moved else Change.EDITED, before, desk)
    _match(session, row, desk)
    return row


def move(session: Session, outage_id: int, ends_at: datetime, desk: Desk) -> OutageRow:
    """Let an outage last until another moment.

    Raises:
        NotFoundError, ConflictError: as for `edit`.
        RefusedError: the moment is past, or before the beginning.
    """
    row = _open(session, outage_id)
    if ends_at <= desk.now or ends_at <= row.begins_at or ends_at - row.begins_at > LONGEST:
        raise RefusedError("ends_at", "choose a moment that is still to come")
    if ends_at == row.ends_at:
        return row
    before = _snapshot(session, row)
    row.ends_at, row.lapsed_at = ends_at, None
    _note(session, row, Change.MOVED, before, desk)
    _match(session, row, desk)
    return row


def end(session: Session, outage_id: int, desk: Desk) -> OutageRow:
    """Say that an outage is over now.

    Raises:
        NotFoundError, ConflictError: as for `edit`.
        RefusedError: it has not begun; such a one is cancelled.
    """
    row = _open(session, outage_id)
    if row.begins_at > desk.now:
        raise RefusedError("outage", "it has not begun yet; cancel it instead")
    before = _snapshot(session, row)
    row.over_at = desk.now
    _note(session, row, Change.ENDED, before, desk)
    return row


def cancel(session: Session, outage_id: int, desk: Desk) -> OutageRow:
    """Say that an outage does not take place, or never should have been entered.

    Raises:
        NotFoundError, ConflictError: as for `edit`.
    """
    row = _open(session, outage_id)
    before = _snapshot(session, row)
    row.over_at, row.is_cancelled = desk.now, True
    _note(session, row, Change.CANCELLED, before, desk)
    outages.forget_matches(session, outage_id=outage_id)
    return row


def undo(session: Session, outage_id: int, desk: Desk) -> OutageRow:
    """Take the last change back while nobody has been told of it.

    Raises:
        NotFoundError: there is no such outage.
        ConflictError: it is too late, or somebody else's change.
    """
    row = _find(session, outage_id)
    last = next((one for one in outages.history(session, outage_id) if one.undone_at is None), None)
    if last is None or last.changed_by != desk.user_id or not last.before or not can_undo(last, desk.now):
        raise ConflictError("it is too late to undo this; change the outage instead")
    last.undone_at, last.tell_at = desk.now, None
    _restore(session, row, last.before)
    row.version += 1
    audit.note(session, desk.now, desk.user_id, Change.UNDONE.value, "outage", outage_id, what=last.kind)
    _match(session, row, desk)
    return row


def can_undo(change: OutageChangeRow, now: datetime) -> bool:
    """Say whether a change can still be taken back: nobody has been told of it."""
    return change.tell_at is not None and now < change.tell_at and change.told_until == 0


def lapse(session: Session, outage_id: int, desk: Desk) -> bool:
    """Note that an announced end has passed and nobody has said anything; False if somebody has meanwhile."""
    row = outages.lock(session, outage_id)
    if row is None or row.over_at is not None or row.lapsed_at is not None or row.ends_at > desk.now:
        return False
    before = _snapshot(session, row)
    row.lapsed_at = desk.now
    _note(session, row, Change.LAPSED, before, desk)
    return True


def _require(entry: Entry, catalogue: Catalogue) -> None:
    if not entry.services or any(catalogue.get(code) is None for code in entry.services):
        raise RefusedError("services", "choose what is switched off")
    if not entry.places:
        raise RefusedError("places", "say where: a street, a district or the whole city")
    if entry.ends_at <= entry.begins_at or entry.ends_at - entry.begins_at > LONGEST:
        raise RefusedError("ends_at", "it must end after it begins, within four months")
    if any(len(text) > LONGEST_TEXT for text in (entry.text_ru, entry.text_kk, entry.text_en)):
        raise RefusedError("text", f"write at most {LONGEST_TEXT} letters")


def _find(session: Session, outage_id: int) -> OutageRow:
    row = outages.lock(session, outage_id)
    if row is None:
        raise NotFoundError(f"there is no outage {outage_id}")
    return row


def _open(session: Session, outage_id: int) -> OutageRow:
    row = _find(session, outage_id)
    if row.over_at is not None:
        raise ConflictError("this outage is over; enter a new one")
    return row


def _place(session: Session, outage_id: int, places: Sequence[Where]) -> None:
    outages.forget_places(session, outage_id)
    session.add_all(OutagePlaceRow(outage_id=outage_id, **one.kept()) for one in places)
    session.flush()


def _note(session: Session, row: OutageRow, kind: Change, before: dict[str, Any], desk: Desk) -> None:
    """Write the change down. A person may take it back for a while; what tells nobody can be edited instead."""
    assert row.id is not None
    tells = kind not in (Change.ENTERED, Change.EDITED)
    undo = desk.undo if desk.user_id is not None else timedelta(0)
    row.version += 1 if before else 0
    session.add(
        OutageChangeRow(
            outage_id=row.id,
            kind=kind.value,
            at=desk.now,
            changed_by=desk.user_id,
            before=before,
            after=_snapshot(session, row),
            tell_at=desk.now + undo if tells else None,
        )
    )
    audit.note(session, desk.now, desk.user_id, kind.value, "outage", row.id)


def _match(session: Session, row: OutageRow, desk: Desk) -> None:
    known = (desk.catalogue.known(code) for code in row.family)
    spheres = sorted({service.sphere for service in known if service is not None})
    matching.match_open(session, row, spheres, desk.now)


_MOMENTS = ("begins_at", "ends_at", "over_at", "lapsed_at")
_PLAIN = ("services", "family", "text_ru", "text_kk", "text_en", "source", "is_cancelled")


def _snapshot(session: Session, row: OutageRow) -> dict[str, Any]:
    assert row.id is not None
    kept = {name: getattr(row, name) for name in _PLAIN}
    kept |= {name: moment.isoformat() if (moment := getattr(row, name)) else None for name in _MOMENTS}
    places = outages.places(session, [row.id])[row.id]
    return kept | {"places": [{"key": p.key, "area": p.area, "name": p.name, "houses": p.houses} for p in places]}


def _restore(session: Session, row: OutageRow, kept: dict[str, Any]) -> None:
    assert row.id is not None
    for name in _PLAIN:
        setattr(row, name, kept[name])
    for name in _MOMENTS:
        setattr(row, name, datetime.fromisoformat(kept[name]) if kept[name] else None)
    _place(session, row.id, [Where(p["key"], p["area"], p["name"], tuple(p["houses"])) for p in kept["places"]])
