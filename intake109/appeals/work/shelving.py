"""Appeals put aside: while the citizen is asked for what is missing, or in the long-term folder.

Both end by themselves. Waiting for the citizen stops the clock, for the executor can do nothing; the folder stops none:
that something cannot be done soon is no reason to call it in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.news import Setting, values
from intake109.appeals.terms import ageing, deadlines
from intake109.appeals.terms.deadlines import Terms
from intake109.clock import city_day
from intake109.errors import ConflictError, RefusedError
from intake109.model import Channel
from intake109.outbox import executors, letters
from intake109.outbox.letters import Letter, Purpose, fill
from intake109.store import appeals, audit, changes, shelves, steps, tasks
from intake109.store.tables import AppealRow, ConversationRow, MentionRow, ReporterRow, UserRow

MOST_DAYS = 30
"""So many working days an appeal waits for its citizen at most."""
_MOST_YEARS = 3
_OWNERS = frozenset({"supervisor", "quality", "administrator"})


@dataclass(frozen=True, slots=True)
class Question:
    """What the executor needs to know, in the citizen's language, and for how many working days an answer is awaited.

    `reporter_id` is who is asked, 0 for the first who can be written to.
    """

    text: str
    days: int
    reporter_id: int = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """Why an appeal goes to the long-term folder, who answers for it there, and the day on which it comes back."""

    why: str
    owner_id: int
    until: date


def wait(
    session: Session, appeal_id: int, question: Question, user_id: int, setting: Setting, now: datetime
) -> AppealRow:
    """Ask a citizen for what is missing and stop the clock until the answer comes, or the days are over.

    Raises:
        RefusedError: there is no question, too long a wait, or nobody who can be written to.
        ConflictError: it is not with the executor.
    """
    if not question.text.strip():
        raise RefusedError("question", "write what the executor needs to know")
    if not 1 <= question.days <= MOST_DAYS:
        raise RefusedError("days", f"wait 1 to {MOST_DAYS} working days")
    appeal = appeals.lock_live(session, appeal_id)
    reporter = _asked(session, appeal, question.reporter_id)
    _refuse_unless(appeal, Status.FORWARDED, Status.IN_WORK)
    course.move(session, appeal, Status.WAITING, user_id, now, "asked")
    appeal.waiting_since = now
    appeal.waiting_until = deadlines.deadline(f"{question.days}wd", now, setting.zone, setting.calendar)
    mention = session.get_one(MentionRow, reporter.mention_id)
    said = values(session, appeal, reporter.language, setting.catalogue, setting.zone)
    letter = Letter(
        Purpose.QUESTION,
        step_key(session, appeal),
        fill(question.text.strip(), said),
        reporter.language,
        appeal_id=reporter.appeal_id,
    )
    letters.owe(session, mention, letter, now + setting.undo, now)
    task = tasks.of_mention(session, reporter.mention_id)
    if task is not None:
        task.asked_at = now  # by which the dialogue knows the answer when it comes
    audit.note(session, now, user_id, "asked the citizen", "appeal", appeal.id or 0, days=question.days)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)
    return appeal


def heard(session: Session, mention_id: int, said_at: datetime, terms: Terms, now: datetime) -> bool:
    """Let an appeal go on that waited for its citizen, who said more at `said_at`; False if none did."""
    found = [one for one in appeals.of_mention(session, mention_id) if one.status == Status.WAITING]
    for one in found:
        appeal = appeals.lock(session, one.id or 0)
        if appeal.status == Status.WAITING:
            _come_back(session, appeal, terms, None, now, "citizen_answered")
            task = tasks.of_mention(session, mention_id)
            if task is not None:  # what directly goes on from it belongs to it, what comes days later is news
                task.asked_at = min(said_at, now) - timedelta(seconds=1)
    return bool(found)


def shelve(
    session: Session, appeal_id: int, folder: Folder, user_id: int, setting: Setting, now: datetime
) -> AppealRow:
    """Put an appeal into the long-term folder.

    Raises:
        RefusedError: owner, reason or day of return is missing or impossible.
        ConflictError: there is no way to the folder from its status.
    """
    appeal = appeals.lock_live(session, appeal_id)
    if appeal.status in (Status.LONG_TERM, Status.WAITING):
        raise ConflictError(f"the appeal {appeal.number} is put aside already; take it back to work first")
    _refuse_unless(appeal, Status.FORWARDED, Status.IN_WORK, Status.RETURNED)  # an answer may have come meanwhile
    put_in(session, appeal, folder, user_id, setting, now)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)
    return appeal


def put_in(session: Session, appeal: AppealRow, folder: Folder, user_id: int, setting: Setting, now: datetime) -> None:
    """Put an appeal, locked by the caller, into the folder; as `shelve`."""
    _refuse_folder(session, folder, setting, now)
    if appeal.status == Status.WAITING:
        _go_on(session, appeal, setting.terms, now)
    course.move(session, appeal, Status.LONG_TERM, user_id, now, "shelved")
    appeal.shelved_owner, appeal.shelved_why = folder.owner_id, folder.why.strip()
    appeal.shelved_until = datetime.combine(folder.until, time(), tzinfo=setting.zone)
    appeal.executed_at = None
    audit.note(
        session,
        *(now, user_id, "shelved", "appeal", appeal.id or 0),
        owner=folder.owner_id,
        until=folder.until.isoformat(),
    )


def take_out(session: Session, appeal_id: int, user_id: int, setting: Setting, now: datetime) -> AppealRow:
    """Let an appeal that was put aside go on before its time.

    Raises:
        ConflictError: it is not put aside (any more).
    """
    appeal = appeals.lock_live(session, appeal_id)
    _refuse_unless(appeal, Status.WAITING, Status.LONG_TERM)
    _return(session, appeal, setting, user_id, now, "taken_out")
    return appeal


def bring_back(session: Session, appeal_id: int, setting: Setting, now: datetime) -> bool:
    """Let an appeal go on whose time aside is over; False if somebody was first. Exactly at its time it is over."""
    appeal = appeals.lock(session, appeal_id)
    until = appeal.waiting_until if appeal.status == Status.WAITING else appeal.shelved_until
    if appeal.status not in (Status.WAITING, Status.LONG_TERM) or (until is not None and until > now):
        return False
    _return(session, appeal, setting, None, now, "time_over")
    return True


def due(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Return the appeals whose time aside is over."""
    return shelves.due(session, now, limit)


