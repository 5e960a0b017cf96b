"""Calling citizens and editing texts by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from intake109.appeals import course
from intake109.appeals.course import Status
from intake109.appeals.voice import calls, satisfaction
from intake109.appeals.voice.calls import Outcome, Why
from intake109.queue import decisions
from intake109.queue.decisions import Form
from intake109.store import appeals
from intake109.store.tables import AppealRow, CallRow, ConversationRow
from tests.appeals.cases import SETTING
from tests.browser.site import Site
from tests.city import RULES
from tests.organisations import city_wide

pytestmark = pytest.mark.browser


def silent(site: Site, text: str, author: str) -> None:
    """Let an appeal be answered and its citizen be silent until a call is due."""
    now = site.clock.now()
    task_id = site.writes(text, author)
    with site.database.write() as session:
        form = Form("ROAD-001", address="Абая 10", reply="№ {number}")
        number = decisions.register(session, task_id, 1, form, RULES, now).number
        row = appeals.by_number(session, number)
        assert row is not None
        course.move(session, row, Status.ANSWERED, None, now)
        satisfaction.ask(session, row, SETTING, now)
        [reporter] = appeals.reporters(session, row.id or 0)
        session.get_one(ConversationRow, reporter.conversation_id).phone = "+7 701 123 45 67"
        calls.open_call(session, reporter, row, Why.SILENT, now)


def test_calls_are_logged_without_a_mouse(site: Site, at_desk: Callable[[str], Page]) -> None:
    silent(site, "Яма у школы", "asel")
    silent(site, "Фонарь не горит", "berik")
    page = at_desk("anna")
    page.goto(f"{site.address}/calls")
    page.wait_for_selector("html[data-ready]")

    page.keyboard.press("b")
    page.keyboard.type("Яма снова открылась")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.locator(".strip.good")).to_contain_text("не решено")
    page.keyboard.press("3")
    expect(page.locator(".call-tried")).to_contain_text("Не отвечает")

    assert [row.status for row in site.rows(AppealRow)] == ["forwarded", "answered"]
    assert [row.result for row in site.rows(CallRow)] == ["unsolved", ""]


def test_a_text_is_looked_at_and_saved_by_keyboard(site: Site, at_desk: Callable[[str], Page]) -> None:
    page = at_desk("dana")
    page.goto(f"{site.address}/texts/thanks")
    page.wait_for_selector("html[data-ready]")

    page.locator('textarea[name="ru"]').fill("Спасибо вам!")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator('p.letter[lang="ru"]')).to_have_text("Спасибо вам!")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strip.good")).to_contain_text("Сохранено")


def test_what_nobody_could_be_heard_about_is_called_again_and_closed_by_keyboard(
    site: Site, at_desk: Callable[[str], Page]
) -> None:
    city_wide(site.database, site.clock, is_private=True)
    silent(site, "Яма у новостройки", "asel")
    in_vain(site, SETTING.voice.call_attempts)
    page = at_desk("dana")
    page.goto(f"{site.address}/control?shelf=unheard")
    expect(page.locator(".control-rows .row")).to_have_count(1)
    expect(page.get_by_text("гудки")).to_have_count(SETTING.voice.call_attempts)

    page.keyboard.press("c")
    expect(page.locator(".toast", has_text="снова в звонках")).to_be_visible()
    in_vain(site, 1)
    page.goto(f"{site.address}/control?shelf=unheard")
    page.keyboard.press("x")
    page.keyboard.type("Телефон не отвечает, дом проверен")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".strip", has_text="Телефон не отвечает")).to_be_visible()
    (row,) = site.rows(AppealRow)
    assert (row.status, row.closed_as) == ("closed", "unheard")


def in_vain(site: Site, times: int) -> None:
    """Let the citizen be called in vain, on so many days."""
    for number in range(times):
        with site.database.write() as session:
            at = site.clock.now() + timedelta(days=number)
            satisfaction.not_reached(session, 1, Outcome.NO_ANSWER, "гудки", 1, SETTING, at)
