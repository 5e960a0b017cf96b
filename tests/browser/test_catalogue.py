"""An administrator edits the catalogue while an inspector registers: the edit counts for the next appeal."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from intake109.store.tables import AppealRow, RevisionRow
from tests.browser.site import Site
from tests.browser.test_desk import open_first, opened

pytestmark = pytest.mark.browser
Desk = Callable[[str], Page]


def save(page: Page) -> None:
    page.locator("#catalogue-entry .primary").click()
    page.wait_for_selector(".strip.good")


def test_a_new_deadline_counts_for_the_next_registration(site: Site, at_desk: Desk) -> None:
    first = site.writes("Яма на Абая 10", "asel")
    anna, dana = at_desk("anna"), at_desk("dana")
    open_first(anna, first)
    anna.keyboard.press("Control+Enter")
    expect(anna.locator(".toast")).to_contain_text("Зарегистрировано")

    dana.goto(f"{site.address}/catalogue?q=яма")
    dana.locator(".catalogue-list a").first.click()
    dana.fill("[name=deadline]", "3h")
    dana.fill("[name=deadline_source]", "Приказ 7")
    save(dana)
    expect(dana.locator(".timeline")).to_contain_text("3 часа")
    second = site.writes("Ещё яма на Сатпаева 5", "berik")
    anna.goto(f"{site.address}/tasks/{second}")
    opened(anna, second)
    anna.keyboard.press("Control+Enter")
    expect(anna.locator(f"#row-{second}")).to_have_class(re.compile("is-done"))

    assert [row.norm for row in site.rows(AppealRow)] == ["5wd", "3h"]
    before, after = site.rows(AppealRow)
    assert after.deadline_at < before.deadline_at


def test_a_retired_service_is_not_suggested_any_more(site: Site, at_desk: Desk) -> None:
    task_id = site.writes("Яма на Абая 10", "asel")
    anna, dana = at_desk("anna"), at_desk("dana")

    dana.goto(f"{site.address}/catalogue/service/ROAD-001")
    dana.locator(".leave summary").click()
    dana.locator(".leave button").click()
    dana.wait_for_selector(".strip.good")
    open_task = f"{site.address}/tasks/{task_id}"
    anna.goto(open_task)
    anna.wait_for_selector(f'[data-task="{task_id}"] #claim[data-state="mine"]')

    expect(anna.locator('input[name="service"][value="ROAD-001"]')).to_have_count(0)
    expect(dana.locator(".tag.warn").first).to_contain_text("выведено")


def test_two_editors_see_each_others_work_before_anything_is_written(site: Site, at_desk: Desk) -> None:
    dana, erlan = at_desk("dana"), at_desk("erlan")
    for page in (dana, erlan):
        page.goto(f"{site.address}/catalogue/service/ROAD-001")

    dana.fill("[name=ru]", "Провал")
    save(dana)
    erlan.fill("[name=kk]", "Шұңқыр")
    erlan.locator("#catalogue-entry .primary").click()
    expect(erlan.locator(".news")).to_contain_text("Провал")
    expect(erlan.locator("[name=ru]")).to_have_value("Провал")
    save(erlan)

    assert [(row.content["ru"], row.content["kk"]) for row in site.rows(RevisionRow)] == [
        ("Провал", "Яма"),
        ("Провал", "Шұңқыр"),
    ]


def test_a_download_is_edited_sent_back_looked_at_and_taken_back(site: Site, at_desk: Desk, tmp_path: Path) -> None:
    dana = at_desk("dana")
    dana.goto(f"{site.address}/catalogue")
    with dana.expect_download() as coming:
        dana.locator(".catalogue-tools a[download]").click()
    edited = tmp_path / "mine.zip"
    with zipfile.ZipFile(coming.value.path()) as before, zipfile.ZipFile(edited, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).decode().replace("ru: Яма", "ru: Провал"))

    dana.goto(f"{site.address}/catalogue-imports")
    dana.set_input_files("[name=file]", edited)
    dana.locator(".import-send .primary").click()
    expect(dana.locator(".import-lines")).to_contain_text("Провал")
    assert site.rows(RevisionRow) == []
    dana.fill("[name=note]", "Приказ 17")
    dana.locator(".import-save .primary").click()
    dana.wait_for_selector(".strip.good")
    dana.locator(".import-undo summary").click()
    dana.locator(".import-undo button").click()
    expect(dana.locator(".strip.good")).to_contain_text("Возвращено")

    assert [row.content["ru"] for row in site.rows(RevisionRow)] == ["Провал", "Яма"]


def test_a_phrase_like_another_is_warned_of_while_typing(site: Site, at_desk: Desk) -> None:
    dana = at_desk("dana")
    dana.goto(f"{site.address}/catalogue/service/ROAD-001")
    dana.locator('[name="phrases.ru"]').fill("пробил колесо на яме")
    save(dana)
    dana.goto(f"{site.address}/catalogue/service/GAS-003")

    dana.locator('[name="phrases.ru"]').press_sequentially("пробила колесо на яме")

    expect(dana.locator("#likeness")).to_contain_text("ROAD-001")
