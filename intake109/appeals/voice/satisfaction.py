"""The citizen's word: everybody is asked whether it is solved, and only that closes an appeal.

A talk with a citizen is asked once a round, whatever number of mentions it holds; who has said yes is left in peace.
One "no" takes the whole case up again. Locks: the appeal's, before its reporters are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.appeals import course, reopening
from intake109.appeals.course import Status
from intake109.appeals.news import Setting
from intake109.appeals.voice import calls, writing
from intake109.appeals.work import sightings
from intake109.errors import NotFoundError
from intake109.store import answers, appeals, asked, audit, changes, private, words
from intake109.store.tables import AppealRow, ReporterRow

YES, NO = "yes", "no"
SATISFIED, UNREACHED = "satisfied", "unreached"


class Heard(StrEnum):
    """What a citizen's word came to."""

    YES = "yes"
    REOPENED = "reopened"
    AGAIN = "again"
    """Said before; nothing changes and nobody is written to twice."""
    LATE = "late"
    """A no so long after closing that it is another case."""
    STALE = "stale"
    """The appeal is in work (again): there is nothing to be satisfied with yet."""


_SAID_TO = {Heard.AGAIN: "solved_noted", Heard.STALE: "status", Heard.LATE: "solved_late"}
"""What is said to a word that changes nothing."""


def ask(session: Session, appeal: AppealRow, setting: Setting, now: datetime) -> int:
    """Ask the citizens of an answered case, locked by the caller, whether it is solved; return how many were asked.

    Safe to repeat: nobody is asked twice in a round. Where all had been satisfied before the staff took the case up
    again, all are asked anew: their yes was to other work. Who cannot be written to is to be called.
    """
    if appeal.status != Status.ANSWERED:
        return 0
    put, found = 0, talks(session, appeal)
    is_anew = all(one.said == YES and not asked.is_asked(one, appeal) for talk in found.values() for one in talk)
    for talk in found.values():
        before = [one for one in talk if asked.is_asked(one, appeal)]
        pending = [one for one in talk if not asked.is_asked(one, appeal) and (is_anew or one.said != YES)]
        for one in pending:
            one.asked_of, one.asked_round = appeal.id or 0, appeal.round
            one.asked_at, one.said, one.said_at = now, "", None
            if before:  # a second number of somebody who was asked already stands as the first one does
                one.asked_at, one.said, one.said_at = before[0].asked_at, before[0].said, before[0].said_at
        session.flush()
        if pending and not before:
            put += 1
            if not writing.question(session, pending[0], appeal, setting, now):
                calls.open_call(session, pending[0], appeal, calls.Why.UNREACHABLE, now)
    settle(session, appeal, now)
    return put


def hear(
    session: Session,
    reporter_id: int,
    is_solved: bool,
    setting: Setting,
    now: datetime,
    *,
    number_of_round: int | None = None,
    by_user: int | None = None,
    callback: str = "",
) -> Heard:
    """Take a citizen's word for all that one talk has in the case: thank and close, or take the case up again.

    Args:
        number_of_round: the round that was asked about, where that is known (a button); else the last one.
        by_user: who was told it on the telephone; the citizen is not written to then.
        callback: the button that was pressed, to be answered with the letter.

    Raises:
        NotFoundError: there is no such reporter, or it was never asked.
        ConflictError: the case was merged this very moment; to be tried again.
    """
    appeal, reporter = _locked(session, reporter_id)
    letter = writing.Reply(reporter, appeal, setting, now, callback, is_told=by_user is not None)
    word = YES if is_solved else NO
    unheard = _unheard(reporter, appeal, word, number_of_round, setting, now)
    if unheard is not None:
        letter.owe(session, _SAID_TO[unheard], unheard.value)
        return unheard
    talk = talks(session, appeal)[reporter.conversation_id]
    _note(session, appeal, talk, word, by_user, now)
    if not is_solved:
        _reopen(session, appeal, reporter, letter, by_user)
        return Heard.REOPENED
    letter.owe(session, "solved_thanks", YES)
    settle(session, appeal, now)
    return Heard.YES


def _locked(session: Session, reporter_id: int) -> tuple[AppealRow, ReporterRow]:
    """Return a reporter as it is now, and its case, locked before it."""
    appeal_id = asked.appeal_of(session, reporter_id)
    if appeal_id is None:
        raise NotFoundError(f"there is no reporter {reporter_id}")
    appeal = appeals.lock_live(session, appeal_id)
    reporter = session.get_one(ReporterRow, reporter_id, populate_existing=True)
    if reporter.removed_at is not None or not reporter.asked_round:
        raise NotFoundError(f"the reporter {reporter_id} was never asked")
    return appeal, reporter


def _unheard(
    reporter: ReporterRow, appeal: AppealRow, word: str, number_of_round: int | None, setting: Setting, now: datetime
) -> Heard | None:
    """Return why a word changes nothing; None if it does."""
    if reporter.said == word and reporter.asked_round == (number_of_round or reporter.asked_round):
        return Heard.AGAIN
    if appeal.status not in (Status.ANSWERED, Status.CLOSED):
        return Heard.STALE
    is_of_case = reporter.asked_of == appeal.id
    if not is_of_case and appeal.status == Status.ANSWERED:
        return Heard.STALE  # it was merged since: of the work that counts nobody has asked this citizen yet
    if is_of_case and number_of_round not in (None, appeal.round):
        return Heard.STALE
    if word == NO and appeal.closed_at is not None and now - appeal.closed_at > setting.voice.reopening:
        return Heard.LATE
    return None


