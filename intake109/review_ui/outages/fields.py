"""The form of an outage: what was typed, checked and read back; whatever is wrong is said beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from intake109.outages.drafts import Item
from intake109.outages.entering import Entry
from intake109.outages.places import CITY, PlaceReader, Where
from intake109.outages.texts import LONGEST_TEXT, place_line
from intake109.store.tables import OutagePlaceRow, OutageRow

_LOCAL = "%Y-%m-%dT%H:%M"


class Fields(BaseModel):
    """The form as it is sent. `version` is the outage's when it was opened, `draft` and `item` say where it was."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    services: list[str] = Field(default_factory=list, max_length=12)
    places: str = Field(default="", max_length=60_000)
    begins: str = Field(default="", max_length=20)
    ends: str = Field(default="", max_length=20)
    text_ru: str = Field(default="", max_length=4000)
    text_kk: str = Field(default="", max_length=4000)
    text_en: str = Field(default="", max_length=4000)
    source: str = Field(default="", max_length=500)
    version: int = 0
    draft: int = 0
    item: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says. `faults` are names of texts by field; with any, `entry` is None.

    `unread` are lines nobody understood, `unknown` places the centre's own names do not have.
    """

    entry: Entry | None
    faults: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read(fields: Fields, places: PlaceReader, zone: ZoneInfo) -> Read:
    """Read a form strictly: a line that is not understood is never dropped."""
    found: list[Where] = []
    unread: list[str] = []
    for line in filter(None, (one.strip() for one in fields.places.splitlines())):
        where = places.line(line)
        if where is None:
            unread.append(line)
        else:
            found.append(where)
    begins, ends = moment(fields.begins, zone), moment(fields.ends, zone)
    faults = _faults(fields, found, unread, begins, ends)
    unknown = tuple(one.name for one in found if not one.is_known and one.key != CITY)
    if faults or begins is None or ends is None:
        return Read(None, faults, tuple(unread), unknown)
    texts = (fields.text_ru, fields.text_kk, fields.text_en, fields.source)
    return Read(Entry(fields.services, found, begins, ends, *texts), {}, (), unknown)


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read what a browser sends of a moment on the city's clocks; None if it is none."""
    try:
        return datetime.strptime(text[:16], _LOCAL).replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def of_outage(row: OutageRow, places: Sequence[OutagePlaceRow], language: str, zone: ZoneInfo) -> Fields:
    """Return the form of an outage."""
    return Fields(
        services=list(row.services),
        places="\n".join(place_line(place, language) for place in places),
        begins=local(row.begins_at, zone),
        ends=local(row.ends_at, zone),
        text_ru=row.text_ru,
        text_kk=row.text_kk,
        text_en=row.text_en,
        source=row.source,
        version=row.version,
    )


def of_item(item: Item, language: str, zone: ZoneInfo, *, draft: int, number: int) -> Fields:
    """Return the form of something read, to be looked at before it is saved."""
    return Fields(
        services=list(item.services),
        places="\n".join(place_line(place, language) for place in item.places),
        begins=local(item.begins_at, zone) if item.begins_at else "",
        ends=local(item.ends_at, zone) if item.ends_at else "",
        text_ru=item.text_ru,
        text_kk=item.text_kk,
        text_en=item.text_en,
        source=item.source,
        draft=draft,
        item=number,
    )


def local(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as a browser's field wants it."""
    return at.astimezone(zone).strftime(_LOCAL)


def _faults(
    fields: Fields, found: Sequence[Where], unread: Sequence[str], begins: datetime | None, ends: datetime | None
) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not fields.services:
        faults["services"] = "no_service"
    if unread:
        faults["places"] = "unread_line"
    elif not found:
        faults["places"] = "no_place"
    if begins is None:
        faults["begins"] = "no_begin"
    if ends is None:
        faults["ends"] = "no_end"
    elif begins is not None and ends <= begins:
        faults["ends"] = "ends_before"
    for name in ("text_ru", "text_kk", "text_en"):
        if len(getattr(fields, name)) > LONGEST_TEXT:
            faults[name] = "long_text"
    return faults
