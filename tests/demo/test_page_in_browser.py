"""The page in a real browser: fresh without jumping, and playable with the keyboard alone."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from intake109.demo.standin import City

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all; starting it takes a second."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, which fails on anything the console complains of."""
    made = browser.new_page(viewport={"width": 1100, "height": 620}, locale="ru-RU")
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    made.close()
    assert complaints == []


def talk(city: City, count: int) -> None:
    """Fill a conversation."""
    for number in range(count):
        city.act(channel="telegram", act="message", citizen="asel", text=f"сообщение {number}")


def test_who_reads_above_is_not_moved_and_sees_that_there_is_more(city: City, page: Page) -> None:
    talk(city, 40)
    page.goto(f"{city.url}/c/asel/telegram")
    page.evaluate("document.getElementById('scroll').scrollTop = 300")

    talk(city, 1)
    page.locator("#newer").wait_for(state="visible")

    assert page.evaluate("document.getElementById('scroll').scrollTop") == 300


def test_who_reads_the_end_stays_at_the_end(city: City, page: Page) -> None:
    talk(city, 40)
    page.goto(f"{city.url}/c/asel/telegram")

    city.act(channel="telegram", act="message", citizen="asel", text="самое новое")
    page.get_by_text("самое новое").last.wait_for(state="visible")

    assert page.evaluate("(s => s.scrollHeight - s.scrollTop - s.clientHeight)(document.getElementById('scroll'))") < 2


def test_enter_sends_and_the_line_appears(city: City, page: Page) -> None:
    talk(city, 1)
    page.goto(f"{city.url}/c/asel/telegram")

    page.get_by_label("Написать от имени жителя").fill("Абая 10, яма")
    page.keyboard.press("Enter")
    page.locator(".bubble", has_text="Абая 10, яма").wait_for(state="visible")

    assert city.ledger()[-1]["text"] == "Абая 10, яма"


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_sticks_out_sideways(city: City, page: Page, width: int) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="ы" * 300, media=["pothole"])
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{city.url}/c/asel/telegram")

    assert page.evaluate("document.documentElement.scrollWidth") == width
