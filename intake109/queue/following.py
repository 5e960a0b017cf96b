"""Tasks whose mentions are one message wait together: the first is the leader's line, the others follow it.

Joined by the machine where that is certain (dedup/originals.py) or by a person with one key; taken apart with the same
key. A follower keeps its own promise: at its moment the leader is registered and it is attached, never given a number
of its own while its leader waits. Locks are taken in one order: leader, then followers by id.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.dedup.originals import is_still_same, said_by
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.outbox.letters import Purpose
from intake109.queue import claims, together
from intake109.queue.arrival import JOINED
from intake109.queue.decisions import Dismissal, Form, Outcome, reopen
from intake109.queue.order import in_order
from intake109.queue.rules import Rules
from intake109.queue.together import Together, Why
from intake109.store import appeals, audit, changes, mentions, outbox, tasks
from intake109.store import following as store
from intake109.store.tables import AppealRow, MentionRow, TaskRow


def leader_of(session: Session, mention_id: int, *, is_incident: bool) -> TaskRow | None:
    """Return the task that a repeat of this mention belongs to, locked; None if it must be a line of its own.

    That is so where danger would be swallowed by what is not dangerous, and where a person has found the first one to
    be no appeal, or its case is over: then somebody has to look again.
    """
    first = tasks.of_mention(session, mention_id)
    if first is None or first.id is None:
        return None
    leader = tasks.lock(session, first.follows_id or first.id)
    if leader.follows_id is not None or (is_incident and not leader.is_incident):
        return None
    if leader.decided_at is None:
        return leader if leader.shelf == "queue" else None
    return leader if _live_appeal(session, leader) is not None else None


def followed(session: Session, leader: TaskRow, follower: TaskRow, rules: Rules, now: datetime) -> None:
    """Do what it means that a task has just begun to follow: hurry the leader, or be attached where it is decided."""
    assert leader.id is not None
    assert follower.id is not None
    audit.note(session, now, None, "joined", "task", follower.id, leader=leader.id)
    if leader.decided_at is not None:
        settle(session, leader, follower, rules, None, now)
    else:
        _hurry(leader, follower, now)
    changes.tell(session, changes.Topic.TASK, leader.id, now)


def settle(
    session: Session, leader: TaskRow, follower: TaskRow, rules: Rules, user_id: int | None, now: datetime
) -> None:
    """Attach a follower to the appeal of its decided leader; where that cannot be, give it a line of its own."""
    assert follower.id is not None
    appeal = _live_appeal(session, leader)
    done = Together()
    if appeal is not None:
        form = Form(appeal.service, is_incident=appeal.is_incident)
        done = together.attach_others(session, leader, appeal, [follower.id], form, rules, user_id, now)
    if follower.id not in done.attached:
        _take_apart(session, follower, user_id, now)


def decide_too(
    session: Session, leader_id: int, form: Form, rules: Rules, user_id: int | None, now: datetime
) -> Together:
    """Decide the followers as their leader has just been, in its transaction; what cannot be stands alone again.

    Copies of words that a person has found harmless do not remain alarms.
    """
    waiting = store.open_followers(session, leader_id)
    if not waiting:
        return Together()
    leader = session.get_one(TaskRow, leader_id)
    ids = [one.id for one in waiting if one.id is not None]
    appeal = appeals.lock(session, leader.appeal_id) if leader.appeal_id is not None else None
    if user_id is not None and leader.is_incident and not (appeal.is_incident if appeal else form.is_incident):
        for one in waiting:
            one.is_incident = False
        session.flush()
    if appeal is not None:
        done = together.attach_others(session, leader, appeal, ids, form, rules, user_id, now)
    else:
        reason = Dismissal(leader.reason)
        done = together.dismiss_others(session, leader, ids, reason, rules, user_id, now)
    for left in done.left:
        if left.why is not Why.DECIDED:
            _take_apart(session, tasks.lock(session, left.task_id), user_id, now)
    return done


def join(session: Session, task_id: int, other_id: int, user_id: int, rules: Rules, now: datetime) -> int:
    """Let a person say that an open task is the same message as another one; return the task whose line it follows.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: the task is decided, or somebody else works on it.
        RefusedError: danger would be swallowed, or the other one is over.
    """
    task, leader = _pair(session, task_id, other_id)
    if task.decided_at is not None:
        raise ConflictError("this task was decided a moment ago by somebody else")
    if task.claimed_by not in (None, user_id) and task.lease_until is not None and task.lease_until > now:
        raise ConflictError("somebody else is working on this task now")
    if task.is_incident and not leader.is_incident:
        raise RefusedError("joined", "this one tells of danger and the other does not: decide it by itself")
    if leader.decided_at is not None and _live_appeal(session, leader) is None:
        raise RefusedError("joined", "the other one is over: there is nothing to wait with")
    assert leader.id is not None
    store.hand_on(session, task_id, leader.id)
    task.follows_id, task.shelf, task.rung_at = leader.id, JOINED, now
    task.claimed_by = task.claimed_at = task.lease_until = None
    audit.note(session, now, user_id, "joined", "task", task_id, leader=leader.id)
    session.flush()
    if leader.decided_at is None:
        _hurry(leader, task, now)
    else:
        for waiting in store.open_followers(session, leader.id):
            settle(session, leader, waiting, rules, user_id, now)
    for one in (task_id, leader.id):
        changes.tell(session, changes.Topic.TASK, one, now)
    return leader.id


def separate(session: Session, task_id: int, user_id: int, rules: Rules, now: datetime) -> None:
    """Give a joined task a line of its own again, held by who did it.

    Decided with its leader it is open again, off the appeal; a letter that has not left is cancelled. What has left
    stays, and the next decision tells the citizen the number that holds. The desk gets its least time anew.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it follows none.
    """
    task = session.get(TaskRow, task_id)
    if task is None:
        raise NotFoundError(f"there is no task {task_id}")
    leader_id = task.follows_id
    if leader_id is None:
        raise ConflictError("this message stands alone already")
    tasks.lock(session, leader_id)
    task = tasks.lock(session, task_id)
    if task.follows_id is None:
        raise ConflictError("this message stands alone already")
    if task.decided_at is not None:
        if task.appeal_id is not None:
            purpose = Purpose.ACKNOWLEDGEMENT.value
            outbox.cancel_unsent(session, task.mention_id, task.appeal_id, purpose, now)
        reopen(session, task, user_id, "reopened", now)
    _take_apart(session, task, user_id, now)
    task.due_at = max(task.due_at, now + timedelta(minutes=rules.promise.least_desk_minutes))
    session.flush()
    claims.claim(session, task_id, user_id, rules.promise, now)


def heed(session: Session, task: TaskRow, mention: MentionRow, now: datetime) -> None:
    """Take apart what is no longer the same, after one of them was reworded or gone on with."""
    if task.decided_at is not None:
        return
    if task.follows_id is not None:
        leader = tasks.lock(session, task.follows_id)
        first = session.get_one(MentionRow, leader.mention_id)
        is_same = is_still_same(said_by(mention), first, _wordings(session, first))
        if not is_same or (task.is_incident and not leader.is_incident):
            _take_apart(session, task, None, now)
        return
    assert task.id is not None
    waiting = store.open_followers(session, task.id)
    wordings = _wordings(session, mention) if waiting else []
    for one in waiting:
        said = said_by(session.get_one(MentionRow, one.mention_id))
        if task.shelf != "queue" or not is_still_same(said, mention, wordings):
            _take_apart(session, one, None, now)


def _pair(session: Session, task_id: int, other_id: int) -> tuple[TaskRow, TaskRow]:
    """Return a task and the leader of another one, locked in the order of their ids: two joins never wait in a ring."""
    other = session.get(TaskRow, other_id)
    if other is None or session.get(TaskRow, task_id) is None:
        raise NotFoundError(f"there is no task {other_id if other is None else task_id}")
    leader_id = other.follows_id or other_id
    if leader_id == task_id:
        raise RefusedError("joined", "the other one waits with this one already")
    locked = {one: tasks.lock(session, one) for one in sorted((task_id, leader_id))}
    if locked[leader_id].follows_id is not None:
        raise ConflictError("somebody joined the other one a moment ago; look again")
    if locked[task_id].follows_id is not None:
        raise ConflictError("this task waits with another one already")
    return locked[task_id], locked[leader_id]


def _hurry(leader: TaskRow, follower: TaskRow, now: datetime) -> None:
    """Let the leader come as soon as its most urgent follower; the ladder looks at once."""
    if follower.due_at < leader.due_at:
        leader.due_at = follower.due_at
        leader.turn = min(leader.turn, in_order(follower.due_at))
        leader.rung_at = now if leader.rung_at is not None else None


def _take_apart(session: Session, task: TaskRow, user_id: int | None, now: datetime) -> None:
    assert task.id is not None
    leader_id = task.follows_id
    task.follows_id, task.shelf, task.rung_at = None, "queue", now
    audit.note(session, now, user_id, "separated", "task", task.id, leader=leader_id)
    session.flush()
    for one in (task.id, leader_id):
        if one is not None:
            changes.tell(session, changes.Topic.TASK, one, now)


def _live_appeal(session: Session, leader: TaskRow) -> AppealRow | None:
    """Return the appeal a decided leader led to, locked; None if there is none or it is over."""
    if leader.appeal_id is None or leader.outcome == Outcome.ANSWERED.value:
        return None
    appeal = appeals.lock_live(session, leader.appeal_id)
    return appeal if appeal.closed_at is None and appeal.annulled_at is None else None


def _wordings(session: Session, mention: MentionRow) -> list[str]:
    assert mention.id is not None
    return [row.text for row in mentions.messages_of_mention(session, mention.id) if row.deleted_at is None]
