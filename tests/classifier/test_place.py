"""Places are found as people write them, and one house told in two ways has one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.classifier.place.gazetteer import Gazetteer, Named, NameKind
from intake109.classifier.place.places import Places


@pytest.fixture(scope="module")
def places() -> Places:
    return Places()


@pytest.mark.parametrize(
    ("text", "street", "house"),
    [
        ("ул. Абая 10", "Абая", "10"),
        ("Абая, 10/2 кв 5", "Абая", "10/2"),
        ("Абай көшесі 10", "Абай", "10"),
        ("на Гоголя 67 яма", "Гоголя", "67"),
        ("улица Мира дом 12а", "Мира", "12а"),
        ("космонавтов 14 с подвала дым", "космонавтов", "14"),
        ("Abaya 88de svetofor istemeidi", "Abaya", "88"),
        ("Қабанбай батыр 12, 20 пәтер", "Қабанбай батыр", "12"),
        ("На Камали Дюсембекова 33 прорвало", "Камали Дюсембекова", "33"),
        ("Назарбаев даңғылы 44, жел қатты", "Назарбаев", "44"),
        ("Гоголя 51, у школы №61 открытый люк", "Гоголя", "51"),
    ],
)
def test_street_and_house_are_found(places: Places, text: str, street: str, house: str) -> None:
    place = places.find(text)

    assert (place.street, place.house) == (street, house)


@pytest.mark.parametrize(
    "ways",
    [
        ("ул. Абая 10", "Абай көшесі 10", "abaya 10", "Абая, дом 10", "Абай 10-да", "Абайдағы 10 үй"),
        ("Муканова 30", "Мұқанов 30", "ул Муканова д 30"),
        ("Сатпаева 3", "Сәтбаев, 3"),
        ("Кабанбай батыра 12", "Қабанбай батыр 12"),
        ("Гоголя 51", "Гоголь көшесі 51"),
        ("7 мкр дом 12", "7 мкр 12 үй", "7-й микрорайон, 12"),
    ],
)
def test_one_house_has_one_key(places: Places, ways: tuple[str, ...]) -> None:
    keys = {places.find(way).key for way in ways}

    assert len(keys) == 1, keys
    assert keys != {""}


def test_other_houses_have_other_keys(places: Places) -> None:
    assert len({places.find(text).key for text in ("Абая 10", "Абая 10/2", "Абая 12", "Гоголя 10", "7 мкр 10")}) == 5


@pytest.mark.parametrize(
    ("text", "landmark"),
    [
        ("мектеп №5 жанында", "школа 5"),
        ("яма возле 5 школы", "школа 5"),
        ("3-ші мектеп артында", "школа 3"),
        ("садик №12", "детский сад 12"),
        ("поликлиника №3", "поликлиника 3"),
        ("напротив «Хлебного» яма", "Хлебного"),
        ("Гоголя-Ержанова авария", "Гоголя – Ержанова"),
        ("2 подъезд лифт жоқ", "2 подъезд"),
    ],
)
def test_landmarks_are_found(places: Places, text: str, landmark: str) -> None:
    assert places.find(text).landmark == landmark


@pytest.mark.parametrize(
    ("text", "district"),
    [("нет света, Михайловка", "Михайловка"), ("7-й мкр садик", "7 мкр"), ("Степной-2, 14", "Степной-2")],
)
def test_districts_are_found(places: Places, text: str, district: str) -> None:
    assert places.find(text).district == district


@pytest.mark.parametrize(
    "text",
    [
        "жду 20 минут",
        "автобус 45 опоздал",
        "живу с 1978 года",
        "Здравствуйте 3 дня нет воды",
        "−25 болады",
        "ТУТ ЯМА",
        "",
    ],
)
def test_numbers_that_are_no_houses_are_left_alone(places: Places, text: str) -> None:
    place = places.find(text)

    assert (place.house, place.key) == ("", "")


def test_the_citys_own_list_adds_names() -> None:
    text = "свет жоқ, Қызылжар, Бабаджаныш 7"

    place = Places(Gazetteer((Named(NameKind.STREET, "Бабаджаныш"), Named(NameKind.VILLAGE, kk="Қызылжар")))).find(text)

    assert (place.street, place.house, place.district) == ("Бабаджаныш", "7", "Қызылжар")


def test_spans_show_where_it_was_said(places: Places) -> None:
    text = "Добрый день! На Абая 42 яма"

    (span,) = places.find(text).spans

    assert text[span.start : span.end] == "Абая 42"


@given(st.text(alphabet="Абая ул 7мкр-школа№«»,./10дом көшесі", max_size=60))
def test_no_text_breaks_it(places: Places, text: str) -> None:
    place = places.find(text)

    assert all(0 <= span.start < span.end <= len(text) for span in place.spans)
    assert not place.key or place.house
