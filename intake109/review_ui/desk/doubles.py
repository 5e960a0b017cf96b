"""What is in the queue already when somebody enters a post by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.store import appeals, mentions, tasks
from intake109.store.tables import AppealRow, MentionRow, TaskRow


@dataclass(frozen=True, slots=True)
class Double:
    """A mention with the same link or the same words, its task, and its appeal if it has one."""

    task: TaskRow
    text: str
    is_same_link: bool
    appeal: AppealRow | None


def doubles(session: Session, links: Sequence[str], text_hash: str, since: datetime) -> list[Double]:
    """Return what looks the same, same links first; each once."""
    found: dict[int, tuple[MentionRow, bool]] = {}
    for row in mentions.with_link(session, links) if links else []:
        found.setdefault(row.id or 0, (row, True))
    for row in mentions.with_text_hash(session, text_hash, since) if text_hash else []:
        found.setdefault(row.id or 0, (row, False))
    opened = tasks.of_mentions(session, found)
    registered = appeals.by_ids(session, {task.appeal_id for task in opened.values() if task.appeal_id is not None})
    return [
        Double(opened[mention_id], row.text, is_same_link, registered.get(opened[mention_id].appeal_id or 0))
        for mention_id, (row, is_same_link) in found.items()
        if mention_id in opened
    ]
