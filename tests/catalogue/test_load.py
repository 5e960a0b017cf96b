"""The catalogue's files are read strictly: nothing that is wrong passes, and everything wrong is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake109.catalogue.load import SHIPPED, load
from intake109.catalogue.services import SPHERES, Danger, Words
from intake109.errors import CatalogueError

_GOOD = """\
sphere: roads
groups:
  surface: {ru: Покрытие, kk: Төсем, en: Surface}
services:
  - code: ROAD-001
    group: surface
    ru: Яма
    kk: Шұңқыр
    en: Pothole
    executor: road_service
    danger: life
    ask: [address]
    phrases:
      ru: [яма на Абая, no, 109]
      kk: [жолда шұңқыр]
  - code: ROAD-002
    ru: Снег
    kk: Қар
    en: Snow
"""


def _folder(tmp_path: Path, text: str, name: str = "roads.yaml") -> Path:
    services = tmp_path / "services"
    services.mkdir(exist_ok=True)
    (services / name).write_text(text, encoding="utf-8")
    return tmp_path


def _problems(folder: Path) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load(folder)
    return caught.value.problems


def test_a_service_is_read_with_what_it_says(tmp_path: Path) -> None:
    catalogue = load(_folder(tmp_path, _GOOD))

    service = catalogue.services["ROAD-001"]
    assert service.names == Words("Яма", "Шұңқыр", "Pothole")
    assert (service.sphere, service.group, service.executor) == ("roads", "roads.surface", "road_service")
    assert catalogue.groups["roads.surface"].kk == "Төсем"
    assert service.phrases.ru == ("яма на Абая", "no", "109"), "words that YAML would take for values stay words"
    assert service.is_incident


def test_what_is_left_out_has_a_sensible_default(tmp_path: Path) -> None:
    service = load(_folder(tmp_path, _GOOD)).services["ROAD-002"]

    assert (service.group, service.executor, service.danger) == ("", "contact_centre", Danger.ORDINARY)
    assert (service.deadline, service.deadline_source) == ("5wd", "")


def test_danger_to_life_has_a_day_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    faster = _GOOD.replace("danger: life", "danger: life\n    deadline: 3h\n    deadline_source: Практика")

    by_default = load(_folder(tmp_path, _GOOD)).services["ROAD-001"]
    by_file = load(_folder(tmp_path, faster)).services["ROAD-001"]

    assert (by_default.deadline, by_file.deadline, by_file.deadline_source) == ("24h", "3h", "Практика")


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("    ask: [address]", "    asks: [address]", "roads.yaml:12: a service has the unknown key `asks`"),
        ("ask: [address]", "ask: [adress]", "roads.yaml:12: an `ask` of ROAD-001 `adress` is unknown"),
        ("road_service", "rod_service", "roads.yaml:10: `executor` `rod_service` is unknown"),
        ("danger: life", "danger: deadly", "roads.yaml:11: `danger` `deadly` is unknown: use one of health, life"),
        ("group: surface", "group: sky", "roads.yaml:6: `group` `sky` is unknown: use one of surface"),
        ("sphere: roads", "sphere: rods", "roads.yaml:1: `sphere` `rods` is unknown"),
        ("code: ROAD-002", "code: ROAD-001", "roads.yaml:16: the code ROAD-001 is already taken in roads.yaml:5"),
        ("code: ROAD-002", "code: road2", "roads.yaml:16: `code` road2 must be capital letters"),
        ("  - code: ROAD-002\n    ru", "  - ru", "roads.yaml:16: the service has no `code`"),
        ("    kk: Қар\n", "", "roads.yaml:16: ROAD-002 has no `kk`: add it"),
        ("ru: Снег", "ru: ЯМА", "ROAD-002 has the name «ЯМА» of the service in roads.yaml:7"),
        ("danger: life", "deadline: 3 days\n    deadline_source: x", "`deadline` 3 days of ROAD-001 must look like"),
        ("danger: life", "deadline: 3h", "ROAD-001 has a `deadline` and no `deadline_source`"),
        ("[жолда шұңқыр]", "жолда шұңқыр", "`phrases.kk` of ROAD-001 must be a list"),
        ("[жолда шұңқыр]", "[{a: b}]", "must be a text"),
        ("    en: Snow\n", "    en: Snow\n    en: Sleet\n", "roads.yaml:20: a service has `en` twice"),
        ("services:", "services: [", "is no YAML"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_remedy(tmp_path: Path, good: str, bad: str, complaint: str) -> None:
    assert good in _GOOD
    folder = _folder(tmp_path, _GOOD.replace(good, bad, 1))

    assert complaint in "\n".join(_problems(folder))


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = _GOOD.replace("danger: life", "danger: deadly").replace("ru: Снег", "rus: Снег")
    _folder(tmp_path, text)
    _folder(tmp_path, "", "water.yaml")

    problems = _problems(tmp_path)

    assert len(problems) == 4
    assert problems[-1].startswith("water.yaml: is empty")


def test_two_files_of_one_sphere_are_refused(tmp_path: Path) -> None:
    _folder(tmp_path, _GOOD)
    _folder(tmp_path, "sphere: roads\nservices: []\n", "more.yaml")

    assert any("already has the file more.yaml" in problem for problem in _problems(tmp_path))


def test_a_folder_without_services_says_what_to_put_there(tmp_path: Path) -> None:
    assert "holds no *.yaml file" in _problems(tmp_path)[0]


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path, _GOOD)
    (folder / "services" / "water.yaml").write_bytes("sphere: water # вода".encode("cp1251"))

    assert _problems(folder) == ["water.yaml: is not UTF-8 (byte 16): save it as UTF-8"]


def test_the_lesson_follows_the_content_and_not_the_layout(tmp_path: Path) -> None:
    first = load(_folder(tmp_path, _GOOD)).lesson

    commented = load(_folder(tmp_path, "# a comment\n" + _GOOD)).lesson
    reworded = load(_folder(tmp_path, _GOOD.replace("жолда", "жолдарда"))).lesson

    assert commented == first
    assert reworded != first


def test_examples_of_no_appeals_are_read_by_kind(tmp_path: Path) -> None:
    folder = _folder(tmp_path, _GOOD)
    (folder / "no_appeal.yaml").write_text("thanks: {ru: [спасибо], kk: [рахмет]}\n", encoding="utf-8")
    (folder / "incident_negatives.yaml").write_text("ru: [{text: горит дедлайн, kind: chat}]\n", encoding="utf-8")

    catalogue = load(folder)

    assert catalogue.examples == {"thanks": ("спасибо", "рахмет")}
    assert catalogue.calm == (("горит дедлайн", "chat"),)


def test_the_shipped_catalogue_loads_whole() -> None:
    catalogue = load()

    assert set(catalogue.spheres) == set(SPHERES)
    assert {service.sphere for service in catalogue.services.values()} <= set(SPHERES)
    assert len(list((SHIPPED / "services").glob("*.yaml"))) <= len(SPHERES)


def test_a_retired_service_keeps_its_name_and_is_chosen_no_more(tmp_path: Path) -> None:
    catalogue = load(_folder(tmp_path, _GOOD.replace("    en: Snow\n", "    en: Snow\n    retired: yes\n")))

    assert catalogue.get("ROAD-002") is None
    assert catalogue.service_name("ROAD-002", "en") == "Snow"
    assert list(catalogue.retired.services) == ["ROAD-002"]


def test_the_name_of_a_retired_service_is_free_its_code_never_again(tmp_path: Path) -> None:
    snow = "  - code: ROAD-002\n    ru: Снег\n    kk: Қар\n    en: Snow\n"

    problems = _problems(_folder(tmp_path, _GOOD + "    retired: yes\n" + snow))

    assert [one.split(": ", 1)[1] for one in problems] == [
        "the code ROAD-002 is already taken in roads.yaml:16: give this one the next free number"
    ]


def test_an_executor_stands_under_a_curator(tmp_path: Path) -> None:
    folder = _folder(tmp_path, _GOOD)
    (folder / "curators.yaml").write_text("deputy: {ru: Зам, kk: Орынбасар, en: Deputy}", encoding="utf-8")
    (folder / "executors.yaml").write_text(
        "contact_centre: {ru: Центр, kk: Орталық, en: Centre}\n"
        "road_service: {ru: Дорожники, kk: Жолшылар, en: Roads, curator: deputy}\n",
        encoding="utf-8",
    )

    catalogue = load(folder)

    assert catalogue.curator_of == {"road_service": "deputy"}
    assert catalogue.curator_name("deputy", "kk") == "Орынбасар"
