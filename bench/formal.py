"""How well formal replies are told from work, on the labelled answers of the tests: `python -m bench.formal`.

Twice each: as the answers came (with the proof they had), and by the words alone, as if every executor had filled the
fields and added a picture. `fresh` and `held` answers changed no rule. All of them are made up: what a
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
    """Counts of one part; precision and recall are of formal replies.

    `waiting` is how much honest work waits for a person all the same, whatever it is called.
    """

    part: str
    by: str
    answers: int
    formal: int
    called: int
    hits: int
    precision: float
    recall: float
    waiting: int


def measure(part: str, *, by_words: bool) -> Figures:
    """Measure one part of the labelled answers."""
    rows = [row for row in yaml.safe_load(_ANSWERS.read_text(encoding="utf-8")) if row["part"] == part]
    wanted = [row["kind"] == "formal" for row in rows]
    called = [_is_called(str(row["text"]), has_proof=bool(row.get("proof")), by_words=by_words) for row in rows]
    hits = sum(said and true for said, true in zip(called, wanted, strict=True))
    honest = [row for row, is_formal in zip(rows, wanted, strict=True) if not is_formal]
    doubted = [_read(str(row["text"]), has_proof=bool(row.get("proof")), by_words=by_words) for row in honest]
    return Figures(
        part,
        "words" if by_words else "whole answer",
        len(rows),
        sum(wanted),
        sum(called),
        hits,
        round(hits / max(1, sum(called)), 3),
        round(hits / max(1, sum(wanted)), 3),
        sum(bool(one.doubts) for one in doubted),
    )


def _is_called(text: str, *, has_proof: bool, by_words: bool) -> bool:
    return _read(text, has_proof=has_proof, by_words=by_words).is_likely_formal


def _read(text: str, *, has_proof: bool, by_words: bool) -> formal.Reading:
    if by_words:
        return formal.read(text, _TODAY, has_proof=True, acted_on=_TODAY)
    return formal.read(text, _TODAY, has_proof=has_proof)


def main() -> None:
    """Print the figures and keep them beside the other benches'."""
    found = [
        measure(part, by_words=by_words)
        for part in ("tuned", "unseen", "fresh", "clerks", "held")
        for by_words in (False, True)
    ]
    for one in found:
        print(
            f"{one.part:7} {one.by:13} {one.answers:3} answers, {one.formal:3} formal: "
            f"precision {one.precision:.2f} ({one.hits}/{one.called}), "
            f"recall {one.recall:.2f} ({one.hits}/{one.formal}), "
            f"missed {one.formal - one.hits}, false doubts {one.called - one.hits}, work that waits {one.waiting}"
        )
    _OUT.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
