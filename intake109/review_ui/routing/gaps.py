"""What nobody answers for: kinds of executor, streets, and appeals of late that found no organisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.catalogue.services import Catalogue
from intake109.classifier.place.gazetteer import Gazetteer, NameKind
from intake109.outages.places import PlaceReader
from intake109.store import organisations
from intake109.store.tables import AppealRow, OrganisationRow, RouteRow

LATELY = timedelta(days=30)
_OURSELVES = "contact_centre"
_STREETS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Gap:
    """A kind of executor nobody stands for everywhere.

    Attributes:
        services: how many services of the catalogue it does.
        appeals: how many appeals of late found no organisation.
        organisations: how many organisations of this kind there are.
        streets: those of the city's names that no organisation of this kind answers for; told only where the kind has
            organisations.
        more: how many streets there are beside.
    """

    executor: str
    services: int
    appeals: int
    organisations: int
    streets: tuple[str, ...] = ()
    more: int = 0


def gaps(session: Session, catalogue: Catalogue, gazetteer: Gazetteer, places: PlaceReader, now: datetime) -> list[Gap]:
    """Return what is missing, the kinds with the most appeals first."""
    whole = organisations.city_wide(session)
    services = Counter(one.executor for one in catalogue.services.values())
    homeless = _homeless(session, now)
    counted = Counter(row.executor for row in organisations.all_of(session) if row.is_active)
    wanted = {*services, *homeless} - {_OURSELVES, ""}
    streets = _streets(gazetteer, places)
    found = []
    for kind in wanted:
        if kind in whole and not homeless[kind]:
            continue
        bare = _bare(session, kind, streets) if counted[kind] and kind not in whole else []
        shown = tuple(bare[:_STREETS_SHOWN])
        found.append(Gap(kind, services[kind], homeless[kind], counted[kind], shown, max(len(bare) - len(shown), 0)))
    return sorted(found, key=lambda one: (-one.appeals, -one.services, one.executor))


def _homeless(session: Session, now: datetime) -> Counter[str]:
    statement = (
        select(col(AppealRow.executor), func.count())
        .where(
            col(AppealRow.organisation) == "",
            col(AppealRow.registered_at) >= now - LATELY,
            col(AppealRow.annulled_at).is_(None),
            col(AppealRow.merged_into).is_(None),
            col(AppealRow.closed_as) != "answered",
        )
        .group_by(col(AppealRow.executor))
    )
    return Counter({row[0]: row[1] for row in session.execute(statement)})


def _streets(gazetteer: Gazetteer, places: PlaceReader) -> dict[str, tuple[str, str]]:
    """Return the streets of the city's names, each with its own key and that of its district."""
    names = [one.canonical for one in gazetteer.names if one.kind is NameKind.STREET]
    found = {name: places.street(name, "") for name in names}
    return {name: (where.key, where.area) for name, where in found.items() if where is not None}


def _bare(session: Session, kind: str, streets: Mapping[str, tuple[str, str]]) -> list[str]:
    """Return the streets in which no house, street or district is anybody's."""
    statement = (
        select(col(RouteRow.key))
        .join(OrganisationRow, col(OrganisationRow.code) == col(RouteRow.organisation))
        .where(col(RouteRow.executor) == kind, col(OrganisationRow.is_active))
    )
    keys = set(session.execute(statement).scalars())
    told = keys | {key.rpartition(" ")[0] for key in keys}
    return sorted(name for name, (street, area) in streets.items() if street not in told and area not in keys)
