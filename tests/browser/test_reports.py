"""Reports as the head of the centre reads them: a day and its pictures, files, a correction, a range, a subscriber."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from intake109.clock import city_day
from intake109.config import Config, Storage
from intake109.jobs.loop import Threads
from intake109.jobs.reporting import Reporting
from intake109.media.files import FileStore
from intake109.reports import seal
from intake109.review_ui.parts import Parts
from tests.browser.conftest import served
from tests.browser.site import Site, log_in
from tests.city import CATALOGUE, ZONE
from tests.reports.made import of_day

pytestmark = pytest.mark.browser
_BARS = """() => [...[...document.querySelectorAll(".report-chart")].at(-1).querySelectorAll(".report-column")]
    .map((one) => one.getBoundingClientRect())
    .map((box) => [Math.round(box.bottom), Math.round(box.height)])"""
_CUT = """() => [...document.querySelectorAll(".report-scroll")]
    .filter((one) => one.scrollWidth > one.clientWidth).length"""
FORMATS = {"html": b"<!doc", "pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "json": b"{"}


@pytest.fixture
def centre(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """A centre that can send mail, with a sealed yesterday."""
    with served(sqlite_template, tmp_path, _with_mail) as found:
        with found.database.write() as session:
            seal.seal(session, of_day(yesterday(found)), found.clock.now())
        yield found


def _with_mail(parts: Parts) -> Parts:
    email = parts.config.alerts.email.model_copy(update={"host": "mail", "from_address": "109@example.kz"})
    alerts = parts.config.alerts.model_copy(update={"email": email})
    return replace(parts, config=parts.config.model_copy(update={"alerts": alerts}))


def yesterday(site: Site) -> str:
    return (city_day(site.clock.now(), ZONE) - timedelta(days=1)).isoformat()


def at_reports(browser: Browser, site: Site) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    log_in(context, site.address, "dana")
    page = context.new_page()
    page.goto(f"{site.address}/reports")
    return page


def make_what_is_asked_for(site: Site, folder: Path) -> None:
    """Do what the job does every few seconds."""
    threads = Threads()
    files = FileStore(folder / "media", 2**20)
    Reporting(
        Config(storage=Storage(folder=folder)), lambda: CATALOGUE, files, site.database, site.clock, threads
    ).make()
    threads.close()


def test_a_day_is_opened_and_its_bars_stand_on_one_line(browser: Browser, centre: Site) -> None:
    page = at_reports(browser, centre)

    page.locator(".report-days a").first.click()

    expect(page.locator(".report h1")).to_be_visible()
    bars = page.evaluate(_BARS)
    assert len({bottom for bottom, _ in bars}) == 1
    assert len({height for _, height in bars}) > 5
    assert page.evaluate(_CUT) == 0
    page.context.close()


def test_every_format_is_a_file_and_a_correction_is_there_for_everybody(browser: Browser, centre: Site) -> None:
    page = at_reports(browser, centre)
    page.goto(f"{centre.address}/reports/{yesterday(centre)}")

    for name, start in FORMATS.items():
        with page.expect_download() as coming:
            page.get_by_role("link", name=name.upper(), exact=True).click()
        assert coming.value.suggested_filename == f"109-{yesterday(centre)}.{name}"
        assert Path(coming.value.path()).read_bytes().startswith(start)

    page.locator(".report-correct summary").click()
    page.locator("[name=reason]").fill("журнал площадки пришёл позже")
    page.keyboard.press("Enter")
    expect(page.locator(".report-corrected")).to_contain_text("журнал площадки пришёл позже")
    page.locator(".report-changes summary").click()
    expect(page.locator(".report-changes code").first).to_be_visible()
    page.goto(f"{centre.address}/reports")
    expect(page.locator(".report-days .tag")).to_be_visible()
    page.context.close()


def test_a_range_comes_by_itself_and_whoever_subscribes_is_listed(
    browser: Browser, centre: Site, tmp_path: Path
) -> None:
    page = at_reports(browser, centre)
    page.locator("[name=to]").fill("akim@example.kz")
    page.locator("[name=to]").press("Enter")
    expect(page.locator(".report-subscribers")).to_contain_text("akim@example.kz")

    page.locator("[name=first]").fill(yesterday(centre))
    page.get_by_role("button", name="Составить").click()
    expect(page.locator("progress")).to_be_visible()
    make_what_is_asked_for(centre, tmp_path)

    expect(page.locator(".report-facts")).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("link", name="XLSX", exact=True).click()
    assert Path(coming.value.path()).read_bytes().startswith(b"PK")
    page.context.close()
