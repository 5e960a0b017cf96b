"""What the classifier costs and how good it is from the catalogue alone: `python -m bench.classifier`.

The independent messages (`data/messages.yaml`, `data/messages_second.yaml`) were written by two hands without sight of
the phrases and the demo days: they are the figures to believe. The demo days were read while rules were tuned, so
theirs flatters. Held out are a fifth of the phrases of every service. Real labelled texts for the language come from
the folder in INTAKE109_BENCH_DATA, if it is set.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import resource
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from intake109.catalogue.load import load
from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue, Phrases
from intake109.classifier.classifier import Classifier, load_or_train, train
from intake109.classifier.evaluation import Ranked, alarms, by_sphere, score
from intake109.config import Classifier as ClassifierSettings
from intake109.model import Verdict

_OUT = Path(__file__).parent / "out"
_DAYS = Path(__file__).parent.parent / "intake109" / "demo" / "city"
_DATA = Path(__file__).parent / "data"
_EVERY = 5
_RIGHT_ENOUGH = 0.8
_Held = list[tuple[str, str, str, bool]]
Figures = dict[str, Any]


def main() -> None:
    """Measure everything, print a table and write bench/out/classifier.json."""
    console = Console()
    figures: Figures = {}
    started = time.perf_counter()
    catalogue = load()
    figures["catalogue: load, s"] = time.perf_counter() - started
    figures["catalogue: services"] = len(catalogue.services)
    figures["catalogue: phrases"] = sum(len(service.phrases.all) for service in catalogue.services.values())
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(1) as pool:
        console.print("training in a process of its own…")
        figures.update(pool.apply(_train_apart, (folder,)))
        started = time.perf_counter()
        classifier = load_or_train(catalogue, Path(folder))
        figures["cost: load a trained model, s"] = time.perf_counter() - started
    figures.update(_speed(classifier, _texts(catalogue)))
    figures.update(_told(classifier, "independent messages", _message_texts("messages")))
    figures.update(_told(classifier, "second independent messages", _message_texts("messages_second")))
    figures.update(_told(classifier, "demo days", _day_texts()))
    figures.update(_language(classifier))
    console.print("held-out phrases…")
    figures.update(_held_out(catalogue))
    _OUT.mkdir(exist_ok=True)
    (_OUT / "classifier.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False), encoding="utf-8")
    table = Table("figure", "value", title="Classifier, from the catalogue alone")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3f}" if type(value) is float else str(value))
    console.print(table)


def _train_apart(folder: str) -> Figures:
    """Train: it takes a process of its own, so what this fresh one's children used is the training's."""
    catalogue = load()
    started = time.perf_counter()
    load_or_train(catalogue, Path(folder))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    (path,) = Path(folder).glob("*.npz")
    return {
        "cost: training, s of CPU": used.ru_utime + used.ru_stime,
        "cost: training, s": time.perf_counter() - started,
        "cost: peak memory of training, MB": used.ru_maxrss / 1024,
        "cost: model file, MB": path.stat().st_size / 1e6,
    }


def _speed(classifier: Classifier, texts: list[str]) -> Figures:
    classifier.classify_many(texts[:200])
    times = []
    for text in texts[:1000]:
        began = time.process_time()
        classifier.classify(text)
        times.append(time.process_time() - began)
    times.sort()
    began = time.process_time()
    classifier.classify_many(texts)
    return {
        "cost: one message p50, ms of CPU": 1000 * times[len(times) // 2],
        "cost: one message p99, ms of CPU": 1000 * times[int(len(times) * 0.99)],
        "cost: messages per CPU second in a batch": len(texts) / (time.process_time() - began),
    }


def _texts(catalogue: Catalogue) -> list[str]:
    phrases = [phrase for service in catalogue.services.values() for phrase in service.phrases.all]
    return [*(text for text, _ in _day_texts()), *phrases[::5]]


def _day_texts() -> list[tuple[str, dict[str, Any]]]:
    """Return the texts of the demo days, with their parents', and a careful human's reading."""
    items = [item for path in sorted(_DAYS.glob("day_*.yaml")) for item in yaml.safe_load(path.read_text("utf-8"))]
    by_id = {item["id"]: item for item in items}
    told = []
    for item in items:
        if "expect" not in item or not item.get("text") or "continues" in item["expect"]:
            continue
        parent = by_id.get(item.get("under") or item.get("reply_to") or "", {}).get("text", "")
        told.append((f"{item['text']}\n{parent}".strip(), item["expect"] | {"has_parent": bool(parent)}))
    return told


def _message_texts(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the messages written for measuring, by somebody who had seen neither the phrases nor the demo days."""
    rows = yaml.safe_load((_DATA / f"{name}.yaml").read_text("utf-8"))
    return [(row["text"], row | {"has_parent": False}) for row in rows]


