"""How fast learning from decisions passes the cold start: `python -m bench.learning [count …]`.

Real petitions in the order of time stand for an inspector's decisions; their reasons are mapped to spheres by hand
(`data/reasons.yaml`). After so many decisions the next 2,000 are judged, by the catalogue alone, by the catalogue
corrected by the decisions, and by the decisions alone. The catalogue's model is trained once and read with its own
words; the product also learns words that only decisions have, which at 10,000 made no difference.

The petitions come from the folder in INTAKE109_BENCH_DATA, if it is set; nothing of them is kept. Each count is
measured in a process of its own and kept in bench/out/learning; with counts given only those are measured anew, the
table and the picture show all.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from bench.report import OUT, Line, progress, show
from intake109.catalogue.load import load
from intake109.classifier import history, labelled
from intake109.classifier.classifier import Classifier, load_or_train
from intake109.classifier.decided import corrected
from intake109.classifier.evaluation import Ranked, by_sphere, score
from intake109.classifier.examples import Example, told_once

_COUNTS = (0, 100, 300, 1000, 3000, 10_000)
_NEXT = 2000
_FILE = "spb_train.jsonl.gz"
_REASONS = Path(__file__).parent / "data" / "reasons.yaml"
_POINTS = OUT / "learning"
_PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "learning"
_WAYS = {
    "cold": "the catalogue alone",
    "learnt": "the catalogue, corrected by decisions",
    "alone": "decisions alone",
}
Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Point:
    """Shares of right spheres after `count` decisions; `alone` is 0 where there is nothing to learn from."""

    count: int
    judged: int
    cold: float
    cold_top3: float
    learnt: float
    learnt_top3: float
    alone: float
    alone_top3: float
    correcting_s: float


def main(wanted: list[str]) -> None:
    """Measure, print a table, write bench/out/learning.json and the picture."""
    folder = os.environ.get("INTAKE109_BENCH_DATA", "")
    path = Path(folder) / _FILE
    if not folder or not path.exists():
        progress(f"absent (set INTAKE109_BENCH_DATA to the folder of {_FILE} to measure)")
        return
    for count in map(int, wanted or _COUNTS):
        progress(f"after {count} decisions")
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            point = pool.apply(measure, (path, count))
        _POINTS.mkdir(parents=True, exist_ok=True)
        (_POINTS / f"{count}.json").write_text(json.dumps(asdict(point)), encoding="utf-8")
    points = [Point(**json.loads(file.read_text("utf-8"))) for file in _POINTS.glob("*.json")]
    points.sort(key=lambda point: point.count)
    show("learning", [line for point in points for line in _lines(point)])
    _draw(points)


def measure(path: Path, count: int) -> Point:
    """Learn the first `count` petitions, judge the next."""
    rows = _rows(path)
    examples = told_once(Example(text, "appeal", sphere=sphere) for text, sphere in rows[:count])
    test = rows[count : count + _NEXT]
    catalogue = load()
    classifier = load_or_train(catalogue, _POINTS / "model")
    cold = _judged(classifier, test)
    started = time.perf_counter()
    parts = corrected(classifier.parts, catalogue, examples)
    correcting_s = time.perf_counter() - started
    learnt = _judged(Classifier(parts, "learnt"), test) if count else cold
    alone = _alone(examples, test) if count else (0.0, 0.0)
    return Point(count, len(test), *cold, *learnt, *alone, correcting_s)


def _rows(path: Path) -> Rows:
    spheres = {reason: sphere for sphere, reasons in _reasons().items() for reason in reasons}
    told = history.read(path, "text", "reason")
    moments = [row.label for row in history.read(path, "text", "at")]
    ordered = sorted(zip(moments, told, strict=True), key=lambda pair: pair[0])
    return [(row.text, spheres[row.label]) for _, row in ordered if row.label in spheres and row.text.split()]


def _reasons() -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.safe_load(_REASONS.read_text("utf-8"))
    return read


def _judged(classifier: Classifier, test: Rows) -> tuple[float, float]:
    verdicts = classifier.classify_many([text for text, _ in test])
    return _scored(test, [by_sphere([(guess.sphere, guess.probability) for guess in v.services]) for v in verdicts])


def _alone(examples: list[Example], test: Rows) -> tuple[float, float]:
    classifier = labelled.train([one.text for one in examples], [one.sphere for one in examples])
    return _scored(test, classifier.suggest([text for text, _ in test]))


def _scored(test: Rows, suggested: list[Ranked] | list[list[tuple[str, float]]]) -> tuple[float, float]:
    scores = score([sphere for _, sphere in test], suggested)
    return scores.accuracy, scores.top3


def _lines(point: Point) -> list[Line]:
    note = f"decisions alone {point.alone:.3f} / {point.alone_top3:.3f}" if point.count else ""
    name = f"after {point.count} decisions"
    return [
        Line(f"{name}: first sphere", point.learnt, "", note=f"cold {point.cold:.3f}; {note}"),
        Line(f"{name}: first three", point.learnt_top3, "", note=f"cold {point.cold_top3:.3f}"),
        Line(f"{name}: correcting the model", point.correcting_s, "s"),
    ]


def _draw(points: list[Point]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (first, top3) = pyplot.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
    places = range(len(points))
    colours = {"cold": "#8a8f98", "learnt": "#1f5fd6", "alone": "#c77700"}
    for axes, ending, title in ((first, "", "Right sphere first"), (top3, "_top3", "Right sphere in the first three")):
        for way, name in _WAYS.items():
            told = [_height(point, way, ending) for point in points]
            axes.plot(
                places, told, marker="o", color=colours[way], label=name, linestyle="--" if way == "cold" else "-"
            )
        axes.set_title(title, fontsize=11)
        axes.set_xticks(list(places), [f"{point.count:,}" for point in points])
        axes.set_xlabel("decisions learnt; judged are the next 2,000")
        axes.set_ylim(0, 1)
        axes.grid(axis="y", alpha=0.3)
    first.legend(loc="lower right", frameon=False)
    _PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(_PICTURE.with_suffix(".png"), dpi=130)
    figure.savefig(_PICTURE.with_suffix(".svg"))


def _height(point: Point, way: str, ending: str) -> float:
    """Return a way's share; without decisions there is nothing to learn from alone."""
    told: float = getattr(point, way + ending)
    return told if point.count or way != "alone" else float("nan")


if __name__ == "__main__":
    main(sys.argv[1:])
