"""Says which service, or at least which sphere, a label of a centre's own history means."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from intake109.catalogue.services import SPHERES, Catalogue
from intake109.classifier.examples import key_of
from intake109.classifier.history import HistoryError, Labelled

_DELIMITERS = ",;\t"
_HEADINGS = frozenset({"code", "service", "sphere", "код", "услуга", "сфера"})
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label means; `service` is empty where only the sphere is known."""

    service: str
    sphere: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A history in the catalogue's words: (key, text, service, sphere) of its rows, and labels left out with counts."""

    rows: list[tuple[str, str, str, str]]
    left_out: list[tuple[str, int]]


def read_map(path: Path, catalogue: Catalogue, history: Path, rows: Iterable[Labelled]) -> dict[str, Meaning]:
    """Read a file of two columns, label and code (of a service or a sphere); a heading may stand above.

    Raises:
        HistoryError: every line that is not so, whose code the catalogue or whose label the history does not have.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = f"{path}: cannot be read ({error})"
        raise HistoryError(f"{problem}; give a UTF-8 file of two columns, label and code") from error
    labels = {row.label for row in rows}
    delimiter = max(_DELIMITERS, key=content.partition("\n")[0].count)
    found: dict[str, Meaning] = {}
    problems = []
    reader = csv.reader(io.StringIO(content), delimiter=delimiter)
    for values in reader:
        told = [value.strip() for value in values]
        is_heading = reader.line_num == 1 and len(told) == 2 and told[1].lower() in _HEADINGS
        if not any(told) or is_heading:
            continue
        problem = _problem(told, labels, found, catalogue, history)
        if problem:
            problems.append(f"{path}, line {reader.line_num}: {problem}")
        else:
            meaning = meaning_of(told[1], catalogue)
            assert meaning is not None
            found[told[0]] = meaning
    if problems:
        more = [f"… and {len(problems) - _TOLD} more"] if len(problems) > _TOLD else []
        raise HistoryError("\n".join([*problems[:_TOLD], *more]))
    return found


def meaning_of(code: str, catalogue: Catalogue) -> Meaning | None:
    """Return what a code means, a service's or a sphere's; None for neither."""
    service = catalogue.get(code)
    if service is not None:
        return Meaning(code, service.sphere)
    return Meaning("", code) if code in SPHERES else None


def mapped(rows: Iterable[Labelled], meanings: Mapping[str, Meaning], catalogue: Catalogue) -> Mapped:
    """Put a history into the catalogue's words; labels that are codes mean themselves."""
    told: list[tuple[str, str, str, str]] = []
    left_out: Counter[str] = Counter()
    for row in rows:
        meaning = meanings.get(row.label) or meaning_of(row.label, catalogue)
        if meaning is None:
            left_out[row.label] += 1
        elif key_of(row.text):
            told.append((key_of(row.text), row.text, meaning.service, meaning.sphere))
    return Mapped(told, left_out.most_common())


def _problem(
    told: list[str], labels: set[str], found: Mapping[str, Meaning], catalogue: Catalogue, history: Path
) -> str:
    if len(told) != 2 or not all(told):
        return "write two values, a label and a code"
    label, code = told
    if label in found:
        return f"label “{label}” a second time; remove one of the lines"
    if label not in labels:
        return f"no row of {history} has the label “{label}”; write it as it stands there, or remove the line"
    if meaning_of(code, catalogue) is None:
        return f"no service or sphere has the code “{code}”; `intake109 catalogue list` shows them"
    return ""
