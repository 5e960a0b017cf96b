"""What the keyboard reaches besides the queue itself, and what the form holds back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from intake109.store.tables import AppealRow, OutboxRow, TaskRow
from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]


def opened(page: Page, task_id: int) -> None:
    page.wait_for_selector(f'[data-task="{task_id}"] #claim[data-state="mine"]')
    expect(page.locator("#preview")).not_to_be_empty()


def lease_for(site: Site, task_id: int, time: timedelta) -> None:
    with site.database.write() as session:
        session.get_one(TaskRow, task_id).lease_until = site.clock.now() + time


def test_one_logs_in_and_reaches_the_queue(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="ru-RU") as context:
        page = context.new_page()
        page.goto(f"{site.address}/login")
        expect(page.locator("[name=login]")).to_be_focused()

        page.keyboard.type("anna")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        page.wait_for_selector("html[data-ready]")
        expect(page.locator(".desk-duty [aria-pressed]")).to_be_visible()


def test_a_task_is_found_and_opened_with_arrows_and_enter(site: Site, at_desk: Desk) -> None:
    site.writes("Яма на Ермекова 5", "asel")
    older = site.writes("Яма на Ермекова 9", "berik")
    page = at_desk("anna")

    page.keyboard.press("/")
    page.keyboard.type("ермекова 9")
    expect(page.locator("#search-results a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    opened(page, older)


def test_an_answer_that_is_only_begun_is_held_back(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    page = at_desk("anna")
    page.keyboard.press("j")
    opened(page, task_id)
    page.keyboard.press("1")

    page.keyboard.press("w")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Допишите ответ")
    assert site.rows(AppealRow) == []
    page.keyboard.type("Ямы нет.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast", has_text="Дан ответ")).to_be_visible()

    (letter,) = site.rows(OutboxRow)
    assert letter.text.endswith("Ямы нет.")


def test_a_lease_that_runs_out_while_one_looks_on_is_taken_over(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    anna, bolat = at_desk("anna"), at_desk("bolat")
    bolat.clock.install()
    bolat.reload()
    bolat.wait_for_selector("html[data-ready]")
    anna.keyboard.press("j")
    opened(anna, task_id)
    lease_for(site, task_id, timedelta(seconds=60))
    bolat.keyboard.press("j")
    expect(bolat.locator("#claim")).to_contain_text("Anna читает")

    lease_for(site, task_id, timedelta(0))
    bolat.clock.fast_forward(60_000)

    bolat.wait_for_selector('#claim[data-state="mine"]')
    expect(bolat.locator("#submit")).to_be_enabled()
