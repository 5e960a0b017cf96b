"""XLSX: a sheet a theme, numbers as numbers. Every text is written as a text, so none can be a formula or a link."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from intake109.reports.paper import Column, Kind, Paper, Sheet, Value

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NUMBERS = {Kind.COUNT: "#,##0", Kind.SHARE: "0.0%", Kind.SCORE: "0.00", Kind.CHANGE: "+#,##0;-#,##0;0"}
_NARROW, _WIDE = 14, 44


def workbook(paper: Paper) -> bytes:
    """Return the workbook; its first sheet says of when it is and whether it is sealed."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, safe)
    styles = {kind: book.add_format({"num_format": number}) for kind, number in _NUMBERS.items()}
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    note = book.add_format({"italic": True, "font_color": "#555555"})
    _front(book, paper, book.add_format({"bold": True, "font_size": 14}))
    names: set[str] = set()
    for sheet in paper.sheets:
        page = book.add_worksheet(_name(sheet.title, names))
        _fill(page, sheet, styles, head, note)
    book.close()
    return out.getvalue()


def _front(book: Workbook, paper: Paper, title: Format) -> None:
    page = book.add_worksheet(_name(paper.subtitle, set()))  # the title is cut at the length that Excel allows
    page.set_column(0, 0, _WIDE)
    page.set_column(1, 1, _NARROW)
    page.write_string(0, 0, paper.title, title)
    lines = [paper.subtitle, paper.made, paper.seal, *paper.corrections]
    for number, line in enumerate(lines, start=1):
        page.write_string(number, 0, line)
    for number, fact in enumerate(paper.facts, start=len(lines) + 2):
        page.write_string(number, 0, fact.label)
        page.write_string(number, 1, fact.shown)


def _fill(page: Worksheet, sheet: Sheet, styles: dict[Kind, Format], head: Format, note: Format) -> None:
    top = 0
    if sheet.note:
        page.write_string(0, 0, sheet.note, note)
        top = 2
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, _WIDE if place == 0 else _NARROW)
        page.write_string(top, place, column.label, head)
    for line, row in enumerate(sheet.rows, start=top + 1):
        for place, (column, value) in enumerate(zip(sheet.columns, row.values, strict=True)):
            _write(page, line, place, column, value, styles)
    if sheet.rows:
        page.autofilter(top, 0, top + len(sheet.rows), len(sheet.columns) - 1)
    page.freeze_panes(top + 1, 1)


def _write(page: Worksheet, line: int, place: int, column: Column, value: Value, styles: dict[Kind, Format]) -> None:
    if isinstance(value, str):
        page.write_string(line, place, value)
    elif value is not None:
        page.write_number(line, place, value, styles.get(column.kind))


def _name(title: str, taken: set[str]) -> str:
    """Return a name Excel takes: short, without its signs, and no second time."""
    bare = _FORBIDDEN.sub(" ", title)[:_LONGEST_NAME].strip()
    name, number = bare, 2
    while name.casefold() in taken:
        name = f"{bare[: _LONGEST_NAME - 3]} {number}"
        number += 1
    taken.add(name.casefold())
    return name
