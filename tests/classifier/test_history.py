"""A centre's own history, read from files as other programs write them, and scored."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from intake109.classifier.classifier import Classifier
from intake109.classifier.history import HistoryError, Labelled, read
from intake109.classifier.trial import try_catalogue, try_history
from intake109.cli import app
from tests.classifier.examples import small_catalogue

ROWS = [
    {"said": said, "topic": topic}
    for said, topic in (
        ("яма на дороге", "roads"),
        ("выбоина в асфальте", "roads"),
        ("дорога вся в ямах", "roads"),
        ("нет света во дворе", "light"),
        ("не горит фонарь", "light"),
        ("света нет второй день", "light"),
    )
]


def _json_lines(path: Path) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["told.jsonl", "told.jsonl.gz"])
def test_json_lines_are_read_packed_or_not(tmp_path: Path, name: str) -> None:
    path = _json_lines(tmp_path / name)

    rows = read(path, "said", "topic")

    assert rows[3] == Labelled("нет света во дворе", "light", 4)
    assert len(rows) == len(ROWS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheets_csv_is_read_with_its_mark_and_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "told.csv"
    path.write_text(f'said{delimiter}topic\n"яма\nво дворе"{delimiter}7\nснег{delimiter}8\n', encoding="utf-8-sig")

    rows = read(path, "said", "topic")

    assert rows == [Labelled("яма\nво дворе", "7", 3), Labelled("снег", "8", 4)]


def test_numbers_are_labels_too(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    path.write_text('{"said": "", "topic": 3}\n', encoding="utf-8")

    assert read(path, "said", "topic") == [Labelled("", "3", 1)]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", '{"said": "яма", "topic": "x"}\n{"said": "яма"}\n', "line 2: no column “topic”; there are said"),
        ("a.jsonl", '\n{"said": 5, "topic": "x"}\n', "line 2, column “said”: 5 is no text"),
        ("a.jsonl", '{"said": "яма", "topic": null}\n', "line 1, column “topic”: no label"),
        ("a.jsonl", '{"said": "яма", "topic": true}\n', "line 1, column “topic”: no label"),
        ("a.jsonl", "{\n", "line 1: not JSON"),
        ("a.jsonl", "[1]\n", "line 1: not an object"),
        ("a.jsonl", "", "no rows"),
        ("a.csv", "", "no rows"),
        ("a.csv", "said,topic\nяма, большая,x\n", "line 2: 3 values where the heading has 2 columns"),
        ("a.csv", "said,topic\nяма,\n", "line 2, column “topic”: no label"),
        ("a.csv", 'said,topic\nяма,x\n"яма,x\n', "line 3: not CSV"),
        ("a.csv", "text,topic\nяма,x\n", "line 2: no column “said”; there are text, topic"),
        ("a.xlsx", "", "unknown format"),
        ("a.jsonl.gz", "no gzip", "cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_file_line_and_column(tmp_path: Path, name: str, content: str, says: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    with pytest.raises(HistoryError) as raised:
        read(path, "said", "topic")

    assert str(path) in str(raised.value)
    assert says in str(raised.value)


def test_another_encoding_is_said_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "told.csv"
    path.write_bytes("said,topic\nяма,x\n".encode("cp1251"))

    with pytest.raises(HistoryError, match="UTF-8"):
        read(path, "said", "topic")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="check the path"):
        read(tmp_path / "none.csv", "said", "topic")


def test_a_history_is_learnt_and_scored() -> None:
    learnt = [Labelled(row["said"], row["topic"], 1) for row in ROWS]
    test = [Labelled("яма", "roads", 1), Labelled("нет света", "light", 2), Labelled("кошка", "pets", 3)]
    heard: list[str] = []

    outcome = try_history(learnt, test, lambda what, _share: heard.append(what))

    assert outcome.scores.accuracy == pytest.approx(2 / 3)
    assert outcome.trained_on == len(ROWS)
    assert heard[-1] == "scoring"


@pytest.mark.parametrize(("label", "what"), [("roads", "sphere"), ("ROAD-001", "service")])
def test_the_catalogues_classifier_is_scored_on_spheres_and_on_services(
    classifier: Classifier, label: str, what: str
) -> None:
    catalogue = small_catalogue()

    outcome = try_catalogue(classifier, catalogue, Path("t.csv"), [Labelled("яма на дороге", label, 2)])

    assert (outcome.labels, outcome.scores.accuracy) == (what, 1.0)


def test_a_label_the_catalogue_does_not_know_is_named(classifier: Classifier) -> None:
    catalogue = small_catalogue()
    test = [Labelled("яма", "roads", 2), Labelled("яма", "ROAD-001", 3)]

    with pytest.raises(HistoryError, match=r"t\.csv, line 3: label “ROAD-001” is no sphere"):
        try_catalogue(classifier, catalogue, Path("t.csv"), test)


def test_the_command_writes_the_figures(tmp_path: Path) -> None:
    path, out = _json_lines(tmp_path / "told.jsonl"), tmp_path / "out.json"
    columns = ["--text", "said", "--label", "topic"]

    done = CliRunner().invoke(app, ["evaluate", str(path), "--train", str(path), *columns, "--json", str(out)])

    figures = json.loads(out.read_text(encoding="utf-8"))
    assert done.exit_code == 0
    assert figures["accuracy"] == 1.0
    assert {"top3", "macro_f1", "weighted_f1", "calibration_error", "messages_per_second"} <= set(figures)


def test_the_command_says_a_mistake_in_one_line(tmp_path: Path) -> None:
    path = _json_lines(tmp_path / "told.jsonl")

    done = CliRunner().invoke(app, ["evaluate", str(path), "--train", str(path), "--text", "said", "--label", "what"])

    assert done.exit_code == 1
    assert done.output.strip().splitlines() == [f"{path}, line 1: no column “what”; there are said, topic"]
