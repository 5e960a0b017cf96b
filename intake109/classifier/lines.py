"""Verdicts as JSON lines, for programs that read the classifier's word from a pipe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Protocol

from intake109.catalogue.services import Catalogue
from intake109.classifier.contest import Judging
from intake109.classifier.labelled import LabelClassifier
from intake109.errors import PayloadError
from intake109.model import Span, Verdict

_BATCH = 256


class Explaining(Judging, Protocol):
    """Judges texts, and says which words spoke for a service."""

    def explain(self, text: str, code: str) -> list[Span]: ...


def classify_lines(
    classifier: Explaining, catalogue: Catalogue, lines: Iterable[str], *, explain: bool = False
) -> Iterator[str]:
    """Give a JSON line for each line of text, or of JSON with a `text`; order and count stay.

    With `explain` the first service names the words that spoke for it, `because`; that takes several times as long.

    Raises:
        PayloadError: a line that begins like JSON is none, or has no text; the line's number is named.
    """

    def answer(texts: list[str]) -> list[dict[str, Any]]:
        verdicts = classifier.classify_many(texts)
        shown = [_shown(text, verdict, catalogue) for text, verdict in zip(texts, verdicts, strict=True)]
        if explain:
            for text, one in zip(texts, shown, strict=True):
                for first in one["services"][:1]:
                    spans = classifier.explain(text, first["code"])
                    first["because"] = [text[span.start : span.end] for span in spans]
        return shown

    return _answered(lines, answer)


def label_lines(classifier: LabelClassifier, lines: Iterable[str]) -> Iterator[str]:
    """Give a JSON line with `labels` for each line, as `classify_lines` does; the labels are a centre's own.

    Raises:
        PayloadError: as `classify_lines`.
    """

    def answer(texts: list[str]) -> list[dict[str, Any]]:
        return [
            {"labels": [{"label": label, "probability": round(probability, 4)} for label, probability in suggested]}
            for suggested in classifier.suggest(texts)
        ]

    return _answered(lines, answer)


def _answered(lines: Iterable[str], answer: Callable[[list[str]], list[dict[str, Any]]]) -> Iterator[str]:
    numbered = enumerate(lines, start=1)
    is_more = True
    while is_more:
        texts, failure = _batch(numbered)
        for told in answer(texts):
            yield json.dumps(told, ensure_ascii=False)
        if failure is not None:
            raise failure
        is_more = len(texts) == _BATCH


def _batch(numbered: Iterator[tuple[int, str]]) -> tuple[list[str], PayloadError | None]:
    """Return the next texts, up to a line that cannot be read: what stood before it is still answered."""
    texts: list[str] = []
    for number, line in islice(numbered, _BATCH):
        try:
            texts.append(_text(number, line))
        except PayloadError as error:
            return texts, error
    return texts, None


def _text(number: int, line: str) -> str:
    line = line.rstrip("\n")
    if not line.lstrip().startswith("{"):
        return line
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError) as error:
        raise PayloadError(f'line {number}: write plain text, or JSON like {{"text": "…"}}') from error
    if not isinstance(text, str):
        raise PayloadError(f"line {number}: `text` must be a text")
    return text


def _shown(text: str, verdict: Verdict, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "kind": verdict.kind.value,
        "kind_probability": round(verdict.kind_probability, 4),
        "services": [
            {
                "code": guess.code,
                "sphere": guess.sphere,
                "name": catalogue.services[guess.code].names.of(verdict.language.value),
                "probability": round(guess.probability, 4),
            }
            for guess in verdict.services
        ],
        "incident": {
            "flag": verdict.incident.flag,
            "score": round(verdict.incident.score, 4),
            "reasons": [text[span.start : span.end] for span in verdict.incident.reasons],
        },
        "language": verdict.language.value,
        "place": {
            name: getattr(verdict.place, name)
            for name in ("text", "street", "house", "flat", "district", "landmark", "key", "normalised")
        },
    }
