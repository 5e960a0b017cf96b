"""The demo city's power cut: from two platforms, one line, handled in one go, an answer for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from intake109.catalogue.load import load
from intake109.classifier.place.gazetteer import read as read_gazetteer
from intake109.classifier.place.places import Places
from intake109.demo import script
from intake109.demo.script import CITY, Step
from intake109.demo.standin import City
from intake109.model import IncidentSign, Kind, Language, ServiceGuess, Span, Verdict
from tests.browser.town import at_desk, at_home

pytestmark = pytest.mark.browser
SOON_MS = 30_000
_POWER = ("свет", "жарық", "электр", "темно", "svet", "electricity")
_SPARKS = ("искры", "кислородный", "застрял", "провода")


class PowerJudge:
    """Tells power cuts by a word; places are read as the product reads them, with the city's own gazetteer."""

    def __init__(self) -> None:
        self._places = Places(read_gazetteer(CITY / "gazetteer.csv"))

    def classify_many(self, texts: Sequence[str]) -> list[Verdict]:
        return [self.classify(text) for text in texts]

    def classify(self, text: str) -> Verdict:
        low = text.casefold()
        is_power, is_danger = any(one in low for one in _POWER), any(one in low for one in _SPARKS)
        guess = ServiceGuess("POWER-005", "electricity", 0.9) if is_power else ServiceGuess("OTHER-001", "other", 0.2)
        is_kazakh = any(letter in low for letter in "әғқңөұүһі")
        return Verdict(
            kind=Kind.APPEAL,
            kind_probability=0.99,
            appeal_probability=0.99,
            services=(guess,),
            incident=IncidentSign(is_danger, 0.9 if is_danger else 0.0),
            language=Language.KK if is_kazakh else Language.RU,
            place=self._places.find(text),
            text=text,
        )

    def explain(self, text: str, code: str) -> list[Span]:
        return []


@pytest.fixture
def product(city: City, tmp_path: Path) -> Iterator[str]:
    with at_home(city, tmp_path, PowerJudge(), load(), undo_seconds=2) as address:
        yield address


def burst() -> list[Step]:
    """Return the script's private messages of the power cut: the first of them."""
    told = [step for step in script.read().steps if (step.id or "").startswith("mk_")]
    private = [step for step in told if step.fields["act"] == "message" and "chat" not in step.fields]
    return [step for step in private if step.fields["channel"] in ("telegram", "whatsapp")][:16]


def answered(city: City, page: Page, how_many: int) -> dict[str, str]:
    """Return what each citizen was told, once so many have been; waits with the page's own clock."""
    told: dict[str, str] = {}
    for _ in range(SOON_MS // 100):
        for line in city.ledger():
            if line["direction"] == "to_citizen" and line["act"] in {"sendMessage", "text", "interactive"}:
                told[str(line["citizen"])] = str(line["text"])
        if len(told) >= how_many:
            return told
        page.wait_for_timeout(100)
    raise AssertionError(f"only {len(told)} of {how_many} were told: {sorted(told)}")


def test_the_burst_is_one_line_handled_in_one_go_and_everybody_gets_an_answer(
    browser: Browser, city: City, product: str
) -> None:
    assert city.subscribe("whatsapp", f"{product}/webhooks/whatsapp")
    page = at_desk(browser, product)
    steps = burst()
    for step in steps:
        city.act(step.fields)
    in_storm = page.locator(".row.storm")
    expect(page.locator('[data-stat="queue"]').first).to_have_text(str(len(steps)), timeout=SOON_MS)
    expect(in_storm).to_contain_text("Михайловка, нет света в микрорайоне, посёлке", timeout=SOON_MS)

    in_storm.locator("a").click()
    page.wait_for_selector('#claim[data-state="mine"]', timeout=SOON_MS)
    expect(page.locator("#preview")).not_to_be_empty()
    ticked = page.locator("#together input:checked").count()
    expect(page.locator("#together .is-apart")).to_contain_text("кислородный концентратор")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text(f"и ещё {ticked}", timeout=SOON_MS)

    assert ticked >= 9
    told = answered(city, page, ticked + 1)
    numbers = {found[0] for text in told.values() if (found := re.search(r"20\d\d-\d{6}", text))}
    assert len(told) == ticked + 1
    assert len(numbers) == 1
    assert {"нөміріне қосылды" in text for text in told.values()} == {True, False}
    phone = browser.new_page()
    phone.goto(f"{city.url}/c/mk_denis")
    expect(phone.locator("body")).to_contain_text(numbers.pop(), timeout=SOON_MS)
    expect(page.locator(".row.incident", has_text="кислородный концентратор")).to_be_visible()
