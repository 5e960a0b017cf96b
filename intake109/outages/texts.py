"""What a citizen and the staff read of an outage, in each language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.catalogue.services import Catalogue
from intake109.outages import houses, utilities
from intake109.outages.places import CITY, Where
from intake109.outbox.texts import read, spoken
from intake109.store.tables import OutagePlaceRow, OutageRow

_SIDES = {"ru": ("чётные", "нечётные"), "kk": ("жұп", "тақ"), "en": ("even", "odd")}
_WHOLE_CITY = {"ru": "весь город", "kk": "бүкіл қала", "en": "the whole city"}
LONGEST_TEXT = 600
"""Letters. With it the letter still fits into one message of every channel."""
_LONGEST_WHERE = 160


def clock_time(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return hours and minutes as the city's clocks show them; with the day where it is not today's."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    return local.strftime("%H:%M" if local.date() == today else "%d.%m, %H:%M")


def place_line(place: OutagePlaceRow | Where, language: str) -> str:
    """Return a place as a line of the form, which reads it back."""
    if place.key == CITY:
        return _WHOLE_CITY.get(language, _WHOLE_CITY["ru"])
    return f"{place.name} {houses.written(place.houses, *_SIDES.get(language, _SIDES['ru']))}".strip()


def where(places: Sequence[OutagePlaceRow], language: str) -> str:
    """Return all places in one line."""
    return "; ".join(place_line(place, language) for place in places)


def answer(
    session: Session,
    outage: OutageRow,
    places: Sequence[OutagePlaceRow],
    language: str,
    catalogue: Catalogue,
    zone: ZoneInfo,
    now: datetime,
) -> str:
    """Return the letter for somebody who asks, with `{number}` left in it: the text entered, or the house's own."""
    language = spoken(language)
    own = {"ru": outage.text_ru, "kk": outage.text_kk, "en": outage.text_en}[language].strip()[:LONGEST_TEXT]
    until = clock_time(outage.ends_at, now, zone)
    if not own:
        what = utilities.off(outage.services, catalogue, language)
        told = where(places, language)
        own = read(session, "outage_text", language).format(what=what)
        own += read(session, "outage_where", language).format(where=told) if len(told) <= _LONGEST_WHERE else ""
    own = own.replace("{", "(").replace("}", ")")
    return read(session, "outage", language).format(text=own, until=until, number="{number}")


def news(
    session: Session,
    kind: str,
    outage: OutageRow,
    number: str,
    language: str,
    catalogue: Catalogue,
    zone: ZoneInfo,
    now: datetime,
) -> str:
    """Return what somebody who asked is told when the outage moved, ended, was cancelled, or should have ended."""
    language = spoken(language)
    what = utilities.off(outage.services, catalogue, language)
    until = clock_time(outage.ends_at, now, zone)
    return read(session, f"outage_{kind}", language).format(number=number, what=what, until=until)
