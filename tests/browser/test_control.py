"""One whole case on the control page by the keyboard: danger, a formal reply, work, a look, the citizen agrees."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from intake109.appeals.voice import satisfaction
from intake109.appeals.work import answers
from intake109.appeals.work.answers import Said
from intake109.queue import decisions
from intake109.queue.decisions import Form
from intake109.store import people
from intake109.store.tables import AppealRow, ReporterRow
from tests.browser.site import Site
from tests.city import RULES

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]


def look(page: Page, name: str) -> None:
    """Keep pictures of both widths where somebody asks for pictures."""
    folder = os.environ.get("INTAKE109_PICTURES", "")
    if not folder:
        return
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png")
    page.set_viewport_size({"width": 1440, "height": 900})


def registered(site: Site) -> AppealRow:
    task = site.writes("Открытый люк у школы, дети ходят", "asel")
    with site.database.write() as session:
        user = people.by_login(session, "anna")
        assert user is not None
        form = Form("SEWER-001", address="Абая 10", is_incident=True, reply="Ваш номер {number}")
        return decisions.register(session, task, user.id or 0, form, RULES, datetime.now(UTC))


def answer(site: Site, appeal: AppealRow, text: str) -> None:
    with site.database.write() as session:
        answers.receive(session, appeal.id or 0, Said(text), RULES.setting, site.clock.now())


def agrees(site: Site) -> None:
    (reporter,) = site.rows(ReporterRow)
    with site.database.write() as session:
        satisfaction.hear(session, reporter.id or 0, True, RULES.setting, site.clock.now())


def test_a_danger_is_followed_to_its_end_by_the_keyboard(site: Site, at_desk: Desk) -> None:
    appeal = registered(site)
    page = at_desk("dana")
    with page.expect_response("**/events?*"):
        page.goto(f"{site.address}/control")
    expect(page.locator("#detail .empty")).to_be_visible()

    answer(site, appeal, "Меры приняты, люк будет закрыт.")  # the open page hears of it
    expect(page.locator(".control-rows .row")).to_have_count(1)
    page.keyboard.press("j")
    expect(page.locator(".executor-answer mark.doubt").first).to_be_visible()
    look(page, "control-judge")
    page.keyboard.press("f")
    page.locator("#formal-dialog [name=why]").fill(" ")  # what the browser lets pass the server refuses, in the dialog
    page.keyboard.press("Control+Enter")
    expect(page.locator("#formal-dialog .refusal")).to_contain_text("Напишите причину")
    page.locator("#formal-dialog [name=why]").fill("Когда и чем закрыли?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast", has_text="отправлено обратно")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".toast", has_text="отменено")).to_be_visible()
    expect(page.locator(".executor-answer.is-waiting")).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.press("Control+Enter")
    expect(page.locator('[data-key="KeyE"]')).to_be_visible()

    page.keyboard.press("e")
    page.keyboard.type("Люк закрыт, крышка приварена")
    page.locator("#answer-dialog [name=acted_on]").fill(site.clock.now().astimezone(RULES.zone).date().isoformat())
    page.keyboard.press("Control+Enter")
    expect(page.locator('[data-key="KeyA"]')).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".toast", has_text="спрашиваем жителей")).to_be_visible()
    expect(page.locator(".strip.warn", has_text="не закроется")).to_be_visible()
    agrees(site)
    expect(page.locator(".reporter .tag.done")).to_be_visible()
    page.keyboard.press("s")
    page.keyboard.press("y")
    page.keyboard.press("b")
    page.keyboard.type("Камера 14: крышка на месте")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".stations .is-here b")).to_have_text("Закрыто")
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".control-rows .row")).to_have_count(0)
    look(page, "control-closed")
    (row,) = site.rows(AppealRow)
    assert (row.status, row.closed_as) == ("closed", "satisfied")


def test_an_inspector_is_not_shown_the_way_there(site: Site, at_desk: Desk) -> None:
    registered(site)

    page = at_desk("anna")
    page.goto(f"{site.address}/appeals")

    expect(page.locator('.office-nav a[href="/control"]')).to_have_count(0)
