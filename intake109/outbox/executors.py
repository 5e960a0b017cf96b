"""Owing a message to an executor: by mail, Telegram or the city's registry, as its organisation gets work.

An organisation that looks at its page is written to by nobody. One without a way, and a kind of executor for which the
centre has entered no organisation, is told by a person, from the page /outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.catalogue.services import Catalogue
from intake109.model import Language
from intake109.outbox import links
from intake109.outbox.addressed import Note, owe, said_of
from intake109.outbox.letters import Purpose, fill, withheld
from intake109.outbox.texts import read
from intake109.store import organisations
from intake109.store.tables import AppealRow, OutboxRow

WAYS = ("page", "email", "telegram", "registry", "hand")
"""How an organisation gets its work."""
_LANGUAGES = (Language.KK, Language.RU)
"""Executors are written to in both languages of the city."""


class Setting(Protocol):
    """What letters to executors depend on (`appeals.news.Setting` is one)."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def zone(self) -> ZoneInfo: ...

    @property
    def undo(self) -> timedelta:
        """How long what was decided may be taken back before anybody hears of it."""
        ...

    @property
    def address(self) -> str:
        """How browsers reach us; empty: letters bear no link."""
        ...

    @property
    def reads_replies(self) -> bool:
        """Whether a reply by e-mail is read."""
        ...


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The ids of letters that a change of organisation owes, and of those it is written instead of."""

    owed: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)


def forward(
    session: Session, appeal: AppealRow, setting: Setting, now: datetime, task_id: int | None = None
) -> OutboxRow | None:
    """Owe the organisation of an appeal the work itself: what, where, by when, what was said, and a link to answer.

    Args:
        task_id: the decision it belongs to, with which it is taken back.

    Returns:
        The message; None where the appeal has no organisation, or one that looks for itself.
    """
    if not appeal.organisation:
        return None
    text = _work_letter(session, appeal, "forwarded_danger" if appeal.is_incident else "forwarded", setting, now)
    key = f"appeal:{appeal.id}:{Purpose.FORWARD.value}:{_nth(session, appeal, Purpose.FORWARD)}"
    at = now + setting.undo
    return owe(session, appeal, Note(Purpose.FORWARD, key, text, at, appeal.organisation, task_id), now)


def remind(session: Session, appeal: AppealRow, setting: Setting, now: datetime) -> OutboxRow | None:
    """Owe the executor a reminder, at once; None where nobody outside has the appeal, or it looks for itself."""
    text = _work_letter(session, appeal, "reminded", setting, now)
    key = f"appeal:{appeal.id}:{Purpose.REMINDER.value}:{_nth(session, appeal, Purpose.REMINDER)}"
    return owe(session, appeal, Note(Purpose.REMINDER, key, text, now, appeal.organisation), now)


def hand_over(
    session: Session, appeal: AppealRow, former: str, setting: Setting, now: datetime, task_id: int | None = None
) -> HandedOver:
    """Owe the news that an appeal has another organisation now: to the former one, by its code, and to the new one.

    What the former one has not been sent yet it is never sent.
    """
    if former == appeal.organisation:
        return HandedOver()
    cancelled = _cancel_unsent(session, appeal, now)
    rows = []
    if former and not cancelled:
        key = f"appeal:{appeal.id}:rerouted:{_nth(session, appeal, Purpose.WITHDRAWAL)}"
        text = _both(session, "rerouted", {"number": appeal.number})
        note = Note(Purpose.WITHDRAWAL, key, text, now + setting.undo, former, task_id)
        rows.append(owe(session, appeal, note, now))
    if appeal.organisation:
        rows.append(forward(session, appeal, setting, now, task_id))
    else:  # a person tells a kind of executor that has no organisation
        key = f"appeal:{appeal.id}:handed:{_nth(session, appeal, Purpose.RENEWAL)}"
        name = "forwarded_danger" if appeal.is_incident else "forwarded"
        said = _work_letter(session, appeal, name, setting, now)
        rows.append(owe(session, appeal, Note(Purpose.RENEWAL, key, said, now + setting.undo, "", task_id), now))
    return HandedOver([row.id for row in rows if row is not None and row.id is not None], cancelled)


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
        The message; None where nobody outside the house had the appeal, or it looks for itself.
    """
    note = Note(Purpose.WITHDRAWAL, key, _both(session, text, values), not_before, appeal.organisation)
    return owe(session, appeal, note, now)


