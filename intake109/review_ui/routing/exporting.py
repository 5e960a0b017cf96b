"""Tables of organisations and of their places, as `reading` reads them back.

What a spreadsheet would compute is written with an apostrophe before it, which the reader takes away again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence

from intake109.appeals.executors.routing import RouteKind
from intake109.catalogue.services import Catalogue
from intake109.review_ui.routing.reading import armoured
from intake109.store.tables import OrganisationRow, RouteRow

ORGANISATION_HEADINGS = (
    "код",
    "вид",
    "название",
    "название_kk",
    "название_en",
    "способ",
    "адрес",
    "руководитель",
    "почта_руководителя",
    "telegram_руководителя",
    "куратор",
    "частная",
    "весь_город",
    "действует",
)
ROUTE_HEADINGS = ("организация", "улица", "дома", "район", "объект")
_HOUSES_A_LINE = 50


def organisations(rows: Iterable[OrganisationRow], city_wide: Collection[str], catalogue: Catalogue) -> bytes:
    """Return a table of organisations; `city_wide` are the codes of those that answer for the whole city."""
    return _table(ORGANISATION_HEADINGS, (_organisation(row, city_wide, catalogue) for row in rows))


def routes(rows: Iterable[RouteRow]) -> bytes:
    """Return a table of places; the houses of one street are told together."""
    lines: list[list[str]] = []
    at: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.kind != RouteKind.HOUSE.value:
            lines.append(_place(row))
            continue
        street, _, house = row.name.rpartition(" ")
        known = at.get((row.organisation, street))
        if known is None or lines[known][2].count(",") >= _HOUSES_A_LINE - 1:
            at[(row.organisation, street)] = len(lines)
            lines.append([row.organisation, street, house, "", ""])
        else:
            lines[known][2] += f", {house}"
    return _table(ROUTE_HEADINGS, lines)


def _organisation(row: OrganisationRow, city_wide: Collection[str], catalogue: Catalogue) -> list[str]:
    words = catalogue.executors.get(row.executor)
    kinds = [one.ru for one in catalogue.executors.values()]
    is_told_by_name = words is not None and kinds.count(words.ru) == 1
    return [
        row.code,
        words.ru if words is not None and is_told_by_name else row.executor,
        row.name_ru,
        row.name_kk,
        row.name_en,
        row.way,
        row.address,
        row.superior_name,
        row.superior_email,
        row.superior_telegram,
        row.curator,
        _yes(row.is_private),
        _yes(row.code in city_wide),
        "да" if row.is_active else "нет",
    ]


def _place(row: RouteRow) -> list[str]:
    if row.kind == RouteKind.CITY.value:
        return [row.organisation, "весь город", "", "", ""]
    if row.kind == RouteKind.LANDMARK.value:
        return [row.organisation, "", "", "", row.name]
    if row.kind == RouteKind.AREA.value:
        return [row.organisation, "", "", row.name, ""]
    street, area = row.name.rsplit(", ", 1) if row.area and ", " in row.name else (row.name, "")
    return [row.organisation, street, "", area, ""]


def _yes(is_so: bool) -> str:
    return "да" if is_so else ""


def _table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """Return the bytes of a table: with a mark by which Excel knows that it is UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(_safe(lines))
    return text.getvalue().encode("utf-8-sig")


def _safe(lines: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    for line in lines:
        yield [armoured(cell) for cell in line]
