"""One decision for many: who tells of the same is attached to the leader's appeal, each with an own letter.

In the leader's transaction, so that all of it happens or nothing; the undo of the leader takes all of it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.appeals import registration
from intake109.outages import texts
from intake109.outbox.letters import Purpose, personal_data
from intake109.outbox.texts import read, spoken
from intake109.queue.decisions import Dismissal, Form, Outcome, conclude, take
from intake109.queue.rules import Rules
from intake109.store import appeals, outages
from intake109.store import together as store
from intake109.store.tables import AppealRow, ConversationRow, MentionRow, TaskRow


class Why(StrEnum):
    """Why a task was left out of a decision for many."""

    HELD = "held"
    """Somebody else is at work on it."""
    DECIDED = "decided"
    """Somebody, or the machine, was first."""
    DANGER = "danger"
    """It tells of danger to life and the leader does not: it is never swallowed."""
    PERSONAL = "personal"
    """Everybody would read the leader's answer there, and it holds personal data."""


@dataclass(frozen=True, slots=True)
class Left:
    """A task that remains a line of its own, and why."""

    task_id: int
    why: Why


@dataclass(frozen=True, slots=True)
class Together:
    """What became of the others: the ids of those decided with the leader, and those left."""

    attached: tuple[int, ...] = ()
    left: tuple[Left, ...] = ()


def attach_others(
    session: Session,
    leader: TaskRow,
    appeal: AppealRow,
    others: Sequence[int],
    form: Form,
    rules: Rules,
    user_id: int | None,
    now: datetime,
) -> Together:
    """Make the citizens of other open tasks reporters of the appeal the leader has just been decided with.

    Each is owed a letter in the own language: the house's text with the number, or the leader's answer where the
    leader was answered. A task that is held, decided or more dangerous is left as it is. `user_id` None is the machine.
    """
    attached: list[int] = []
    left: list[Left] = []
    for task_id in sorted(set(others) - {leader.id}):
        task = store.lock_if_free(session, task_id)
        why = _why_left(task, user_id, now, is_danger_covered=appeal.is_incident)
        if task is None or why is not None:
            left.append(Left(task_id, why or Why.HELD))
            continue
        own, purpose = _letter(session, task, leader, appeal, form, rules, now)
        mention = session.get_one(MentionRow, task.mention_id)
        if mention.is_public and personal_data(own.reply):
            left.append(Left(task_id, Why.PERSONAL))
            continue
        task, mention = take(session, task_id, user_id, Outcome.ATTACHED, rules.promise, now)
        task.decided_with = leader.id
        registration.attach(session, appeal, mention, own.language, user_id, now)
        conclude(session, task, mention, appeal, purpose, own, rules, user_id, now)
        attached.append(task_id)
    return Together(tuple(attached), tuple(left))


def attach_with(
    session: Session, task_id: int, others: Sequence[int], form: Form, rules: Rules, user_id: int, now: datetime
) -> Together:
    """Attach the others an inspector has ticked to the appeal of the task just decided, and all that waits with them.

    Nothing happens where the task led to no appeal.
    """
    leader = session.get_one(TaskRow, task_id)
    if not others or leader.appeal_id is None:
        return Together()
    appeal = appeals.lock(session, leader.appeal_id)
    everybody = [*others, *store.waiting_with(session, others)]
    return attach_others(session, leader, appeal, everybody, form, rules, user_id, now)


def dismiss_others(
    session: Session,
    leader: TaskRow,
    others: Sequence[int],
    reason: Dismissal,
    rules: Rules,
    user_id: int | None,
    now: datetime,
) -> Together:
    """End other open tasks without an appeal, as the leader has just been: they say the very same.

    Nobody is written to: what the inspector wrote is for the leader's citizen.
    """
    dismissed: list[int] = []
    left: list[Left] = []
    for task_id in sorted(set(others) - {leader.id}):
        task = store.lock_if_free(session, task_id)
        why = _why_left(task, user_id, now, is_danger_covered=leader.is_incident)
        if task is None or why is not None:
            left.append(Left(task_id, why or Why.HELD))
            continue
        task, mention = take(session, task_id, user_id, Outcome.DISMISSED, rules.promise, now)
        task.decided_with, task.reason = leader.id, reason.value
        conclude(session, task, mention, None, Purpose.REFUSAL, Form("", is_incident=False), rules, user_id, now)
        dismissed.append(task_id)
    return Together(tuple(dismissed), tuple(left))


def _why_left(task: TaskRow | None, user_id: int | None, now: datetime, *, is_danger_covered: bool) -> Why | None:
    """Say why a task is not decided with its leader, None if it is. One that another transaction writes is held."""
    if task is None:
        return Why.HELD
    if task.decided_at is not None:
        return Why.DECIDED
    is_held = task.lease_until is not None and task.lease_until > now
    if is_held and task.claimed_by not in (None, user_id):
        return Why.HELD
    return Why.DANGER if task.is_incident and not is_danger_covered else None


def _letter(
    session: Session, task: TaskRow, leader: TaskRow, appeal: AppealRow, form: Form, rules: Rules, now: datetime
) -> tuple[Form, Purpose]:
    """Return the form of one of the others: the citizen's language and the words that citizen gets, and their purpose.

    An answer is given in the leader's words where the language is the same, else in the catalogue's public answer;
    where there is none, the leader's words are better than silence. An announced outage speaks every language.
    """
    mention = session.get_one(MentionRow, task.mention_id)
    conversation = session.get(ConversationRow, mention.conversation_id)
    language = spoken((conversation.language if conversation else "") or mention.language)
    own = replace(form, language=language, is_incident=appeal.is_incident)
    outage = outages.of_appeal(session, appeal.id) if appeal.id is not None else None
    if outage is not None and outage.id is not None:
        places = outages.places(session, [outage.id])[outage.id]
        reply = texts.answer(session, outage, places, language, rules.catalogue, rules.zone, now)
        return replace(own, reply=reply), Purpose.ANSWER
    if leader.outcome != Outcome.ANSWERED.value:
        name = "incident" if appeal.is_incident else "attached"
        return replace(own, reply=read(session, name, language)), Purpose.ACKNOWLEDGEMENT
    service = rules.catalogue.get(appeal.service)
    if language != form.language and service is not None and service.answer is not None:
        return replace(own, reply=read(session, "answer", language) + service.answer.of(language)), Purpose.ANSWER
    return replace(form, is_incident=appeal.is_incident), Purpose.ANSWER
