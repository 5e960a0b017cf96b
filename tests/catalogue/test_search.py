"""An inspector finds the service from a few letters, however they are typed."""

from __future__ import annotations

import pytest

from intake109.catalogue.search import CatalogueSearch
from intake109.catalogue.services import Catalogue, Danger, Phrases, Service, Words


def _service(code: str, sphere: str, names: Words, phrases: Phrases) -> Service:
    return Service(code, sphere, "", names, "akimat", Danger.ORDINARY, "5wd", phrases=phrases)


@pytest.fixture(scope="module")
def search() -> CatalogueSearch:
    services = [
        _service(
            "ROAD-001", "roads", Words("Яма на проезжей части", "Жолдағы шұңқыр", "Pothole in the roadway"),
            Phrases(("яма на Абая", "колесо пробил в выбоине"), ("жолда үлкен шұңқыр бар",)),
        ),
        _service(
            "SEWER-001", "sewerage", Words("Открытый люк", "Ашық люк", "Open manhole"),
            Phrases(("люк без крышки у школы", "колодец не закрыт"), ("люктің қақпағы жоқ",)),
        ),
        _service(
            "WASTE-001", "waste", Words("Не вывозят мусор", "Қоқыс шығарылмайды", "Rubbish is not collected"),
            Phrases(("контейнеры переполнены",), ("қоқыс алып кетпейді",), ("musor ne vyvozyat",)),
        ),
        _service(
            "LIGHT-001", "lighting", Words("Нет света на улице", "Көшеде жарық жоқ", "Street is dark"),
            Phrases(("фонари не горят",), ("шамдар жанбайды",), ("svet zhok",)),
        ),
    ]  # fmt: skip
    catalogue = Catalogue({s.code: s for s in services}, {}, {}, {}, {})
    return CatalogueSearch(catalogue)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ям", "ROAD-001"),
        ("люк откр", "SEWER-001"),
        ("откр люк", "SEWER-001"),
        ("яму", "ROAD-001"),
        ("калодец", "SEWER-001"),
        ("мусар", "WASTE-001"),
        ("шұңқыр", "ROAD-001"),
        ("шункыр", "ROAD-001"),
        ("shunqyr", "ROAD-001"),
        ("jaryq joq", "LIGHT-001"),
        ("kokys", "WASTE-001"),
        ("manhole", "SEWER-001"),
        ("mahnole", "SEWER-001"),
        ("переполненные контейнеры", "WASTE-001"),
        ("waste-001", "WASTE-001"),
        ("ROAD", "ROAD-001"),
    ],
)
def test_the_service_is_found_first(search: CatalogueSearch, typed: str, code: str) -> None:
    assert search.search(typed, "ru")[0].code == code


def test_words_that_one_wording_tells_together_count_more_than_words_of_two() -> None:
    services = [
        _service(
            "GREEN-001", "greenery", Words("Утечка воды из поливочной системы", "Су ағып жатыр", "Sprinkler leaks"),
            Phrases(("спринклер поливает дорогу а не газон",)),
        ),
        _service(
            "GAS-001", "gas", Words("Запах газа на улице", "Көшеде газ иісі", "Smell of gas outside"),
            Phrases(("утечка газа на вводе в дом",)),
        ),
    ]  # fmt: skip
    search = CatalogueSearch(Catalogue({s.code: s for s in services}, {}, {}, {}, {}))

    for typed in ("утичка газу", "утечка газа", "утечку газа", "газ утечка"):
        assert search.search(typed, "ru")[0].code == "GAS-001", typed


def test_a_hit_says_which_wording_matched(search: CatalogueSearch) -> None:
    assert search.search("крышки", "ru")[0].why == "люк без крышки у школы"
    assert search.search("pothole", "en")[0].why == "Pothole in the roadway"


def test_nothing_typed_and_nonsense_find_nothing(search: CatalogueSearch) -> None:
    assert search.search("", "ru") == []
    assert search.search("щзцкх фгвпр", "ru") == []


def test_there_are_never_more_hits_than_asked_for(search: CatalogueSearch) -> None:
    assert len(search.search("на", "ru", limit=1)) == 1


def test_scores_are_between_nothing_and_one_and_fall(search: CatalogueSearch) -> None:
    scores = [hit.score for hit in search.search("не горят фонари на улице", "ru")]

    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
