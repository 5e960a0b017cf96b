"""A power cut: many citizens, one line, one decision, an answer for each. With the keyboard only."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from intake109.store.tables import AppealRow, OutboxRow, TaskRow
from tests.browser.site import Site

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]

SAID = (
    "Михайловка, электричество вырубили? Кривогуза 57, весь дом тёмный",
    "Нет электричества, Михайловка с 18.38",
    "Михайловка электричество өшіп қалды, қашан болады?",
)


def held(page: Page, task_id: int) -> None:
    page.wait_for_selector(f'[data-task="{task_id}"] #claim[data-state="mine"]')
    expect(page.locator("#preview")).not_to_be_empty()


def test_lines_become_one_while_somebody_looks_and_are_decided_and_undone_in_one_go(site: Site, at_desk: Desk) -> None:
    page = at_desk("anna")
    first, second = (site.writes(text, f"citizen-{number}") for number, text in enumerate(SAID[:2]))
    expect(page.locator(".row")).to_have_count(2)
    site.writes(SAID[2], "citizen-2")
    expect(page.locator(".row.storm")).to_contain_text("Михайловка, нет света в районе, 3 человека")
    expect(page.locator(f"#row-{second}")).to_have_class(re.compile("is-done"))
    page.keyboard.press("j")
    held(page, first)
    expect(page.locator("[data-ticked]")).to_have_text("отмечено 2 из 2")
    expect(page.locator("#submit")).to_contain_text("и ещё 2")

    late = site.writes("И у нас нет электричества, Михайловка", "citizen-3")
    expect(page.locator("[data-ticked]")).to_have_text("отмечено 3 из 3")
    page.keyboard.press("Shift+M")
    expect(page.locator("[data-ticked]")).to_have_text("отмечено 0 из 3")
    page.keyboard.press("Shift+M")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("отмечено 2 из 3")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("и ещё 3")
    assert [row.outcome for row in site.rows(TaskRow)] == ["registered", "attached", "attached", "attached"]
    page.keyboard.press("u")
    held(page, first)

    assert [row.decided_at for row in site.rows(TaskRow)] == [None] * 4
    assert {row.state for row in site.rows(OutboxRow)} == {"cancelled"}
    assert [row.status for row in site.rows(AppealRow)] == ["annulled"]
    expect(page.locator("[data-ticked]")).to_have_text("отмечено 3 из 3")
    assert late in [row.id for row in site.rows(TaskRow)]


def test_who_has_another_problem_is_unticked_and_stays_a_line_of_its_own(site: Site, at_desk: Desk) -> None:
    first, *_ = [site.writes(text, f"citizen-{number}") for number, text in enumerate(SAID)]
    other = site.writes("Михайловка: электричество есть, а счётчик крутит вдвое", "citizen-9")
    page = at_desk("anna")
    page.keyboard.press("j")
    held(page, first)

    page.locator(f'#together input[value="{other}"]').uncheck()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("и ещё 2")

    expect(page.locator(f"#row-{other}")).to_be_visible()
    expect(page.locator(f"#row-{other} .storm-name")).to_have_count(0)
    assert [row.decided_at is None for row in site.rows(TaskRow)] == [False, False, False, True]
