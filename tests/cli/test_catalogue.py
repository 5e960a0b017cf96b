"""The catalogue on the command line is the one in use: the files, with the database's versions over them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from intake109.catalogue.contents import Kind, content_of
from intake109.catalogue.load import load
from intake109.catalogue.overlay import Entry
from intake109.catalogue.services import Catalogue
from intake109.cli import app
from intake109.clock import MovedClock
from intake109.store import revisions
from intake109.store.database import Database

CODE = "LIFT-006"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load()


@pytest.fixture
def centre(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of a centre with a database of either kind."""
    config = tmp_path / "config.yaml"
    config.write_text(f"storage: {{folder: {tmp_path}}}\n", encoding="utf-8")
    monkeypatch.setenv("INTAKE109_DATABASE_URL", database.url.render_as_string(hide_password=False))
    return config


@pytest.fixture
def run(centre: Path) -> Run:
    def command(*words: str) -> Result:
        return CliRunner().invoke(app, ["catalogue", *words, "--config", str(centre)])

    return command


def edit(database: Database, clock: MovedClock, shipped: Catalogue, *, is_retired: bool = False, **fields: Any) -> None:
    content = content_of(shipped, Kind.SERVICE, CODE) or {}
    with database.write() as session:
        number = len(revisions.of(session, Kind.SERVICE, CODE)) + 1
        entry = Entry(Kind.SERVICE, CODE, {**content, **fields}, is_retired)
        revisions.add(session, entry, number, None, "", clock.now())


def test_the_list_is_of_the_catalogue_in_use(
    run: Run, database: Database, clock: MovedClock, shipped: Catalogue
) -> None:
    edit(database, clock, shipped, deadline="24h", deadline_source="Приказ 17")

    found = {one["code"]: one for one in json.loads(run("list", "--json", "--sphere", "lifts").stdout)}

    assert len(found) == sum(one.sphere == "lifts" for one in shipped.services.values())
    assert (found[CODE]["deadline"], found[CODE]["deadline_source"]) == ("24h", "Приказ 17")
    assert set(found[CODE]) == {
        "code",
        "sphere",
        "group",
        "names",
        "executor",
        "danger",
        "deadline",
        "deadline_source",
        "ask",
        "answer",
        "phrases",
        "retired",
    }


def test_a_retired_service_is_listed_as_such(
    run: Run, database: Database, clock: MovedClock, shipped: Catalogue
) -> None:
    edit(database, clock, shipped, is_retired=True)

    lines = run("list", "--sphere", "lifts").stdout.splitlines()
    found = {one["code"]: one["retired"] for one in json.loads(run("list", "--json").stdout)}

    assert next(line for line in lines if line.endswith("(retired)")).startswith(CODE)
    assert [code for code, is_retired in found.items() if is_retired] == [CODE]


def test_the_difference_to_the_files_is_told_field_by_field(
    run: Run, database: Database, clock: MovedClock, shipped: Catalogue
) -> None:
    edit(database, clock, shipped, ru="Лифт не работает", deadline="24h", deadline_source="Приказ 17")

    told = run("diff").stdout
    (found,) = json.loads(run("diff", "--json").stdout)

    assert told.splitlines()[0].split()[:3] == ["renamed", "service", CODE]
    assert "    deadline: — → 24h" in told
    assert (found["what"], found["code"]) == ("renamed", CODE)
    assert {"field": "ru", "before": "Не работает лифт", "after": "Лифт не работает"} in found["changes"]


def test_the_difference_to_another_folder(run: Run, tmp_path: Path, shipped: Catalogue) -> None:
    services = tmp_path / "other" / "services"
    services.mkdir(parents=True)
    (services / "other.yaml").write_text(
        "sphere: other\nservices:\n  - {code: OTHER-001, ru: а, kk: б, en: c}\n", encoding="utf-8"
    )

    found = json.loads(run("diff", str(tmp_path / "other"), "--json").stdout)

    assert {one["what"] for one in found if one["kind"] == "service"} == {"added", "renamed"}
    assert sum(one["what"] == "added" and one["kind"] == "service" for one in found) == len(shipped.services) - 1


def test_looking_leaves_no_database_behind(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"storage: {{folder: {tmp_path / 'data'}}}\n", encoding="utf-8")

    result = CliRunner().invoke(app, ["catalogue", "diff", "--config", str(config)])

    assert result.stdout == "0 differences\n"
    assert not (tmp_path / "data").exists()


def test_near_duplicates_fail_the_check(tmp_path: Path) -> None:
    services = tmp_path / "services"
    services.mkdir()
    phrases = ("асфальт провалился возле пятой школы", "асфальт провалился возле шестой школы")
    text = "sphere: other\nservices:\n" + "".join(
        f"  - {{code: OTHER-00{i}, ru: а{i}, kk: б{i}, en: c{i}, phrases: {{ru: [{phrase}]}}}}\n"
        for i, phrase in enumerate(phrases, start=1)
    )
    (services / "other.yaml").write_text(text, encoding="utf-8")

    result = CliRunner().invoke(app, ["catalogue", "check", str(tmp_path)])

    assert result.exit_code == 1
    assert "error: OTHER-001: «асфальт провалился возле пятой школы» is much like" in result.stdout


def test_a_folder_is_imported_after_a_dry_run_and_taken_back(run: Run, tmp_path: Path) -> None:
    services = tmp_path / "mine" / "services"
    services.mkdir(parents=True)
    text = "sphere: lifts\nservices:\n  - {code: LIFT-901, ru: Лифт-сцена, kk: Сахна лифтісі, en: Stage lift}\n"
    (services / "lifts.yaml").write_text(text, encoding="utf-8")

    dry = run("import", str(tmp_path / "mine"), "--dry-run")
    assert "added        service   LIFT-901" in dry.stdout
    assert dry.stdout.endswith("nothing was saved\n")
    assert run("import", str(tmp_path / "mine")).exit_code == 1, "nobody says why"
    saved = run("import", str(tmp_path / "mine"), "--note", "приказ 17")
    assert "saved as import 1: 1 changes" in saved.stdout
    assert "LIFT-901" in run("list", "--sphere", "lifts").stdout
    assert run("undo", "1").stdout == "import 1 is taken back: 1 changes\n"

    (line,) = [one for one in run("list", "--sphere", "lifts").stdout.splitlines() if "LIFT-901" in one]
    assert line.endswith("(retired)")


def test_a_broken_import_is_told_line_by_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "lifts.yaml").write_text("sphere: lifts\nservices:\n  - {code: LIFT-901, ru: а}\n", encoding="utf-8")

    result = run("import", str(tmp_path / "lifts.yaml"), "--note", "x")

    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "services/lifts.yaml:3: LIFT-901 has no `kk`: add it"
    assert run("import", str(tmp_path / "nowhere.zip")).exit_code == 1


def test_questions_and_spheres_are_listed_too(run: Run, shipped: Catalogue) -> None:
    asks = json.loads(run("list", "--kind", "ask", "--json").stdout)

    assert [one["code"] for one in asks] == list(shipped.asks)
    assert "Жолдар мен тротуарлар" in run("list", "--kind", "sphere").stdout
    assert run("list", "--kind", "colour").exit_code == 1


def test_an_unknown_sphere_is_one_line_with_the_remedy(run: Run) -> None:
    result = run("list", "--sphere", "sky")

    assert result.exit_code == 1
    assert result.stderr.startswith("--sphere sky: unknown; write one of roads, traffic")
    assert len(result.stderr.splitlines()) == 1
