"""What may be written to a citizen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.errors import RefusedError
from intake109.outbox.letters import fill, personal_data

names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
GAPS = ["", " ", "-", " - ", "\u00a0", "–", "."]


def test_values_take_the_place_of_their_names() -> None:
    assert fill("№ {number}, {number}", {"number": "2026-000001"}) == "№ 2026-000001, 2026-000001"


@given(st.dictionaries(names, st.text()), st.text(alphabet=st.characters(exclude_characters="{}")))
def test_a_text_without_placeholders_is_left_alone(values: dict[str, str], text: str) -> None:
    assert fill(text, values) == text


@given(names, st.text())
def test_what_is_filled_in_is_not_read_again(name: str, value: str) -> None:
    assert fill(f"<{{{name}}}>", {name: value}) == f"<{value}>"


@given(names)
def test_an_unknown_name_is_refused_and_the_known_ones_are_told(name: str) -> None:
    with pytest.raises(RefusedError, match="number_") as refusal:
        fill(f"{{{name}}}", {"number_": "1"})

    assert f"{{{name}}}" in str(refusal.value)


@pytest.mark.parametrize("prefix", ["+7", "8", "7"])
@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("code", ["701", "(701)", "747", "778", "(727)"])
def test_a_telephone_number_is_found_however_it_is_spelled(prefix: str, gap: str, code: str) -> None:
    number = f"{prefix}{gap}{code}{gap}123{gap}45{gap}67"

    assert personal_data(f"Звоните: {number}.") == ["phone"]
    assert personal_data(f"тел.{number}, Асель") == ["phone"]


@pytest.mark.parametrize(
    "number",
    [
        "+77011234567",
        "87011234567",
        "8 701 123 4567",
        "8(701)1234567",
        "+7 (701) 123-45-67",
        "8 (7172) 55-66-77",
        "87172556677",
        "8 (72131) 5-66-77",
        "+7 7172 55 66 77",
        "701 123 45 67",
        "7011234567",
        "747-123-45-67",
        "тел-87011234567",
        "(8701)1234567",
        "wa.me/77011234567",
    ],
)
def test_every_kazakh_way_to_write_a_number_counts(number: str) -> None:
    assert personal_data(number) == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "Ваше обращение № 2026-000123 принято",
        "Обращения 2026-000123, 2026-000124 и 2027-870112",
        "ул. Абая, дом 8, квартира 701",
        "Абая 10/2, 3 подъезд, 701 квартира, домофон 12345",
        "Срок: до 27.11.2026 18:30",
        "Звоните 109, 112 или 1414",
        "Горячая линия 8 800 080 7777",
        "Выделено 7 200 000 000 тенге",
        "Выделено 87 200 000 000 тенге",
        "Маршруты 7, 70, 701, 8 и 87",
        "Координаты 43.238949, 76.889709",
        "Почтовый индекс 050000",
        "8-й микрорайон, 7 дом",
    ],
)
def test_house_numbers_appeal_numbers_and_sums_are_nobodys_telephone(text: str) -> None:
    assert personal_data(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Позвоните диспетчеру водоканала: 8 (7212) 56-78-90",
        "Аварийная служба, тел. 8 (7212) 56-78-90",
        "ОСИ «Абай», +7 7212 56 78 90, 8 7212 56-78-91",
        "Тарату: Су арнасы кезекшісі 8(7212)567890",
        "Приёмная акимата +7 (727) 271-60-00",
        "ТОО «Тепло» 8 (72131) 5-66-77",
    ],
)
def test_an_offices_landline_is_for_everybody(text: str) -> None:
    assert personal_data(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Позвонили вам на 8 (7212) 56-78-90",
        "Передали в отдел. Ваш телефон 8 (7212) 56-78-90",
        "Диспетчер перезвонит, мобильный 8 701 123 45 67",
        "Водоканал 8 (7212) 56-78-90, мастер Асет 8 701 123 45 67",
        "Диспетчер Асет 8 701 123 45 67, 8 (7212) 56-78-90",
        "В городе хаос, звоните 8 (7212) 56-78-90",
        "Водоканал\n8 (7212) 56-78-90 Асель",
    ],
)
def test_a_home_or_a_mobile_number_stays_personal_beside_an_office(text: str) -> None:
    assert personal_data(text) == ["phone"]


@given(st.integers(2024, 2099), st.integers(1, 999_999), st.sampled_from(["", " ", ".", ", ", "-"]))
def test_no_appeal_number_is_personal_data(year: int, sequence: int, after: str) -> None:
    number = f"{year}-{sequence:06d}"

    assert personal_data(f"№ {number}{after}") == []
    assert personal_data(f"{number} {number}") == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("ИИН 960101300123", ["iin"]),
        ("960101300123", ["iin"]),
        ("9601013001234", []),
        ("asel@mail.kz", ["email"]),
        ("@city109_bot", []),
        ("4400 4301 2345 6789", ["card"]),
        ("4400430123456789", ["card"]),
        ("ИИН 960101300123, 87011234567", ["phone", "iin"]),
    ],
)
def test_other_personal_data_is_found_too(text: str, kinds: list[str]) -> None:
    assert personal_data(text) == kinds
