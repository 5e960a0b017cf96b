"""A centre's own labels and what they mean in the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake109.classifier.history import HistoryError, Labelled
from intake109.classifier.label_map import Meaning, mapped, read_map
from tests.city import CATALOGUE

ROWS = [
    Labelled("Яма!", "Дороги", 2),
    Labelled("Темно", "Свет", 3),
    Labelled("Нет тепла", "HEAT-001", 4),
    Labelled("Что-то", "Прочее", 5),
    Labelled("…", "Дороги", 6),
]


def read(tmp_path: Path, content: str) -> dict[str, Meaning]:
    path = tmp_path / "map.csv"
    path.write_text(content, encoding="utf-8")
    return read_map(path, CATALOGUE, Path("old.csv"), ROWS)


@pytest.mark.parametrize("heading", ["", "label;code\n", "метка;Код\n"])
def test_labels_mean_services_or_spheres(tmp_path: Path, heading: str) -> None:
    found = read(tmp_path, f"{heading}Дороги;ROAD-001\n\nСвет;lighting\n")

    assert found == {"Дороги": Meaning("ROAD-001", "roads"), "Свет": Meaning("", "lighting")}


def test_labels_that_are_codes_mean_themselves_and_the_rest_is_counted() -> None:
    found = mapped(ROWS, {"Дороги": Meaning("ROAD-001", "roads")}, CATALOGUE)

    assert found.rows == [
        ("яма", "Яма!", "ROAD-001", "roads"),
        ("нет тепла", "Нет тепла", "HEAT-001", "heating"),
    ]
    assert found.left_out == [("Свет", 1), ("Прочее", 1)]


def test_every_wrong_line_is_told_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(HistoryError) as caught:
        read(tmp_path, "Дороги,ROAD-001\nДорога,ROAD-001\nСвет,XX-1\nДороги,roads\nПрочее\n")

    lines = str(caught.value).splitlines()
    assert [line.partition("map.csv, ")[2] for line in lines] == [
        "line 2: no row of old.csv has the label “Дорога”; write it as it stands there, or remove the line",
        "line 3: no service or sphere has the code “XX-1”; `intake109 catalogue list` shows them",
        "line 4: label “Дороги” a second time; remove one of the lines",
        "line 5: write two values, a label and a code",
    ]


def test_a_map_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="cannot be read"):
        read_map(tmp_path / "none.csv", CATALOGUE, Path("old.csv"), ROWS)
