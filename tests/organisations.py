"""Organisations of the tests' city."""

from __future__ import annotations

from intake109.appeals.executors.routing import RouteKind
from intake109.clock import Clock
from intake109.store.database import Database
from intake109.store.tables import OrganisationRow, RouteRow

ADDRESS = "https://desk.example"


def found(database: Database, clock: Clock, code: str = "roads-1", **more: object) -> int:
    """Found an organisation and return its id."""
    with database.write() as session:
        row = OrganisationRow(
            code=code,
            executor="road_service",
            name_ru=f"Организация {code}",
            created_at=clock.now(),
            **more,  # type: ignore[arg-type]
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def answers_for(
    database: Database, clock: Clock, code: str, kind: RouteKind, key: str = "", *, area: str = "", name: str = ""
) -> None:
    """Let an organisation answer for a place."""
    with database.write() as session:
        session.add(
            RouteRow(
                executor="road_service",
                kind=kind.value,
                key=key,
                area=area,
                organisation=code,
                name=name or key,
                added_at=clock.now(),
            )
        )


def city_wide(database: Database, clock: Clock, code: str = "roads-1", **more: object) -> int:
    """Found an organisation that answers for the whole city and return its id."""
    row_id = found(database, clock, code, **more)
    answers_for(database, clock, code, RouteKind.CITY)
    return row_id
