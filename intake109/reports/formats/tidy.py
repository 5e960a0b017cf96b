"""CSV: one tidy table for machines, a line a figure, with a comma between and a dot in numbers.

A text that a spreadsheet would take for a formula gets an apostrophe before it, which spreadsheets do not show.
Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io

from intake109.reports.paper import Paper, Value, clean

_STARTS = frozenset("=+-@＝＋－＠")
"""The full-width signs are formulas too, for spreadsheets set to Chinese or Japanese."""
HEAD = ("sheet", "row", "name", "figure", "value")


def tidy(paper: Paper) -> bytes:
    """Return the table: `sheet`, `row` and `figure` are codes, the same in every language; `name` is for people."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEAD)
    for sheet in paper.sheets:
        for row in sheet.rows:
            name = row.values[0]
            for column, value in zip(sheet.columns[1:], row.values[1:], strict=True):
                writer.writerow([cell(one) for one in (sheet.code, row.code, name, column.code, value)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def cell(value: Value) -> str:
    """Return a cell that no spreadsheet calculates: numbers as they are, texts made harmless."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = clean(value)
    return f"'{text}" if text[:1] in _STARTS else text
