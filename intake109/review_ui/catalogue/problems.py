"""What is wrong with files that were sent, in the reader's language: the command line tells it in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake109.review_ui.i18n import Words

_PLACE = re.compile(r"(?P<where>.+?(?::\d+)?): (?P<rest>.+)", re.DOTALL)
_BELONGS = re.compile(r"(?:an? (?:item of )?)?(`[^`]+`)(?: of `?([^` ]+)`?)?")
_SENTENCES = {
    name: re.compile(pattern, re.DOTALL)
    for name, pattern in {
        "coding": r"is not UTF-8 .*",
        "no_yaml": r"is no YAML \((?P<why>.*)\): .*",
        "reference": r"refers to another place with .*",
        "deep": r"is more than \d+ lists deep: .*",
        "empty_file": r"is empty: give it .*",
        "no_lines": r"(?P<what>.+) must be a list of `key: value` lines",
        "no_list": r"(?P<what>.+) must be a list, one item .*",
        "unknown_key": r"(?P<what>.+) has the unknown key `(?P<key>.*)`: use one of (?P<known>.*)",
        "twice": r"(?P<what>.+) has `(?P<key>.*)` twice: keep one",
        "no_text": r"(?P<what>.+) must be a text: .*",
        "control": r"(?P<what>.+) holds a control character: .*",
        "empty": r"(?P<what>.+) is empty: fill .*",
        "fixed": r"the spheres are fixed: .*",
        "unknown": r"(?P<what>.+) `(?P<said>[^`]*)` is unknown: use one of (?P<known>.*)",
        "no_code": r"the service has no `code`: .*",
        "missing": r"(?P<what>.+) has no `(?P<key>.*)`: add .*",
        "code": r"`code` (?P<said>.+) must be capital letters, a dash .*",
        "own_code": r"write capital letters, a dash .*",
        "taken": r"the code (?P<said>.+) is already taken in (?P<first>.+): give .*",
        "same_name": r"(?P<what>.+) has the name «(?P<said>.*)» of the service in (?P<first>.+): tell .*",
        "deadline": r"`deadline` (?P<said>.*) of .+ must look like .*",
        "no_source": r"(?P<what>.+) has a `deadline` and no `deadline_source`: .*",
        "no_deadline": r"(?P<what>.+) has a `deadline_source` and no `deadline`: .*",
        "second_file": r"the sphere `(?P<said>.*)` already has the file (?P<first>.+): .*",
        "group_code": r"begin with the sphere and a dot, .*",
        "word_code": r"write small Latin letters, .*",
        "needed": r"(?P<said>.+) is needed by the program itself: .*",
        "used": r"(?P<users>.+) still name it: .*",
        "large": r"\w+(?: to)? more than (?P<n>\d+) MB, .*",
        "no_zip": r"is no ZIP that can be read .*",
        "many": r"holds more than (?P<n>\d+) files: .*",
        "locked": r"(?P<said>.+) is locked with a password: .*",
        "file_twice": r"holds (?P<said>.+) twice: keep one",
        "leads_out": r"'(?P<said>.+)' leads out of the folder: .*",
        "strange": r"'(?P<said>.+)' is no file of a catalogue \((?P<known>.+)\): .*",
        "none": r"holds no file of a catalogue: .*",
    }.items()
}
_KNOWN_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Told:
    """One problem: the place, and what to do there. `is_foreign`: nobody has put it into the reader's language."""

    where: str
    text: str
    is_foreign: bool = False


def told(problems: Sequence[str], t: Words) -> list[Told]:
    """Return problems as `CatalogueError` has them, in the reader's language."""
    return [_told(problem, t) for problem in problems]


def _told(problem: str, t: Words) -> Told:
    placed = _PLACE.fullmatch(problem)
    where, rest = (placed["where"], placed["rest"]) if placed else ("", problem)
    inner = re.fullmatch(r"`([^`]+)`: (.+)", rest, re.DOTALL)
    if inner:
        where, rest = f"{where} · {inner[1]}", inner[2]
    for name, pattern in _SENTENCES.items():
        found = pattern.fullmatch(rest)
        if found:
            values = {key: _value(key, value or "", t) for key, value in found.groupdict().items()}
            return Told(where, t(f"catalogue.problem.{name}", **values))
    return Told(where, rest, is_foreign=True)


def _value(key: str, value: str, t: Words) -> str:
    if key == "what":
        return _thing(value, t)
    if key == "known":
        known = value.split(", ")
        more = t("alert.more", n=len(known) - _KNOWN_SHOWN) if len(known) > _KNOWN_SHOWN else ""
        return " ".join(filter(None, (", ".join(known[:_KNOWN_SHOWN]) or "—", more)))
    return value


def _thing(what: str, t: Words) -> str:
    """Return what something is in the file: "an `ask` of ROAD-001" is `ask` (ROAD-001) in every language."""
    if what in {"the file", "a service", "the service"}:
        return t(f"catalogue.problem.{what.rpartition(' ')[2]}")
    found = _BELONGS.fullmatch(what)
    if found is None:
        return what
    field = found[1].strip("`")
    return f"{field} ({found[2].strip('`')})" if found[2] else field
