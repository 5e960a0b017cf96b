"""Who exactly must fix it: the organisation of the service's kind of executor that answers for the place."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.catalogue.services import Service
from intake109.dedup.whereabouts import Whereabouts
from intake109.store import organisations
from intake109.store.tables import RouteRow


class RouteKind(StrEnum):
    """What a route is for, the narrowest first."""

    HOUSE = "house"
    LANDMARK = "landmark"
    """A place with a name: a school, a market."""
    STREET = "street"
    AREA = "area"
    """A district or a settlement."""
    CITY = "city"


_NARROWEST = {kind: at for at, kind in enumerate(RouteKind)}


def organisation_for(session: Session, service: Service, place: Whereabouts, executor: str = "") -> str:
    """Return the code of the organisation responsible: for the house, else the street, the district, the whole city.

    Args:
        executor: another kind of executor than the service's.

    Returns:
        Empty where no organisation is: then the kind of executor itself stands for it.
    """
    keys = [
        (RouteKind.HOUSE, place.place_key),
        (RouteKind.LANDMARK, place.place_key),
        (RouteKind.STREET, place.street_key),
        (RouteKind.AREA, place.area_key),
    ]
    asked = [(kind.value, key) for kind, key in keys if key] + [(RouteKind.CITY.value, "")]
    areas = {"", place.area_key}
    found = organisations.of_place(session, executor or service.executor, asked, areas)
    return _narrowest(found).organisation if found else ""


def _narrowest(found: Sequence[RouteRow]) -> RouteRow:
    """Return the narrowest; of two for streets of one name the one that tells the district."""
    return min(found, key=lambda row: (_NARROWEST[RouteKind(row.kind)], row.area == "", row.id))
