"""Reports on the command line: of any days, in every format, and whether the sealed days still hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from intake109.cli import app
from intake109.clock import MovedClock
from intake109.reports import seal
from intake109.store.database import Database
from intake109.store.tables import SealRow
from tests.desk import Desk
from tests.reports.made import of_day

DAY = "2026-11-20"
Run = Callable[..., Result]


@pytest.fixture
def run(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    config = tmp_path / "config.yaml"
    config.write_text(f"storage: {{folder: {tmp_path}}}\n", encoding="utf-8")
    monkeypatch.setenv("INTAKE109_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    runner = CliRunner()
    return lambda *words: runner.invoke(app, ["report", *words, "--config", str(config)])


def test_a_range_of_days_is_written_with_its_figures(
    run: Run, sqlite: Database, clock: MovedClock, tmp_path: Path
) -> None:
    desk = Desk(sqlite, clock)
    desk.register(desk.waits())
    out = tmp_path / "report.json"

    result = run("--from", "2026-11-19", "--to", DAY, "-o", str(out))

    assert result.exit_code == 0, result.output
    figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    assert (figures["first"], figures["last"], figures["flow"]["mentions"]) == ("2026-11-19", DAY, 1)


@pytest.mark.parametrize("fmt", ["html", "pdf", "xlsx", "csv"])
def test_every_format_is_written(run: Run, fmt: str, tmp_path: Path) -> None:
    out = tmp_path / f"report.{fmt}"

    result = run("--from", DAY, "--format", fmt, "-o", str(out), "--language", "kk")

    assert result.exit_code == 0, result.output
    assert out.stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "22.11.2026"), "--from 22.11.2026: no day; write it like 2026-11-22"),
        (("--from", "2026-11-22", "--to", "2026-11-21"), "ends (2026-11-21) before it begins"),
        (("--from", DAY, "--format", "docx"), "--format docx: unknown; write one of html, pdf, xlsx, csv, json"),
        (("--from", DAY, "-o", "/nowhere/at/all.pdf"), "name a file in a folder that exists"),
        (("--from", DAY, "--language", "de"), "write one of ru, kk, en"),
        (("--from", DAY, "--correct", "--reason", "x"), "is not sealed; there is nothing to correct"),
    ],
)
def test_a_mistake_is_one_readable_line(run: Run, words: tuple[str, ...], told: str) -> None:
    result = run(*words)

    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_sealed_day_is_written_as_it_was_sealed_and_checked(
    run: Run, sqlite: Database, clock: MovedClock, tmp_path: Path
) -> None:
    with sqlite.write() as session:
        digest = seal.seal(session, of_day(DAY), clock.now()).digest
    out = tmp_path / "report.json"

    written, held, strange = run("--from", DAY, "-o", str(out)), run("--verify"), run("--verify", "--digest", "f" * 64)

    assert json.loads(out.read_text(encoding="utf-8"))["figures"]["flow"]["mentions"] == 5
    assert digest in written.output
    assert (held.exit_code, held.output.strip()) == (0, "1 links hold")
    assert strange.exit_code == 1
    assert f"that of {DAY}, revision 1" in run("--verify", "--digest", digest).output


def test_tampering_is_found_and_named(run: Run, sqlite: Database, clock: MovedClock) -> None:
    with sqlite.write() as session:
        seal.seal(session, of_day("2026-11-18"), clock.now())
        seal.seal(session, of_day("2026-11-19"), clock.now())
        session.execute(update(SealRow).where(SealRow.day == "2026-11-18").values(content="{}"))  # type: ignore[arg-type]

    result = run("--verify")

    assert result.exit_code == 1
    assert "2026-11-18, revision 1: what it says was changed" in result.output
    assert "2026-11-19" not in result.output


def test_a_correction_says_what_changes(run: Run, sqlite: Database, clock: MovedClock) -> None:
    with sqlite.write() as session:
        seal.seal(session, of_day(DAY), clock.now())

    result = run("--from", DAY, "--correct", "--reason", "журнал пришёл позже")

    assert "flow.mentions: 5 → 0" in result.output
    assert "revision 2" in result.output
    assert run("--verify").exit_code == 0
