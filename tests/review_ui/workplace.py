"""Two inspectors at their screens, and citizens who write: what the tests of the queue's pages stand on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import SQLModel

from intake109.clock import MovedClock
from intake109.model import Attachment, AttachmentKind, Channel, Message
from intake109.store.database import Database
from intake109.store.tables import AttachmentRow, OutboxRow, TaskRow
from tests.city import said
from tests.review_ui.office import Desk, Office, newest_task

PART = {"HX-Request": "true"}
LEAVE = "Ваш номер {number}, срок {deadline}, {service}, {executor}"


class Workplace:
    """An office seen from the queue. `anna` is an inspector, `bolat` the supervisor; both decide."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.database: Database = office.database
        self.clock: MovedClock = office.clock
        self.anna = Screen(office.desk("inspector"))
        self.bolat = Screen(office.desk("supervisor"))
        self._said = 0

    def waits(
        self, text: str = "Яма на дороге", *, channel: Channel = Channel.TELEGRAM, author: str = "", **more: object
    ) -> int:
        """Let a citizen write and return the id of the task."""
        self._said += 1
        key, who = f"said-{self._said}", author or f"citizen-{self._said}"
        message: Message = said(key, text, self.clock.now(), author=who, **more)  # type: ignore[arg-type]
        self.office.street.hear(message, channel=channel)
        return newest_task(self.database)

    def task(self, task_id: int) -> TaskRow:
        with self.database.read() as session:
            row = session.get(TaskRow, task_id)
        assert row is not None
        return row

    def all(self, kind: type[SQLModel], seen: Callable[[SQLModel], object]) -> list[object]:
        """Return what `seen` sees of every row of a table."""
        with self.database.read() as session:
            return [seen(row) for row in session.execute(select(kind)).scalars()]

    def owed(self) -> list[OutboxRow]:
        """Return what citizens are still to be told."""
        with self.database.read() as session:
            rows = session.execute(select(OutboxRow).where(OutboxRow.state == "owed")).scalars()  # type: ignore[arg-type]
            return list(rows)

    def store_file(self, content: bytes, sha256: str, mime: str, name: str = "", *, small: bytes = b"") -> None:
        """Make the only waiting file a stored one."""
        files = self.office.app.state.context.parts.files
        path: Path = files.path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if small:
            files.path(sha256, thumbnail=True).write_bytes(small)
        with self.database.write() as session:
            row = session.execute(select(AttachmentRow)).scalars().one()
            row.state, row.sha256, row.mime, row.file_name = "stored", sha256, mime, name
            row.has_thumbnail = bool(small)


class Screen:
    """One inspector's browser, seen through the parts htmx asks for."""

    def __init__(self, desk: Desk) -> None:
        self.client: TestClient = desk.client
        self.csrf = desk.csrf

    def page(self, address: str = "/") -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def part(self, address: str) -> Response:
        return self.client.get(address, headers=PART)

    def open(self, task_id: int) -> str:
        """Open a task as a click on its line does: shown, then claimed."""
        shown = self.part(f"/tasks/{task_id}").text
        self.send(f"/tasks/{task_id}/claim")
        return shown

    def send(self, to: str, /, **fields: str | list[str]) -> Response:
        return self.client.post(to, data=fields, headers={**PART, "X-CSRF-Token": self.csrf})

    def decide(self, task_id: int, what: str = "register", **fields: str | list[str]) -> Response:
        form: dict[str, str | list[str]]
        form = {"service": "ROAD-001", "address": "Абая 10", "place_key": "абая 10", "reply": LEAVE, "language": "ru"}
        return self.send(f"/tasks/{task_id}/{what}", **{**form, **fields})


def told(answer: Response) -> dict[str, dict[str, object]]:
    """Return what an answer tells the scripts."""
    found: dict[str, dict[str, object]] = json.loads(answer.headers["hx-trigger"])
    return found


def photo(name: str = "") -> tuple[Attachment, ...]:
    """Return one photo sent along."""
    return (Attachment(AttachmentKind.PHOTO, f'{{"name": "{len(name)}"}}', file_name=name),)
