"""The board on a wall: one screen, large letters, live, and honest about a server that is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from intake109.review_ui.access.auth import token_hash
from intake109.store.tables import BoardLinkRow
from tests.browser.site import Site

pytestmark = pytest.mark.browser
_SMALLEST = """() => Math.min(...[...document.querySelectorAll("body *")]
    .filter((one) => [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
_SCROLLS = (
    "() => [document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight]"
)


def hang(site: Site, browser: Browser) -> Page:
    """Open the board by a link, on a screen where nobody is logged in."""
    with site.database.write() as session:
        row = BoardLinkRow(
            name="Холл", language="ru", token_hash=token_hash("key"), created_at=site.clock.now(), created_by=1
        )
        session.add(row)
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.clock.install()
    page.goto(f"{site.address}/board?key=key")
    page.wait_for_selector("html[data-ready]")
    return page


def test_it_fills_a_screen_with_large_letters_and_says_since_when_it_hears_nothing(
    site: Site, browser: Browser
) -> None:
    page = hang(site, browser)
    expect(page.locator('[data-count="queue"]')).to_have_text("0")

    for size in ({"width": 3840, "height": 2160}, {"width": 1440, "height": 900}, {"width": 1920, "height": 1080}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate(_SCROLLS) == [False, False]
    assert page.evaluate(_SMALLEST) >= 28
    expect(page.locator("#stale")).to_be_hidden()

    site.writes("Яма на Абая 10", "asel")
    expect(page.locator('[data-count="queue"]')).to_have_text("1")

    page.route("**/board/**", lambda route: route.abort())
    page.clock.fast_forward(40_000)
    expect(page.locator("#stale")).to_contain_text("Нет связи с")
    page.context.close()
