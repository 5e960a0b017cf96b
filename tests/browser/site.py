"""The site under test, as the tests speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

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
