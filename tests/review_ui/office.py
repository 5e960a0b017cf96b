"""An application with a staff of every role, and an appeal or two, for the pages beside the queue."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import func, select
from sqlmodel import col

from intake109.catalogue.current import CurrentCatalogue
from intake109.clock import MovedClock
from intake109.collectors.base import Webhook
from intake109.config import Classifier, Config, Storage
from intake109.media.files import FileStore
from intake109.model import Channel, Event
from intake109.queue import decisions
from intake109.queue.decisions import Form
from intake109.review_ui.access.auth import COOKIE, token_hash
from intake109.review_ui.app import create_app
from intake109.review_ui.parts import Parts
from intake109.store import events, people
from intake109.store.database import Database
from intake109.store.tables import EventRow, OutboxRow, SessionRow, TaskRow
from tests.city import CATALOGUE, RULES, RuleJudge, Street, hire, said
from tests.practised import copy_of

CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
"""Argon2 that costs a test nothing."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Office:
    """The application, its database and clock, citizens on the street, and the staff's ids by role."""

    app: FastAPI
    database: Database
    clock: MovedClock
    street: Street
    staff: dict[str, int]

    def desk(self, role: str) -> Desk:
        """Return a browser of somebody with this role, logged in."""
        token, csrf = secrets.token_hex(8), secrets.token_hex(8)
        with self.database.write() as session:
            session.add(
                SessionRow(
                    token_hash=token_hash(token),
                    user_id=self.staff[role],
                    csrf=csrf,
                    created_at=self.clock.now(),
                    expires_at=self.clock.now() + timedelta(hours=14),
                )
            )
        client = TestClient(self.app, base_url="http://desk.test", follow_redirects=False)
        client.cookies.set(COOKIE, token)
        return Desk(client, csrf)

    def register(self, key: str, text: str, *, address: str = "", by: str = "inspector", permalink: str = "") -> str:
        """Let a citizen write and an inspector register it; return the number."""
        at = self.clock.now() - MINUTE
        self.street.hear(said(key, text, at, author=f"citizen-{key}", permalink=permalink))
        task_id = newest_task(self.database)
        with self.database.write() as session:
            form = Form("ROAD-001", address=address, place_key=address.lower(), reply="№ {number}, {deadline}")
            return decisions.register(session, task_id, self.staff[by], form, RULES, self.clock.now()).number


@dataclass(frozen=True, slots=True)
class Desk:
    """A browser; `post` sends the page's CSRF token along unless told not to."""

    client: TestClient
    csrf: str

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def status(self, address: str) -> int:
        return self.client.get(address).status_code

    def post(self, address: str, **fields: str) -> int:
        return self.client.post(address, data={"csrf": self.csrf, **fields}).status_code

    def forge(self, address: str, **fields: str) -> int:
        """Post as a foreign site would: with the cookie, without the token."""
        return self.client.post(address, data=fields).status_code


def newest_task(database: Database) -> int:
    with database.read() as session:
        found = session.execute(select(func.max(TaskRow.id))).scalar()
    assert found is not None
    return found


def parts_of(database: Database, clock: MovedClock, folder: Path, webhooks: dict[str, Webhook] | None = None) -> Parts:
    """Return what the application is built from."""
    return Parts(
        config=Config(storage=Storage(folder=folder), classifier=Classifier(sure_probability=0.5)),
        database=database,
        clock=clock,
        current=CurrentCatalogue(CATALOGUE),
        files=FileStore(folder / "media", 2**20),
        classify=RuleJudge().classify,
        explain=RuleJudge().explain,
        webhooks=webhooks or {},
        passwords=CHEAP,
    )


def empty_database(template: Path, folder: Path) -> Database:
    """Return an empty SQLite database with the newest schema."""
    return copy_of(template, folder / "office.sqlite3")


def open_office(database: Database, clock: MovedClock, folder: Path) -> Office:
    """Build the application with one person of each role."""
    staff = {role: hire(database, clock, role, role) for role in people.ROLES}
    app = create_app(parts_of(database, clock, folder))
    return Office(app, database, clock, Street(database, clock), staff)


def quarantine(office: Office, key: str, payload: str, error: str = "unknown field") -> int:
    with office.database.write() as session:
        events.save_batch(session, [Event(Channel.WHATSAPP, key, payload, "whatsapp.webhook")], office.clock.now())
        row = session.execute(select(EventRow).order_by(col(EventRow.id).desc())).scalars().first()
        assert row is not None
        assert row.id is not None
        row.handled_at = office.clock.now()
        events.quarantine(row, error, office.clock.now())
        return row.id


def fail(office: Office, state: str = "by_hand", error: str = "the citizen has blocked the bot") -> int:
    """Register an appeal whose acknowledgement cannot be delivered."""
    office.register("1", "Яма", address="Абая 10")
    with office.database.write() as session:
        row = session.execute(select(OutboxRow)).scalars().one()
        row.state, row.last_error, row.settled_at, row.attempts = state, error, office.clock.now(), 1
        assert row.id is not None
        return row.id
