"""An outage entered from a pasted text, and a citizen answered with it by one key, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from intake109.store.tables import OutageRow, OutboxRow
from tests.browser.conftest import served
from tests.browser.site import Site
from tests.city import ZONE, Street
from tests.outages.neighbourhood import ANNOUNCEMENTS, CityJudge

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """The site, in a city whose announcements and citizens meet."""
    with served(sqlite_template, tmp_path, lambda parts: replace(parts, announcements=ANNOUNCEMENTS)) as found:
        yield replace(found, street=Street(found.database, found.clock, CityJudge()))


def later(site: Site, hours: int) -> str:
    return (site.clock.now() + timedelta(hours=hours)).astimezone(ZONE).strftime("%d.%m.%Y %H:%M")


def test_a_pasted_announcement_answers_by_one_key_and_everything_by_keyboard(site: Site, at_desk: Desk) -> None:
    page = at_desk("anna")
    page.goto(f"{site.address}/outages")
    page.locator(".outage-import summary").click()
    page.fill("#paste", f"Абая 10, 12 и Гоголя 7 без отопления до {later(site, 3)}")
    page.get_by_role("button", name="Разобрать").first.click()
    expect(page.locator("[name=places]")).to_have_value("Абая 10, 12\nГоголя 7")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/outages-drafts/\d+"))

    task_id = site.writes("Нет тепла, Абая 10", "asel")
    page.goto(f"{site.address}/tasks/{task_id}")
    page.wait_for_selector('#claim[data-state="mine"]')
    expect(page.locator(".known-outage")).to_contain_text("Гоголя 7")
    page.keyboard.press("Shift+W")
    expect(page.locator(".toast")).to_contain_text("Дан ответ")

    assert [row.purpose for row in site.rows(OutboxRow)] == ["answer"]
    page.keyboard.press("u")
    expect(page.locator(".known-outage")).to_be_visible()
    assert [row.state for row in site.rows(OutboxRow)] == ["cancelled"]


def test_an_end_is_noted_by_a_key_and_taken_back(site: Site, at_desk: Desk) -> None:
    page = at_desk("anna")
    page.goto(f"{site.address}/outages")
    page.keyboard.press("Shift+N")
    page.wait_for_url("**/outages/new")
    page.locator("[name=services]").first.check()
    page.fill("[name=places]", "Абая 10")
    now = site.clock.now().astimezone(ZONE)
    page.fill("[name=begins]", (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=ends]", (now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/outages/\d+"))

    page.locator("body").press("g")
    expect(page.locator(".strip.good")).to_contain_text("закончилось")
    page.locator("body").press("u")

    expect(page.locator(".strip.good")).to_contain_text("ничего не сообщили")
    assert site.rows(OutageRow)[0].over_at is None


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_of_outages_is_wider_than_the_screen(site: Site, at_desk: Desk, width: int) -> None:
    page = at_desk("anna")
    page.set_viewport_size({"width": width, "height": 800})

    for address in ("/outages", "/outages/new"):
        page.goto(site.address + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
