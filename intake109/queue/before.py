"""What stood before a person checked a registration of the machine, so that the check can be taken back whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.appeals import course, registration
from intake109.store import appeals, audit, outbox, tasks
from intake109.store.tables import AppealRow, TaskRow

_CHANGED = (
    *("service", "sphere", "executor", "organisation", "is_incident", "address", "place_key"),
    *("note", "norm", "status", "annulled_why", "deadline_why", "calendar"),
)


@dataclass(slots=True)
class Before:
    """An appeal as it was, and what its check did beside: letters by their ids, citizens by those of their mentions.

    `owed` are the letters the check wrote, `cancelled` those it wrote them instead of. `moved` were taken off the
    appeal, and attached to the one of `moved_to` if there is one.
    """

    appeal_id: int
    columns: dict[str, Any]
    deadline_at: str
    warn_at: str = ""
    promised_at: str = ""
    owed: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    moved_to: int | None = None

    @classmethod
    def of(cls, appeal: AppealRow) -> Before:
        """Return what a check begins with."""
        assert appeal.id is not None
        columns = {name: getattr(appeal, name) for name in _CHANGED}
        warn_at = appeal.warn_at.isoformat() if appeal.warn_at else ""
        promised_at = appeal.promised_at.isoformat() if appeal.promised_at else ""
        return cls(appeal.id, columns, appeal.deadline_at.isoformat(), warn_at, promised_at)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Before:
        """Return what was kept."""
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    def restore(self, session: Session, task: TaskRow, user_id: int, now: datetime) -> bool:
        """Put everything back; False if somebody has been told of the check, or is being told now."""
        if not outbox.take_back(session, self.owed, now):
            return False
        locked = {one: appeals.lock(session, one) for one in sorted({self.appeal_id, self.moved_to or self.appeal_id})}
        appeal = locked[self.appeal_id]
        status = appeal.status
        for name, value in self.columns.items():
            setattr(appeal, name, value)
        appeal.deadline_at, appeal.annulled_at = datetime.fromisoformat(self.deadline_at), None
        appeal.warn_at = datetime.fromisoformat(self.warn_at) if self.warn_at else None
        appeal.promised_at = datetime.fromisoformat(self.promised_at) if self.promised_at else None
        if appeal.status != status:
            course.write(session, appeal, status, user_id, now, "undone")
        for mention_id in self.moved:
            if self.moved_to is not None:
                registration.withdraw(session, locked[self.moved_to], mention_id, user_id, "undone", now)
            appeals.restore_reporter(session, self.appeal_id, mention_id, now)
        for moved in tasks.of_mentions(session, self.moved).values():
            moved.appeal_id = self.appeal_id
        task.appeal_id = self.appeal_id
        outbox.owe_again(session, self.cancelled)
        audit.note(session, now, user_id, "restored", "appeal", self.appeal_id)
        return True
