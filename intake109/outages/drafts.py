"""Announcements that were read and wait to be looked at: kept as JSON, so that a page can be left and found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from intake109.catalogue.services import Catalogue
from intake109.outages import utilities
from intake109.outages.announcement import Announcement, Problem
from intake109.outages.entering import Entry
from intake109.outages.places import Where
from intake109.outages.texts import LONGEST_TEXT

_TEXTS = ("text_ru", "text_kk", "text_en", "source")


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with a line of a table; `code` names the text that says what to do, `said` is what stands there."""

    line: int
    code: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One outage as it was read, with the lines of the table it stood on."""

    services: tuple[str, ...]
    places: tuple[Where, ...]
    begins_at: datetime | None
    ends_at: datetime | None
    text_ru: str = ""
    text_kk: str = ""
    text_en: str = ""
    source: str = ""
    problems: tuple[Problem, ...] = ()
    lines: tuple[int, ...] = ()

    @classmethod
    def of(cls, one: Announcement, texts: Mapping[str, str]) -> Item:
        """Return what was read; `texts` are what citizens get, by field."""
        ru, kk, en, source = (texts.get(name, "") for name in _TEXTS)
        return cls(one.services, one.places, one.begins_at, one.ends_at, ru, kk, en, source, one.problems)

    @property
    def is_complete(self) -> bool:
        return not any(problem.is_fatal for problem in self.problems)

    @property
    def entry(self) -> Entry | None:
        """What would be entered, None if something is missing."""
        if self.begins_at is None or self.ends_at is None or not self.is_complete:
            return None
        return Entry(
            self.services,
            self.places,
            self.begins_at,
            self.ends_at,
            self.text_ru,
            self.text_kk,
            self.text_en,
            self.source,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read so far. `at` counts the lines of the table that have been."""

    items: tuple[Item, ...] = ()
    errors: tuple[LineProblem, ...] = ()
    at: int = 0

    def kept(self) -> dict[str, Any]:
        """Return the draft as JSON."""
        return {
            "items": [_kept(one) for one in self.items],
            "errors": [[one.line, one.code, one.said] for one in self.errors],
            "at": self.at,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Draft:
        """Return a draft from JSON."""
        errors = tuple(LineProblem(*one) for one in kept.get("errors", []))
        return cls(tuple(_item(one) for one in kept.get("items", [])), errors, int(kept.get("at", 0)))


def of_text(found: list[Announcement], catalogue: Catalogue) -> Draft:
    """Return the draft of a pasted text: what was pasted is what citizens get, in its own language."""
    own = [replace(one, services=tuple(utilities.in_use(one.services, catalogue))) for one in found]
    return Draft(tuple(Item.of(one, {f"text_{one.language}": one.text[:LONGEST_TEXT]}) for one in own))


def _kept(one: Item) -> dict[str, Any]:
    return {
        "services": list(one.services),
        "places": [where.kept() | {"is_known": where.is_known} for where in one.places],
        "begins_at": one.begins_at.isoformat() if one.begins_at else None,
        "ends_at": one.ends_at.isoformat() if one.ends_at else None,
        "texts": [one.text_ru, one.text_kk, one.text_en, one.source],
        "problems": [[problem.code, problem.said, problem.is_fatal] for problem in one.problems],
        "lines": list(one.lines),
    }


def _item(kept: Mapping[str, Any]) -> Item:
    places = (Where(p["key"], p["area"], p["name"], tuple(p["houses"]), p["is_known"]) for p in kept["places"])
    begins, ends = (datetime.fromisoformat(at) if (at := kept[name]) else None for name in ("begins_at", "ends_at"))
    problems = tuple(Problem(*one) for one in kept["problems"])
    texts = dict(zip(_TEXTS, kept["texts"], strict=True))
    return Item(
        tuple(kept["services"]),
        tuple(places),
        begins,
        ends,
        texts["text_ru"],
        texts["text_kk"],
        texts["text_en"],
        texts["source"],
        problems,
        tuple(kept["lines"]),
    )
