"""Several numbers, one case, by the keyboard; and a problem that is back, taken up again with one key."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from intake109.store.tables import AppealRow, TaskRow
from tests.browser.site import Site

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]


def look(page: Page, name: str) -> None:
    """Keep pictures of both widths where somebody asks for pictures."""
    folder = os.environ.get("INTAKE109_PICTURES", "")
    if not folder:
        return
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def register(page: Page, site: Site, text: str, author: str) -> int:
    """Let a citizen write and register it at the desk."""
    task, nth = site.writes(text, author), len(site.rows(AppealRow)) + 1
    page.goto(f"{site.address}/tasks/{task}")
    page.wait_for_selector(f'[data-task="{task}"] #claim[data-state="mine"]')
    page.keyboard.press("a")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast", has_text=f"-{nth:06d}")).to_be_visible()
    return task


def test_appeals_are_merged_and_split_by_the_keyboard(site: Site, at_desk: Desk) -> None:
    page = at_desk("anna")
    register(page, site, "Яма на Абая 10 у второго подъезда", "asel")
    register(page, site, "Ленина 10, машина пробила колесо: большая яма", "berik")
    page.goto(f"{site.address}/appeals/{site.rows(AppealRow)[1].number}")

    page.keyboard.press("g")
    page.wait_for_url("**/merge")
    expect(page.locator(".merge-options a")).to_have_count(1)
    page.keyboard.press("Escape")
    look(page, "merge-choose")
    page.keyboard.press("1")
    expect(page.locator(".plan")).to_be_visible()
    look(page, "merge-plan")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".members li")).to_have_count(1)
    expect(page.locator(".reporter")).to_have_count(2)
    look(page, "merge-done")
    merged = site.rows(AppealRow)[1].merged_into

    page.keyboard.press("Shift+J")
    page.wait_for_url("**/split")
    look(page, "merge-split")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strip.good")).to_be_visible()
    look(page, "merge-apart")

    assert merged == 1
    assert site.rows(AppealRow)[1].merged_into is None


def test_a_problem_that_is_back_is_taken_up_with_one_key(site: Site, at_desk: Desk) -> None:
    page = at_desk("anna")
    register(page, site, "Яма на Абая 10 у второго подъезда", "asel")
    with site.database.write() as session:
        row = session.get_one(AppealRow, 1)
        row.status, row.closed_at = "closed", row.registered_at
    task = site.writes("Опять на Абая 10 провалился асфальт, яма", "timur")

    page.goto(f"{site.address}/tasks/{task}")
    page.wait_for_selector(f'[data-task="{task}"] #claim[data-state="mine"]')
    expect(page.locator(".returned")).to_be_visible()
    look(page, "returned")
    page.keyboard.press("a")
    expect(page.locator(".returned")).to_be_visible()
    page.keyboard.press("Shift+G")
    expect(page.locator(".toast", has_text="Открыто снова")).to_be_visible()

    assert site.rows(AppealRow)[0].round == 2
    assert [row.outcome for row in site.rows(TaskRow)] == ["registered", "attached"]
