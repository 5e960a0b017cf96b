"""Organisations, and which of them answers for a place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Table, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.tables import OrganisationRow, RouteRow


def by_code(session: Session, code: str) -> OrganisationRow | None:
    """Return an organisation, active or not; None for an empty code."""
    if not code:
        return None
    return session.execute(select(OrganisationRow).where(col(OrganisationRow.code) == code)).scalar()


def by_codes(session: Session, codes: Collection[str]) -> dict[str, OrganisationRow]:
    """Return organisations by their codes."""
    found = session.execute(select(OrganisationRow).where(col(OrganisationRow.code).in_(codes))).scalars()
    return {row.code: row for row in found}


def all_of(session: Session) -> list[OrganisationRow]:
    """Return all, active or not, by kind of executor and name."""
    order = (col(OrganisationRow.executor), col(OrganisationRow.name_ru), col(OrganisationRow.id))
    return list(session.execute(select(OrganisationRow).order_by(*order)).scalars())


def of_chats(session: Session, chats: Collection[str]) -> list[OrganisationRow]:
    """Return the organisations that get their work into Telegram chats of these ids."""
    if not chats:
        return []
    statement = select(OrganisationRow).where(
        col(OrganisationRow.way) == "telegram", col(OrganisationRow.address).in_(chats)
    )
    return list(session.execute(statement).scalars())


def is_any(session: Session) -> bool:
    """Say whether the centre has entered any organisation at all."""
    return session.execute(select(col(OrganisationRow.id)).limit(1)).first() is not None


def of_place(
    session: Session, executor: str, keys: Sequence[tuple[str, str]], areas: Collection[str]
) -> list[RouteRow]:
    """Return the routes of a kind of executor to active organisations.

    Args:
        keys: kinds of places with their keys, any of which may match.
        areas: the districts the place lies in; "" matches routes that name none.
    """
    statement = (
        select(RouteRow)
        .join(OrganisationRow, col(OrganisationRow.code) == col(RouteRow.organisation))
        .where(
            col(RouteRow.executor) == executor,
            col(RouteRow.kind).in_({kind for kind, _ in keys}),  # not pairs: so the index is used, and few are too many
            col(RouteRow.key).in_({key for _, key in keys}),
            col(RouteRow.area).in_(areas),
            col(OrganisationRow.is_active),
        )
    )
    return [row for row in session.execute(statement).scalars() if (row.kind, row.key) in set(keys)]


def routes(
    session: Session,
    *,
    executor: str = "",
    organisation: str = "",
    words: str = "",
    after_id: int = 0,
    limit: int = 100,
) -> list[RouteRow]:
    """Return routes, oldest first; `words` is a part of a place's name."""
    statement = select(RouteRow).where(col(RouteRow.id) > after_id)
    if executor:
        statement = statement.where(col(RouteRow.executor) == executor)
    if organisation:
        statement = statement.where(col(RouteRow.organisation) == organisation)
    if words:
        bare = words.replace("%", "").replace("_", " ")
        spellings = {bare, bare.lower(), bare.capitalize(), bare.title()}  # SQLite knows no capitals but Latin ones
        named = [col(RouteRow.name).like(f"%{one}%") for one in spellings]
        statement = statement.where(or_(*named, col(RouteRow.key).like(f"%{bare.lower()}%")))
    return list(session.execute(statement.order_by(col(RouteRow.id)).limit(limit)).scalars())


def count_routes(session: Session) -> dict[str, int]:
    """Return how many places each organisation answers for."""
    statement = select(col(RouteRow.organisation), func.count()).group_by(col(RouteRow.organisation))
    return {row[0]: row[1] for row in session.execute(statement)}


def city_wide(session: Session) -> dict[str, str]:
    """Return by kind of executor who answers for the whole city."""
    statement = select(col(RouteRow.executor), col(RouteRow.organisation)).where(col(RouteRow.kind) == "city")
    return {row[0]: row[1] for row in session.execute(statement)}


def owners(session: Session, executor: str) -> dict[tuple[str, str, str], str]:
    """Return who answers for what of one kind of executor: by kind, key and area the organisation's code."""
    statement = select(col(RouteRow.kind), col(RouteRow.key), col(RouteRow.area), col(RouteRow.organisation)).where(
        col(RouteRow.executor) == executor
    )
    return {(kind, key, area): code for kind, key, area, code in session.execute(statement)}


def set_routes(session: Session, values: Sequence[dict[str, Any]]) -> None:
    """Write routes, instead of those there are for the same places."""
    session.flush()
    table: Table = RouteRow.__table__  # type: ignore[attr-defined]
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = make(table)
    instead = {name: statement.excluded[name] for name in ("organisation", "name", "added_at")}
    unique = ["executor", "kind", "key", "area"]
    session.execute(statement.on_conflict_do_update(index_elements=unique, set_=instead), list(values))
    session.expire_all()


def forget_route(session: Session, route_id: int) -> None:
    """Take a route out of the table."""
    session.execute(delete(RouteRow).where(col(RouteRow.id) == route_id))
