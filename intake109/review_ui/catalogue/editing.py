"""Editing the catalogue: every edit is a revision, nothing is overwritten that the editor has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.catalogue.contents import Content, Kind, content_of, flat, in_use, retired, unflat
from intake109.catalogue.documents import Fault
from intake109.catalogue.overlay import Entry, judge, overlay
from intake109.catalogue.services import Catalogue
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.store import audit, revisions
from intake109.store.database import take_turns

NOTE_LIMIT = 500
_OWN_CODES = 901
TURN = "catalogue"
"""Editors take turns by this name."""


class FaultyError(RefusedError):
    """What was written breaks the catalogue's rules; `faults` names each field."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("catalogue", "; ".join(fault.message for fault in faults))
        self.faults = faults


class OutdatedError(ConflictError):
    """Somebody has edited the same thing since it was opened; `latest` is the revision they made."""

    def __init__(self, code: str, latest: int) -> None:
        super().__init__(f"{code} was edited by somebody else meanwhile; look at the difference")
        self.latest = latest


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a thing. Number 0 is what the files say; `at` and `who` are empty there."""

    number: int
    content: Content
    is_retired: bool
    at: datetime | None = None
    user_id: int | None = None
    note: str = ""
    import_id: int | None = None


def versions(session: Session, base: Catalogue, kind: Kind, code: str) -> list[Version]:
    """Return all versions of a thing, oldest first, beginning with that of the files if they have it.

    Raises:
        NotFoundError: there never was anything with this code.
    """
    found = []
    shipped = content_of(base, kind, code)
    if shipped is not None:
        found.append(Version(0, shipped, code in retired(base, kind)))
    found += [
        Version(row.number, row.content, row.is_retired, row.at, row.user_id, row.note, row.import_id)
        for row in revisions.of(session, kind, code)
    ]
    if not found:
        raise NotFoundError(f"the catalogue has no {kind} {code}")
    return found


def save(
    session: Session, base: Catalogue, entry: Entry, opened: int | None, user_id: int, note: str, now: datetime
) -> bool:
    """Write a new version; return False if it says what the last one says.

    Args:
        base: the catalogue of the files.
        opened: the number of the version the editor has seen, None for something new.

    Raises:
        OutdatedError: there is a newer one than that.
        FaultyError: a rule is broken, or the code of something new is taken.
    """
    take_turns(session, TURN)
    current, _ = overlay(base, revisions.entries(session))
    if opened is None:
        _refuse_taken(current, entry)
        latest = 0
    else:
        last = versions(session, base, entry.kind, entry.code)[-1]
        latest = last.number
        if opened != latest:
            raise OutdatedError(entry.code, latest)
        if flat(last.content) == flat(entry.content) and last.is_retired == entry.is_retired:
            return False
    faults = judge(current, entry)
    if faults:
        raise FaultyError(faults)
    revisions.add(session, entry, latest + 1, user_id, note.strip()[:NOTE_LIMIT], now)
    audit.note(session, now, user_id, "edited", "catalogue", latest + 1, kind=entry.kind.value, code=entry.code)
    return True


def merged(mine: Content, opened: Content, theirs: Content) -> dict[str, Any]:
    """Return what I wrote, with their text in every field that I left as I found it."""
    written, was, latest = flat(mine), flat(opened), flat(theirs)
    fields: Mapping[str, str | tuple[str, ...]] = {
        name: latest.get(name, "") if written.get(name, "") == was.get(name, "") else written.get(name, "")
        for name in dict.fromkeys((*written, *latest))
    }
    return unflat(fields)


def free_code(catalogue: Catalogue, sphere: str) -> str:
    """Return a code for a new service of a sphere, from 901 on: the files that come with the product end before."""
    known = {**in_use(catalogue, Kind.SERVICE), **retired(catalogue, Kind.SERVICE)}
    own = [code for code in known if (found := catalogue.known(code)) and found.sphere == sphere]
    prefix = own[0].rpartition("-")[0] if own else sphere.upper().replace("_", "-")
    number = _OWN_CODES
    while f"{prefix}-{number}" in known:
        number += 1
    return f"{prefix}-{number}"


def _refuse_taken(current: Catalogue, entry: Entry) -> None:
    if content_of(current, entry.kind, entry.code) is not None:
        raise FaultyError([Fault("taken", f"the code {entry.code} is taken, or was once: choose another")])
