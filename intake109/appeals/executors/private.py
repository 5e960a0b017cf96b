"""Appeals with private organisations: written to again and again, closed only when the citizen is satisfied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.appeals.course import Status
from intake109.appeals.news import Setting
from intake109.appeals.terms.deadlines import written
from intake109.errors import ConflictError, NotFoundError
from intake109.outbox import addressed, executors, texts
from intake109.outbox.letters import Purpose, fill
from intake109.store import appeals, audit, changes, organisations, private
from intake109.store.tables import AppealRow, OrganisationRow, OutboxRow

LETTERS = (Purpose.LETTER.value, Purpose.FORWARD.value, Purpose.REMINDER.value, Purpose.RENEWAL.value)
_WRITTEN = frozenset({Status.FORWARDED.value, Status.IN_WORK.value, Status.LONG_TERM.value})


@dataclass(frozen=True, slots=True)
class Owing:
    """An appeal a private organisation has not settled. `next_at` is when it is written to again, None for never."""

    appeal: AppealRow
    organisation: OrganisationRow
    letters: int
    last_at: datetime
    next_at: datetime | None


def owing(
    session: Session, between: timedelta, limit: int = 200, untouched_since: datetime | None = None
) -> list[Owing]:
    """Return what private organisations owe, what has waited longest first; or only what nobody has touched since."""
    rows = private.open_appeals(session, limit, untouched_since)
    whose = organisations.by_codes(session, {row.organisation for row in rows})
    counted = private.letters(session, [row.id or 0 for row in rows], LETTERS)
    found = []
    for row in rows:
        count, told_at = counted.get(row.id or 0, (0, None))
        last_at = max(one for one in (told_at, row.pressed_at, row.registered_at) if one is not None)
        next_at = last_at + between if row.status in _WRITTEN else None
        found.append(Owing(row, whose[row.organisation], count, last_at, next_at))
    return found


def letter(session: Session, appeal: AppealRow, language: str, setting: Setting) -> str:
    """Return the letter to the organisation of an appeal, as it is printed or mailed.

    Raises:
        NotFoundError: it is with no private organisation.
    """
    whose = organisations.by_code(session, appeal.organisation)
    if whose is None or not whose.is_private:
        raise NotFoundError(f"the appeal {appeal.number} is with no private organisation")
    name = {"kk": whose.name_kk, "en": whose.name_en}.get(language, whose.name_ru) or whose.name_ru
    count, _ = private.letters(session, [appeal.id or 0], LETTERS).get(appeal.id or 0, (0, None))
    said = {
        "organisation": name,
        "number": appeal.number,
        "registered": written(appeal.registered_at, setting.zone),
        "deadline": written(appeal.deadline_at, setting.zone),
        "address": appeal.address or "—",
        "service": setting.catalogue.service_name(appeal.service, language),
        "said": addressed.said_of(session, appeal),
        "count": str(count + 1),
    }
    return fill(texts.read(session, "private_letter", language), said)


def write(session: Session, appeal_id: int, user_id: int | None, setting: Setting, now: datetime) -> OutboxRow | None:
    """Owe the organisation of an appeal the letter, in both languages of the city; None where it looks for itself.

    Raises:
        NotFoundError: it is with no private organisation.
        ConflictError: nothing is waited for from it.
    """
    appeal = appeals.lock(session, appeal_id)
    if appeal.status not in _WRITTEN:
        raise ConflictError(f"nothing is waited for from the organisation of {appeal.number}; look again")
    both = "\n\n* * *\n\n".join(letter(session, appeal, language, setting) for language in ("kk", "ru"))
    row = executors.write(session, appeal, f"№ {appeal.number} · {appeal.address}\n\n{both}", setting, now)
    appeal.pressed_at = now
    audit.note(session, now, user_id, "letter written", "appeal", appeal_id, letter=row.id if row else None)
    changes.tell(session, changes.Topic.APPEAL, appeal_id, now)
    return row


def write_due(session: Session, between: timedelta, setting: Setting, now: datetime, limit: int = 1000) -> int:
    """Write to every private organisation that was last written to so long ago; return how many letters are owed.

    Those written to are passed over, so that none waits for ever behind `limit` older ones.
    """
    found = owing(session, between, limit, now - between)
    due = [one for one in found if one.next_at is not None and one.next_at <= now]
    for one in due:
        write(session, one.appeal.id or 0, None, setting, now)
    return len(due)
