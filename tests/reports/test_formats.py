"""Every format of a report: nothing in it is calculated by a spreadsheet, obeyed by a browser or missing a letter."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import asdict
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.errors import RefusedError
from intake109.reports.drawing import chart, lengths
from intake109.reports.formats import Format, written
from intake109.reports.formats.page import page
from intake109.reports.formats.record import canonical, figures_of
from intake109.reports.formats.tidy import HEAD, cell
from intake109.reports.formats.workbook import workbook
from intake109.reports.paper import Kind, clean, shown
from intake109.reports.words import LANGUAGES, words
from tests.reports.made import EVIL, SEAL, figures, paper

_NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def lines() -> list[dict[str, str]]:
    text = written(Format.CSV, paper(), figures()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_no_cell_of_the_table_begins_like_a_formula() -> None:
    found = lines()

    assert tuple(found[0]) == HEAD
    for line in found:
        for name, text in line.items():
            assert not re.match(r"[\s=+@＝＋－＠]", text), (name, text)
            assert not text.startswith("-") or float(text) < 0, (name, text)


@pytest.mark.parametrize("text", EVIL)
def test_a_name_that_wants_to_be_a_formula_is_a_text(text: str) -> None:
    assert cell(text).lstrip()[:1] not in {"=", "+", "-", "@", "＝", ""}


@given(st.text())
def test_no_text_at_all_becomes_a_formula(text: str) -> None:
    found = cell(text)

    assert not re.match(r"[\s=+@＝＋－＠-]", found)
    assert "\n" not in found
    assert "\r" not in found


def test_numbers_stay_numbers_in_the_table() -> None:
    told = {(line["sheet"], line["row"], line["figure"]): line["value"] for line in lines()}

    assert told["channels", "telegram", "mentions"] == "12345"
    assert told["areas", "area0", "change"] == "-4"
    assert told["kept", "within_promise", "share"] == "0.999"


def test_a_workbook_has_no_formula_and_its_numbers_are_numbers() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(paper()))) as book:
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets = [ElementTree.fromstring(book.read(name)) for name in names]
        strings = book.read("xl/sharedStrings.xml").decode()
        links = [name for name in book.namelist() if "rels" in name and "worksheets" in name]

    assert len(sheets) == 1 + len(paper().sheets)
    assert [one for sheet in sheets for one in sheet.iterfind(".//x:f", _NS)] == []
    assert "=1+1" in strings
    assert links == []
    channels = sheets[1 + [one.code for one in paper().sheets].index("channels")]
    values = [one.findtext("x:v", namespaces=_NS) for one in channels.iterfind(".//x:c", _NS) if one.get("t") != "s"]
    assert "12345" in values


def test_a_page_shows_markup_instead_of_obeying_it() -> None:
    html = page(paper())

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"\son\w+=|javascript:|style=", html)
    assert "<svg" in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_is_made_in_every_language_and_twice_the_same(language: str) -> None:
    first, second = (written(Format.PDF, paper(language), figures()) for _ in range(2))

    assert first.startswith(b"%PDF-")
    assert b"DejaVuSans" in first
    assert first == second


def test_the_font_has_every_letter_the_report_may_need() -> None:
    from reportlab.pdfbase.ttfonts import TTFontFile

    from intake109.reports.formats.pdf import _FONTS

    told = "".join(text for language in LANGUAGES for text in words(language).texts.values())
    needed = {ord(letter) for letter in told + "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁё №₸—−×"} - {ord("\n")}
    for name in ("DejaVuSans", "DejaVuSans-Bold"):
        known = TTFontFile(str(_FONTS / f"{name}.ttf")).charToGlyph

        assert {chr(one) for one in needed if one not in known} == set()


def test_json_holds_the_figures_and_their_seal_and_reads_back() -> None:
    found = json.loads(written(Format.JSON, paper(), figures(), [SEAL]))

    assert (found["format"], found["version"]) == ("intake109.report", 1)
    assert found["seal"][0]["digest"] == SEAL.digest
    assert found["figures"] == json.loads(json.dumps(asdict(figures())))
    assert figures_of(canonical(figures())) == figures()


def test_all_languages_have_the_same_texts() -> None:
    russian = words("ru").texts

    for language in LANGUAGES:
        assert words(language).texts.keys() == russian.keys()
        for key, text in words(language).texts.items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", russian[key])), key
    with pytest.raises(RefusedError):
        words("de")


def test_a_share_that_is_not_the_whole_never_reads_a_hundred() -> None:
    assert words("en").share(0.99999) == "99.9%"
    assert words("ru").share(1.0) == "100,0\N{NO-BREAK SPACE}%"
    assert shown(None, Kind.SHARE, words("ru")) == "—"
    assert shown(3, Kind.CHANGE, words("ru")) == "+3"
    assert shown(-3, Kind.CHANGE, words("ru")) == "−3"


@given(st.text())
def test_a_clean_text_is_one_line_of_letters_that_can_be_seen(text: str) -> None:
    found = clean(text)

    assert found == found.strip()
    assert all(letter.isprintable() for letter in found)


def test_a_name_without_end_does_not_break_the_page() -> None:
    endless = figures(("Ш" * 20_000, "слово " * 9_000))

    assert written(Format.PDF, paper("ru", endless), endless).startswith(b"%PDF")
    assert len(clean("Ш" * 20_000)) == 500


def test_bars_are_as_long_as_their_figures() -> None:
    sheets = {one.code: one for one in paper().sheets}
    picture = chart(sheets["hours"])

    assert lengths(sheets["channels"])[0] == 100.0
    assert lengths(sheets["hours"]) == ()
    assert picture is not None
    assert picture.most == 23
    assert max(picture.bars, key=lambda bar: bar.height) is picture.bars[-1]
    assert all(bar.second <= bar.height for bar in picture.bars)
