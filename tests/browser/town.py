"""The product as `make demo` starts it, living in a stand-in of the platforms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from intake109 import config as configuration
from intake109.bootstrap import House, build
from intake109.catalogue.services import Catalogue
from intake109.demo.show import config_text, secrets_of
from intake109.demo.standin import City
from intake109.demo.standin.server import listening, running
from intake109.pipeline import Judge
from intake109.review_ui.access.accounts import add_account
from intake109.serve import at_work
from tests.browser.site import PASSWORD, log_in
from tests.review_ui.office import CHEAP


@contextmanager
def at_home(city: City, folder: Path, judge: Judge, catalogue: Catalogue, undo_seconds: int = 1) -> Iterator[str]:
    """Run the product with a judge of rules and little time to undo; give its address."""
    listener = listening()
    port = listener.getsockname()[1]
    addresses = city.world.addresses()
    parts = json.loads(config_text(folder, port, city.url, addresses))
    parts["promise"] = {"undo_seconds": undo_seconds}
    parts["classifier"] = {"sure_probability": 0.5}
    path = folder / "config.yaml"
    path.write_text(json.dumps(parts), encoding="utf-8")
    house = build(configuration.load(path, secrets_of(addresses)), judge=judge, catalogue=catalogue)
    _hire(house)
    with at_work(house), running(house.web(), listener):
        yield f"http://127.0.0.1:{port}"
    house.close()


def at_desk(browser: Browser, address: str, login: str = "anna") -> Page:
    """Open the first page of somebody of the staff: Anna the inspector, or Saule the supervisor."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    log_in(context, address, login)
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("html[data-ready]")
    return page


def _hire(house: House) -> None:
    with house.database.write() as session:
        add_account(session, CHEAP, "anna", "Анна", "inspector", PASSWORD, house.clock.now())
        add_account(session, CHEAP, "saule", "Сауле", "supervisor", PASSWORD, house.clock.now())