def renew(
    session: Session,
    appeal: AppealRow,
    text: str,
    values: Mapping[str, str],
    key: str,
    not_before: datetime,
    now: datetime,
    address: str = "",
) -> OutboxRow | None:
    """Owe the executor the news that an appeal is wanted again, as `withdraw` tells that it is not.

    Args:
        address: ours, for the link under it.
    """
    whole = _both(session, text, values) + _link_line(session, appeal, address, now)
    return owe(session, appeal, Note(Purpose.RENEWAL, key, whole, not_before, appeal.organisation), now)


def write(session: Session, appeal: AppealRow, text: str, setting: Setting, now: datetime) -> OutboxRow | None:
    """Owe the executor a letter of its own words, with the link under it."""
    key = f"appeal:{appeal.id}:{Purpose.LETTER.value}:{_nth(session, appeal, Purpose.LETTER)}"
    whole = text + _link_line(session, appeal, setting.address, now) + _reply_line(session, appeal, setting)
    note = Note(Purpose.LETTER, key, whole, now + setting.undo, appeal.organisation)
    return owe(session, appeal, note, now)


def _work_letter(session: Session, appeal: AppealRow, name: str, setting: Setting, now: datetime) -> str:
    """Put a letter together; its first line, the subject of a mail, tells number and place."""
    due = appeal.deadline_at.astimezone(setting.zone).strftime("%d.%m.%Y %H:%M")
    lines = [f"№ {appeal.number} · {appeal.address}".rstrip(" ·"), ""]
    for language in _LANGUAGES:
        values = {
            "number": appeal.number,
            "service": setting.catalogue.service_name(appeal.service, language),
            "address": appeal.address or "—",
            "deadline": due,
        }
        lines.append(fill(read(session, name, language), values))
    said = said_of(session, appeal)
    if said:
        lines += ["", f"{_title(session, 'work_said')}: {said}"]
    if appeal.note:
        lines += ["", withheld(appeal.note)]
    whole = "\n".join(lines) + _link_line(session, appeal, setting.address, now)
    return whole + _reply_line(session, appeal, setting)


def _link_line(session: Session, appeal: AppealRow, address: str, now: datetime) -> str:
    organisation = organisations.by_code(session, appeal.organisation)
    link = links.link(session, appeal, organisation, address, now) if organisation else ""
    return f"\n\n{_title(session, 'work_link')}:\n{link}" if link else ""


def _reply_line(session: Session, appeal: AppealRow, setting: Setting) -> str:
    """Return how to answer without the link, and how to give back what a reply cannot; empty where no reply is read."""
    organisation = organisations.by_code(session, appeal.organisation)
    way = organisation.way if organisation else ""
    is_read = way == "telegram" or (way == "email" and setting.reads_replies)
    return "\n\n" + _both(session, "work_reply", {}) if is_read else ""


def _title(session: Session, name: str) -> str:
    return " / ".join(read(session, name, language) for language in _LANGUAGES)


def _both(session: Session, name: str, values: Mapping[str, str]) -> str:
    return "\n".join(fill(read(session, name, language), dict(values)) for language in _LANGUAGES)


def _nth(session: Session, appeal: AppealRow, purpose: Purpose) -> int:
    statement = select(func.count()).where(
        col(OutboxRow.appeal_id) == appeal.id, col(OutboxRow.purpose) == purpose.value
    )
    return session.execute(statement).scalar_one() + 1


def _cancel_unsent(session: Session, appeal: AppealRow, now: datetime) -> list[int]:
    statement = select(OutboxRow).where(
        col(OutboxRow.appeal_id) == appeal.id,
        col(OutboxRow.purpose) == Purpose.FORWARD.value,
        col(OutboxRow.state) == "owed",
        col(OutboxRow.attempts) == 0,
    )
    waiting = list(session.execute(statement.with_for_update()).scalars())
    for row in waiting:
        row.state, row.settled_at = "cancelled", now
    return [row.id for row in waiting if row.id is not None]
