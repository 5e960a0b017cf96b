"""A mention joins the queue, or changes there when the citizen adds to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.config import Promise
from intake109.model import Verdict
from intake109.queue.times import times
from intake109.store import changes
from intake109.store.tables import MentionRow, TaskRow

RANK_INCIDENT = 0
RANK_ORDINARY = 1
_EXCERPT_CHARACTERS = 160


def open_task(
    session: Session, mention: MentionRow, verdict: Verdict, promise: Promise, now: datetime, *, has_content: bool
) -> TaskRow:
    """Put a mention into the queue, or on the shelf of those that are certainly no appeal.

    `has_content` says that there is text to judge; without it (photo or voice only) it counts as an appeal.
    """
    assert mention.id is not None
    moments = times(mention.mentioned_at, mention.received_at, promise)
    task = TaskRow(
        mention_id=mention.id,
        channel=mention.channel,
        mentioned_at=mention.mentioned_at,
        received_at=mention.received_at,
        target_at=moments.target_at,
        due_at=moments.due_at,
        promise_at=moments.promise_at,
    )
    _apply(task, mention, verdict, promise, has_content=has_content)
    session.add(task)
    session.flush()
    assert task.id is not None
    changes.tell(session, changes.Topic.TASK, task.id, now)
    return task


def refresh(
    session: Session,
    task: TaskRow,
    mention: MentionRow,
    verdict: Verdict,
    promise: Promise,
    now: datetime,
    *,
    has_content: bool,
) -> None:
    """Judge a task anew after the citizen added or edited; danger once seen stays until a person takes it away.

    A decided task stays decided, but danger that only now shows puts its news first.
    """
    if task.decided_at is None:
        was_incident = task.is_incident
        _apply(task, mention, verdict, promise, has_content=has_content)
        if was_incident:
            task.is_incident, task.rank, task.shelf = True, RANK_INCIDENT, "queue"
    elif verdict.incident.flag:
        task.is_incident = True
    note_news(session, task, now)


def note_news(session: Session, task: TaskRow, now: datetime) -> None:
    """Tell whoever looks at the task that the citizen added, edited or took something back."""
    assert task.id is not None
    task.news_at = now
    changes.tell(session, changes.Topic.TASK, task.id, now)


def _apply(task: TaskRow, mention: MentionRow, verdict: Verdict, promise: Promise, *, has_content: bool) -> None:
    best = verdict.services[0] if verdict.services else None
    task.is_incident = verdict.incident.flag
    task.rank = RANK_INCIDENT if task.is_incident else RANK_ORDINARY
    task.language = verdict.language.value
    task.sphere = best.sphere if best else ""
    task.service = best.code if best else ""
    task.excerpt = " ".join((mention.text or mention.parent.get("text", "")).split())[:_EXCERPT_CHARACTERS]
    is_no_appeal = 1 - verdict.appeal_probability >= promise.no_appeal_certainty
    task.shelf = "no_appeal" if is_no_appeal and has_content and not task.is_incident else "queue"
