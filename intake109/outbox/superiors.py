"""Owing a message to who stands over an executor: its work is late."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.model import Channel, Language
from intake109.outbox.executors import Setting
from intake109.outbox.letters import Purpose, fill
from intake109.outbox.texts import read
from intake109.store import changes
from intake109.store.tables import AppealRow, OrganisationRow, OutboxRow

_LANGUAGES = (Language.KK, Language.RU)


def report(
    session: Session, appeal: AppealRow, organisation: OrganisationRow, setting: Setting, now: datetime
) -> OutboxRow | None:
    """Owe the superior of an organisation the news that an appeal is past its deadline; None where nobody is named.

    Once a round: its key names appeal, round and deadline, so that a crash between two looks tells nobody twice.
    """
    way = _way(organisation)
    if way is None:
        return None
    row = OutboxRow(
        idempotency_key=f"appeal:{appeal.id}:overdue:{appeal.round}:{appeal.deadline_at.isoformat()}",
        purpose=Purpose.OVERDUE.value,
        channel=way[0].value,
        appeal_id=appeal.id,
        address=way[1],
        text=_letter(session, appeal, organisation, setting),
        language=Language.RU.value,
        not_before=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    changes.tell(session, changes.Topic.OUTBOX, row.id, now)
    return row


def _way(organisation: OrganisationRow) -> tuple[Channel, str] | None:
    if organisation.superior_email:
        return Channel.EMAIL, json.dumps({"to": organisation.superior_email})
    if organisation.superior_telegram.lstrip("-").isdecimal():
        return Channel.TELEGRAM, json.dumps({"chat_id": int(organisation.superior_telegram)})
    return None


def _letter(session: Session, appeal: AppealRow, organisation: OrganisationRow, setting: Setting) -> str:
    """Put the letter together; its first line, the subject of a mail, tells number and place."""
    lines = [f"№ {appeal.number} · {appeal.address}".rstrip(" ·"), ""]
    if organisation.superior_name:
        lines += [organisation.superior_name, ""]
    for language in _LANGUAGES:
        names = {"kk": organisation.name_kk, "ru": organisation.name_ru}
        values = {
            "number": appeal.number,
            "organisation": names[language.value] or organisation.name_ru,
            "service": setting.catalogue.service_name(appeal.service, language),
            "address": appeal.address or "—",
            "deadline": appeal.deadline_at.astimezone(setting.zone).strftime("%d.%m.%Y %H:%M"),
        }
        lines.append(fill(read(session, "overdue", language), values))
    return "\n".join(lines)
