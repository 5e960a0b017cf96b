"""What an appeal may be merged with, and what a split would separate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intake109.dedup.problem import Likeness
from intake109.dedup.whereabouts import cells_around
from intake109.errors import NotFoundError
from intake109.queue.rules import Rules
from intake109.review_ui.desk.likeness import of_appeal
from intake109.store import appeals, mentions, merges, neighbourhood
from intake109.store.tables import AppealRow, ConversationRow, MentionRow, MergeRow, ReporterRow

_MOST = 12
_KEYS = ("place_key", "street_key", "area_key")


@dataclass(frozen=True, slots=True)
class Option:
    """An appeal that another one may be merged into, and what they have in common, if that is anything."""

    appeal: AppealRow
    reporters: int
    likeness: Likeness | None


@dataclass(frozen=True, slots=True)
class Joined:
    """A citizen who joined a case since something was merged into it."""

    row: ReporterRow
    mention: MentionRow
    conversation: ConversationRow


def appeal_of(session: Session, number: str) -> AppealRow:
    """Return an appeal by its number.

    Raises:
        NotFoundError: no appeal has it.
    """
    row = appeals.by_number(session, number)
    if row is None:
        raise NotFoundError(f"no appeal has the number {number}")
    return row


def near(session: Session, appeal: AppealRow, rules: Rules) -> list[AppealRow]:
    """Return appeals near another one, from the time in which one problem may last."""
    keys: dict[str, Sequence[str]] = {name: [value] for name in _KEYS if (value := getattr(appeal, name))}
    if appeal.cell:
        keys["cell"] = cells_around(appeal.cell)
    return neighbourhood.appeals_near(session, keys, appeal.registered_at - rules.problems.longest())


def options(session: Session, appeal: AppealRow, found: Sequence[AppealRow], rules: Rules) -> list[Option]:
    """Return what an appeal may be merged into, the likeliest first, then the newest."""
    mine = of_appeal(appeal, 1, rules)
    rows = [
        row
        for row in found
        if row.id is not None and row.id != appeal.id and row.annulled_at is None and row.merged_into is None
    ]
    people = appeals.count_reporters(session, [row.id for row in rows if row.id is not None])
    ranked = []
    for row in rows:
        count = people.get(row.id or 0, 0)
        ranked.append(Option(row, count, rules.problems.compare(mine, of_appeal(row, count, rules))))
    ranked.sort(key=lambda one: (-(one.likeness.score if one.likeness else 0.0), -(one.appeal.id or 0)))
    return ranked[:_MOST]


def joined_since(session: Session, merge: MergeRow, root: AppealRow) -> list[Joined]:
    """Return who joined a case itself since a merge into it."""
    rows = [row for row in merges.of_appeals(session, [root.id or 0]) if row.added_at > merge.merged_at]
    said = mentions.by_ids(session, {row.mention_id for row in rows})
    talks = mentions.conversations_by_ids(session, {row.conversation_id for row in rows})
    return [Joined(row, said[row.mention_id], talks[row.conversation_id]) for row in rows]
