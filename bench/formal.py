"""How well formal replies are told from work, on the labelled answers of the tests: `python -m bench.formal`.

Twice each: as the answers came (with the proof they had), and by the words alone, as if every executor had filled the
fields and added a picture. `fresh` answers were written last and changed no rule. All of them are made up: what a
centre's own executors write may be harder.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import yaml

from intake109.appeals.work import formal

_ANSWERS = Path(__file__).parent.parent / "tests" / "appeals" / "executors_answers.yaml"
_OUT = Path(__file__).parent / "out" / "formal.json"
_TODAY = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one part; precision and recall are of formal replies."""

    part: str
    by: str
    answers: int
    formal: int
    called: int
    hits: int
    precision: float
    recall: float


def measure(part: str, *, by_words: bool) -> Figures:
    """Measure one part of the labelled answers."""
    rows = [row for row in yaml.safe_load(_ANSWERS.read_text(encoding="utf-8")) if row["part"] == part]
    wanted = [row["kind"] == "formal" for row in rows]
    called = [_is_called(str(row["text"]), has_proof=bool(row.get("proof")), by_words=by_words) for row in rows]
    hits = sum(said and true for said, true in zip(called, wanted, strict=True))
    return Figures(
        part,
        "words" if by_words else "whole answer",
        len(rows),
        sum(wanted),
        sum(called),
        hits,
        round(hits / max(1, sum(called)), 3),
        round(hits / max(1, sum(wanted)), 3),
    )


def _is_called(text: str, *, has_proof: bool, by_words: bool) -> bool:
    if by_words:
        return formal.read(text, _TODAY, has_proof=True, acted_on=_TODAY).is_likely_formal
    return formal.read(text, _TODAY, has_proof=has_proof).is_likely_formal


def main() -> None:
    """Print the figures and keep them beside the other benches'."""
    found = [measure(part, by_words=by_words) for part in ("tuned", "unseen", "fresh") for by_words in (False, True)]
    for one in found:
        print(
            f"{one.part:7} {one.by:13} {one.answers:3} answers, {one.formal:3} formal: "
            f"precision {one.precision:.2f} ({one.hits}/{one.called}), "
            f"recall {one.recall:.2f} ({one.hits}/{one.formal})"
        )
    _OUT.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
