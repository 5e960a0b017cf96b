"""How well labels of a centre's own are learnt: `python -m bench.history`.

Real labelled appeals come from the folder in INTAKE109_BENCH_DATA, if it is set; nothing of them is kept. Learnt is
the first 85 % of a file, in the order of time where a moment is told, scored the rest: a random split would put copies
of one text on both sides. Beside it, in the same run, the plain way: words and letters in TF-IDF, a LinearSVC. Last,
the language of real comments, of which nothing is learnt.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

from bench.report import Line, progress, show
from intake109.catalogue.load import load
from intake109.classifier import history
from intake109.classifier.evaluation import Ranked, Scores, score
from intake109.classifier.history import Labelled
from intake109.classifier.languages import Languages, Pieces
from intake109.classifier.trial import Outcome, try_history

_LEARNT = 0.85
_LIMIT_S = 180.0
_LIMIT_MB = 2000.0
_LANGUAGES = "language_train.jsonl.gz"
_LANGUAGE_AIM = 0.93


@dataclass(frozen=True, slots=True)
class _Task:
    """A column of a file; aims are for the hidden halves, of which nothing is known here."""

    name: str
    file: str
    label: str
    moment: str = ""
    accuracy: float | None = None
    top3: float | None = None
    macro_f1: float | None = None


_TASKS = (
    _Task("St Petersburg, reason", "spb_train.jsonl.gz", "reason", "at", 0.74, 0.92, 0.60),
    _Task("St Petersburg, category", "spb_train.jsonl.gz", "category", "at", 0.935, None, 0.83),
    _Task("Kursk, category", "kursk_train.jsonl.gz", "category", accuracy=0.85),
    _Task("Kursk, topic", "kursk_train.jsonl.gz", "topic", top3=0.77),
)


def main() -> None:
    """Measure every task in a process of its own, print a table and write bench/out/history.json."""
    folder = Path(os.environ.get("INTAKE109_BENCH_DATA", ""))
    lines: list[Line] = []
    for task in _TASKS:
        if not _is_there(folder, task.name, task.file):
            continue
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            progress(f"{task.name}: learning")
            outcome, peak_mb = pool.apply(_ours, (folder, task))
            progress(f"{task.name}: the plain way")
            plain, plain_s = pool.apply(_plain, (folder, task))
        lines += _lines(task, outcome, peak_mb, plain, plain_s)
    if _is_there(folder, "language", _LANGUAGES):
        lines += _language(folder)
    if lines:
        show("history", lines)


def _is_there(folder: Path, name: str, file: str) -> bool:
    if os.environ.get("INTAKE109_BENCH_DATA") and (folder / file).exists():
        return True
    progress(f"{name}: absent (set INTAKE109_BENCH_DATA to the folder of {file} to measure)")
    return False


def _lines(task: _Task, outcome: Outcome, peak_mb: float, plain: Scores, plain_s: float) -> list[Line]:
    ours, name = outcome.scores, task.name
    return [
        Line(f"{name}: accuracy", ours.accuracy, "", task.accuracy, note=f"plain {plain.accuracy:.3f}"),
        Line(f"{name}: top-3", ours.top3, "", task.top3, note=f"plain {plain.top3:.3f}"),
        Line(f"{name}: macro-F1", ours.macro_f1, "", task.macro_f1, note=f"plain {plain.macro_f1:.3f}"),
        Line(f"{name}: weighted F1", ours.weighted_f1, "", note=f"plain {plain.weighted_f1:.3f}"),
        Line(f"{name}: calibration error", ours.calibration_error, "", note="plain has no probabilities"),
        Line(f"{name}: training", outcome.training_s, "s", _LIMIT_S, "lower", f"plain {plain_s:.0f} s"),
        Line(f"{name}: peak memory", peak_mb, "MB", _LIMIT_MB, "lower", f"{outcome.trained_on} rows learnt"),
        Line(f"{name}: messages", outcome.messages_per_second, "/s", note=f"{ours.count} rows scored"),
    ]


def _language(folder: Path) -> list[Line]:
    rows = history.read(folder / _LANGUAGES, "text", "language")
    services = load().services.values()
    languages = Languages(
        Pieces.count(
            (phrase for service in services for phrase in service.phrases.kk),
            (phrase for service in services for phrase in service.phrases.ru),
        )
    )
    told = [languages.of(row.text).value for row in rows]
    scores = score([row.label for row in rows], [[(language, 1.0)] for language in told])
    count = f"{scores.count} real comments and reviews"
    return [
        Line("language: accuracy", scores.accuracy, "", note=count),
        Line("language: macro-F1", scores.macro_f1, "", _LANGUAGE_AIM, note=count),
    ]


def _split(folder: Path, task: _Task) -> tuple[list[Labelled], list[Labelled]]:
    rows = history.read(folder / task.file, "text", task.label)
    if task.moment:
        moments = [row.label for row in history.read(folder / task.file, "text", task.moment)]
        rows = [row for _, row in sorted(zip(moments, rows, strict=True), key=lambda pair: pair[0])]
    cut = int(len(rows) * _LEARNT)
    return rows[:cut], rows[cut:]


def _ours(folder: Path, task: _Task) -> tuple[Outcome, float]:
    outcome = try_history(*_split(folder, task))
    return outcome, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _plain(folder: Path, task: _Task) -> tuple[Scores, float]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    learnt, test = _split(folder, task)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    model = make_pipeline(make_union(words, letters), LinearSVC(random_state=0))
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit([row.text for row in learnt], [row.label for row in learnt])
    training_s = time.perf_counter() - started
    told: list[Ranked] = []
    for margins in model.decision_function([row.text for row in test]):
        told.append([(str(model.classes_[column]), 0.0) for column in (-margins).argsort()[:3]])
    return score([row.label for row in test], told), training_s


if __name__ == "__main__":
    main()
