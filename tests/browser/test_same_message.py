"""Copies of one message on the screen: one line, one decision, and one key takes apart what is another problem."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from intake109.store.tables import AppealRow, OutboxRow, TaskRow
from tests.browser.site import Site

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]
WORDS = "На Абая 10 третий день нет света во всём подъезде"


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asks for pictures."""
    folder = os.environ.get("INTAKE109_PICTURES", "")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_copies_are_one_line_taken_apart_and_joined_with_one_key(site: Site, at_desk: Desk) -> None:
    first = site.writes(WORDS, "asel")
    second = site.writes("на абая 10 третий день нет свта во всем подъезде", "berik")
    page = at_desk("anna")
    page.keyboard.press("j")
    page.wait_for_selector(f'[data-task="{first}"] #claim[data-state="mine"]')

    expect(page.locator("#rows .row")).to_have_count(1)
    expect(page.locator("#rows .copies")).to_contain_text("+1")
    expect(page.locator("details.copies li")).to_have_count(1)
    look(page, "same-leader")

    page.locator("details.copies li a").first.click()
    page.wait_for_selector(f'[data-task="{second}"]')
    look(page, "same-follower")
    page.keyboard.press("Shift+J")
    page.wait_for_selector(f'[data-task="{second}"] #claim[data-state="mine"]')
    expect(page.locator("#rows .row:not(.is-done)")).to_have_count(2)
    expect(page.locator("#decision")).to_be_visible()
    look(page, "same-apart")

    page.keyboard.press("Shift+J")
    page.wait_for_selector(f'[data-task="{first}"] #claim[data-state="mine"]')
    expect(page.locator(".toast", has_text="Объединено")).to_be_visible()
    expect(page.locator("details.copies li")).to_have_count(1)
    page.keyboard.press("1")
    expect(page.locator("#preview")).to_contain_text("Дорожная служба")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast", has_text="Зарегистрировано")).to_be_visible()

    assert len(site.rows(AppealRow)) == 1
    assert [row.outcome for row in site.rows(TaskRow)] == ["registered", "attached"]
    assert len(site.rows(OutboxRow)) == 2
