"""How near its deadline an appeal is: calm, yellow, red; who is told of red, and reminding an executor by one key.

Late and closed stays late for ever, and so does a round that was late.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.alerts.raising import SUPERVISORS, Kind, raise_alert
from intake109.appeals.course import OVER, Status
from intake109.appeals.news import Setting
from intake109.appeals.terms.deadlines import Terms, prolonged
from intake109.clock import city_day
from intake109.errors import ConflictError
from intake109.outbox import executors, superiors
from intake109.store import ageing, appeals, audit, changes, merges, organisations, outbox, tasks
from intake109.store.tables import AppealRow, AuditRow

_STANDS_STILL = frozenset({Status.WAITING, Status.ANSWERED})
RUNNING = frozenset(Status) - OVER - _STANDS_STILL
"""The clock runs and somebody may be late."""
PRESSABLE = frozenset({Status.FORWARDED, Status.IN_WORK, Status.LONG_TERM})
"""An executor has it and can be reminded."""


class Age(StrEnum):
    """How near the deadline is."""

    CALM = "calm"
    YELLOW = "yellow"
    """It is near, or the day has come that the executor itself promised."""
    RED = "red"
    """It is past; exactly at the deadline is past."""


def age(appeal: AppealRow, zone: ZoneInfo, now: datetime) -> Age:
    """Say how near its deadline an appeal is; calm for one whose clock does not run."""
    if appeal.status not in RUNNING or appeal.closed_at is not None or appeal.annulled_at is not None:
        return Age.CALM
    if appeal.deadline_at <= now:
        return Age.RED
    if appeal.warn_at is not None and appeal.warn_at <= now:
        return Age.YELLOW
    return Age.YELLOW if is_promised_by_now(appeal, zone, now) else Age.CALM


def is_promised_by_now(appeal: AppealRow, zone: ZoneInfo, now: datetime) -> bool:
    """Say whether the day has come, or is past, for which the executor itself promised it."""
    return appeal.promised_at is not None and appeal.promised_at < day_ends(zone, now)


def was_late(appeal: AppealRow) -> bool:
    """Say whether the work of this round was done after the deadline; of what is not done nothing is said."""
    done_at = appeal.executed_at or appeal.closed_at
    return done_at is not None and done_at > appeal.deadline_at and appeal.annulled_at is None


def day_ends(zone: ZoneInfo, now: datetime) -> datetime:
    """Return when the city's day is over."""
    tomorrow = city_day(now, zone) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC)


def press(session: Session, number: str, user_id: int, setting: Setting, now: datetime) -> AppealRow:
    """Send an appeal to its executor again, as a reminder that leaves once it can no longer be taken back.

    Raises:
        ConflictError: nobody outside has it, or it was sent again less than `press_minutes` ago.
    """
    appeal = _locked(session, number)
    assert appeal.id is not None
    if appeal.status not in PRESSABLE:
        raise ConflictError(f"no executor has the appeal {appeal.number} now; look again")
    pause = setting.deadlines.press_pause
    if appeal.pressed_at is not None and now < appeal.pressed_at + pause:
        raise ConflictError(f"the executor was reminded of {appeal.number} a short while ago; wait before the next")
    letter = executors.remind(session, appeal, setting, now)
    if letter is not None:
        letter.not_before = now + setting.undo
    before = appeal.pressed_at.isoformat() if appeal.pressed_at else ""
    appeal.pressed_at = now
    audit.note(
        session, now, user_id, "pressed", "appeal", appeal.id, letter=letter.id if letter else None, before=before
    )
    changes.tell(session, changes.Topic.APPEAL, appeal.id, now)
    return appeal


def unpress(session: Session, number: str, user_id: int, setting: Setting, now: datetime) -> AppealRow:
    """Take one's own reminder back before it leaves.

    Raises:
        ConflictError: it has left, or was not this user's.
    """
    appeal = _locked(session, number)
    assert appeal.id is not None
    noted = _last_press(session, appeal.id)
    if noted is None or noted.actor_id != user_id or now >= noted.at + setting.undo or appeal.pressed_at != noted.at:
        raise ConflictError("it is too late to take this back: the executor is being reminded")
    letter, before = noted.detail.get("letter"), str(noted.detail.get("before", ""))
    if letter is not None and not outbox.take_back(session, [int(letter)], now):
        raise ConflictError("it is too late to take this back: the executor is being reminded")
    appeal.pressed_at = datetime.fromisoformat(before) if before else None
    audit.note(session, now, user_id, "press undone", "appeal", appeal.id)
    changes.tell(session, changes.Topic.APPEAL, appeal.id, now)
    return appeal


def report(session: Session, appeal_id: int, setting: Setting, now: datetime) -> bool:
    """Tell the named superior of an executor that an appeal is red; without one, the supervisors on their screens.

    Each round is told of once, also after a crash in the middle. The screens get one alert for however many there are:
    at midnight all terms of a day end together.

    Returns:
        Whether anything was told; False if another was first, or it is red no more.
    """
    if not ageing.take(session, appeal_id, now):
        return False
    appeal = session.get_one(AppealRow, appeal_id, populate_existing=True)
    organisation = organisations.by_code(session, appeal.organisation)
    letter = superiors.report(session, appeal, organisation, setting, now) if organisation is not None else None
    if letter is None:
        _alert(session, appeal_id, now)
    told = organisation.code if organisation is not None and letter is not None else ""
    audit.note(session, now, None, "overdue", "appeal", appeal_id, organisation=told)
    changes.tell(session, changes.Topic.APPEAL, appeal_id, now)
    return True


def go_on(session: Session, appeal: AppealRow, terms: Terms, now: datetime) -> None:
    """Move the deadlines of an appeal that waited for its citizen, and of what is merged into it, by that time."""
    if appeal.waiting_since is None:
        return
    for one in (appeal, *merges.members(session, appeal.id or 0)):
        prolong(one, appeal.waiting_since, terms, now)


def prolong(appeal: AppealRow, since: datetime, terms: Terms, now: datetime) -> None:
    """Move the deadline of one appeal by a time for which it waited."""
    end = prolonged(appeal.norm, appeal.deadline_at, since, now, terms)
    if appeal.own_deadline_at is not None:
        appeal.own_deadline_at = prolonged(appeal.norm, appeal.own_deadline_at, since, now, terms)
    if end == appeal.deadline_at:
        return
    if appeal.warn_at is not None:
        appeal.warn_at += end - appeal.deadline_at
    waited = int(appeal.deadline_why.get("waited_s", 0)) + int((now - since).total_seconds())
    appeal.deadline_at, appeal.deadline_why = end, appeal.deadline_why | {"waited_s": waited}


def _alert(session: Session, appeal_id: int, now: datetime) -> None:
    """Alert the supervisors, unless they are alerted already and nobody has answered."""
    if ageing.is_alerted(session, Kind.OVERDUE.value):
        return
    for mention_id in appeals.mention_ids(session, appeal_id):
        task = tasks.of_mentions(session, [mention_id]).get(mention_id)
        if task is not None and task.id is not None:
            raise_alert(session, Kind.OVERDUE, task.id, SUPERVISORS, now, now.isoformat())
            return


def _locked(session: Session, number: str) -> AppealRow:
    found = appeals.by_number(session, number)
    if found is None or found.id is None:
        raise ConflictError(f"no appeal has the number {number}")
    return appeals.lock_live(session, found.id)


def _last_press(session: Session, appeal_id: int) -> AuditRow | None:
    found = [row for row in audit.of(session, "appeal", appeal_id) if row.action in ("pressed", "press undone")]
    return found[-1] if found and found[-1].action == "pressed" else None
