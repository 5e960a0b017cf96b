"""Posts of the platforms: signature, one commit, and only then 200."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.catalogue.current import CurrentCatalogue
from intake109.clock import MovedClock
from intake109.collectors.base import Webhook
from intake109.collectors.telegram.webhook import TelegramWebhook
from intake109.collectors.website import WebsiteWebhook, sign
from intake109.collectors.whatsapp import WhatsappWebhook
from intake109.config import Config, Telegram, Website, Whatsapp
from intake109.media.files import FileStore
from intake109.model import Channel, Event
from intake109.review_ui.access.throttle import Throttle
from intake109.review_ui.context import Context
from intake109.review_ui.incoming.inbox import Delivery, Inbox
from intake109.review_ui.live.feed import Feed
from intake109.review_ui.parts import Parts
from intake109.review_ui.rendering import Pages
from intake109.review_ui.routes import webhooks
from intake109.store.database import Database
from intake109.store.tables import EventRow, HealthRow
from tests.city import CATALOGUE, ZONE, RuleJudge

SECRET = "app-secret"
BODY = json.dumps({"object": "whatsapp_business_account", "entry": ["Қар тазаланбаған"]}, ensure_ascii=False).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


class BrokenDatabase(Database):
    """Its commits fail while `is_broken`; what was written in the transaction is rolled back."""

    is_broken = False

    @contextmanager
    def write(self) -> Iterator[Session]:
        with super().write() as session:
            yield session
            if self.is_broken:
                raise OperationalError("COMMIT", None, Exception("disk I/O error"))


class Picky(Database):
    """Refuses to commit a transaction that holds the event `bad`."""

    @contextmanager
    def write(self) -> Iterator[Session]:
        with super().write() as session:
            yield session
            if session.execute(select(EventRow).where(col(EventRow.key) == "bad")).first():
                raise OperationalError("COMMIT", None, Exception("no"))


def all_webhooks(clock: MovedClock) -> dict[str, Webhook]:
    return {
        "whatsapp": WhatsappWebhook(Whatsapp(app_secret=SecretStr(SECRET), verify_token=SecretStr("verify-me"))),
        "telegram": TelegramWebhook(Telegram(webhook_secret=SecretStr("tg-secret"))),
        "website": WebsiteWebhook(Website(secret=SecretStr("site-secret")), clock),
    }


def app_of(database: Database, clock: MovedClock, folder: Path) -> FastAPI:
    """Return an application that only takes posts."""
    parts = Parts(
        config=Config(),
        database=database,
        clock=clock,
        current=CurrentCatalogue(CATALOGUE),
        files=FileStore(folder, 2**20),
        classify=RuleJudge().classify,
        explain=RuleJudge().explain,
        webhooks=all_webhooks(clock),
    )
    app = FastAPI()
    app.state.context = Context(parts, Pages(ZONE, "109"), Feed(database, clock), Throttle(database))
    app.include_router(webhooks.router)
    return app


@pytest.fixture
def platform(database: Database, clock: MovedClock, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(app_of(database, clock, tmp_path)) as client:
        yield client


def stored(database: Database) -> list[EventRow]:
    with database.read() as session:
        return list(session.execute(select(EventRow)).scalars())


def health_of(database: Database, name: str) -> HealthRow | None:
    with database.read() as session:
        return session.get(HealthRow, name)


def test_a_signed_post_is_stored_as_it_came_and_heard_of(platform: TestClient, database: Database) -> None:
    answer = platform.post("/webhooks/whatsapp", content=BODY, headers=signed(BODY))

    (event,) = stored(database)
    assert (answer.status_code, answer.content) == (200, b"")
    assert (event.channel, event.source, event.payload) == ("whatsapp", "whatsapp.webhook", BODY.decode())
    assert event.handled_at is None
    row = health_of(database, "whatsapp")
    assert row is not None
    assert row.last_event_at == event.received_at


def test_a_wrong_signature_is_refused_and_counted_and_nothing_is_kept(platform: TestClient, database: Database) -> None:
    answers = [
        platform.post("/webhooks/whatsapp", content=BODY, headers=headers)
        for headers in ({}, signed(BODY, "another"), signed(json.dumps(json.loads(BODY)).encode()))
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert stored(database) == []
    row = health_of(database, "whatsapp")
    assert row is not None
    assert (row.rejected, row.last_event_at) == (3, None)
    assert row.last_rejected_at is not None


def test_a_rejected_post_does_not_look_like_a_living_channel(platform: TestClient, database: Database) -> None:
    platform.post("/webhooks/whatsapp", content=BODY)

    row = health_of(database, "whatsapp")
    assert row is not None
    assert (row.last_good_at, row.errors_in_row) == (None, 0)


def test_a_redelivery_is_answered_and_stored_once(platform: TestClient, database: Database) -> None:
    answers = [platform.post("/webhooks/whatsapp", content=BODY, headers=signed(BODY)) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(stored(database)) == 1


def test_a_body_that_is_no_json_is_kept_for_quarantine(platform: TestClient, database: Database) -> None:
    broken = b"\xff\x00 not json <script>"

    answer = platform.post("/webhooks/whatsapp", content=broken, headers=signed(broken))

    assert answer.status_code == 200
    assert len(stored(database)) == 1


def test_telegram_gets_an_empty_answer_and_must_know_the_secret(platform: TestClient, database: Database) -> None:
    update = {"update_id": 7, "message": {"text": "Яма"}}
    header = "X-Telegram-Bot-Api-Secret-Token"

    good = platform.post("/webhooks/telegram", json=update, headers={header: "tg-secret"})
    bad = platform.post("/webhooks/telegram", json=update, headers={header: "guess"})

    assert (good.status_code, good.content, bad.status_code) == (200, b"", 401)
    assert [event.key for event in stored(database)] == ["7"]


def test_the_site_may_send_photos_in_its_body_and_others_may_not(
    platform: TestClient, database: Database, clock: MovedClock
) -> None:
    body = json.dumps({"id": "s-1", "text": "x", "photos": ["A" * (4 * 2**20)]}).encode()

    site = platform.post("/webhooks/website", content=body, headers=sign("site-secret", body, clock.now()))
    meta = platform.post("/webhooks/whatsapp", content=body, headers=signed(body))

    assert (site.status_code, meta.status_code) == (200, 413)
    assert [event.channel for event in stored(database)] == ["website"]


def test_a_body_without_a_length_is_cut_off_at_the_limit(platform: TestClient, database: Database) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(4 * 16):
            yield b"x" * 65_536

    answer = platform.post("/webhooks/whatsapp", content=endless(), headers=signed(b""))

    assert (answer.status_code, stored(database)) == (413, [])


def test_an_unknown_name_is_not_found(platform: TestClient) -> None:
    assert platform.post("/webhooks/viber", content=BODY).status_code == 404
    assert platform.get("/webhooks/viber").status_code == 404
    assert platform.get("/webhooks/telegram").status_code == 405


def test_the_handshake_gives_the_challenge_back_as_plain_text(platform: TestClient) -> None:
    params = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "<b>1158</b>"}

    right = platform.get("/webhooks/whatsapp", params=params)
    wrong = platform.get("/webhooks/whatsapp", params={**params, "hub.verify_token": "guess"})

    assert (right.status_code, right.text) == (200, "<b>1158</b>")
    assert right.headers["content-type"].startswith("text/plain")
    assert (wrong.status_code, "1158" in wrong.text) == (403, False)


def test_a_failed_commit_is_never_answered_with_200(database: Database, clock: MovedClock, tmp_path: Path) -> None:
    broken = BrokenDatabase(database.url.render_as_string(hide_password=False), fsync=False)
    broken.is_broken = True

    with TestClient(app_of(broken, clock, tmp_path)) as client:
        failed = client.post("/webhooks/whatsapp", content=BODY, headers=signed(BODY))
        forged = client.post("/webhooks/whatsapp", content=BODY)
        while_broken = stored(database)
        broken.is_broken = False
        again = client.post("/webhooks/whatsapp", content=BODY, headers=signed(BODY))
    broken.close()

    assert (failed.status_code, forged.status_code, while_broken) == (503, 401, [])
    assert (again.status_code, len(stored(database))) == (200, 1)
    assert int(failed.headers["Retry-After"]) > 0


def delivery(key: str) -> Delivery:
    return Delivery("whatsapp", "whatsapp", (Event(Channel.WHATSAPP, key, "{}", "whatsapp.webhook"),))


def test_posts_that_arrive_together_are_all_stored(database: Database, clock: MovedClock) -> None:
    async def storm() -> None:
        inbox = Inbox(database, clock)
        await asyncio.gather(*(inbox.take(delivery(str(number % 250))) for number in range(500)))

    asyncio.run(storm())

    assert len(stored(database)) == 250


def test_one_bad_post_among_many_fails_alone(database: Database, clock: MovedClock) -> None:
    picky = Picky(database.url.render_as_string(hide_password=False), fsync=False)

    async def storm() -> list[BaseException | None]:
        inbox = Inbox(picky, clock)
        takes = [inbox.take(delivery(key)) for key in ("first", "a", "bad", "b")]
        return await asyncio.gather(*takes, return_exceptions=True)

    outcomes = asyncio.run(storm())
    picky.close()

    assert [type(one).__name__ for one in outcomes] == ["NoneType", "NoneType", "OperationalError", "NoneType"]
    assert sorted(event.key for event in stored(database)) == ["a", "b", "first"]


def test_a_caller_that_hangs_up_costs_the_others_nothing(database: Database, clock: MovedClock) -> None:
    async def storm() -> None:
        inbox = Inbox(database, clock)
        impatient = asyncio.create_task(inbox.take(delivery("impatient")))
        patient = asyncio.create_task(inbox.take(delivery("patient")))
        await asyncio.sleep(0)
        impatient.cancel()
        await patient

    asyncio.run(storm())

    assert "patient" in {event.key for event in stored(database)}
