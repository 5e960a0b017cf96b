"""How well danger is told from its neighbours in real petitions: `python -m bench.incidents`.

Petitions to a portal of St Petersburg, filed by reason, come from the folder in INTAKE109_BENCH_DATA, if it is set;
nothing of them is kept. Some reasons are dangers to life by their names, some sound like them and are none. The reason
is what a clerk chose: an open well may be filed under the bad state of wells and an old tree under one that may fall,
so the figures are a floor, not the truth. The classifier is the catalogue's: of petitions it has seen nothing.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench.report import Line, progress, show
from intake109.catalogue.load import load
from intake109.classifier import history
from intake109.classifier.classifier import load_or_train
from intake109.classifier.evaluation import alarms
from intake109.classifier.rules import Rules

_FILE = "spb_train.jsonl.gz"
_PER_REASON = 150
"""Petitions of each reason, spread over the file: half of all are of four reasons."""
_RECALL, _PRECISION = 0.97, 0.85

_DANGERS = (
    "Открыт колодец, люк",
    "Провисающие, оборванные провода на зданиях",
    "Провисающие, оборванные провода на опорах освещения",
    "Наличие наледи на крыше",
    "Утратившие жизнеспособность деревья и кустарники, угроза падения деревьев",
    "Угроза падения дерева или его части",
    "Угроза падения дерева на проезжую часть, тротуар",
    "Угроза падения дерева",
    "Неисправен козырек над входом в подвал",
)
_NEIGHBOURS = (
    "Неудовлетворительное состояние колодца, люка",
    "Деревья и кустарники имеют неухоженный вид",
    "Утрата жизнеспособности, декоративной ценности зеленых насаждений, неухоженный вид деревьев и кустарников",
    "Упавшее дерево",
    "Неисправно освещение, опора освещения повреждена",
    "Неисправное освещение в подъезде / на фасаде жилого здания",
    "Повреждение кровли",
    "Повреждение водосточной трубы",
    "Неисправный лифт",
    "Повреждения дорожного покрытия  проезжей части",
    "Неубранный снег",
    "Открыты/закрыты подвальные окна, продухи, вход в подвал",
    "Отсутствие/неисправность крышки загрузочного люка мусоропровода",
)


def main() -> None:
    """Measure, print a table and write bench/out/incidents.json."""
    path = Path(os.environ.get("INTAKE109_BENCH_DATA", "")) / _FILE
    if not (os.environ.get("INTAKE109_BENCH_DATA") and path.exists()):
        progress(f"incidents: absent (set INTAKE109_BENCH_DATA to the folder of {_FILE} to measure)")
        return
    by_reason = _by_reason(path)
    progress("training from the catalogue")
    with tempfile.TemporaryDirectory() as folder:
        classifier = load_or_train(load(), Path(folder))
    progress("classifying")
    rules = Rules()
    flags = {
        reason: [verdict.incident.flag for verdict in classifier.classify_many(texts)]
        for reason, texts in by_reason.items()
    }
    seen = {reason: [rules.hear(text).is_sure for text in texts] for reason, texts in by_reason.items()}
    show("incidents", [*_together(flags), *_each(flags, seen, _DANGERS), *_each(flags, seen, _NEIGHBOURS)])


def _by_reason(path: Path) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for row in history.read(path, "text", "reason"):
        told.setdefault(row.label, []).append(row.text)
    return {reason: texts[:: max(len(texts) // _PER_REASON, 1)][:_PER_REASON] for reason, texts in told.items()}


def _together(flags: dict[str, list[bool]]) -> list[Line]:
    dangers, neighbours = _flags(flags, _DANGERS), _flags(flags, _NEIGHBOURS)
    others = _flags(flags, tuple(reason for reason in flags if reason not in (*_DANGERS, *_NEIGHBOURS)))
    near = alarms([True] * len(dangers) + [False] * len(neighbours), dangers + neighbours)
    return [
        Line("dangers: recall", near.recall, "", _RECALL, note=f"{len(dangers)} petitions"),
        Line("dangers against neighbours: precision", near.precision, "", _PRECISION, note=f"{len(neighbours)} calm"),
        Line("neighbours: flagged", sum(neighbours) / len(neighbours), "", note="some are dangers in truth"),
        Line("all other reasons: flagged", sum(others) / len(others), "", note=f"{len(others)} petitions"),
    ]


def _each(flags: dict[str, list[bool]], seen: dict[str, list[bool]], reasons: tuple[str, ...]) -> list[Line]:
    return [
        Line(reason[:70], sum(flags[reason]) / len(flags[reason]), "", note=_note(seen[reason]))
        for reason in reasons
        if flags.get(reason)
    ]


def _note(seen: list[bool]) -> str:
    return f"{len(seen)} petitions; by the floor alone {sum(seen) / len(seen):.2f}"


def _flags(flags: dict[str, list[bool]], reasons: tuple[str, ...]) -> list[bool]:
    return [flag for reason in reasons for flag in flags.get(reason, [])]


if __name__ == "__main__":
    main()