def end(session: Session, appeal: AppealRow, setting: Setting, now: datetime) -> None:
    """Forget that an appeal, locked by the caller, is aside; its deadline is moved by the time it waited."""
    if appeal.status == Status.WAITING:
        _go_on(session, appeal, setting.terms, now)
    leave(appeal)


def leave(appeal: AppealRow) -> None:
    """Forget that an appeal is aside, as if it had never been."""
    appeal.waiting_since = appeal.waiting_until = appeal.shelved_until = appeal.shelved_owner = None
    appeal.shelved_why = ""


def step_key(session: Session, appeal: AppealRow) -> str:
    """Name the letters of the step an appeal has just made; by this name they are taken back with it."""
    session.flush()
    return f"appeal:{appeal.id}:step:{len(steps.of_appeal(session, appeal.id or 0))}"


def _return(
    session: Session, appeal: AppealRow, setting: Setting, user_id: int | None, now: datetime, why: str
) -> None:
    was = Status(appeal.status)
    _come_back(session, appeal, setting.terms, user_id, now, why)
    if appeal.status != Status.RETURNED:
        text = "renewed_waited" if was is Status.WAITING else "renewed_folder"
        told = values(session, appeal, "ru", setting.catalogue, setting.zone)
        key = step_key(session, appeal)
        executors.renew(session, appeal, text, told, key, now + setting.undo, now, setting.address)


def _come_back(session: Session, appeal: AppealRow, terms: Terms, user_id: int | None, now: datetime, why: str) -> None:
    after = _before(session, appeal)
    if appeal.status == Status.WAITING:
        _go_on(session, appeal, terms, now)
    leave(appeal)
    course.move(session, appeal, after, user_id, now, why)
    audit.note(session, now, user_id, "came back", "appeal", appeal.id or 0, why=why)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)


def _before(session: Session, appeal: AppealRow) -> Status:
    """Return where an appeal goes on: what nobody's work was is nobody's still."""
    last = next((one for one in reversed(steps.of_appeal(session, appeal.id or 0)) if one.after == appeal.status), None)
    if last is not None and last.before == Status.RETURNED:
        return Status.RETURNED
    return course.came_from(session, appeal)


def _go_on(session: Session, appeal: AppealRow, terms: Terms, now: datetime) -> None:
    ageing.go_on(session, appeal, terms, now)
    appeal.waiting_since = appeal.waiting_until = None


def _asked(session: Session, appeal: AppealRow, reporter_id: int) -> ReporterRow:
    for one in appeals.reporters(session, appeal.id or 0):
        conversation = session.get_one(ConversationRow, one.conversation_id)
        mention = session.get_one(MentionRow, one.mention_id)
        if reporter_id in (0, one.id) and conversation.can_be_written_to and mention.channel != Channel.MANUAL.value:
            return one
    raise RefusedError("question", "no citizen of this appeal can be written to; call instead")


def _refuse_unless(appeal: AppealRow, *statuses: Status) -> None:
    if appeal.status not in statuses:
        raise ConflictError(f"the appeal {appeal.number} is {appeal.status}; look again")


def _refuse_folder(session: Session, folder: Folder, setting: Setting, now: datetime) -> None:
    owner, today = session.get(UserRow, folder.owner_id), city_day(now, setting.zone)
    if not folder.why.strip():
        raise RefusedError("why", "write why it cannot be done soon")
    if owner is None or not owner.is_active or owner.role not in _OWNERS:
        raise RefusedError("owner", "choose who answers for it in the folder")
    if not today < folder.until <= today.replace(day=1, year=today.year + _MOST_YEARS):
        raise RefusedError("until", f"choose a day of return from tomorrow on, within {_MOST_YEARS} years")