def resume(session: Session, own: Sequence[ReporterRow], appeal: AppealRow, setting: Setting, now: datetime) -> None:
    """Let the citizens of an appeal that left a case be asked of its own work again, if they were being asked.

    It is closed at once where nobody is waited for any more.
    """
    was_accepted = asked.what_was_done(session, appeal.id or 0, appeal.round) is not None
    if appeal.status == Status.ANSWERED and was_accepted:
        asked.put_again(session, [one for one in own if asked.is_asked(one, appeal)], appeal)
        ask(session, appeal, setting, now)
    settle(session, appeal, now)


def told_by_phone(
    session: Session, call_id: int, is_solved: bool, note: str, user_id: int, setting: Setting, now: datetime
) -> Heard:
    """Take the word of a citizen who was called; what else was said is kept in the talk, for it is the citizen's.

    Raises:
        NotFoundError: there is no such call.
        ConflictError: somebody closed it a moment ago.
    """
    row = calls.log_attempt(session, call_id, calls.Outcome.TALKED, "", user_id, setting, now)
    reporter = session.get_one(ReporterRow, row.reporter_id)
    writing.keep_spoken(session, reporter, f"call:{call_id}", note, now)
    heard = hear(session, row.reporter_id, is_solved, setting, now, by_user=user_id)
    if row.closed_at is None:  # the case has gone on without this word
        result = calls.Result.SOLVED if is_solved else calls.Result.UNSOLVED
        row.closed_at, row.closed_by, row.result = now, user_id, result.value
    return heard


def not_reached(
    session: Session, call_id: int, outcome: calls.Outcome, note: str, user_id: int, setting: Setting, now: datetime
) -> bool:
    """Log an attempt in vain; return whether it was the last one, by which the case may be closed.

    Raises:
        NotFoundError: there is no such call.
        ConflictError: somebody closed it a moment ago.
    """
    row = calls.log_attempt(session, call_id, outcome, note, user_id, setting, now)
    if row.closed_at is not None:
        settle(session, appeals.lock_live(session, row.appeal_id), now)
    return row.closed_at is not None


def settle(session: Session, appeal: AppealRow, now: datetime) -> bool:
    """Close an answered case, locked by the caller, once nobody is waited for; return whether it was closed.

    No answer is doubted; everybody has said yes or could not be reached on so many days; and somebody has seen that a
    danger is over. What a private organisation has done is never closed without a yes.
    """
    if appeal.status != Status.ANSWERED:
        return False
    assert appeal.id is not None
    session.flush()
    found = appeals.reporters(session, appeal.id)
    unreached = calls.unreached(session, appeal)
    if not found or any(one.said != YES and one.conversation_id not in unreached for one in found):
        return False
    if any(one.round == appeal.round for one in answers.unjudged_of(session, appeal.id)):
        return False
    if appeal.is_incident and not sightings.is_seen_safe(session, appeal):
        return False
    is_satisfied = all(one.said == YES for one in found)
    if not is_satisfied and private.is_private(session, appeal.organisation):
        return False  # nobody stands over a private organisation: only the citizen's own word ends it
    appeal.closed_at, appeal.closed_as = now, SATISFIED if is_satisfied else UNREACHED
    if is_satisfied:
        appeal.satisfied_at = max((one.said_at for one in found if one.said_at is not None), default=now)
    course.move(session, appeal, Status.CLOSED, None, now, appeal.closed_as)
    audit.note(session, now, None, "closed", "appeal", appeal.id, why=appeal.closed_as)
    changes.tell(session, changes.Topic.APPEAL, appeal.id, now)
    return True


def talks(session: Session, appeal: AppealRow) -> dict[int, list[ReporterRow]]:
    """Return the citizens of a case by their talks, the first to report first."""
    found: dict[int, list[ReporterRow]] = {}
    for one in appeals.reporters(session, appeal.id or 0):
        found.setdefault(one.conversation_id, []).append(one)
    return found


def _note(
    session: Session, appeal: AppealRow, talk: Sequence[ReporterRow], word: str, by_user: int | None, now: datetime
) -> None:
    for one in talk:
        if one.asked_round:
            one.said, one.said_at = word, now
    asked.take_back(session, talk, appeal, now)  # who has said it unasked is not asked any more
    words.add(session, appeal, talk[0], word, by_user, now)
    result = calls.Result.SOLVED if word == YES else calls.Result.UNSOLVED
    calls.close_of_talk(session, appeal, talk[0].conversation_id, result, by_user, now)
    reporter_id = talk[0].id
    audit.note(session, now, by_user, f"citizen said {word}", "appeal", appeal.id or 0, reporter=reporter_id)
    changes.tell(session, changes.Topic.APPEAL, appeal.id or 0, now)


def _reopen(
    session: Session, appeal: AppealRow, reporter: ReporterRow, letter: writing.Reply, by_user: int | None
) -> None:
    """Take the case up again; who has read the question and not answered hears that it is no longer open."""
    setting, now = letter.setting, letter.now
    unread = asked.take_back(session, appeals.reporters(session, appeal.id or 0), appeal, now)
    waiting = [
        talk[0]
        for talk in talks(session, appeal).values()
        if talk[0].conversation_id not in unread | {reporter.conversation_id}
        and any(asked.is_asked(one, appeal) and not one.said for one in talk)
    ]
    before = appeal.round
    calls.close_of_round(session, appeal, now)
    reopening.reopen(session, appeal, reporter.mention_id, by_user, setting, now)
    letter.owe(session, "unsolved", NO)
    for one in waiting:
        writing.Reply(one, appeal, setting, now, number_of_round=before).owe(session, "unsolved_other", "other")
