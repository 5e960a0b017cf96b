"""A report as sheets of rows: what every format shows, each in its own way. Texts here are clean of what harms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from intake109.reports.words import NOTHING, Words

Value = str | int | float | None
_LONGEST, _LOOKED_AT = 500, 5000


class Kind(StrEnum):
    """How a column is written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    """0…1, shown as per cent."""
    SCORE = "score"
    CHANGE = "change"
    """A difference, shown with its sign."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code is for machines, its label for people."""

    code: str
    label: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True, slots=True)
class Row:
    """A row. `code` is for machines and the same in every language."""

    code: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the report. `drawn` is the column shown as bars, empty for none; `upright` bars stand."""

    code: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    drawn: str = ""
    upright: bool = False

    def column(self, code: str) -> int:
        """Return where a column stands."""
        return [one.code for one in self.columns].index(code)


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the few figures at the top."""

    label: str
    shown: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report in one language. `seal` says whether its figures can still change."""

    title: str
    subtitle: str
    made: str
    seal: str
    corrections: tuple[str, ...]
    facts: tuple[Fact, ...]
    sheets: tuple[Sheet, ...]
    words: Words

    @property
    def language(self) -> str:
        return self.words.language


def shown(value: Value, kind: Kind, words: Words) -> str:
    """Return a value as people read it."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    if kind is Kind.SHARE:
        return words.share(value)
    if kind is Kind.SCORE:
        return words.decimal(value)
    number = words.count(int(value))
    return f"+{number}" if kind is Kind.CHANGE and value > 0 else number


def share(part: int, of: int) -> float | None:
    """Return a share, None of nothing."""
    return round(part / of, 6) if of else None


def clean(text: str) -> str:
    """Return a text on one line, without control characters and not longer than a page can hold.

    Names come from forms, and from files of other systems.
    """
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:_LOOKED_AT]).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def lines(rows: Iterable[tuple[str, Value, int | None]], words: Words) -> tuple[Row, ...]:
    """Return rows of named figures: a count, and its share of another where one is given."""
    return tuple(
        Row(code, (words(f"fact.{code}"), value, share(int(value or 0), of) if of is not None else None))
        for code, value, of in rows
    )
