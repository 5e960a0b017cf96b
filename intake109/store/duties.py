"""Who is at work: on duty, on a break, or off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import DutyRow, SessionRow, UserRow

ON, BREAK, OFF = "on", "break", "off"
STATES = (ON, BREAK, OFF)


@dataclass(frozen=True, slots=True)
class OnShift:
    """Somebody who is on duty or on a break, and since when."""

    user_id: int
    name: str
    role: str
    state: str
    since: datetime


def switch(session: Session, user_id: int, state: str, now: datetime) -> bool:
    """Begin another stretch of somebody's shift; False if it is what it was."""
    if state_of(session, user_id) == state:
        return False
    session.execute(
        update(DutyRow)
        .where(col(DutyRow.user_id) == user_id, col(DutyRow.ended_at).is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    if state != OFF:
        insert_new(session, DutyRow, [{"user_id": user_id, "state": state, "began_at": now, "ended_at": None}])
    return True


def state_of(session: Session, user_id: int) -> str:
    """Return `on`, `break` or `off`."""
    statement = select(col(DutyRow.state)).where(col(DutyRow.user_id) == user_id, col(DutyRow.ended_at).is_(None))
    return session.execute(statement).scalar() or OFF


def on_duty(session: Session, now: datetime) -> list[int]:
    """Return the ids of those who can be reached at the desk now: on duty, not on a break, and logged in somewhere."""
    return [one.user_id for one in on_shift(session, now) if one.state == ON]


def at_desk(session: Session, now: datetime, since: datetime) -> list[UserRow]:
    """Return who hears an alert on the screen: logged in, there since a moment, neither on a break nor off duty."""
    statement = (
        select(UserRow)
        .where(
            col(UserRow.is_active),
            col(UserRow.last_seen_at) >= since,
            col(UserRow.id).not_in(away(session)),
            col(UserRow.id).in_(select(col(SessionRow.user_id)).where(col(SessionRow.expires_at) > now)),
        )
        .order_by(col(UserRow.id))
    )
    return list(session.execute(statement).scalars())


def away(session: Session) -> set[int]:
    """Return who is on a break, or has gone off duty since logging in.

    Who never began a shift is not away: supervisors need none, an inspector's begins with the login.
    """
    on_break = select(col(DutyRow.user_id)).where(col(DutyRow.state) == BREAK, col(DutyRow.ended_at).is_(None))
    last_login = (
        select(col(SessionRow.user_id), func.max(col(SessionRow.created_at)).label("at"))
        .group_by(col(SessionRow.user_id))
        .subquery()
    )
    at_work = select(col(DutyRow.user_id)).where(col(DutyRow.ended_at).is_(None))
    gone = (
        select(col(DutyRow.user_id))
        .join(last_login, last_login.c.user_id == col(DutyRow.user_id))
        .where(col(DutyRow.ended_at) > last_login.c.at, col(DutyRow.user_id).not_in(at_work))
    )
    return {*session.execute(on_break).scalars(), *session.execute(gone).scalars()}


def on_shift(session: Session, now: datetime) -> list[OnShift]:
    """Return everybody on duty or on a break, by name. Whoever is logged in nowhere has gone, said or not."""
    is_logged_in = exists().where(col(SessionRow.user_id) == col(UserRow.id), col(SessionRow.expires_at) > now)
    statement = (
        select(col(UserRow.id), col(UserRow.name), col(UserRow.role), col(DutyRow.state), col(DutyRow.began_at))
        .join(DutyRow, col(DutyRow.user_id) == col(UserRow.id))
        .where(col(DutyRow.ended_at).is_(None), col(UserRow.is_active), is_logged_in)
        .order_by(col(UserRow.name), col(UserRow.id))
    )
    found = session.execute(statement).all()
    return [OnShift(user_id, name, role, state, at) for user_id, name, role, state, at in found if user_id is not None]


def last_began_at(session: Session, user_id: int) -> datetime | None:
    """Return when somebody's present shift began, breaks included; None if the person is off."""
    statement = (
        select(DutyRow)
        .where(col(DutyRow.user_id) == user_id)
        .order_by(col(DutyRow.began_at).desc(), col(DutyRow.id).desc())
        .limit(50)
    )
    began_at, follows = None, None
    for row in session.execute(statement).scalars():
        if row.ended_at is not None and row.ended_at != follows:
            break
        began_at = follows = row.began_at
    return began_at
