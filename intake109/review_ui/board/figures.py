"""What stands on the board, read at most every few seconds however many screens look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy.orm import Session

from intake109.config import Promise
from intake109.queue.rules import Rules
from intake109.queue.times import Urgency, urgency
from intake109.reports.figures import Rating
from intake109.reports.reading import Rule
from intake109.reports.today import Today, rated, today
from intake109.review_ui.office.blindness import Blind, shown
from intake109.store import appeals, organisations, shift_figures, tasks
from intake109.store.tables import AppealRow, OrganisationRow

_TODAY_EVERY = timedelta(seconds=10)
_RATINGS_EVERY = timedelta(minutes=5)
_MOST_INCIDENTS = 4
_MOST_RATED = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person. `promise_at` is the earliest promise, None if nothing waits."""

    count: int
    incidents: int
    promise_at: datetime | None
    target_at: datetime | None
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board at `at`. `incidents` are registered and not over; the first ones are shown."""

    at: datetime
    waiting: Waiting
    incidents: list[AppealRow]
    incident_count: int
    today: Today
    ratings: tuple[Rating, ...]
    organisations: dict[str, OrganisationRow]
    blind: list[Blind]


def waiting(session: Session, promise: Promise, now: datetime) -> Waiting:
    """Return what waits now, coloured by the promise of the oldest."""
    counts, promise_at = tasks.counts(session, now), tasks.oldest_promise(session)
    if promise_at is None:
        return Waiting(counts["queue"], counts["incidents"], None, None, Urgency.CALM)
    warn = promise.promise - promise.target
    colour = urgency(promise_at, now, warn)
    return Waiting(counts["queue"], counts["incidents"], promise_at, promise_at - warn, colour)


class BoardFigures:
    """Keeps the figures of the day for some seconds and the ratings for some minutes. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._today: tuple[datetime, Today] | None = None
        self._rated: tuple[datetime, tuple[Rating, ...]] | None = None

    def read(self, session: Session, rules: Rules, now: datetime) -> Board:
        """Return the board; what waits, the incidents and the blind channels are always as they are now."""
        with self._lock:
            if self._today is None or not timedelta(0) <= now - self._today[0] < _TODAY_EVERY:
                self._today = (now, today(session, rules.zone, now))
            if self._rated is None or not timedelta(0) <= now - self._rated[0] < _RATINGS_EVERY:
                self._rated = (now, rated(session, rules.zone, Rule(rules.catalogue.curator_of), now))
            figures, ratings = self._today[1], self._rated[1][:_MOST_RATED]
        ids = shift_figures.live_incidents(session)[:_MOST_INCIDENTS]
        found = appeals.by_ids(session, ids)
        return Board(
            at=now,
            waiting=waiting(session, rules.promise, now),
            incidents=[found[one] for one in ids if one in found],
            incident_count=shift_figures.count_incidents(session),
            today=figures,
            ratings=ratings,
            organisations=organisations.by_codes(session, [one.code for one in ratings]),
            blind=shown(session, now),
        )
