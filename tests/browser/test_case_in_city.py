"""A whole case of the demo city: danger, work, the citizen says no, a second round, somebody looks, yes, closed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from intake109.demo.standin import City
from tests.browser.town import at_desk

pytestmark = pytest.mark.browser
SOON_MS = 20_000


def reads(city: City, page: Page, part: str) -> dict[str, object]:
    """Return the newest letter to a citizen that holds these words, waiting for it with the page's own clock."""
    for _ in range(SOON_MS // 100):
        for line in reversed(city.ledger()):
            if line["direction"] == "to_citizen" and part in str(line["text"]):
                return line
        page.wait_for_timeout(100)
    raise AssertionError(f"nobody was told {part!r}: {city.ledger()}")


def presses(city: City, words: str) -> None:
    city.act(channel="telegram", act="button", citizen="asel", button={"text": words})


def executor_answers(page: Page, text: str) -> None:
    """Record what the executor says, with the day of the work, as a clerk does who was told by telephone."""
    page.keyboard.press("e")
    page.locator("#answer-dialog textarea").fill(text)
    page.locator("#answer-dialog [name=acted_on]").fill(
        page.evaluate("document.querySelector('#answer-dialog [name=acted_on]').max")
    )
    page.keyboard.press("Control+Enter")


def test_the_citizens_no_opens_a_second_round_and_the_yes_closes_it(browser: Browser, city: City, product: str) -> None:
    desk = at_desk(browser, product)
    city.act(channel="telegram", act="message", citizen="asel", text="Открытый люк, Абая 10", media=["manhole"])
    expect(desk.get_by_role("banner").locator("dd").first).to_have_text("1", timeout=SOON_MS)
    desk.keyboard.press("c")
    desk.wait_for_selector('#claim[data-state="mine"]', timeout=SOON_MS)
    expect(desk.locator("#preview")).not_to_be_empty()
    for key in ("a", "1", "Control+Enter"):
        desk.keyboard.press(key)
    reads(city, desk, "-000001")

    control = at_desk(browser, product, "saule")
    control.goto(f"{product}/control?shelf=incidents")
    expect(control.locator(".control-one")).to_be_visible()
    executor_answers(control, "Крышку установили, акт № 12.")
    reads(city, control, "акт № 12")
    presses(city, "Нет, не решено")
    reads(city, control, "снова")
    expect(control.locator(".control-rows .row")).to_contain_text("Круг 2", timeout=SOON_MS)

    control.goto(f"{product}/control?shelf=incidents")
    executor_answers(control, "Крышку закрепили болтами, акт № 13.")
    reads(city, control, "акт № 13")
    presses(city, "Да, решено")
    expect(control.locator(".control-one")).to_contain_text("говорит: решено", timeout=SOON_MS)
    control.keyboard.press("s")
    expect(control.locator("#see-dialog")).to_be_visible()
    control.keyboard.press("y")
    control.locator("#see-dialog textarea").fill("Камера у школы 61: крышка на месте")
    control.keyboard.press("Control+Enter")
    expect(control.locator(".control-rows .row")).to_have_count(0, timeout=SOON_MS)

    control.goto(f"{product}/appeals?status=closed")
    expect(control.locator("table, [role=table]").first).to_contain_text("-000001")
