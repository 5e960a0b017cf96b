"""A mention joins the queue, or changes there when the citizen adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.alerts.raising import EVERYBODY, Kind, raise_alert
from intake109.config import Promise
from intake109.model import Verdict
from intake109.outages import matching
from intake109.queue.ladder import first_rung
from intake109.queue.order import in_order, turn_of
from intake109.queue.times import sooner, started, times
from intake109.store import changes, spells
from intake109.store.rows import insert_one
from intake109.store.tables import MentionRow, TaskRow

RANK_INCIDENT = 0
RANK_MANY = 1
"""One of many who tell of the same problem: what serves them all at once goes before what serves one."""
RANK_ORDINARY = 2
JOINED = "joined"
"""The shelf of what follows another task: no line of its own in any list (queue/following.py)."""
_EXCERPT_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Opened:
    """The mention a task is opened for. `text` is its own words, or its parent's where it has none."""

    mention_id: int
    channel: str
    text: str
    mentioned_at: datetime
    received_at: datetime
    placed: Mapping[str, object] = field(default_factory=dict)
    """Where its problem is and with whom it stands, as columns (queue/grouping.py)."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a verdict makes of a task: the columns it sets."""

    is_incident: bool
    rank: int
    language: str
    sphere: str
    service: str
    excerpt: str
    shelf: str


def open_task(
    session: Session,
    opened: Opened,
    verdict: Verdict,
    promise: Promise,
    now: datetime,
    leader: TaskRow | None = None,
) -> int:
    """Put a mention into the queue, or on the shelf of those that are certainly no appeal; return the task's id.

    What repeats the mention of a `leader` waits with it, and alerts nobody again.
    """
    standing = _standing(opened.text, verdict, promise)
    is_joined = leader is not None and standing.shelf == "queue"
    moments = times(opened.mentioned_at, opened.received_at, promise, is_incident=standing.is_incident)
    values = {
        "mention_id": opened.mention_id,
        "channel": opened.channel,
        "mentioned_at": opened.mentioned_at,
        "received_at": opened.received_at,
        "blind_spell_id": spells.hiding(session, opened.channel, opened.mentioned_at, opened.received_at),
        **asdict(moments),
        **asdict(standing),
        **opened.placed,
    }
    if leader is not None and is_joined:
        values |= {"shelf": JOINED, "follows_id": leader.id}
    if standing.shelf != "queue":
        values["group_key"] = ""
    else:
        began_at = started(opened.mentioned_at, opened.received_at)
        values["rung"], values["rung_at"] = first_rung(began_at, promise, now, is_incident=standing.is_incident)
    values["turn"] = turn_of(session, moments.due_at, opened.received_at, verdict, promise, now)
    task_id = insert_one(session, TaskRow, values)
    changes.tell(session, changes.Topic.TASK, task_id, now)
    matching.match_task(session, task_id, matching.asked_by(verdict), now, is_danger=standing.is_incident)
    if standing.is_incident and not is_joined:
        raise_alert(session, Kind.INCIDENT, task_id, EVERYBODY, now)
    return task_id


def refresh(
    session: Session,
    task: TaskRow,
    mention: MentionRow,
    verdict: Verdict,
    promise: Promise,
    now: datetime,
) -> None:
    """Judge a task anew after the citizen added or edited; danger once seen stays until a person takes it away.

    A decided task stays decided, but danger that only now shows puts its news first.
    """
    was_incident = task.is_incident
    if task.decided_at is None:
        standing = _standing(mention.text or mention.parent.get("text", ""), verdict, promise)
        for name, value in asdict(standing).items():
            setattr(task, name, value)
        if was_incident:
            task.is_incident, task.rank, task.shelf = True, RANK_INCIDENT, "queue"
        elif task.is_incident:
            task.due_at = sooner(task.due_at, task.mentioned_at, task.received_at, promise, now)
            task.turn = in_order(task.due_at)
            began_at = started(task.mentioned_at, task.received_at)
            task.rung = max(task.rung, first_rung(began_at, promise, now, is_incident=True)[0])
        if task.follows_id is not None:
            task.shelf = JOINED
        _put_on_ladder(task, now)
        assert task.id is not None
        matching.rematch_task(session, task.id, matching.asked_by(verdict), now, is_danger=task.is_incident)
    elif verdict.incident.flag:
        task.is_incident = True
    note_news(session, task, now)
    if task.is_incident and not was_incident and task.id is not None:
        raise_alert(session, Kind.INCIDENT, task.id, EVERYBODY, now)


def _put_on_ladder(task: TaskRow, now: datetime) -> None:
    """Let the ladder look at once, for what a task is by now may climb otherwise; what is no appeal does not."""
    task.rung_at = None if task.shelf == "no_appeal" else now


def note_news(session: Session, task: TaskRow, now: datetime) -> None:
    """Tell whoever looks at the task that the citizen added, edited or took something back."""
    assert task.id is not None
    task.news_at = now
    changes.tell(session, changes.Topic.TASK, task.id, now)


def _standing(text: str, verdict: Verdict, promise: Promise) -> _Standing:
    """Apply a verdict; what had no text to judge (photo or voice only) counts as an appeal."""
    best = verdict.services[0] if verdict.services else None
    is_incident = verdict.incident.flag
    is_no_appeal = 1 - verdict.appeal_probability >= promise.no_appeal_certainty
    return _Standing(
        is_incident=is_incident,
        rank=RANK_INCIDENT if is_incident else RANK_ORDINARY,
        language=verdict.language.value,
        sphere=best.sphere if best else "",
        service=best.code if best else "",
        excerpt=" ".join(text.split())[:_EXCERPT_CHARACTERS],
        shelf="no_appeal" if is_no_appeal and verdict.text.strip() and not is_incident else "queue",
    )
