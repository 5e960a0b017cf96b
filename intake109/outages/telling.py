"""Telling those who asked that an outage moved, ended, was cancelled, or should have ended: each once for a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.catalogue.services import Catalogue
from intake109.outages import texts
from intake109.outbox.letters import Letter, Purpose, owe
from intake109.store import outages
from intake109.store.tables import OutageChangeRow, OutageRow, OutboxRow


@dataclass(frozen=True, slots=True)
class Told:
    """How many were owed a letter, and whether nobody is left."""

    count: int
    is_done: bool


def tell(session: Session, change_id: int, catalogue: Catalogue, zone: ZoneInfo, now: datetime, most: int) -> Told:
    """Owe the next of those who asked, `most` of them, the news of a change.

    A citizen who asked twice in one talk is told once. A change made later takes its place: nobody is told of an end
    that has moved again.
    """
    change = session.get(OutageChangeRow, change_id, with_for_update=True, populate_existing=True)
    if change is None or change.tell_at is None or change.tell_at > now or change.undone_at is not None:
        return Told(0, is_done=True)
    outage = session.get_one(OutageRow, change.outage_id)
    if _is_outdated(session, change):
        outages.advance(session, change_id, change.told_until, is_done=True)
        return Told(0, is_done=True)
    asked = outages.asked_after(session, change.outage_id, change.told_until, change.at, most)
    count = 0
    for reporter, mention, appeal in asked:
        key = f"outage:{change.outage_id}:{change_id}:{reporter.conversation_id}"
        if session.execute(select(exists().where(col(OutboxRow.idempotency_key) == key))).scalar():
            continue
        text = texts.news(session, change.kind, outage, appeal.number, reporter.language, catalogue, zone, now)
        owe(session, mention, Letter(Purpose.OUTAGE, key, text, reporter.language, appeal_id=appeal.id), now, now)
        count += 1
    is_done = len(asked) < most
    outages.advance(session, change_id, asked[-1][0].id or 0 if asked else change.told_until, is_done=is_done)
    return Told(count, is_done)


def _is_outdated(session: Session, change: OutageChangeRow) -> bool:
    """Say whether a later change that is told, too, has made this one untrue."""
    later = select(
        exists().where(
            col(OutageChangeRow.outage_id) == change.outage_id,
            col(OutageChangeRow.id) > change.id,
            col(OutageChangeRow.undone_at).is_(None),
            col(OutageChangeRow.kind).in_(("moved", "ended", "cancelled")),
        )
    )
    return bool(session.execute(later).scalar())
