"""Putting a message to an executor into the outbox, addressed as its organisation gets work.

Called by `outbox.executors`, which knows what is to be said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.model import Channel, Language
from intake109.outbox import links
from intake109.outbox.letters import Purpose, withheld
from intake109.store import appeals, changes, organisations
from intake109.store.tables import AppealRow, MentionRow, OrganisationRow, OutboxRow

_OURSELVES = "contact_centre"
"""The executor of what the centre answers itself."""
_LONGEST_SAID = 1500


@dataclass(frozen=True, slots=True)
class Note:
    """What is told; `organisation` is to whom, by its code. `key` makes it unique."""

    purpose: Purpose
    key: str
    text: str
    not_before: datetime
    organisation: str
    task_id: int | None = None


def owe(session: Session, appeal: AppealRow, note: Note, now: datetime) -> OutboxRow | None:
    """Owe an executor a message; None where nobody outside has the appeal, or the organisation looks for itself."""
    organisation = organisations.by_code(session, note.organisation)
    if organisation is None and appeal.executor in ("", _OURSELVES):
        return None
    if organisation is not None and organisation.way == "page":
        return None
    channel, address = _way(organisation, appeal)
    row = OutboxRow(
        idempotency_key=note.key,
        purpose=note.purpose.value,
        channel=channel.value,
        appeal_id=appeal.id,
        task_id=note.task_id,
        address=address,
        text=note.text,
        language=Language.RU.value,
        details=_details(session, appeal, note, channel, organisation, now),
        not_before=note.not_before,
        created_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    changes.tell(session, changes.Topic.OUTBOX, row.id, now)
    return row


def said_of(session: Session, appeal: AppealRow) -> str:
    """Return what the first citizen of an appeal said, or the post the citizen pointed at; without personal data."""
    for reporter in appeals.reporters(session, appeal.id or 0)[:1]:
        mention = session.get_one(MentionRow, reporter.mention_id)
        return withheld(str(mention.text or mention.parent.get("text") or "").strip())[:_LONGEST_SAID]
    return ""


def _way(organisation: OrganisationRow | None, appeal: AppealRow) -> tuple[Channel, str]:
    """Return the channel an organisation is reached by, and its address there as the channel's sender reads it."""
    if organisation is None:
        return Channel.MANUAL, appeal.executor
    if organisation.way == "email" and organisation.address:
        return Channel.EMAIL, json.dumps({"to": organisation.address})
    if organisation.way == "telegram" and organisation.address:
        return Channel.TELEGRAM, json.dumps({"chat_id": int(organisation.address)})
    if organisation.way == "registry":
        return Channel.REGISTRY, json.dumps({"organisation": organisation.address or organisation.code})
    return Channel.MANUAL, organisation.code


def _details(
    session: Session,
    appeal: AppealRow,
    note: Note,
    channel: Channel,
    organisation: OrganisationRow | None,
    now: datetime,
) -> dict[str, object]:
    """Return what the channel needs beside the words: the registry fields, a mail what its reply is known by."""
    if channel is Channel.REGISTRY:
        return {"registry": _entry(session, appeal, note)}
    if channel is Channel.EMAIL and organisation is not None:
        return {"reply_token": links.token(session, appeal, organisation, now)}
    return {}


def _entry(session: Session, appeal: AppealRow, note: Note) -> dict[str, object]:
    """Return what a registry is told, field by field; codes are ours, its mapping is the connector's."""
    return {
        "event": note.purpose.value,
        "number": appeal.number,
        "external_number": appeal.external_number,
        "round": appeal.round,
        "service": appeal.service,
        "sphere": appeal.sphere,
        "executor": appeal.executor,
        "is_incident": appeal.is_incident,
        "address": appeal.address,
        "latitude": appeal.latitude,
        "longitude": appeal.longitude,
        "said": said_of(session, appeal),
        "note": withheld(appeal.note),
        "registered_at": appeal.registered_at.isoformat(),
        "deadline_at": appeal.deadline_at.isoformat(),
    }
