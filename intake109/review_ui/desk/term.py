"""Why an appeal is due when it is, in one line: "5 working days; 16 December: Independence Day"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from babel import Locale
from babel.dates import format_skeleton

from intake109.review_ui.i18n import Words

_UNITS = {"h": "hours", "d": "days", "wd": "working_days"}
_NORM = re.compile(r"(\d+)(h|d|wd)")
_DAY_S = 86400


def norm_in_words(norm: str, t: Words) -> str:
    """Return a norm in words, `5wd` as "5 working days"; what is no norm as it is."""
    match = _NORM.fullmatch(norm)
    return t.count(f"catalogue.{_UNITS[match[2]]}", int(match[1])) if match else norm


def in_words(why: Mapping[str, Any], t: Words) -> str:
    """Return how a deadline was counted; empty for an appeal of before that was written down."""
    if not why:
        return ""
    parts = [norm_in_words(str(why.get("norm", "")), t)]
    parts += _days(why.get("skipped", []), t)
    parts += _days(why.get("worked", []), t)
    waited = int(why.get("waited_s", 0))
    if waited:
        days = waited // _DAY_S
        length = t.count("catalogue.days", days) if days else t.count("catalogue.hours", max(1, waited // 3600))
        parts.append(t("ageing.waited", length=length))
    return "; ".join(parts)


def _days(told: Sequence[Mapping[str, str]], t: Words) -> list[str]:
    """Return named days, those of one name that follow each other as one: "21–25 March: Nauryz"."""
    days = sorted((date.fromisoformat(one["day"]), one.get(t.language) or one.get("ru", "")) for one in told)
    found = []
    # Days of one run keep the same distance to their place in the list.
    for (_, name), run in groupby(enumerate(days), lambda at: (at[1][0] - timedelta(days=at[0]), at[1][1])):
        span = [day for _, (day, _) in run]
        found.append(t("ageing.named", days=_span(span[0], span[-1], t.language), name=name))
    return found


def _span(first: date, last: date, language: str) -> str:
    locale = Locale.parse(language)
    begins, ends = (format_skeleton("MMMMd", day, locale=locale) for day in (first, last))
    if first == last:
        return begins
    if first.month != last.month:
        return f"{begins} – {ends}"
    return f"{first.day}–{ends}" if ends.startswith(str(last.day)) else f"{begins}–{last.day}"
