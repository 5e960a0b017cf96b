"""An inspector's work in a real browser, with the keyboard only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from intake109.store.tables import AppealRow, DraftRow, OutboxRow, TaskRow
from tests.browser.site import Site

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]


def opened(page: Page, task_id: int) -> None:
    """Wait until a task is open, its form alive and its lease held."""
    page.wait_for_selector(f'[data-task="{task_id}"] #claim[data-state="mine"]')
    expect(page.locator("#preview")).not_to_be_empty()


def open_first(page: Page, task_id: int) -> None:
    page.keyboard.press("j")
    opened(page, task_id)


def test_the_first_task_is_registered_with_the_keyboard_and_the_next_opens(site: Site, at_desk: Desk) -> None:
    first = site.writes("Яма на Абая 10, пробил колесо", "asel")
    second = site.writes("Холодно дома, нет тепла", "berik")
    page = at_desk("anna")

    open_first(page, first)
    page.keyboard.press("a")
    page.keyboard.press("1")
    expect(page.locator("#preview")).to_contain_text("Дорожная служба")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Зарегистрировано")
    opened(page, second)

    (appeal,) = site.rows(AppealRow)
    assert (appeal.service, appeal.address, appeal.place_key) == ("ROAD-001", "Абая 10", "абая 10")
    (letter,) = site.rows(OutboxRow)
    assert appeal.number in letter.text
    expect(page.locator(f"#row-{first}")).to_contain_class("is-done")


def test_undo_with_one_key_brings_the_task_back(site: Site, at_desk: Desk) -> None:
    first = site.writes("Яма на Абая 10", "asel")
    page = at_desk("anna")
    open_first(page, first)
    page.keyboard.press("b")
    page.keyboard.type("код домофона 12")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Зарегистрировано")

    page.keyboard.press("u")
    opened(page, first)

    expect(page.locator("[name=note]")).to_have_value("код домофона 12")
    assert [row.state for row in site.rows(OutboxRow)] == ["cancelled"]


def test_undo_is_offered_again_after_the_page_was_loaded_anew(site: Site, at_desk: Desk) -> None:
    first = site.writes("Яма", "asel")
    page = at_desk("anna")
    open_first(page, first)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_be_visible()

    page.goto(f"{site.address}/new")
    page.wait_for_selector("html[data-ready]")
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("u")
    opened(page, first)


def test_two_browsers_on_one_task(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    anna, bolat = at_desk("anna"), at_desk("bolat")

    open_first(anna, task_id)
    expect(bolat.locator(f"#row-{task_id} [data-holder]")).to_contain_text("Anna")
    bolat.keyboard.press("j")
    expect(bolat.locator("#claim")).to_contain_text("Anna читает")
    expect(bolat.locator("#submit")).to_be_disabled()
    anna.keyboard.press("Control+Enter")
    expect(bolat.locator(f"#row-{task_id}")).to_contain_class("selected is-done")

    assert len(site.rows(AppealRow)) == 1


def test_a_task_given_back_is_taken_by_whoever_looks_at_it(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма", "asel")
    anna, bolat = at_desk("anna"), at_desk("bolat")
    open_first(anna, task_id)
    bolat.keyboard.press("j")
    expect(bolat.locator("#claim")).to_contain_text("Anna читает")

    anna.keyboard.press("x")
    opened(bolat, task_id)

    expect(bolat.locator("#submit")).to_be_enabled()
    expect(anna.locator("#claim")).to_contain_text("Bolat читает")


def test_keys_work_in_a_russian_layout_and_never_while_typing(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    page = at_desk("anna")
    open_first(page, task_id)

    press = "([code, key]) => document.dispatchEvent(new KeyboardEvent('keydown', {code, key, cancelable: true}))"
    page.evaluate(press, ["KeyA", "ф"])
    expect(page.locator("#address")).to_have_value("Абая 10")
    page.keyboard.press("b")
    page.keyboard.type("jdxq1")

    expect(page.locator("[name=note]")).to_have_value("jdxq1")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#dismiss-dialog")).to_be_visible()


def test_the_most_urgent_is_taken_from_anywhere_and_the_one_left_is_given_back(site: Site, at_desk: Desk) -> None:
    calm = site.writes("Яма", "asel")
    page = at_desk("anna")
    open_first(page, calm)
    danger = site.writes("Люк открыт", "berik")

    page.keyboard.press("c")
    opened(page, danger)

    expect(page.locator(f"#row-{calm} [data-holder]")).to_be_hidden()


def test_a_service_is_found_and_taken_without_the_mouse(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма", "asel")
    page = at_desk("anna")
    open_first(page, task_id)

    page.keyboard.press("s")
    page.keyboard.type("давлене")
    expect(page.locator("#service-found li").first).to_contain_text("Слабое давление газа")
    page.keyboard.press("Enter")

    expect(page.locator("#preview")).to_contain_text("Слабое давление газа")
    expect(page.locator('input[name="service"]:checked')).to_have_value("GAS-003")


def test_what_was_typed_survives_a_closed_page(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма", "asel")
    page = at_desk("anna")
    open_first(page, task_id)
    page.keyboard.press("b")
    page.keyboard.type("звонить после шести")

    page.goto(f"{site.address}/tasks/{task_id}")
    page.wait_for_selector("html[data-ready]")

    expect(page.locator("[name=note]")).to_have_value("звонить после шести")


def test_what_was_typed_survives_an_unreachable_server(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма", "asel")
    page = at_desk("anna")
    open_first(page, task_id)

    page.context.set_offline(True)
    page.keyboard.press("b")
    page.keyboard.type("без связи")
    expect(page.locator("#offline")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("html[data-ready]")

    expect(page.locator("[name=note]")).to_have_value("без связи")
    assert site.rows(AppealRow) == []


def test_the_list_does_not_jump_while_somebody_reads(site: Site, at_desk: Desk) -> None:
    reading = site.writes("Яма", "asel")
    page = at_desk("anna")
    open_first(page, reading)
    before = page.locator(f"#row-{reading}").bounding_box()

    danger = site.writes("Люк открыт у школы", "berik")
    expect(page.locator("#alerts")).to_contain_text("Люк открыт у школы")
    expect(page.locator("#pill")).to_contain_text("1")

    assert page.locator(f"#row-{reading}").bounding_box() == before
    page.keyboard.press("Shift+N")
    expect(page.locator(".row").first).to_have_attribute("data-id", str(danger))
    page.keyboard.press("i")
    opened(page, danger)


def test_a_question_leaves_the_task_open_and_the_form_ready_to_register(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма", "asel")
    page = at_desk("anna")
    open_first(page, task_id)

    page.keyboard.press("q")
    page.keyboard.type("какой дом?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".thread")).to_contain_text("какой дом?")

    expect(page.locator("#submit")).to_contain_text("Зарегистрировать")
    expect(page.locator("#preview")).to_contain_text("зарегистрировано")
    assert site.rows(TaskRow)[0].asked_at is not None


def test_dismissing_takes_two_keys(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Купите слона", "asel")
    page = at_desk("anna")
    open_first(page, task_id)

    page.keyboard.press("d")
    page.keyboard.press("2")
    expect(page.locator(".toast")).to_contain_text("Без обращения")

    (task,) = site.rows(TaskRow)
    assert (task.outcome, task.reason) == ("dismissed", "spam")
    assert site.rows(OutboxRow) == []
    assert site.rows(DraftRow)[0].content["reply"] == ""


def test_attaching_to_the_appeal_of_the_same_house(site: Site, at_desk: Desk) -> None:
    first = site.writes("Яма на Абая 10", "asel")
    page = at_desk("anna")
    open_first(page, first)
    page.keyboard.press("a")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Зарегистрировано")
    second = site.writes("На Абая 10 опять яма", "berik")
    page.keyboard.press("c")
    opened(page, second)

    page.keyboard.press("g")
    page.keyboard.press("1")
    expect(page.locator("#submit")).to_contain_text("Присоединить")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast").last).to_contain_text("Присоединено")

    assert len(site.rows(AppealRow)) == 1
    assert {row.outcome for row in site.rows(TaskRow)} == {"registered", "attached"}
