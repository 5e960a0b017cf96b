"""Owing a message to an executor. There is no way out to executors yet: a person tells them, from the page /outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.model import Channel, Language
from intake109.outbox.letters import Purpose, fill
from intake109.outbox.texts import template
from intake109.store import changes
from intake109.store.tables import AppealRow, OutboxRow

_OURSELVES = "contact_centre"
"""The executor of what the centre answers itself."""


def withdraw(
    session: Session,
    appeal: AppealRow,
    text: str,
    values: Mapping[str, str],
    key: str,
    not_before: datetime,
    now: datetime,
) -> OutboxRow | None:
    """Owe the executor of an appeal the news that nothing is wanted any more, in both languages of the city.

    Args:
        text: the name of what is said.
        key: makes it unique: owing the same twice is an error of the caller.

    Returns:
        The message; None where nobody outside the house had the appeal.
    """
    return _owe(session, appeal, Purpose.WITHDRAWAL, text, values, key, not_before, now)


def renew(
    session: Session,
    appeal: AppealRow,
    text: str,
    values: Mapping[str, str],
    key: str,
    not_before: datetime,
    now: datetime,
) -> OutboxRow | None:
    """Owe the executor the news that an appeal is wanted again, as `withdraw` tells that it is not."""
    return _owe(session, appeal, Purpose.RENEWAL, text, values, key, not_before, now)


def _owe(
    session: Session,
    appeal: AppealRow,
    purpose: Purpose,
    text: str,
    values: Mapping[str, str],
    key: str,
    not_before: datetime,
    now: datetime,
) -> OutboxRow | None:
    if appeal.executor in ("", _OURSELVES):
        return None
    row = OutboxRow(
        idempotency_key=key,
        purpose=purpose.value,
        channel=Channel.MANUAL.value,
        appeal_id=appeal.id,
        address=appeal.executor,
        text="\n".join(fill(template(text, language), dict(values)) for language in (Language.KK, Language.RU)),
        language=Language.RU.value,
        not_before=not_before,
        created_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    changes.tell(session, changes.Topic.OUTBOX, row.id, now)
    return row
