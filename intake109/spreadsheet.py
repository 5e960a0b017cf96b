"""Takes tables apart as spreadsheets save them: any delimiter, with or without BOM, also in Windows' Cyrillic.

Pure: what the columns mean is its caller's business. Outages and organisations are read from such tables.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_TABLE = 20_000
"""Lines; more is no table kept by people but an export of something else."""
_LONGEST_CELL = 100_000
_DELIMITERS = ";,\t"
_FORMULA = re.compile(r"\s*[=@]|\s*[+\-][^\d\s]*\(")


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong with a line; `code` names the text that says what to do, `said` is what stands there."""

    line: int
    code: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file taken apart: which column is where, and the lines below the heading with their numbers."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    problems: tuple[SheetProblem, ...] = ()

    def lines(self) -> list[tuple[int, dict[str, str]]]:
        """Return each line as what stands in its columns; columns nobody knows are left out."""
        return [
            (number, {name: cell for name, cell in zip(self.columns, cells, strict=False) if name})
            for number, cells in self.rows
        ]


def open_sheet(content: bytes, names: Mapping[str, str]) -> Sheet:
    """Take a file apart; what makes it no table at all is its only problem.

    Args:
        names: columns by what their headings say, in lower case with `_` for what is no letter.
    """
    text = decoded(content)
    if text is None:
        return Sheet(problems=(SheetProblem(1, "not_text"),))
    heading = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=heading.count), strict=False)
    rows: list[tuple[int, tuple[str, ...]]] = []
    problems: list[SheetProblem] = []
    columns: tuple[str, ...] = ()
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if max(map(len, cells)) > _LONGEST_CELL:  # a quotation mark never closed swallows the lines behind it
                problems.append(SheetProblem(lines.line_num, "not_csv"))
                break
            if not columns:
                columns = tuple(names.get(re.sub(r"\W+", "_", cell.strip().lower()).strip("_"), "") for cell in cells)
                continue
            if len(rows) == LONGEST_TABLE:
                problems.append(SheetProblem(lines.line_num, "too_many", str(LONGEST_TABLE)))
                break
            rows.append((lines.line_num, tuple(cell.strip() for cell in cells)))
    except csv.Error:
        problems.append(SheetProblem(lines.line_num, "not_csv"))
    if not any(columns):
        problems.append(SheetProblem(1, "no_heading"))
    return Sheet(columns, tuple(rows) if any(columns) else (), tuple(problems))


def is_formula(cell: str) -> bool:
    """Say whether a spreadsheet would compute a cell instead of showing it."""
    return _FORMULA.match(cell) is not None


def decoded(content: bytes) -> str | None:
    """Return a file's text, None if it is none."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if is_wide else ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
