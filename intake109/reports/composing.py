"""Putting a report together from its figures, and saying whether they are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from intake109.catalogue.services import Catalogue
from intake109.reports import sheets
from intake109.reports.figures import Figures
from intake109.reports.paper import Fact, Paper, clean, share
from intake109.reports.words import NOTHING, Words, words


@dataclass(frozen=True, slots=True)
class Sealed:
    """A link of the chain as a report shows it; `reason` is empty unless it corrects an earlier one."""

    revision: int
    digest: str
    at: datetime
    reason: str


def compose(
    figures: Figures, catalogue: Catalogue, language: str, centre: str, zone: ZoneInfo, chain: Sequence[Sealed] = ()
) -> Paper:
    """Return the report in a language.

    Args:
        chain: the links that seal this day, the first first; empty if it is not sealed.

    Raises:
        RefusedError: there is no such language.
    """
    told = words(language)
    made_at = datetime.fromisoformat(figures.made_at).astimezone(zone)
    is_day = figures.first == figures.last
    last = chain[-1] if chain else None
    return Paper(
        title=told("title", centre=centre),
        subtitle=told.day(figures.first)
        if is_day
        else told("range", first=told.day(figures.first), last=told.day(figures.last)),
        made=told("made", at=made_at.strftime("%d.%m.%Y %H:%M")),
        seal=told("sealed", revision=last.revision, digest=last.digest) if last else told("unsealed"),
        corrections=tuple(_correction(one, before, zone, told) for before, one in pairwise(chain)),
        facts=_facts(figures, told),
        sheets=sheets.all_of(figures, sheets.Names(catalogue, told)),
        words=told,
    )


def in_time(figures: Figures, told: Words) -> str:
    """Return the share of promises kept, as people read it."""
    part = share(figures.kept.within_promise, figures.kept.promised)
    return NOTHING if part is None else told.share(part)


def _correction(link: Sealed, before: Sealed, zone: ZoneInfo, told: Words) -> str:
    at = link.at.astimezone(zone).strftime("%d.%m.%Y %H:%M")
    return told("corrected", at=at, reason=clean(link.reason), digest=before.digest)


def _facts(figures: Figures, told: Words) -> tuple[Fact, ...]:
    kept, course = figures.kept, figures.course
    quick = share(kept.within_target, kept.promised)
    return (
        Fact(told("fact.mentions"), told.count(figures.flow.mentions)),
        Fact(told("fact.within_promise"), in_time(figures, told), told.count(kept.within_promise)),
        Fact(told("fact.within_target"), NOTHING if quick is None else told.share(quick)),
        Fact(told("fact.by_machine"), told.count(kept.by_machine)),
        Fact(told("fact.incidents"), told.count(kept.incidents)),
        Fact(told("fact.standing"), told.count(course.open)),
        Fact(told("fact.red"), told.count(course.red)),
        Fact(told("fact.closed_late"), told.count(course.closed_late)),
    )
