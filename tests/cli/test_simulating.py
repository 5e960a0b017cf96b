"""`intake109 simulate` as a program reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from intake109.cli import app


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_json_is_exactly_one_object_with_every_figure(tmp_path: Path) -> None:
    picture = tmp_path / "night.svg"

    result = CliRunner().invoke(
        app, ["simulate", "--scenario", "night", "--inspectors", "0", "--picture", str(picture), "--json"]
    )

    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert {"mentions", "registered_within_15", "late_by_cause", "alerts_per_inspector_hour"} <= set(told)
    assert {"automatic_wrong_service", "incidents_without_dispatcher", "seconds"} <= set(told)
    assert set(told["wait_s"]) == {"p50", "p95", "p99", "max"}
    assert (told["scenario"], told["inspectors"], told["days"], told["seed"]) == ("night", 0, 1, 1)
    assert (told["registered_within_20"], told["lost"], told["doubled"]) == (1.0, 0, 0)
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_an_unknown_scenario_is_one_line_and_no_traceback() -> None:
    result = CliRunner().invoke(app, ["simulate", "--scenario", "fog"])

    assert result.exit_code == 1
    assert result.stderr.strip() == "--scenario fog: unknown; write one of calm, day, storm, night, outage"
