"""An office whose organisation gets letters, and the job that reads what is replied."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from pydantic import SecretStr

from intake109.appeals.news import Setting
from intake109.clock import MovedClock
from intake109.collectors.mailbox import Mailbox
from intake109.config import Mailbox as Settings
from intake109.jobs.loop import Threads
from intake109.jobs.mailbox import Replies
from intake109.media.files import FileStore
from intake109.queue import decisions
from intake109.store import replies
from intake109.store.database import Database
from intake109.store.tables import AppealRow, OutboxRow
from tests.city import RULES
from tests.desk import PIT, Desk, Row
from tests.imap import PASSWORD, ImapServer
from tests.organisations import ADDRESS, city_wide

CLERK = "roads@example.kz"
PHOTO = b"\xff\xd8\xff" + b"0" * 20_000
RULES_HERE = replace(RULES, address=ADDRESS, reads_replies=True)
OURS = "<{token}.k@109.kz>"


class KilledError(BaseException):
    """The process dies here."""


class Office:
    """A desk whose organisation gets letters, and the job that reads what comes back."""

    def __init__(self, database: Database, clock: MovedClock, server: ImapServer, folder: Path, limit: int) -> None:
        self.desk = Desk(database, clock)
        self.server = server
        self._clock, self._folder, self._limit = clock, folder, limit
        city_wide(database, clock, way="email", address="Roads@example.kz")
        task_id = self.desk.waits()
        with database.write() as session:
            self.appeal = decisions.register(session, task_id, self.desk.anna, PIT, RULES_HERE, clock.now())
        self.token = next(row for row in self.rows(OutboxRow) if row.purpose == "forward").details["reply_token"]

    def rows(self, kind: type[Row]) -> list[Row]:
        return self.desk.rows(kind)

    def look(self, settings: dict[str, object] | None = None, *, is_killed: bool = False) -> None:
        """Ask the mailbox as a process does that has just begun; one that is killed dies in its transaction."""
        box = Settings.model_validate(
            {
                "host": "127.0.0.1",
                "port": self.server.port,
                "security": "none",
                "user": "109@example.kz",
                **(settings or {}),
            }
        ).model_copy(update={"password": SecretStr(str((settings or {}).get("password", PASSWORD)))})
        threads = Threads()
        files = FileStore(self._folder, 2**20)

        def setting() -> Setting:
            if is_killed:
                raise KilledError
            return RULES_HERE.setting

        job = Replies(Mailbox(box), self._limit, setting, files, self.desk.database, self._clock, threads)
        try:
            asyncio.run(job.work())
        finally:
            threads.close()

    def reply(
        self, text: str = "Яма заделана 20.11", *, name: str = "a", sender: str = CLERK, **headers: str
    ) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["Message-ID"] = sender, f"<{name}@example.kz>"
        letter["Subject"] = "Re: № 2026-000001"
        headers.setdefault("In_Reply_To", OURS.format(token=self.token))
        for key, value in headers.items():
            letter[key.replace("_", "-")] = value
        letter.set_content(text)
        return letter

    def status(self) -> str:
        return next(row.status for row in self.rows(AppealRow))

    def left(self) -> list[str]:
        """Return why what a person has to look at is no answer."""
        with self.desk.database.read() as session:
            return [row.why for row, _ in replies.waiting_for_a_person(session)]
