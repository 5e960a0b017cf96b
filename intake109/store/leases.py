"""Who alone does something, among all processes: a row per task, on the database's clock, with a fencing token.

Machines' clocks may differ, and a process may hang for minutes and go on as if nothing had been. So nobody's own clock
is asked, and every write of a holder checks the token: once another has taken over, what the earlier one still writes
is refused. Called by `jobs.election`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.errors import OvertakenError
from intake109.store.rows import insert_new
from intake109.store.tables import LeaseRow

SCHEDULER = "scheduler"
"""Polling, chores by the clock, the ladder: what exactly one process may do."""


@dataclass(frozen=True, slots=True)
class Lease:
    """What a holder has to show: it holds as long as nobody has a higher token."""

    name: str
    holder: str
    token: int


def database_now(session: Session) -> datetime:
    """Return the database's own time now, not that of the transaction's beginning."""
    if session.get_bind().dialect.name == "sqlite":
        told = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(told).replace(tzinfo=UTC)
    moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def is_free(session: Session, name: str) -> bool:
    """Say whether trying to take it makes sense; locks nothing, so that candidates never hold up the holder."""
    row = session.get(LeaseRow, name)
    return row is None or row.until is None or row.until <= database_now(session)


def take(session: Session, name: str, holder: str, length: timedelta) -> Lease | None:
    """Take a lease that is free or has run out; None if somebody holds it.

    Waits for the writes that the holder before has under way: they are refused or committed, never afterwards.
    """
    insert_new(session, LeaseRow, [{"name": name, "holder": "", "token": 0}])
    # FOR UPDATE, where `check` locks FOR KEY SHARE: taking over waits for running writes, renewing does not.
    row = session.execute(select(LeaseRow).where(col(LeaseRow.name) == name).with_for_update()).scalar_one()
    now = database_now(session)
    if row.until is not None and row.until > now:
        return None
    row.holder, row.token = holder, row.token + 1
    row.taken_at = row.renewed_at = now
    row.until = now + length
    return Lease(name, holder, row.token)


def renew(session: Session, lease: Lease, length: timedelta) -> bool:
    """Hold on to a lease for `length` from now; False if another has taken over."""
    now = database_now(session)
    statement = (
        update(LeaseRow)
        .where(col(LeaseRow.name) == lease.name, col(LeaseRow.token) == lease.token)
        .values(renewed_at=now, until=now + length)
        .returning(col(LeaseRow.name))
    )
    return session.execute(statement).first() is not None


def give_up(session: Session, lease: Lease) -> None:
    """Let another take it at once; nothing happens if another has."""
    session.execute(
        update(LeaseRow)
        .where(col(LeaseRow.name) == lease.name, col(LeaseRow.token) == lease.token)
        .values(until=database_now(session))
    )


def of(session: Session, name: str) -> LeaseRow | None:
    """Return the lease as it stands, None if nobody ever took it."""
    return session.get(LeaseRow, name)


class Fence:
    """Stands before every transaction of a holder; see `Database.fenced`."""

    def __init__(self, lease: Lease, longest_silence: timedelta) -> None:
        """`longest_silence`: a holder that hangs in the middle of a write for longer loses that write.

        Else it would keep the lease's row locked, and nobody could take over.
        """
        self._lease = lease
        self._silence_ms = int(longest_silence.total_seconds() * 1000)

    def before_read(self, session: Session) -> None:
        """Let a holder read that has not been overtaken: one that wakes up hears so before it does anything.

        Raises:
            OvertakenError: another holds the lease.
        """
        token = session.execute(select(col(LeaseRow.token)).where(col(LeaseRow.name) == self._lease.name)).scalar()
        self._compare(token)

    def before_write(self, session: Session) -> None:
        """Let a holder write that has not been overtaken, and let nobody overtake it before it has committed.

        Raises:
            OvertakenError: another holds the lease.
        """
        if session.get_bind().dialect.name == "postgresql":
            setting = text("SELECT set_config('idle_in_transaction_session_timeout', :value, true)")
            session.execute(setting, {"value": str(self._silence_ms)})
        statement = select(col(LeaseRow.token)).where(col(LeaseRow.name) == self._lease.name)
        self._compare(session.execute(statement.with_for_update(read=True, key_share=True)).scalar())

    def _compare(self, token: int | None) -> None:
        if token != self._lease.token:
            raise OvertakenError(f"{self._lease.holder} is not the {self._lease.name} any more: another has taken over")