def _told(classifier: Classifier, name: str, told: list[tuple[str, dict[str, Any]]]) -> Figures:
    verdicts = classifier.classify_many([text for text, _ in told])
    pairs = [(verdict, expect) for verdict, (_, expect) in zip(verdicts, told, strict=True)]
    spheres = [(v, e["sphere"]) for v, e in pairs if e.get("sphere")]
    alone = [(v, e) for v, e in pairs if not e["has_parent"]]
    sphere = score([truth for _, truth in spheres], [_spheres(v) for v, _ in spheres])
    incident = alarms([bool(e.get("incident")) for _, e in pairs], [v.incident.flag for v, _ in pairs])
    languages = [(v, e["language"]) for v, e in alone if e.get("language")]
    language = score([truth for _, truth in languages], [[(v.language.value, 1.0)] for v, _ in languages])
    return {
        f"{name}: count": len(pairs),
        f"{name}: sphere first": sphere.accuracy,
        f"{name}: sphere in the first three": sphere.top3,
        f"{name}: kind": _share([v.kind == e["kind"] for v, e in pairs]),
        f"{name}: kind, without a parent": _share([v.kind == e["kind"] for v, e in alone]),
        f"{name}: incident recall": incident.recall,
        f"{name}: incident precision": incident.precision,
        f"{name}: language": language.accuracy,
        f"{name}: language macro-F1": language.macro_f1,
    }


def _language(classifier: Classifier) -> Figures:
    folder = os.environ.get("INTAKE109_BENCH_DATA")
    path = Path(folder) / "language_train.jsonl.gz" if folder else None
    if path is None or not path.exists():
        return {"real texts: language": "absent (set INTAKE109_BENCH_DATA to measure)"}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    verdicts = classifier.classify_many([row["text"] for row in rows])
    scores = score([row["language"] for row in rows], [[(v.language.value, 1.0)] for v in verdicts])
    return {"real texts: language macro-F1": scores.macro_f1, "real texts: language rows": len(rows)}


def _held_out(catalogue: Catalogue) -> Figures:
    learnt, held = _split(catalogue)
    classifier = train(learnt)
    texts = [text for text, *_ in held]
    verdicts = classifier.classify_many(texts)
    appeals = [(v, row) for v, row in zip(verdicts, held, strict=True) if row[1]]
    sphere = score([row[2] for _, row in appeals], [_spheres(v) for v, _ in appeals])
    service = score([row[1] for _, row in appeals], [[(g.code, g.probability) for g in v.services] for v, _ in appeals])
    others = [(v, row) for v, row in zip(verdicts, held, strict=True) if not row[1]]
    dangers = [v.incident.flag for v, row in appeals if row[3]]
    calm = [v.incident.flag for v, _ in others]
    incident = alarms([True] * len(dangers) + [False] * len(calm), dangers + calm)
    everywhere = alarms([row[3] for row in held], [v.incident.flag for v in verdicts])
    baseline = _baseline(learnt, texts)
    return {
        "held out: phrases": len(appeals),
        **{f"held out: sphere {name}": value for name, value in asdict(sphere).items() if name != "count"},
        **{f"held out: service {name}": value for name, value in asdict(service).items() if name != "count"},
        **_preselected([(v.services[0].probability, v.services[0].code == row[1]) for v, row in appeals if v.services]),
        "held out: kind": _share(
            [v.kind == (row[2] if not row[1] else "appeal") for v, row in zip(verdicts, held, strict=True)]
        ),
        "held out: incident recall": incident.recall,
        "held out: incident precision against negatives": incident.precision,
        "held out: incident precision against all": everywhere.precision,
        "plain TF-IDF + LinearSVC: sphere": _share([baseline[0][i] == row[2] for i, row in enumerate(held) if row[1]]),
        "plain TF-IDF + LinearSVC: kind": _share(
            [baseline[1][i] == (row[2] if not row[1] else "appeal") for i, row in enumerate(held)]
        ),
        "plain TF-IDF + LinearSVC: training, s": baseline[2],
    }


