"""The promise on the screen: an alert one cannot overlook, and checking what the machine registered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from intake109.alerts.raising import INSPECTORS, Kind, raise_alert
from intake109.queue import automatic
from intake109.store.tables import AlertRow, AppealRow, TaskRow
from tests.browser.site import Site
from tests.city import RULES

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]


def machine(site: Site, *task_ids: int) -> None:
    """Let the machine register tasks now."""
    with site.database.write() as session:
        for task_id in task_ids:
            automatic.register(session, task_id, RULES, site.clock.now())


def reading(page: Page, task_id: int) -> None:
    page.keyboard.press("j")
    page.wait_for_selector(f'[data-task="{task_id}"] #claim[data-state="mine"]')
    expect(page.locator("#preview")).not_to_be_empty()


def to_be_checked(page: Page) -> None:
    """Wait until a registration is open and its form alive: only then has the one key a meaning."""
    expect(page.locator("#submit")).to_contain_text("Всё верно")
    expect(page.locator("#submit")).to_have_attribute("data-key", "KeyG")


def test_danger_reaches_who_reads_something_else_and_taking_it_ends_it_for_all(site: Site, at_desk: Desk) -> None:
    pit = site.writes("Яма на Абая 10", "asel")
    anna, bolat = at_desk("anna"), at_desk("bolat")
    bolat.goto(f"{site.address}/shift")
    reading(anna, pit)
    before = anna.locator(f"#row-{pit}").bounding_box()

    danger = site.writes("Открытый люк у школы", "berik")
    expect(anna.locator("#alerts")).to_contain_text("Открытый люк у школы")
    expect(bolat.locator("#alerts")).to_contain_text("Инцидент")
    assert anna.locator(f"#row-{pit}").bounding_box() == before
    anna.reload()
    expect(anna.locator("#alerts")).to_contain_text("Открытый люк у школы")
    anna.keyboard.press("i")
    anna.wait_for_selector(f'[data-task="{danger}"] #claim[data-state="mine"]')

    expect(anna.locator("#alerts")).to_be_hidden()
    expect(bolat.locator("#alerts")).to_be_hidden()
    expect(bolat.locator(".toast")).to_contain_text("Тревогу принял(а) Anna")
    assert [row.ended_why for row in site.rows(AlertRow)] == ["taken"]


@pytest.mark.parametrize("address", ["/shift", "/health", "/catalogue", "/appeals", "/model", "/new"])
def test_every_page_beside_the_queue_hears_danger_and_one_key_ends_it_for_all(
    site: Site, at_desk: Desk, address: str
) -> None:
    page = at_desk("anna")
    page.evaluate("localStorage.setItem('alert-sound', 'on')")
    page.goto(f"{site.address}{address}")
    page.wait_for_selector("html[data-ready]")
    page.locator("body").click(position={"x": 700, "y": 890})  # a browser sounds only on a page that was touched

    site.writes("Открытый люк у школы", "asel")
    expect(page.locator("#alerts")).to_contain_text("Открытый люк у школы")
    expect(page.locator("html")).to_have_attribute("data-rung", "1")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("z")

    expect(page.locator("#alerts")).to_be_hidden()
    assert [row.ended_why for row in site.rows(AlertRow)] == ["acknowledged"]


def look_away(page: Page, is_hidden: bool) -> None:
    """Let a page believe that it lies behind another window."""
    page.evaluate(
        "is => { Object.defineProperty(document, 'hidden', { value: is, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        is_hidden,
    )


def test_a_page_behind_another_window_still_hears_danger(site: Site, at_desk: Desk) -> None:
    page = at_desk("anna")
    page.locator("#alert-sound").click()
    page.goto(f"{site.address}/health")
    page.wait_for_selector("html[data-ready]")
    page.locator("h1, h2").first.click()
    second = page.context.new_page()
    second.goto(f"{site.address}/shift")
    second.wait_for_selector("html[data-ready]")
    for one in (page, second):
        look_away(one, is_hidden=True)

    site.writes("Открытый люк у школы", "asel")
    expect(page.locator("html")).to_have_attribute("data-rung", "1")
    second.close()
    look_away(page, is_hidden=False)
    site.writes("Открытый люк у рынка", "berik")

    expect(page.locator("html")).to_have_attribute("data-rung", "2")


def test_many_that_wait_are_one_calm_line_with_their_number(site: Site, at_desk: Desk) -> None:
    page = at_desk("anna")
    page.locator("#alert-sound").click()
    expect(page.locator("html")).to_have_attribute("data-rung", "1")
    for n in range(3):
        task_id = site.writes(f"Яма на Абая {n}", f"citizen{n}")
        with site.database.write() as session:
            raise_alert(session, Kind.WAITING, task_id, INSPECTORS, site.clock.now())

    expect(page.locator("#alerts")).to_contain_text("3 задачи ждут, самая старая 0 мин")
    assert page.locator("html").get_attribute("data-rung") == "1"
    page.keyboard.press("z")

    expect(page.locator("#alerts")).to_be_hidden()
    assert {row.ended_why for row in site.rows(AlertRow)} == {"acknowledged"}


def test_it_sounds_once_and_only_where_it_was_allowed(site: Site, at_desk: Desk) -> None:
    anna, bolat = at_desk("anna"), at_desk("bolat")
    anna.locator("#alert-sound").click()
    expect(anna.locator("#alert-sound")).to_have_attribute("aria-pressed", "true")
    expect(anna.locator("html")).to_have_attribute("data-rung", "1")  # this is how it sounds

    site.writes("Открытый люк", "asel")
    expect(anna.locator("html")).to_have_attribute("data-rung", "2")
    expect(bolat.locator("#alerts")).to_be_visible()
    anna.reload()
    anna.keyboard.press("Escape")
    expect(anna.locator("#alerts")).to_be_visible()

    assert anna.locator("html").get_attribute("data-rung") is None
    assert bolat.locator("html").get_attribute("data-rung") is None


def test_one_key_confirms_what_the_machine_registered(site: Site, at_desk: Desk) -> None:
    first, second = site.writes("Яма на Абая 10", "asel"), site.writes("Холодно дома, нет тепла", "berik")
    page = at_desk("anna")
    machine(site, first, second)
    expect(page.locator('[data-stat="unchecked"]')).to_have_text("2")

    page.locator('.shelves a[href*="unchecked"]').click()
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("j")
    to_be_checked(page)
    page.keyboard.press("g")
    page.wait_for_selector(f'[data-task="{second}"]')
    to_be_checked(page)
    page.keyboard.press("g")

    expect(page.locator("[data-nothing]")).to_contain_text("проверено")
    expect(page.locator('[data-stat="unchecked"]')).to_have_text("0")
    assert [row.checked_as for row in site.rows(TaskRow)] == ["confirmed", "confirmed"]


def test_another_service_is_a_correction_and_says_what_the_citizen_reads(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    machine(site, task_id)
    page = at_desk("anna")
    page.goto(f"{site.address}/tasks/{task_id}?shelf=unchecked")
    to_be_checked(page)

    page.keyboard.press("b")
    page.keyboard.type("ждут во дворе")
    expect(page.locator("#submit")).to_contain_text("Исправить")
    expect(page.locator(".says-nothing")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.keyboard.type("нет тепла")
    expect(page.locator("#service-found li").first).to_contain_text("Нет тепла")
    page.keyboard.press("Enter")
    expect(page.locator("#preview")).to_contain_text("2026-000001")
    expect(page.locator(".says-nothing")).to_be_hidden()
    page.keyboard.press("Control+Enter")

    expect(page.locator(".toast").first).to_contain_text("Исправлено")
    (appeal,) = site.rows(AppealRow)
    assert (appeal.service, appeal.note) == ("HEAT-001", "ждут во дворе")


def test_a_registration_that_is_no_appeal_takes_a_reason_and_a_second_look(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    machine(site, task_id)
    page = at_desk("anna")
    page.goto(f"{site.address}/tasks/{task_id}?shelf=unchecked")
    to_be_checked(page)

    page.keyboard.press("d")
    page.keyboard.press("2")
    expect(page.locator("#submit")).to_contain_text("Аннулировать: спам")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".toast").first).to_contain_text("Номер аннулирован")
    assert site.rows(AppealRow)[0].annulled_at is not None


def test_who_is_typing_when_the_machine_steps_in_goes_on_with_the_correction(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    page = at_desk("anna")
    reading(page, task_id)
    page.keyboard.press("b")
    page.keyboard.type("код домофона 12")

    machine(site, task_id)
    expect(page.locator("#submit")).to_contain_text("Открыть как исправление")
    page.keyboard.type("34")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#submit")).to_contain_text("Исправить")
    expect(page.locator("[name=note]")).to_have_value("код домофона 1234")
    expect(page.locator(".draft")).to_contain_text("открыт как исправление")


def test_who_comes_second_to_a_check_is_told_and_keeps_the_screen(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    machine(site, task_id)
    anna, bolat = at_desk("anna"), at_desk("bolat")
    for page in (anna, bolat):
        page.goto(f"{site.address}/tasks/{task_id}?shelf=unchecked")
        to_be_checked(page)

    anna.keyboard.press("g")

    expect(bolat.locator(".toast")).to_contain_text("Anna: Проверено")
    expect(bolat.locator("#submit")).to_be_disabled()


def test_a_known_problem_is_attached_by_keys_and_taken_back(site: Site, at_desk: Desk) -> None:
    first, task_id = site.writes("Яма на Абая 10", "asel"), site.writes("На Абая 10 опять яма", "berik")
    machine(site, first, task_id)
    page = at_desk("anna")
    page.goto(f"{site.address}/tasks/{task_id}?shelf=unchecked")
    to_be_checked(page)

    page.keyboard.press("w")
    page.locator("#attach-dialog button[data-attach]").first.wait_for()
    page.keyboard.press("1")
    expect(page.locator("[data-submit-label]")).to_contain_text("2026-000001")
    expect(page.locator("#preview")).to_contain_text("2026-000001")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f'[data-task="{first}"]')
    known = [row.checked_as for row in site.rows(TaskRow)]
    expect(page.locator("[data-undo-task]")).to_contain_text("Присоединено")
    page.keyboard.press("u")
    page.wait_for_selector(f'[data-task="{task_id}"]')
    to_be_checked(page)

    assert known == ["", "attached"]
    assert [row.checked_as for row in site.rows(TaskRow)] == ["", ""]
    assert [row.status for row in site.rows(AppealRow)] == ["forwarded", "forwarded"]
