"""Appeals that may be about the same: offered for attaching, never merged by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.store import appeals, mentions
from intake109.store.tables import AppealRow, MentionRow, TaskRow

_RECENT = timedelta(days=3)
_MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """An appeal and why it is offered: `original`, `parent`, `place`, `citizen` or `service`."""

    appeal: AppealRow
    why: str
    reporters: int

    @property
    def is_open(self) -> bool:
        return self.appeal.closed_at is None


def candidates(
    session: Session,
    task: TaskRow,
    mention: MentionRow,
    service: str,
    place_key: str,
    earlier: list[AppealRow],
    now: datetime,
) -> list[Candidate]:
    """Return what the citizen might be attached to, the strongest reason first; closed ones only at the same house."""
    assert mention.id is not None
    found: list[tuple[AppealRow, str]] = []
    if mention.original_id is not None:
        found += [(one, "original") for one in appeals.of_mention(session, mention.original_id)]
    same_post = mentions.appeals_under_parent(session, mention.channel, mention.parent_key, mention.id)
    found += [(one, "parent") for one in same_post]
    found += [(one, "place") for one in appeals.at_place(session, place_key)]
    found += [(one, "citizen") for one in earlier if one.closed_at is None and one.annulled_at is None]
    if service:
        found += [(one, "service") for one in appeals.open_of_service(session, service, now - _RECENT)]
    unique: dict[int, tuple[AppealRow, str]] = {}
    for one, why in found:
        if one.id is not None and one.id != task.appeal_id and one.annulled_at is None:
            unique.setdefault(one.id, (one, why))
    chosen = list(unique.values())[:_MOST]
    reporters = appeals.count_reporters(session, [one.id for one, _ in chosen if one.id is not None])
    return [Candidate(one, why, reporters.get(one.id or 0, 0)) for one, why in chosen]
