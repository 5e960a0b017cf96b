"""The main job, end to end: a citizen of the demo city writes, an inspector registers, the citizen reads the number."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from intake109.demo.standin import City
from tests.browser.town import at_desk

pytestmark = pytest.mark.browser
SOON_MS = 20_000


def _register_first(page: Page) -> None:
    page.keyboard.press("c")
    page.wait_for_selector('#claim[data-state="mine"]', timeout=SOON_MS)
    expect(page.locator("#preview")).not_to_be_empty()
    page.keyboard.press("a")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Зарегистрировано", timeout=SOON_MS)


def _reads(browser: Browser, city: City, citizen: str, *texts: str) -> None:
    phone = browser.new_page()
    phone.goto(f"{city.url}/c/{citizen}")
    for text in texts:
        expect(phone.locator("body")).to_contain_text(text, timeout=SOON_MS)
    phone.close()


def test_a_message_and_a_photo_on_telegram_become_a_number_the_citizen_reads(
    browser: Browser, city: City, product: str
) -> None:
    page = at_desk(browser, product)

    city.act(channel="telegram", act="message", citizen="asel", text="Яма на Абая 10", media=["pothole"])
    expect(page.get_by_role("banner").locator("dd").first).to_have_text("1", timeout=SOON_MS)
    _register_first(page)

    sent = _wait_for_answer(city, page)
    assert "-000001" in sent["text"]
    assert sent["citizen"] == "asel"
    _reads(browser, city, "asel", "Яма на Абая 10", "-000001")


def test_a_signed_webhook_of_whatsapp_is_answered_in_kazakh(browser: Browser, city: City, product: str) -> None:
    assert city.subscribe("whatsapp", f"{product}/webhooks/whatsapp")
    page = at_desk(browser, product)

    city.act(channel="whatsapp", act="message", citizen="berik", text="Жолда шұңқыр бар, Абая 10")
    expect(page.get_by_role("banner").locator("dd").first).to_have_text("1", timeout=SOON_MS)
    _register_first(page)

    sent = _wait_for_answer(city, page)
    assert sent["channel"] == "whatsapp"
    assert sent["text"].startswith("Сәлеметсіз бе! Өтінішіңіз")


def _wait_for_answer(city: City, page: Page) -> dict[str, str]:
    """Return what the centre sent first, waiting with the page's own clock."""
    for _ in range(SOON_MS // 100):
        for line in city.ledger():
            if line["direction"] == "to_citizen" and line["act"] in {"sendMessage", "text", "interactive"}:
                return {name: str(line[name]) for name in ("text", "citizen", "channel")}
        page.wait_for_timeout(100)
    raise AssertionError(f"nothing was sent: {city.ledger()}")
