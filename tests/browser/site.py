"""The site under test, as the tests speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from playwright.sync_api import BrowserContext
from sqlalchemy import select
from sqlmodel import SQLModel

from intake109.clock import Clock
from intake109.store.database import Database
from tests.city import Street, said
from tests.review_ui.office import newest_task

PASSWORD = "correct horse"
Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the application answers, its database, and citizens who write."""

    address: str
    database: Database
    street: Street
    clock: Clock

    def writes(self, text: str, author: str, **more: object) -> int:
        """Let a citizen write now and return the id of the task."""
        key = f"{author}-{abs(hash(text))}"
        self.street.hear(said(key, text, self.clock.now(), author=author, **more))  # type: ignore[arg-type]
        return newest_task(self.database)

    def rows(self, kind: type[Row]) -> list[Row]:
        """Return a whole table."""
        with self.database.read() as session:
            return list(session.execute(select(kind)).scalars())


def log_in(context: BrowserContext, address: str, login: str) -> None:
    """Log in as the form does, half a second sooner; logging in by hand has a test of its own."""
    form: dict[str, str | float | bool] = {"login": login, "password": PASSWORD}
    answer = context.request.post(f"{address}/login", form=form, max_redirects=0)
    assert answer.status == 303
