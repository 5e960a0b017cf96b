"""On which days executors work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import holidays
import pytest

from intake109.appeals.terms.calendar import SHIPPED, read, shipped_calendar
from intake109.errors import ConfigError

_DAY = "  - {day: %s, ru: Праздник, kk: Мереке, en: Holiday}\n"


def problems(folder: Path, text: str, name: str = "2026.yaml") -> list[str]:
    """Return what is said of a calendar."""
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read(folder)
    return caught.value.problems


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_the_shipped_years_agree_with_the_library_on_every_working_day(year: int) -> None:
    known = holidays.country_holidays("KZ", years=year)

    shipped = shipped_calendar().year(year)

    assert set(shipped.holidays) == set(known)
    assert shipped.is_given


def test_a_moved_day_is_off_and_the_sunday_it_was_moved_from_is_worked() -> None:
    calendar = shipped_calendar()

    assert not calendar.is_working(date(2025, 1, 3))
    assert calendar.is_working(date(2025, 1, 5))
    assert not calendar.is_working(date(2026, 5, 27))  # Kurban Ait
    assert calendar.is_working(date(2026, 12, 17))  # no holiday since 2022
    assert calendar.is_working(date(2026, 8, 31))  # Constitution Day has moved to March


def test_a_year_nobody_wrote_is_the_librarys_and_says_so() -> None:
    year = read().year(2030)

    assert not year.is_given
    assert date(2030, 3, 22) in year.holidays
    assert year.holidays[date(2030, 3, 22)].en == "Nowruz Holiday"


def test_a_centres_own_year_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "2026.yaml").write_text("holidays:\n" + _DAY % "2026-02-03", encoding="utf-8")

    calendar = read(tmp_path)

    assert not calendar.is_working(date(2026, 2, 3))
    assert calendar.is_working(date(2026, 1, 1))
    assert not calendar.is_working(date(2025, 1, 1))
    assert calendar.year(2026).version != shipped_calendar().year(2026).version


def test_a_version_changes_with_a_day_and_not_with_its_name(tmp_path: Path) -> None:
    shipped = (SHIPPED / "2026.yaml").read_text(encoding="utf-8")

    (tmp_path / "2026.yaml").write_text(shipped.replace("Новый год", "С новым годом"), encoding="utf-8")
    renamed = read(tmp_path).year(2026).version
    (tmp_path / "2026.yaml").write_text(shipped.replace("2026-05-27", "2026-05-28"), encoding="utf-8")
    moved = read(tmp_path).year(2026).version

    assert renamed == shipped_calendar().year(2026).version
    assert moved != renamed
    assert moved.startswith("2026-")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("holidays:\n" + _DAY % "1 января", "2026.yaml:2: `day` must be a date like 2026-12-16"),
        ("holidays:\n" + _DAY % "2026-02-30", "2026.yaml:2: `day` must be a date like 2026-12-16"),
        ("holidays:\n" + _DAY % "2027-01-01", "2026.yaml:2: 2027-01-01 is no day of 2026: move it to 2027.yaml"),
        (
            "holidays:\n" + _DAY % "2026-01-01" + _DAY % "2026-01-01",
            "2026.yaml:3: 2026-01-01 stands twice under `holidays`: keep one",
        ),
        (
            "holidays:\n" + _DAY % "2026-01-03" + "working:\n" + _DAY % "2026-01-03",
            "2026.yaml:4: 2026-01-03 is both a holiday and a working day: keep one",
        ),
        (
            "holidays:\n" + _DAY % "2026-01-01" + "working:\n" + _DAY % "2026-01-05",
            "2026.yaml:4: 2026-01-05 is no Saturday or Sunday and worked anyway: take it out",
        ),
        ("holidays:\n  - {day: 2026-01-01, ru: А, kk: Б}\n", "2026.yaml:2: a day of `holidays` has no `en`: add it"),
        ("holidays: []\n", "2026.yaml:1: 2026 has no holidays: list them under `holidays`"),
        ("праздники: []\n", "2026.yaml:1: a calendar has the unknown key `праздники`: use one of holidays, working"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    assert problems(tmp_path, text)[0] == said


def test_a_file_is_named_after_its_year(tmp_path: Path) -> None:
    said = problems(tmp_path, "holidays: []", "holidays.yaml")

    assert said == ["holidays.yaml: a calendar is named after its year; call it like 2026.yaml"]


def test_a_folder_that_is_not_there_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"deadlines\.calendars: .* is no folder; make it, or leave the key empty"):
        read(tmp_path / "nowhere")
