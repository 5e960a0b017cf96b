"""`intake109 train` on the command line: what needs no training of the whole catalogue."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from intake109.classifier.classifier import Classifier
from intake109.classifier.storage import save
from intake109.cli import app
from intake109.store import migrate, models
from intake109.store.database import Database

HISTORY = "text,label\n" + "яма на дороге,дороги\nфонарь не горит,свет\n" * 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(f"storage: {{folder: {tmp_path / 'var'}}}\n", encoding="utf-8")
    (tmp_path / "old.csv").write_text(HISTORY, encoding="utf-8")
    return tmp_path


def run(folder: Path, *words: str, said: str = "") -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(folder / "config.yaml")], input=said)


def test_labels_of_ones_own_are_learnt_and_used(folder: Path) -> None:
    model, columns = folder / "labels.npz", ("--text", "text", "--label", "label")

    trained = run(folder, "train", "--from", str(folder / "old.csv"), *columns, "--keep-labels", "--out", str(model))
    told = run(folder, "classify", "--model", str(model), said="фонарь\nяма\n")

    assert trained.exit_code == 0, trained.output
    assert "6 rows, 2 labels" in trained.output
    lines = [json.loads(line)["labels"][0]["label"] for line in told.output.splitlines()]
    assert lines == ["свет", "дороги"]


def test_a_model_of_own_labels_is_scored_without_learning_again(folder: Path) -> None:
    model, old, columns = folder / "labels.npz", str(folder / "old.csv"), ("--text", "text", "--label", "label")
    run(folder, "train", "--from", old, *columns, "--keep-labels", "--out", str(model))

    scored = run(folder, "evaluate", old, *columns, "--model", str(model), "--json", str(folder / "out.json"))

    figures = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert scored.exit_code == 0, scored.output
    assert (figures["accuracy"], figures["trained_on"]) == (1.0, 0)


def test_the_model_that_serves_is_the_one_that_is_scored(folder: Path, classifier: Classifier) -> None:
    save(classifier.parts, folder / "var" / "model" / "small.npz")
    database = Database(f"sqlite:///{folder / 'var' / 'intake109.sqlite3'}")
    migrate.upgrade(database)
    with database.write() as session:
        models.introduce(session, "small", "small.npz", datetime(2026, 3, 2, tzinfo=UTC), None)
    database.close()
    (folder / "test.csv").write_text("text,sphere\nяма на дороге,roads\n", encoding="utf-8")

    scored = run(folder, "evaluate", str(folder / "test.csv"), "--text", "text", "--label", "sphere")

    assert scored.exit_code == 0, scored.output
    assert list((folder / "var" / "model").iterdir()) == [folder / "var" / "model" / "small.npz"]  # nothing was trained
    assert "accuracy             1.0000" in scored.output


def test_to_learn_a_model_and_to_be_given_one_exclude_each_other(folder: Path) -> None:
    old, columns = str(folder / "old.csv"), ("--text", "text", "--label", "label")

    result = run(folder, "evaluate", old, *columns, "--train", old, "--model", str(folder / "labels.npz"))

    assert result.exit_code == 2
    assert "give one of the two" in result.output


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--back"], "there is no earlier model to go back to"),
        (["--forget", "old.csv"], "no history of this name"),
        (["--from", "old.csv"], "name its columns"),
        (["--keep-labels"], "go with --from"),
        (["--map", "map.csv"], "go with --from"),
    ],
)
def test_a_mistake_is_one_line(folder: Path, words: list[str], problem: str) -> None:
    result = run(folder, "train", *words)

    assert result.exit_code == 1
    assert problem in result.output
    assert "Traceback" not in result.output


def test_a_wrong_map_is_told_before_anything_is_trained(folder: Path) -> None:
    (folder / "map.csv").write_text("дороги,XX-1\n", encoding="utf-8")
    columns = ("--text", "text", "--label", "label", "--map", str(folder / "map.csv"))

    result = run(folder, "train", "--from", str(folder / "old.csv"), *columns)

    assert result.exit_code == 1
    assert "map.csv, line 1: no service or sphere has the code “XX-1”" in result.output
    assert not (folder / "var").exists()


def test_before_the_first_start_there_is_no_model_to_list(folder: Path) -> None:
    assert "no model yet" in run(folder, "train", "--list").output
