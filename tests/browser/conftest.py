"""The real application on a free port, and Chromium to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from intake109.catalogue.current import CurrentCatalogue
from intake109.clock import SystemClock
from intake109.demo.standin import City, Settings, World, serve
from intake109.demo.standin.server import listening, running
from intake109.review_ui.app import create_app
from intake109.review_ui.parts import Parts
from intake109.store import people
from intake109.store.database import Database
from intake109.store.revisions import Revisions
from tests.browser.site import PASSWORD, Site, log_in
from tests.browser.town import at_home
from tests.city import CATALOGUE, RuleJudge, Street, hire
from tests.review_ui.office import CHEAP, empty_database, parts_of

STAFF = {"anna": "inspector", "bolat": "inspector", "dana": "administrator", "erlan": "administrator"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium_path() -> str | None:
    """Return where a Chromium is, None if this machine has none."""
    given = os.environ.get("INTAKE109_CHROMIUM", "")
    return given or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one these tests are skipped and say so, but never in CI.

    Not for the whole session: while Playwright is open, no other test of the process could run a loop of its own.
    """
    path = chromium_path()
    with sync_playwright() as playwright:
        if path is None and Path(playwright.chromium.executable_path).is_file():
            path = playwright.chromium.executable_path
        if path is None:
            if os.environ.get("CI"):
                pytest.fail("CI must run the browser tests: install Chromium or set INTAKE109_CHROMIUM")
            pytest.skip("no Chromium here: install it or set INTAKE109_CHROMIUM")
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """The application with two inspectors and two administrators, served as in production."""
    with served(sqlite_template, tmp_path) as found:
        yield found


@contextmanager
def served(
    sqlite_template: Path, tmp_path: Path, change: Callable[[Parts], Parts] = lambda parts: parts
) -> Iterator[Site]:
    """Serve the application for as long as the block lasts; `change` gives it other parts."""
    clock = SystemClock()
    database = empty_database(sqlite_template, tmp_path)
    for login, role in STAFF.items():
        hire(database, clock, login, role)
    _give_passwords(database)
    parts = parts_of(database, clock, tmp_path)  # type: ignore[arg-type]
    app = create_app(change(replace(parts, current=CurrentCatalogue(CATALOGUE, Revisions(database)))))
    listener = listening()
    with running(app, listener):
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", database, Street(database, clock), clock)
    database.close()


@pytest.fixture
def at_desk(browser: Browser, site: Site) -> Iterator[Callable[[str], Page]]:
    """Open a browser of one's own for an inspector and log in; what the page complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_desk(login: str) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None
        )
        log_in(context, site.address, login)
        page.goto(site.address, wait_until="commit")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def city() -> Iterator[City]:
    """The demo city's platforms, which try a webhook again within a second."""
    with serve(World(settings=Settings(pauses=(0.1, 0.2, 0.4)))) as found:
        yield found


@pytest.fixture
def product(city: City, tmp_path: Path) -> Iterator[str]:
    """The product living in that city, with a judge of rules; its address."""
    with at_home(city, tmp_path, RuleJudge(), CATALOGUE) as address:
        yield address


def _give_passwords(database: Database) -> None:
    with database.write() as session:
        for user in people.all_of(session):
            user.password_hash = CHEAP.hash(PASSWORD)