def _split(catalogue: Catalogue) -> tuple[Catalogue, _Held]:
    """Hold out every fifth text: (text, code or "", sphere or kind, danger)."""
    held: _Held = []
    place = 0

    def part(texts: Sequence[str], keep: Callable[[str], None]) -> tuple[str, ...]:
        nonlocal place
        learnt = []
        for text in texts:
            place += 1
            if place % _EVERY:
                learnt.append(text)
            else:
                keep(text)
        return tuple(learnt)

    services = {}
    for code, service in catalogue.services.items():
        row = (code, service.sphere, service.is_incident)
        own = [part(texts, lambda text, row=row: held.append((text, *row)))  # type: ignore[misc]
               for texts in (service.phrases.ru, service.phrases.kk, service.phrases.other)]  # fmt: skip
        services[code] = replace(service, phrases=service.phrases if code == TO_BE_CLARIFIED else Phrases(*own))
    held = [row for row in held if row[1] != TO_BE_CLARIFIED]
    examples = {
        kind: part(texts, lambda text, kind=kind: held.append((text, "", kind, False)))  # type: ignore[misc]
        for kind, texts in catalogue.examples.items()
    }
    calm = []
    for text, kind in catalogue.calm:
        kept = part([text], lambda text, kind=kind: held.append((text, "", kind, False)))  # type: ignore[misc]
        calm += [(text, kind) for text in kept]
    return replace(catalogue, services=services, examples=examples, calm=tuple(calm)), held


def _preselected(firsts: list[tuple[float, bool]]) -> Figures:
    """Say how good the services are that the form chooses beforehand, and from which probability they would be enough.

    Held-out phrases are shorter and stranger than messages, so the share chosen is a lower bound.
    """
    sure = ClassifierSettings().sure_probability
    chosen = [is_right for probability, is_right in firsts if probability >= sure]
    best, right = 1.0, 0
    for count, (probability, is_right) in enumerate(sorted(firsts, reverse=True), start=1):
        right += is_right
        if right / count >= _RIGHT_ENOUGH:
            best = probability
    return {
        "held out: preselected": len(chosen) / max(len(firsts), 1),
        "held out: preselected is right": _share(chosen),
        f"held out: {_RIGHT_ENOUGH:.0%} right from a probability of": best,
    }


def _baseline(learnt: Catalogue, texts: list[str]) -> tuple[list[str], list[str], float]:
    """Return what the plain way says of spheres and kinds; of 1,000 services it would need 20 minutes."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    phrases = [(phrase, service.sphere) for service in learnt.services.values() for phrase in service.phrases.all]
    others = [(text, kind) for kind, said in learnt.examples.items() for text in said] + list(learnt.calm)
    kinds = [(phrase, "appeal") for phrase, _ in phrases] + others

    def fit(rows: list[tuple[str, str]]) -> list[str]:
        union = make_union(TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5)))
        model = make_pipeline(union, LinearSVC())
        model.fit([text for text, _ in rows], [label for _, label in rows])
        return [str(label) for label in model.predict(texts)]

    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit(phrases), fit(kinds), time.perf_counter() - started


def _spheres(verdict: Verdict) -> Ranked:
    return by_sphere([(guess.sphere, guess.probability) for guess in verdict.services])


def _share(right: list[bool]) -> float:
    return sum(right) / len(right)


if __name__ == "__main__":
    main()
