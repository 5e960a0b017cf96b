"""Organisations, and which of them answers for a place."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select
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
    is_here: list[ColumnElement[bool]] = [
        (col(RouteRow.kind) == kind) & (col(RouteRow.key) == key) for kind, key in keys
    ]
    statement = (
        select(RouteRow)
        .join(OrganisationRow, col(OrganisationRow.code) == col(RouteRow.organisation))
        .where(
            col(RouteRow.executor) == executor,
            or_(*is_here),
            col(RouteRow.area).in_(areas),
            col(OrganisationRow.is_active),
        )
    )
    return list(session.execute(statement).scalars())


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


def forget_route(session: Session, route_id: int) -> None:
    """Take a route out of the table."""
    session.execute(delete(RouteRow).where(col(RouteRow.id) == route_id))
