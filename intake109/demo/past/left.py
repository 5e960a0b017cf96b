"""What the last days leave to the demo's city: what stands on the citizens' phones, and what its registry was given."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.appeals.course import Status
from intake109.store.tables import AppealRow, ConversationRow, MessageRow, OrganisationRow, OutboxRow

_WITH_REGISTRY = 12
"""So many open appeals the registry works on by itself; the others stay for whoever tries the demo."""


def on_phones(session: Session, citizens: Mapping[tuple[str, str], str]) -> list[dict[str, object]]:
    """Return what citizens and the centre wrote, the oldest first, as the city's ledger takes it.

    Args:
        citizens: the demo's citizens by channel and the platform's id.
    """
    asked = {
        row.external_id: row.details.get("buttons", [])
        for row in session.execute(select(OutboxRow).where(col(OutboxRow.conversation_id).is_not(None))).scalars()
    }
    people = {row.id: row.author_id for row in session.execute(select(ConversationRow)).scalars()}
    rows = session.execute(select(MessageRow).order_by(col(MessageRow.at), col(MessageRow.id))).scalars()
    return [
        {
            "at": message.at.isoformat(),
            "direction": "to_citizen" if message.is_ours else "from_citizen",
            "channel": message.channel,
            "citizen": citizens[message.channel, people[message.conversation_id]],
            "key": message.key,
            "text": message.text,
            "buttons": [{"text": label, "data": data} for label, data in asked.get(message.key, [])],
        }
        for message in rows
        if (message.channel, people[message.conversation_id]) in citizens
    ]


def with_registry(session: Session) -> list[dict[str, object]]:
    """Return the newest appeals that are with organisations of the registry, danger first."""
    rows = session.execute(
        select(col(AppealRow.number), col(AppealRow.sphere), col(AppealRow.is_incident))
        .join(OrganisationRow, col(OrganisationRow.code) == col(AppealRow.organisation))
        .where(
            col(OrganisationRow.way) == "registry",
            col(AppealRow.status).in_((Status.FORWARDED.value, Status.IN_WORK.value)),
            col(AppealRow.merged_into).is_(None),
        )
        .order_by(col(AppealRow.is_incident).desc(), col(AppealRow.registered_at).desc())
        .limit(_WITH_REGISTRY)
    )
    return [{"number": number, "sphere": sphere, "is_incident": danger} for number, sphere, danger in rows]
