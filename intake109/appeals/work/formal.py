"""Whether an executor's answer looks formal: says that something will be done, or nothing that could be checked.

Pure: gets the words, decides. The machine only doubts; the quality inspector judges. Russian and Kazakh, also mixed in
one text; the executor's day may be a field of its own, for then the words need not name it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz

from intake109.appeals.work import tense
from intake109.appeals.work.officialese import TALK

_SAME_PERCENT = 88
"""Texts this alike are one text with another address in it; two honest reports of one kind of work stay below."""
_COMPARED_WORDS = 4
"""Fewer words say too little to be called repeated: "Выполнено, фото" is everybody's."""
_YEARS_BACK = 1

_START = r"(?<![а-яёәғқңөұүһі])"
_ANY = r"[а-яёәғқңөұүһі]*"
_MONTHS = (
    "январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр|қаңтар|ақпан|наурыз|сәуір|мамыр|"
    "маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан"
)
_DAY = re.compile(
    rf"(?<![\d.])(?:(?P<d>[0-3]?\d)(?:\.(?P<m>[01]\d)(?:\.(?P<y>(?:20)?\d\d))?|[/-](?P<ms>[01]\d)[/-](?P<ys>20\d\d))(?!\.?\d)"
    rf"|(?P<dw>[0-3]?\d)\s*(?:-?ы?[нш][ыіа]?\s+)?(?P<mw>{_MONTHS}){_ANY})",
    re.IGNORECASE,
)
_TODAY = re.compile(rf"{_START}(?:сегодня|вчера|позавчера|бүгін|кеше|алдыңғы\s+күні)(?![а-яёәғқңөұүһі])", re.IGNORECASE)
_PAPER = re.compile(
    rf"{_START}(?:акт|протокол|предписани|наряд|хаттама|нұсқама|нарядт){_ANY}\s+(?:{_ANY}\s+){{0,3}}(?:№|N|номер)?\s*\d+"
    rf"|№\s*\d+(?:[-/]\d+)*\s*(?:акт|хаттама|нұсқама|наряд){_ANY}",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\W+")


class Doubt(StrEnum):
    """What makes an answer doubtful."""

    NO_ACTION = "no_action"
    """It names no work that is over."""
    NO_DATE = "no_date"
    """Neither the words nor the field say when."""
    NO_PROOF = "no_proof"
    """Neither a picture or document nor the number of an act."""
    FUTURE = "future"
    """It promises, and names no day."""
    REPEAT = "repeat"
    """The executor has sent these words before."""


_STRONG = frozenset({Doubt.NO_ACTION, Doubt.FUTURE, Doubt.REPEAT})


@dataclass(frozen=True, slots=True)
class Passage:
    """Letters of the text, from `start` up to `end`, that a doubt rests on."""

    start: int
    end: int
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer says. `passages` stand in their order and apart; `promised_on` is a day it names ahead."""

    doubts: tuple[Doubt, ...]
    passages: tuple[Passage, ...]
    is_done: bool
    promised_on: date | None = None

    @property
    def is_likely_formal(self) -> bool:
        return is_likely_formal(self.doubts)


def is_likely_formal(doubts: Sequence[str]) -> bool:
    """Say whether doubts together make a formal reply likely.

    Only a missing picture, or only a missing day, is an incomplete answer: it waits for a person, too, but is not
    called formal. Both missing are nothing that could be checked.
    """
    return any(doubt in _STRONG for doubt in doubts) or {Doubt.NO_DATE, Doubt.NO_PROOF} <= set(doubts)


def read(
    text: str,
    today: date,
    *,
    has_proof: bool = False,
    acted_on: date | None = None,
    promised_on: date | None = None,
    earlier: Sequence[str] = (),
) -> Reading:
    """Say what is doubtful about an answer.

    Args:
        today: the day of the city on which it came.
        has_proof: a picture or document came with it.
        acted_on: the day of the work, if the executor gave it beside the words.
        promised_on: the day the work is promised for, likewise.
        earlier: what this executor has answered before.
    """
    days = _days(text, today)
    is_over = tense.tells_of_work(text)
    ahead = promised_on or min((day for day in days if day > today), default=None)
    future = [found.span() for found in tense.PROMISED.finditer(text)]
    is_past_dated = acted_on is not None or any(day <= today for day in days) or bool(_TODAY.search(text))
    doubts = []
    if not is_over:
        doubts.append(Doubt.NO_ACTION)
    if not is_past_dated:
        doubts.append(Doubt.NO_DATE)
    if not has_proof and not _PAPER.search(text):
        doubts.append(Doubt.NO_PROOF)
    if future and ahead is None and not (is_over and is_past_dated):
        doubts.append(Doubt.FUTURE)
    if _repeats(text, earlier):
        doubts.append(Doubt.REPEAT)
    passages = [Passage(*span, Doubt.FUTURE) for span in future] if Doubt.FUTURE in doubts else []
    if Doubt.NO_ACTION in doubts:
        empty = (*tense.PAPER_MOVED.finditer(text), *TALK.finditer(text))
        passages += [Passage(*found.span(), Doubt.NO_ACTION) for found in empty]
    return Reading(tuple(doubts), _apart(passages), is_over or acted_on is not None, ahead)


def _days(text: str, today: date) -> list[date]:
    """Return the days a text names; one without a year is the nearest to today."""
    names, found = _MONTHS.split("|"), []
    for match in _DAY.finditer(text):
        if match["dw"]:
            word = match["mw"].lower()
            month = next(i for i, name in enumerate(names) if re.match(name, word)) % 12 + 1
            found += _day(int(match["dw"]), month, None, today)
        else:
            year = int(said) if (said := match["y"] or match["ys"]) else None
            found += _day(
                int(match["d"]),
                int(match["m"] or match["ms"]),
                year if year is None or year > 99 else year + 2000,
                today,
            )
    return found


def _day(day: int, month: int, year: int | None, today: date) -> list[date]:
    years = [year] if year is not None else [today.year - _YEARS_BACK, today.year, today.year + 1]
    possible = []
    for one in years:
        try:
            possible.append(date(one, month, day))
        except ValueError:  # 31.02 is a number of something else
            continue
    return [min(possible, key=lambda found: abs(found - today))] if possible else []


def _repeats(text: str, earlier: Sequence[str]) -> bool:
    plain = _plain(text)
    if len(plain.split()) < _COMPARED_WORDS:
        return False
    return any(fuzz.ratio(plain, _plain(other)) >= _SAME_PERCENT for other in earlier)


def _plain(text: str) -> str:
    """Return the words alone: numbers and days differ in texts that are sent again and again."""
    words = _SPACE.sub(" ", text.lower()).split()
    return " ".join(word for word in words if not any(letter.isdigit() for letter in word))


def _apart(passages: list[Passage]) -> tuple[Passage, ...]:
    found: list[Passage] = []
    for one in sorted(passages, key=lambda passage: (passage.start, -passage.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return tuple(found)
