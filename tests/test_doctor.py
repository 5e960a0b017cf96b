"""What `intake109 doctor` finds of channels that can be examined without asking a platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake109 import doctor
from intake109.config import Config, Storage
from intake109.doctor import Finding, Grade
from intake109.media.shared import mark_of
from intake109.store import leases, migrate, processes
from intake109.store.database import Database
from intake109.store.processes import Me

_INSTALOADER = """
  instagram:
    enabled: true
    username: karatobe109
    instaloader:
      enabled: true
      username: karatobe109
      session_file: {folder}/own.session
"""


@pytest.fixture(autouse=True)
def _no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE109_WEBSITE_SECRET", "a-long-random-word")
    monkeypatch.delenv("INTAKE109_DATABASE_URL", raising=False)


def found(folder: Path, channels: str, name: str) -> Finding:
    file = folder / "config.yaml"
    file.write_text(f"storage:\n  folder: {folder}\nchannels:{channels}", encoding="utf-8")
    return next(finding for finding in doctor.examine(file) if finding.what == name)


def test_instaloader_alone_needs_its_session_file_and_nothing_of_the_graph(tmp_path: Path) -> None:
    channels = _INSTALOADER.format(folder=tmp_path)

    missing = found(tmp_path, channels, "instagram")
    (tmp_path / "own.session").touch()
    there = found(tmp_path, channels, "instagram")

    assert (missing.is_bad, "own.session is missing" in missing.says) == (True, True)
    assert (there.grade, "instaloader alone" in there.says) == (Grade.GOOD, True)


def test_the_web_site_is_examined_like_the_other_channels(tmp_path: Path) -> None:
    on = found(tmp_path, "\n  website:\n    enabled: true\n", "website")
    off = found(tmp_path, "\n  website:\n    enabled: false\n", "website")

    assert (on.grade, on.says) == (Grade.GOOD, "takes appeals at http://127.0.0.1:8109/form")
    assert off.says == "switched off"


def calendar(folder: Path, named: str = "", text: str = "") -> Finding:
    """Examine a centre's folder of calendars with one file."""
    calendars, file = folder / "calendars", folder / "config.yaml"
    calendars.mkdir()
    if named:
        (calendars / named).write_text(text, encoding="utf-8")
    file.write_text(f"storage:\n  folder: {folder}\ndeadlines:\n  calendars: {calendars}\n", encoding="utf-8")
    return next(finding for finding in doctor.examine(file) if finding.what == "calendar")


def test_a_year_nobody_has_written_is_warned_of_before_it_comes(tmp_path: Path) -> None:
    config = Config(storage=Storage(folder=tmp_path))

    written = doctor.calendar(config, datetime(2026, 12, 31, 18, 59, tzinfo=UTC))
    missing = doctor.calendar(config, datetime(2026, 12, 31, 19, 0, tzinfo=UTC))  # already 2027 in the city

    assert (written.grade, written.says[:5]) == (Grade.GOOD, "2026-")
    assert (missing.grade, "no working calendar of 2028" in missing.says) == (Grade.WARNING, True)
    assert missing.remedy.startswith("write 2028.yaml into the folder of deadlines.calendars")


def test_a_broken_calendar_is_found_with_its_line(tmp_path: Path) -> None:
    found = calendar(tmp_path, "2026.yaml", "holidays:\n  - {day: soon, ru: А, kk: Б, en: C}\n")

    assert found.is_bad
    assert found.says == "2026.yaml:2: `day` must be a date like 2026-12-16"


def gazetteer(folder: Path, content: str | None) -> Finding:
    streets, file = folder / "streets.csv", folder / "config.yaml"
    if content is not None:
        streets.write_text(content, encoding="utf-8")
    named = "" if content is None else streets
    file.write_text(f"storage:\n  folder: {folder}\ncity:\n  gazetteer: '{named}'\n", encoding="utf-8")
    return next(finding for finding in doctor.examine(file) if finding.what == "gazetteer")


def test_the_gazetteer_is_counted_and_one_that_is_wrong_is_shown_with_file_and_line(tmp_path: Path) -> None:
    none = gazetteer(tmp_path, None)
    good = gazetteer(tmp_path, "kind,ru\nstreet,Абая\nstreet,Мира\nlandmark,ЦУМ\n")
    bad = gazetteer(tmp_path, "kind,ru\nstreet,Абая\nroad,Мира\nstreet,\n")

    assert (none.grade, "city.gazetteer" in none.remedy) == (Grade.WARNING, True)
    assert (good.grade, good.says) == (Grade.GOOD, f"2 streets, 1 landmark, in {tmp_path / 'streets.csv'}")
    assert (bad.grade, bad.says.split(": ")[0]) == (Grade.BAD, f"{tmp_path / 'streets.csv'}:3")
    assert bad.remedy.startswith("mend it and the other 1")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_worker_that_sees_another_folder_is_told_with_the_remedy(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("INTAKE109_DATABASE_URL", url)
    here, there = Me("a:1", "worker", "a", 1), Me("b:2", "worker", "b", 2)
    with database.write() as session:
        processes.seen(session, here, mark_of(tmp_path))
        leases.take(session, leases.SCHEDULER, here.id, timedelta(seconds=10))
    shared = found(tmp_path, "", "shared folder")
    with database.write() as session:
        processes.seen(session, there, mark_of(tmp_path / "elsewhere"))

    apart, all_of = found(tmp_path, "", "shared folder"), found(tmp_path, "", "processes")

    assert shared.grade is Grade.GOOD
    assert (apart.grade, "b:2 see another one" in apart.says) == (Grade.BAD, True)
    assert all_of.says == "worker a:1, worker b:2; elected: a:1"


@pytest.mark.parametrize(
    ("settings", "what", "says"),
    [
        ("", "alerts", "no fallback"),
        ("alerts: {fallback: {email: boss@example.kz}, email: {host: mail, from_address: a@b.kz}}", "alerts", ""),
        ("promise: {duty_dispatcher: nobody}", "catalogue", "no executor nobody"),
    ],
)
def test_who_is_told_when_nobody_is_there_is_examined(tmp_path: Path, settings: str, what: str, says: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"storage:\n  folder: {tmp_path}\n{settings}\n", encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path / 'intake109.sqlite3'}")
    migrate.upgrade(database)
    database.close()

    finding = next(one for one in doctor.examine(file) if one.what == what)

    assert (finding.grade is Grade.WARNING) == bool(says)
    assert says in finding.says
