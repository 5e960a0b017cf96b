"""What the staff was told in the simulated days: rounds of alerts, messages in the chat, mails."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.alerts.raising import Kind
from intake109.model import Channel
from intake109.outbox.letters import Purpose
from intake109.simulator.outcome import Told
from intake109.store.database import Database
from intake109.store.tables import AlertRoundRow, AlertRow, OutboxRow

HEARD_BY_ALL = ("everybody", "role:inspector")


def rounds_of(session: Session) -> list[tuple[str, int]]:
    """Return audiences, each with a number of rounds; what was told as one counts as one."""
    found = session.execute(select(col(AlertRow.kind), col(AlertRow.audience), col(AlertRow.rounds)))
    own = [(audience, rounds) for kind, audience, rounds in found if not Kind(kind).is_gathered]
    return own + [(audience, 1) for audience in session.execute(select(col(AlertRoundRow.audience))).scalars()]


def told_to_staff(database: Database) -> Told:
    """Count what left the house for the staff; each round writes once to the chat."""
    with database.read() as session:
        audiences = {row.id: row.audience for row in session.execute(select(AlertRow)).scalars()}
        alerts = select(OutboxRow).where(col(OutboxRow.purpose) == Purpose.ALERT.value)
        sent = list(session.execute(alerts.where(col(OutboxRow.state) == "sent")).scalars())
    chat = [row for row in sent if row.channel == Channel.TELEGRAM.value]
    anew = [row for row in chat if not row.details.get("edits")]
    heard = [row.created_at for row in anew if audiences.get(row.details.get("alert", 0)) in HEARD_BY_ALL]
    hours = Counter(at.replace(minute=0, second=0, microsecond=0) for at in heard)
    return Told(max(hours.values(), default=0), len(anew), len(chat) - len(anew), len(sent) - len(chat))
