"""With the centre's gazetteer places are known by name alone, however they are told, and get their canonical name."""

from __future__ import annotations

import pytest

from intake109.classifier.place.gazetteer import Gazetteer, Named, NameKind
from intake109.classifier.place.places import Places

STREET, AREA, LANDMARK = NameKind.STREET, NameKind.MICRODISTRICT, NameKind.LANDMARK
CITY = Gazetteer(
    (
        Named(STREET, "Алиханова", "Әлиханов"),
        Named(STREET, "Бухар-Жырау", "Бұқар жырау", ("Ленина",)),
        Named(STREET, "Нуркена Абдирова", "Нүркен Әбдіров"),
        Named(STREET, "Ключевая", district="Михайловка"),
        Named(STREET, "Школьная"),
        Named(STREET, "Садовая", "Бау"),
        Named(STREET, "переулок Садовый"),
        Named(STREET, "1 Мая"),
        Named(STREET, "9 Мая"),
        Named(STREET, "Дорожная"),
        Named(STREET, "Гоголя", "Гоголь", point=(49.81, 73.09)),
        Named(AREA, "Голубые пруды", "Көгілдір тоғандар"),
        Named(AREA, "12 мкр", "12 ықшам аудан", point=(49.79, 73.11)),
        Named(LANDMARK, "Центральный парк", aliases=("парк Победы",)),
        Named(LANDMARK, "Автовокзал", "Автобекет", district="Центр", point=(49.78, 73.08)),
    )
)


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(CITY)


@pytest.mark.parametrize(
    ("normalised", "ways"),
    [
        (
            "Алиханова 12",
            ("на Алиханова 12", "Әлиханов көшесі, 12 үй", "na Alihanova 12", "Alikhanov koshesi 12"),
        ),
        ("Алиханова 12", ("ул Алеханова д 12", "олиханова 12", "на Алихонова, 12", "Алиханва 12")),
        (
            "Бухар-Жырау 5",
            ("Ленина 5", "проспект Ленина, дом 5", "Бұқар жырау 5", "Бухаржырау 5", "Buhar Zhyrau 5", "бухар жырау 5"),
        ),
        ("Нуркена Абдирова 21", ("Абдирова 21", "Н. Абдирова 21", "Нүркен Әбдіров көшесі 21")),
        (
            "Голубые пруды, 14",
            ("Голубые пруды 14", "golubye prudy, 14", "в Голубых прудах, 14", "Көгілдір тоғандар 14"),
        ),
        ("12 мкр, 7", ("12 мкр 7", "12-й микрорайон, дом 7", "12 ықшам аудан, 7 үй")),
        ("Переулок Садовый 5", ("переулок Садовый 5", "Садовый переулок 5", "пер. Садовый, 5")),
        ("Садовая 5", ("ул. Садовая 5", "Садовая 5", "на садовой 5", "Бау көшесі 5")),
    ],
)  # fmt: skip
def test_every_way_of_telling_a_house_meets_in_one_name_and_one_key(
    places: Places, normalised: str, ways: tuple[str, ...]
) -> None:
    found = [places.find(way) for way in ways]

    assert {one.normalised for one in found} == {normalised}
    assert len({one.key for one in found}) == 1
    assert found[0].key == places.find(normalised).key != ""


def test_a_known_house_keeps_the_key_it_had_before_the_gazetteer_was_loaded(places: Places) -> None:
    assert places.find("на Алиханова 12").key == Places().find("Алиханова, 12").key


def test_streets_that_share_a_word_stay_apart(places: Places) -> None:
    ways = ("1 Мая 5 пожар", "ул. 9 Мая, 5", "ул. Садовая 5", "пер. Садовый 5")

    assert len({places.find(way).key for way in ways}) == len(ways)


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("на алиханова яма", "Алиханова"),
        ("Гоголь көшесінде шұңқыр", "Гоголя"),
        ("угол Ленина и Гоголя", "Бухар-Жырау – Гоголя"),
        ("за Автовокзалом свалка", "Центр, Автовокзал"),
        ("каток в парке Победы", "Центральный парк"),
        ("на ключевой темно", "Михайловка, Ключевая"),
        ("возле школы на Школьной", "Школьная"),
        ("в голубых прудах воняет", "Голубые пруды"),
        ("Ленина 5, кв. 40, течёт", "Бухар-Жырау 5, кв. 40"),
        ("12 мкр 7 үй, 20 пәтер", "12 мкр, 7, кв. 20"),
    ],
)
def test_a_place_is_written_as_the_city_does(places: Places, text: str, normalised: str) -> None:
    assert places.find(text).normalised == normalised


@pytest.mark.parametrize(
    "text",
    [
        "школьная форма дорогая",
        "школьный автобус не пришёл",
        "дорога 12 раз ремонтирована",
        "9 мая поздравляем ветеранов",
        "На улице темно",
        "наш переулок забыли",
        "садовое товарищество",
        "Мектеп жанындағы көшеде су жоқ",
    ],
)
def test_words_of_the_language_are_no_places(places: Places, text: str) -> None:
    assert places.find(text).street == ""


def test_two_names_equally_near_are_no_reason_to_guess() -> None:
    places = Places(Gazetteer((Named(STREET, "Ермакова"), Named(STREET, "Ермекова"))))

    assert places.find("Ермикова 7").street == "Ермикова"


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("Гоголя 51", (49.81, 73.09)),
        ("12 мкр", (49.79, 73.11)),
        ("у Автовокзала, Гоголя", (49.78, 73.08)),
        ("Ленина 5", (None, None)),
    ],
)
def test_what_the_gazetteer_places_on_the_map_has_a_point(
    places: Places, text: str, point: tuple[float | None, float | None]
) -> None:
    place = places.find(text)

    assert (place.latitude, place.longitude) == point
