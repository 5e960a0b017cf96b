"""The inspectors' desk in tests: what is decided, and what can be seen of it afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import SQLModel

from intake109.clock import MovedClock
from intake109.queue import asking, claims, decisions
from intake109.queue.decisions import Dismissal, Form
from intake109.store.database import Database
from intake109.store.tables import AppealRow, TaskRow
from tests.city import PROMISE, RULES, Street, hire, said

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
PIT = Form("ROAD-001", address="Абая 10", reply="Ваш номер {number}")
Row = TypeVar("Row", bound=SQLModel)


class Desk:
    """A queue with citizens before it and two inspectors behind it."""

    def __init__(self, database: Database, clock: MovedClock) -> None:
        self.database = database
        self.clock = clock
        self.street = Street(database, clock)
        self.anna = hire(database, clock, "anna")
        self.bolat = hire(database, clock, "bolat")
        self._said = 0

    def waits(self, text: str = "Яма на дороге", *, author: str = "", **more: object) -> int:
        """Let a citizen write and return the id of the task."""
        self._said += 1
        key = f"m{self._said}"
        self.street.hear(said(key, text, self.clock.now(), author=author or f"citizen{self._said}", **more))  # type: ignore[arg-type]
        return max(row.id for row in self.rows(TaskRow) if row.id is not None)

    def rows(self, kind: type[Row]) -> list[Row]:
        """Return a whole table, oldest first."""
        with self.database.read() as session:
            return list(session.execute(select(kind).order_by(*kind.__table__.primary_key)).scalars())  # type: ignore[attr-defined]

    def task(self, task_id: int) -> TaskRow:
        with self.database.read() as session:
            row = session.get(TaskRow, task_id)
            assert row is not None
            return row

    def register(self, task_id: int, user_id: int = 0, form: Form = PIT) -> AppealRow:
        with self.database.write() as session:
            return decisions.register(session, task_id, user_id or self.anna, form, RULES, self.clock.now())

    def attach(self, task_id: int, number: str, form: Form = PIT, user_id: int = 0) -> AppealRow:
        with self.database.write() as session:
            return decisions.attach(session, task_id, user_id or self.anna, number, form, RULES, self.clock.now())

    def answer(self, task_id: int, form: Form) -> AppealRow:
        with self.database.write() as session:
            return decisions.answer(session, task_id, self.anna, form, RULES, self.clock.now())

    def dismiss(self, task_id: int, reason: Dismissal, reply: str = "") -> None:
        with self.database.write() as session:
            decisions.dismiss(session, task_id, self.anna, reason, Form("", reply=reply), RULES, self.clock.now())

    def ask(self, task_id: int, reply: str = "Какой адрес?", user_id: int = 0) -> None:
        with self.database.write() as session:
            form = Form("", reply=reply)
            asking.ask(session, task_id, user_id or self.anna, form, RULES, self.clock.now())

    def undo(self, task_id: int, user_id: int = 0) -> None:
        with self.database.write() as session:
            decisions.undo(session, task_id, user_id or self.anna, self.clock.now())

    def claim(self, task_id: int, user_id: int = 0) -> bool:
        with self.database.write() as session:
            return claims.claim(session, task_id, user_id or self.anna, PROMISE, self.clock.now())

    def claim_next(self, user_id: int = 0) -> int | None:
        with self.database.write() as session:
            return claims.claim_next(session, user_id or self.anna, PROMISE, self.clock.now())
