"""A centre's own names are read strictly: what is wrong is said at once, with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake109.classifier.place.gazetteer import Gazetteer, Named, NameKind, read
from intake109.errors import ConfigError


def _file(folder: Path, text: str, name: str = "streets.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _problems(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(path)
    return caught.value.problems


def test_a_row_says_all_there_is_to_a_name(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "kind,ru,kk,aliases,district,lat,lon\n"
        "street,Бухар-Жырау,Бұқар жырау,Ленина | Советский проспект,Центр,49.80,73.10\n"
        "village,,Қызылжар,,,,\n",
    )

    street, village = read(path).names

    assert street.all == ("Бухар-Жырау", "Бұқар жырау", "Ленина", "Советский проспект")
    assert (street.kind, street.district, street.point) == (NameKind.STREET, "Центр", (49.80, 73.10))
    assert village == Named(NameKind.VILLAGE, kk="Қызылжар")
    assert village.canonical == "Қызылжар"


def test_a_yaml_file_says_the_same_as_a_spreadsheet(tmp_path: Path) -> None:
    told = _file(tmp_path, "kind;ru;kk;aliases;lat;lon\r\nstreet;Абая;Абай;Ленина|Мира;49,8;73,1\r\n;;;;;\r\n")
    listed = _file(
        tmp_path,
        "- {kind: street, ru: Абая, kk: Абай, aliases: [Ленина, Мира], lat: 49.8, lon: 73.1}\n",
        "streets.yaml",
    )

    assert read(told) == read(listed)


def test_a_spreadsheets_byte_order_mark_is_no_part_of_the_heading(tmp_path: Path) -> None:
    path = tmp_path / "streets.csv"
    path.write_bytes("kind\tru\nstreet\tАбая\n".encode("utf-8-sig"))

    assert read(path).counts() == {"street": 1}


def test_without_a_file_there_are_no_names() -> None:
    assert read(None) == Gazetteer()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("stret,Абая,,,,", "kind “stret” is unknown; write one of street, microdistrict, village, landmark"),
        ("street,,,,,", "neither `ru` nor `kk` is filled in"),
        ("street,Абая,,,49.8,", "write both as degrees"),
        ("street,Абая,,,здесь,там", "write both as degrees"),
        ("street,Абая,,,498,73", "nowhere on earth"),
        ("street,Я,,,,", "the name “Я” is too short"),
        ("street,Гоголя,,,,", "“Гоголя” stands already on line 2 as a street; keep it in one row"),
        ("street,Мира,,ГОГОЛЯ,,", "“ГОГОЛЯ” stands already on line 2"),
        ("street,Абая,,,,,Ленина", "7 values for 6 columns"),
        ('street,"Абая', "is not CSV"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_the_remedy(tmp_path: Path, row: str, told: str) -> None:
    path = _file(tmp_path, f"kind,ru,kk,aliases,lat,lon\nstreet,Гоголя,,,,\n{row}\n")

    (problem,) = _problems(path)

    assert problem.startswith(f"{path}:3: ")
    assert told in problem


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("streets.txt", "", "of an unknown format; give a .csv or .yaml file"),
        ("streets.csv", "", "`kind` and `ru` or `kk` are needed"),
        ("streets.csv", "kind,ru\n", "holds no names"),
        ("streets.csv", "kind,name\nstreet,Абая\n", ":1: column “name” is unknown; the first line names the columns"),
        ("streets.csv", "kind,ru,ru\n", ":1: column “ru” is there twice"),
        ("streets.yaml", "- {kind: street, nane: Абая}\n", ":1: a name has the unknown key `nane`"),
        ("streets.yaml", "- {kind: street\n", "is no YAML"),
        ("streets.yaml", "- {kind: street, ru: [Абая]}\n", ":1: `ru` must be a text"),
    ],
)
def test_a_file_that_is_no_gazetteer_says_what_it_should_be(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = _file(tmp_path, text, name)

    (problem,) = _problems(path)

    assert problem.startswith(str(path))
    assert told in problem


def test_a_missing_file_and_one_in_another_encoding_are_named(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes("kind,ru\nstreet,Абая\n".encode("cp1251"))

    assert "cannot be read" in _problems(tmp_path / "none.csv")[0]
    assert "save it as “CSV UTF-8”" in _problems(other)[0]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    problems = _problems(_file(tmp_path, "kind,ru\nstreet,Абая\nroad,Мира\nstreet,\n"))

    assert [problem.split(": ")[0].rpartition(":")[2] for problem in problems] == ["3", "4"]
