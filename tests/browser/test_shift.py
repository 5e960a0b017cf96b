"""Two people at two screens: who reads what, a task put before somebody, and a shift handed over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from intake109.queue import blindness
from intake109.store import health, people
from intake109.store.tables import HandoverRow, TaskRow
from tests.browser.site import Site

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]


def supervise(site: Site, login: str) -> None:
    with site.database.write() as session:
        user = people.by_login(session, login)
        assert user is not None
        user.role = "supervisor"


def test_both_see_who_reads_and_a_task_given_is_seen_at_once(site: Site, at_desk: Desk) -> None:
    supervise(site, "bolat")
    task_id = site.writes("Яма на Абая 10", "asel")
    anna, bolat = at_desk("anna"), at_desk("bolat")

    bolat.keyboard.press("j")
    bolat.wait_for_selector('#claim[data-state="mine"]')
    expect(anna.locator(f"#row-{task_id} [data-holder]")).to_contain_text("Bolat")
    bolat.keyboard.press("t")
    bolat.locator("#give-dialog[open]").wait_for()
    bolat.keyboard.press("1")

    expect(bolat.locator("#claim")).to_contain_text("Anna читает")
    expect(bolat.locator("#submit")).to_be_disabled()
    expect(anna.locator(".desk-given")).to_contain_text("Bolat передаёт вам задачу")
    anna.keyboard.press("v")
    anna.wait_for_selector('#claim[data-state="mine"]')
    expect(anna.locator("#readers > span")).to_have_text("Bolat")
    expect(anna.locator(".desk-given")).to_have_count(0)
    bolat.goto("about:blank")
    expect(anna.locator("#readers")).to_be_hidden()
    assert site.rows(TaskRow)[0].given_by is None


def test_a_channel_that_goes_blind_is_told_at_once_and_moves_nothing(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    page = at_desk("anna")
    row = page.locator(f"#row-{task_id}")
    row.wait_for()
    before = row.bounding_box()

    with site.database.write() as session:
        line = health.of(session, "instagram.tags", "instagram")
        line.last_good_at, line.errors_in_row = site.clock.now(), 3
        blindness.keep(session, site.clock.now())

    expect(page.locator("#desk-line.is-blind")).to_contain_text("Instagram: отметки: не видно с")
    assert row.bounding_box() == before


def test_a_break_taken_by_a_key_frees_the_task(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    anna, bolat = at_desk("anna"), at_desk("bolat")
    anna.keyboard.press("j")
    anna.wait_for_selector('#claim[data-state="mine"]')

    anna.keyboard.press("o")

    expect(anna.locator(".desk-duty [aria-pressed]")).to_contain_text("перерыв")
    expect(bolat.locator(".desk-people")).to_contain_text("Anna (перерыв)")
    assert site.rows(TaskRow)[0].id == task_id
    assert site.rows(TaskRow)[0].claimed_by is None


def test_a_shift_is_handed_over_by_the_one_and_taken_over_by_the_other(site: Site, at_desk: Desk) -> None:
    site.writes("Открытый люк", "asel")
    anna, bolat = at_desk("anna"), at_desk("bolat")

    anna.locator(".desk-people").click()
    anna.locator("#handover-note").fill("Ждём газовую службу")
    anna.get_by_role("button", name="Подписать и сдать").click()
    expect(anna.locator(".signatures")).to_contain_text("ещё не приняли")
    bolat.goto(f"{site.address}/shift")
    expect(bolat.locator(".handover-waits")).to_contain_text("Anna сдаёт смену")
    bolat.get_by_role("button", name="Подписать и принять смену").click()

    expect(bolat.locator(".signatures")).to_contain_text("Bolat")
    expect(bolat.locator(".left-behind")).to_contain_text("Открытый люк")
    (row,) = site.rows(HandoverRow)
    assert row.signed_in_at is not None
    anna.goto(site.address)
    expect(anna.locator(".desk-duty [aria-pressed]")).to_contain_text("не на смене")
