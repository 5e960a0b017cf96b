"""Who else says the same as an opened task: what it may repeat, what it waits with, and what waits with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.store import audit, following, tasks
from intake109.store.tables import AppealRow, ConversationRow, MentionRow, TaskRow

_MOST = 20


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier mention that this one repeats, and why; `can_join` if one key would let them be decided together."""

    task_id: int
    why: str
    at: datetime
    text: str
    appeal: AppealRow | None
    can_join: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A task that follows the opened one."""

    task: TaskRow
    mention: MentionRow
    conversation: ConversationRow


@dataclass(frozen=True, slots=True)
class Same:
    """All that is said to be the same message. `joined_by` names who joined this one, empty if the machine did."""

    original: Original | None
    leader: TaskRow | None
    joined_by: str
    copies: list[Copy]
    count: int


def same(session: Session, task: TaskRow, mention: MentionRow, names: dict[int, str]) -> Same:
    """Read what repeats a task and what it repeats."""
    assert task.id is not None
    leader = session.get(TaskRow, task.follows_id) if task.follows_id is not None else None
    count = following.count(session, [task.id]).get(task.id, 0) if leader is None else 0
    return Same(
        original=_original(session, task, mention) if leader is None else None,
        leader=leader,
        joined_by=_joined_by(session, task.id, names) if leader is not None else "",
        copies=[Copy(*one) for one in following.told(session, task.id, _MOST)] if count else [],
        count=count,
    )


def _original(session: Session, task: TaskRow, mention: MentionRow) -> Original | None:
    first = session.get(MentionRow, mention.original_id) if mention.original_id is not None else None
    found = tasks.of_mention(session, mention.original_id) if mention.original_id is not None else None
    if first is None or found is None or found.id is None:
        return None
    leader = session.get_one(TaskRow, found.follows_id) if found.follows_id is not None else found
    appeal = session.get(AppealRow, leader.appeal_id) if leader.appeal_id is not None else None
    is_over = leader.decided_at is not None and (appeal is None or appeal.closed_at is not None)
    is_swallowed = task.is_incident and not leader.is_incident
    can_join = task.decided_at is None and leader.id != task.id and not is_over and not is_swallowed
    return Original(found.id, mention.original_why, first.mentioned_at, found.excerpt, appeal, can_join)


def _joined_by(session: Session, task_id: int, names: dict[int, str]) -> str:
    found = [row for row in audit.of(session, "task", task_id) if row.action == "joined"]
    return names.get(found[-1].actor_id or 0, "") if found else ""
