"""The seal: every day's figures are a link of a chain, so that yesterday changes only by a visible correction.

A link's digest is the SHA-256 of the link before it and of everything the link says. Who changes a figure, takes a link
out or puts one in breaks the chain at that day; who reckons the whole chain anew gives all later days other digests
than those that stand in the mailed reports.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.reports.composing import Sealed
from intake109.reports.figures import Figures
from intake109.reports.formats.record import canonical, figures_of
from intake109.reports.paper import clean
from intake109.store import audit, seals
from intake109.store.database import take_turns
from intake109.store.tables import SealRow

_CHAIN = "seals"
_MOST_CHANGES = 500
_LONGEST_REASON = 500
_KEYS = ("code", "user", "channel", "task")


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain does not hold: the day, its revision, and what is wrong."""

    day: str
    revision: int
    problem: str


def seal(session: Session, figures: Figures, now: datetime) -> SealRow:
    """Seal a day.

    Raises:
        ConflictError: it is sealed already; it can only be corrected.
    """
    take_turns(session, _CHAIN)
    if seals.of_day(session, figures.first):
        raise ConflictError(f"{figures.first} is sealed already; correct it with a reason")
    return _append(session, figures, now, None, "", [])


def correct(session: Session, figures: Figures, reason: str, user_id: int | None, now: datetime) -> SealRow:
    """Put other figures of a sealed day into the chain, with a reason; what was sealed stays and is shown.

    Raises:
        NotFoundError: the day is not sealed.
        RefusedError: no reason is given.
        ConflictError: the figures are what they were.
    """
    take_turns(session, _CHAIN)
    told = clean(reason)[:_LONGEST_REASON]
    if not told:
        raise RefusedError("correction_reason", "say why the day is corrected: everybody reads it")
    links = seals.of_day(session, figures.first)
    if not links:
        raise NotFoundError(f"{figures.first} is not sealed; there is nothing to correct")
    found = changes(figures_of(links[-1].content), figures)
    if not found:
        raise ConflictError(f"the figures of {figures.first} are what was sealed; there is nothing to correct")
    row = _append(session, figures, now, user_id, told, found)
    audit.note(session, now, user_id, "corrected", "report", row.id or 0, day=row.day, revision=row.revision)
    return row


def verify(session: Session, tell: Callable[[int], None] = lambda _: None) -> Iterator[Fault]:
    """Go through the whole chain and give every place where it does not hold; `tell` hears how many links were seen."""
    previous, revisions = "", dict[str, int]()
    for number, row in enumerate(seals.each(session), start=1):
        if row.previous != previous:
            yield Fault(row.day, row.revision, "the link before it was changed, taken out or slipped in")
        if _digest(row) != row.digest:
            yield Fault(row.day, row.revision, "what it says was changed after it was sealed")
        if row.revision != revisions.get(row.day, 0) + 1:
            yield Fault(row.day, row.revision, "an earlier revision of the day is missing")
        previous, revisions[row.day] = row.digest, row.revision
        tell(number)


def chain_of(session: Session, day: str) -> tuple[Sealed, ...]:
    """Return the links of a day as a report shows them."""
    return tuple(Sealed(row.revision, row.digest, row.sealed_at, row.reason) for row in seals.of_day(session, day))


def changes(before: Figures, after: Figures) -> list[dict[str, Any]]:
    """Return what differs, by the path of the figure. When the figures were read is no difference."""
    was, now = _flat(before), _flat(replace(after, made_at=before.made_at))
    paths = [path for path in {**was, **now} if was.get(path) != now.get(path)]
    return [{"figure": path, "was": was.get(path), "now": now.get(path)} for path in paths[:_MOST_CHANGES]]


def _append(
    session: Session, figures: Figures, now: datetime, user_id: int | None, reason: str, found: list[dict[str, Any]]
) -> SealRow:
    newest, links = seals.last(session), seals.of_day(session, figures.first)
    row = SealRow(
        day=figures.first,
        revision=len(links) + 1,
        content=canonical(figures),
        previous=newest.digest if newest else "",
        digest="",
        sealed_at=now.replace(microsecond=0),
        sealed_by=user_id,
        reason=reason,
        changes=found,
    )
    row.digest = _digest(row)
    seals.add(session, row)
    return row


def _digest(row: SealRow) -> str:
    """Return the digest of a link: over all it says, in one way of writing it."""
    at = row.sealed_at.astimezone(UTC).isoformat()
    said = [row.previous, row.day, row.revision, at, row.sealed_by, row.reason, row.changes, row.content]
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _flat(figures: Figures) -> dict[str, Any]:
    return dict(_paths(json.loads(canonical(figures)), ""))


def _paths(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give every figure under its path; those of a list by their code, so that another order is no difference."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, f"{path}[{_key(inner, number)}]")
    else:
        yield path, value


def _key(value: Any, number: int) -> object:
    if isinstance(value, dict):
        return next((value[name] for name in _KEYS if name in value), number)
    return number
