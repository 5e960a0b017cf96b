"""Tables as people really save them, and as nobody should."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake109.outages.drafts import Draft
from intake109.outages.spreadsheet import advance, open_table
from tests.city import CATALOGUE
from tests.outages.neighbourhood import ANNOUNCEMENTS, at

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
HEADING = "service;street;houses;district;begins;ends;text_ru;text_kk;source"
LINE = "HEAT-001;Абая;10, 12;;20.11.2026 09:00;20.11.2026 18:00;Ремонт;Жөндеу;Теплосеть"


def read(content: bytes | str, most: int = 20_000) -> Draft:
    table = open_table(content.encode() if isinstance(content, str) else content)
    return advance(Draft(errors=table.errors), table, ANNOUNCEMENTS, CATALOGUE, NOW, most)


def test_lines_of_one_outage_are_one_outage() -> None:
    draft = read("\n".join((HEADING, LINE, LINE.replace("Абая;10, 12", "Гоголь көшесі;5-9 нечётные"))))

    (item,) = draft.items
    assert [(one.name, one.houses) for one in item.places] == [("Абая", ("10", "12")), ("Гоголя", ("5-9 odd",))]
    assert (item.begins_at, item.ends_at) == (at(9), at(18))
    assert (item.services, item.text_ru, item.text_kk, item.source) == (("HEAT-001",), "Ремонт", "Жөндеу", "Теплосеть")
    assert item.lines == (2, 3)
    assert draft.errors == ()
    assert Draft.read(draft.kept()) == draft


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADING}\n{LINE}".encode(),
        b"\xef\xbb\xbf" + f"{HEADING}\r\n{LINE}\r\n".encode(),
        f"{HEADING}\n{LINE}".replace("Жөндеу", "").encode("cp1251"),
        f"{HEADING}\n{LINE}".encode("utf-16"),
        f"{HEADING}\n{LINE}".replace(";", "\t").encode(),
        f"{HEADING}\n{LINE}".replace("10, 12", '"10, 12"').replace(";", ",").encode(),
        f"Услуга;Улица;Дома;Район;С;До;Текст;Мәтін;Источник\n{LINE}".encode(),
        f"\n\n{HEADING}\n;;;;;;;;\n{LINE}\n\n".encode(),
        f"{HEADING}\n{LINE};лишнее;ещё".encode(),
    ],
    ids=["plain", "bom", "cp1251", "utf-16", "tabs", "commas", "russian", "gaps", "more-cells"],
)
def test_a_table_is_read_however_it_was_saved(content: bytes) -> None:
    draft = read(content)

    assert draft.errors == ()
    assert [(place.name, place.houses) for place in draft.items[0].places] == [("Абая", ("10", "12"))]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LINE.replace("HEAT-001", "трамвай"), "unknown_service"),
        (LINE.replace("20.11.2026 09:00", "утром"), "no_moment"),
        (LINE.replace("20.11.2026 18:00", ""), "no_moment"),
        (LINE.replace("20.11.2026 18:00", "20.11.2026 08:00"), "ends_before"),
        (LINE.replace("10, 12", "у магазина"), "no_street"),
        (LINE.replace("Абая;10, 12;", ";;"), "no_street"),
        (LINE.replace("Ремонт", '=HYPERLINK("http://evil")'), "formula"),
        (LINE.replace("Абая", "=1+1"), "formula"),
        (LINE.replace("Абая", "@SUM(A1)"), "formula"),
        (LINE.replace("Ремонт", "я" * 601), "long_text"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_number_and_the_others_are_read(line: str, code: str) -> None:
    draft = read("\n".join((HEADING, LINE, line, LINE.replace("Абая", "Гоголя"))))

    assert [(one.line, one.code) for one in draft.errors] == [(3, code)]
    assert [place.name for place in draft.items[0].places] == ["Абая", "Гоголя"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_heading"),
        (b"\x00\x01\x02", "not_text"),
        (b"\x89PNG\r\n\x1a\n\x00", "not_text"),
        ("Абая;10".encode(), "no_heading"),
        (b"service;begins;ends\nHEAT-001;;", "no_column"),
        (b"street;houses\n\xd0\x90;1", "no_column"),
        (f"{HEADING}\n{LINE.replace('Абая', 'А' * 140_000)}".encode(), "not_csv"),
    ],
)
def test_what_is_no_table_is_said_at_once(content: bytes, code: str) -> None:
    draft = read(content)

    assert [one.code for one in draft.errors] == [code]
    assert draft.items == ()


def test_districts_and_the_whole_city_need_no_street() -> None:
    draft = read(
        "\n".join((HEADING, LINE.replace("Абая;10, 12;", ";;Михайловка"), LINE.replace("Абая;10, 12", "весь город;")))
    )

    assert [(one.key, one.name) for one in draft.items[0].places] == [("михаиловк", "Михайловка"), ("*", "")]


def test_a_street_nobody_knows_is_read_and_pointed_at() -> None:
    draft = read("\n".join((HEADING, LINE.replace("Абая", "Новосёлов"))))

    assert [(one.code, one.said) for one in draft.items[0].problems] == [("unknown_place", "Новосёлов")]


def test_ten_thousand_lines_are_read_in_steps_that_end_with_the_same() -> None:
    lines = [
        LINE.replace("Абая;10, 12", f"{('Абая', 'Гоголя', 'Ержанова')[n % 3]};{n % 400 + 1}") for n in range(10_000)
    ]
    table = open_table("\n".join((HEADING, *lines)).encode())

    draft = Draft()
    while draft.at < len(table.rows):
        draft = advance(draft, table, ANNOUNCEMENTS, CATALOGUE, NOW, 1_000)

    assert draft.at == 10_000
    assert draft.errors == ()
    assert [len(one.houses) for one in draft.items[0].places] == [400, 400, 400]


def test_more_lines_than_a_table_may_have_are_said() -> None:
    draft = read("\n".join((HEADING, *[LINE] * 20_001)))

    assert [one.code for one in draft.errors] == ["too_many"]
    assert len(draft.items[0].lines) == 20_000
