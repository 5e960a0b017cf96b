"""Who keeps the promise in tests: the job without its loop, and what it has done."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from intake109.alerts.ways import Ways
from intake109.clock import MovedClock
from intake109.config import Alerts, Promise
from intake109.jobs.loop import Threads
from intake109.jobs.promising import Promising
from intake109.queue.rules import Rules
from intake109.store.database import Database
from intake109.store.tables import AlertRow, SessionRow, UserRow
from tests.city import CATALOGUE, PROMISE, ZONE
from tests.desk import Desk

CHAT = -100123
SILENT = Ways(Alerts(), "http://here", has_telegram=False)
CHATTING = Ways(Alerts(telegram_chat=CHAT), "http://here", has_telegram=True)


class Keeper:
    """Keeps the promise of a desk at moments that are chosen. The citizens wrote at the clock's first moment."""

    def __init__(
        self, database: Database, clock: MovedClock, ways: Ways = CHATTING, promise: Promise = PROMISE
    ) -> None:
        rules = Rules(CATALOGUE, promise, ZONE)
        self.database, self.clock = database, clock
        self._began_at = clock.now()
        self._threads = Threads()
        self.job = Promising(lambda: rules, ways, database, clock, self._threads)

    def at(self, minute: float) -> None:
        """Move the clock to a minute since the beginning and let everything happen that is due there."""
        self.clock.advance(self._began_at + timedelta(minutes=minute) - self.clock.now())
        self.now()

    def now(self) -> None:
        """Let everything happen that is due."""
        while self.job.keep():
            pass


def on_shift(database: Database, clock: MovedClock, user_id: int) -> None:
    """Let somebody be logged in and at the screen."""
    with database.write() as session:
        _log_in(session, clock, user_id)


def _log_in(session: Session, clock: MovedClock, user_id: int) -> None:
    user = session.get_one(UserRow, user_id)
    user.last_seen_at = clock.now()
    until = clock.now() + timedelta(hours=14)
    session.add(
        SessionRow(
            token_hash=f"{user_id}:{clock.now()}", user_id=user_id, csrf="x", created_at=clock.now(), expires_at=until
        )
    )


def told(desk: Desk) -> list[tuple[str, str]]:
    """Return kind and audience of all alerts, oldest first."""
    return [(row.kind, row.audience) for row in desk.rows(AlertRow)]
