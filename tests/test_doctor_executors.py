"""What `intake109 doctor` finds of the ways to executors and back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pydantic import SecretStr

from intake109.clock import MovedClock, SystemClock
from intake109.config import Config
from intake109.doctor.executors import executors
from intake109.doctor.finding import Finding
from intake109.store import migrate
from intake109.store.database import Database
from tests.collectors.test_mail import Mailbox as SmtpServer
from tests.imap import PASSWORD, ImapServer
from tests.organisations import found as organisation


@dataclass
class Answer:
    """What the registry answers, and how late its clock is."""

    status: int = 204
    late: timedelta = timedelta(0)
    asked: str = ""
    signature: str = ""


@pytest.fixture
def answer() -> Answer:
    return Answer()


@pytest.fixture
def registry(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            answer.asked, answer.signature = self.command, self.headers["X-Intake109-Signature"]
            self.send_response_only(answer.status)
            self.send_header("Date", format_datetime(SystemClock().now() - answer.late, usegmt=True))
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    server = ImapServer()
    yield server
    server.close()


def configured(folder: Path, **sections: object) -> Config:
    return Config.model_validate({"storage": {"folder": folder}, **sections})


def examined(config: Config, name: str) -> Finding:
    return next(one for one in asyncio.run(executors(config)) if one.what == name)


def with_mailbox(storage: Path, imap: ImapServer, password: str = PASSWORD, **more: object) -> Config:
    box = {"host": "127.0.0.1", "port": imap.port, "security": "none", "user": "109@example.kz", "password": password}
    return configured(storage, executors={"mailbox": {**box, **more}})


@pytest.mark.parametrize(
    ("status", "late_s", "grade", "says", "remedy"),
    [
        (204, 0, "warning", "unencrypted", "registry.url"),
        (405, 0, "warning", "answers", "https"),
        (401, 0, "bad", "refuses our signature", "INTAKE109_REGISTRY_SECRET"),
        (404, 0, "bad", "says 404", "registry.url"),
        (503, 0, "bad", "says 503", "registry.url"),
        (204, 90, "warning", "clock", "NTP"),
        (204, 400, "bad", "clock", "NTP"),
    ],
)
def test_the_registry_is_asked_signed_and_its_clock_compared(
    tmp_path: Path, registry: str, answer: Answer, status: int, late_s: int, grade: str, says: str, remedy: str
) -> None:
    answer.status, answer.late = status, timedelta(seconds=late_s)

    found = examined(configured(tmp_path, registry={"url": registry, "secret": SecretStr("s")}), "registry")

    assert (found.grade, says in found.says, remedy in found.remedy) == (grade, True, True)
    assert (answer.asked, answer.signature[:7]) == ("OPTIONS", "sha256=")


def test_the_mailbox_is_opened_and_what_is_wrong_names_the_key(tmp_path: Path, imap: ImapServer) -> None:
    imap.bring(b"From: a@b.kz\r\n\r\nx")

    there = examined(with_mailbox(tmp_path, imap), "mailbox")
    refused = examined(with_mailbox(tmp_path, imap, "wrong"), "mailbox")
    nowhere = examined(with_mailbox(tmp_path, imap, folder="Nowhere"), "mailbox")

    assert "not opened by anybody: 1" in there.says
    assert "alerts.email.from_address" in there.remedy
    assert (refused.is_bad, "INTAKE109_MAILBOX_PASSWORD" in refused.remedy) == (True, True)
    assert (nowhere.is_bad, "executors.mailbox.folder" in nowhere.remedy) == (True, True)
    assert imap.seen() == []


def test_the_mail_server_is_greeted_and_nothing_is_sent(tmp_path: Path) -> None:
    server = SmtpServer()
    mail = {"host": "127.0.0.1", "port": server.port, "security": "none", "from_address": "109@example.kz"}

    there = examined(configured(tmp_path, alerts={"email": mail}), "mail")
    server.close()
    away = examined(configured(tmp_path, alerts={"email": {**mail, "port": 1}}), "mail")

    assert ("takes letters" in there.says, server.taken) == (True, [])
    assert (away.is_bad, "alerts.email.host" in away.remedy) == (True, True)


def test_organisations_that_cannot_be_reached_are_told_of(tmp_path: Path, clock: MovedClock) -> None:
    config = configured(tmp_path)
    database = Database(config.storage.url)
    migrate.upgrade(database)
    organisation(database, clock, way="email", address="a@b.kz")
    database.close()

    found = [one for one in asyncio.run(executors(config)) if one.what == "executors"]

    assert ["alerts.email" in one.remedy or "server.public_url" in one.remedy for one in found] == [True, True]
    assert found[0].is_bad
