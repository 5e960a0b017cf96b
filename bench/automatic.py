"""How right the machine is when it registers by itself, and how often it dares: `python -m bench.automatic`.

Held out are a fifth of the phrases of every service, each told in a way the model has not seen: shorter and stranger
than messages, so that precision is a lower bound. The table says which `promise.automatic_certainty` gives what.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.classifier import _split
from intake109.catalogue.load import load
from intake109.classifier.classifier import train

_OUT = Path(__file__).parent / "out" / "automatic.json"
_CERTAINTIES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> None:
    """Measure, print a table and write bench/out/automatic.json."""
    catalogue = load()
    learnt, held = _split(catalogue)
    rows = [row for row in held if row[1]]
    verdicts = train(learnt).classify_many([text for text, *_ in rows])
    figures: dict[str, Any] = {"phrases": len(rows)}
    table = Table("certainty", "registered", "service right", "executor right", "sphere right", title="By the machine")
    for certainty in _CERTAINTIES:
        dared = [
            (verdict.services[0], code, sphere)
            for verdict, (_, code, sphere, _) in zip(verdicts, rows, strict=True)
            if verdict.services and verdict.services[0].probability >= certainty
        ]
        executors = [
            catalogue.services[guess.code].executor == catalogue.services[code].executor for guess, code, _ in dared
        ]
        found = {
            "registered": len(dared) / len(rows),
            "service right": _share([guess.code == code for guess, code, _ in dared]),
            "executor right": _share(executors),
            "sphere right": _share([guess.sphere == sphere for guess, _, sphere in dared]),
        }
        figures[str(certainty)] = found
        table.add_row(str(certainty), *(f"{value:.3f}" for value in found.values()))
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    Console().print(table)


def _share(rights: list[bool]) -> float:
    return sum(rights) / len(rights) if rights else 0.0


if __name__ == "__main__":
    main()
