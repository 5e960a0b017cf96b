"""The public form: whom it lets in, what it keeps, and what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from intake109.catalogue.current import CurrentCatalogue
from intake109.clock import MovedClock
from intake109.collectors.website import HONEYPOT, WebsiteParser
from intake109.config import Channels, Config, Server, Website
from intake109.media.files import FileStore
from intake109.model import Channel, Event, Message
from intake109.review_ui.access.security import SecurityHeaders, answer_errors
from intake109.review_ui.access.throttle import Throttle
from intake109.review_ui.context import Context
from intake109.review_ui.live.feed import Feed
from intake109.review_ui.parts import Parts
from intake109.review_ui.rendering import Pages
from intake109.review_ui.routes import form
from intake109.store.database import Database
from intake109.store.tables import EventRow
from tests.city import CATALOGUE, ZONE, RuleJudge

WEBSITE = Website(
    enabled=True, allowed_origins=("https://akimat.example.kz",), form_per_hour=3, secret=SecretStr("site-secret")
)
PICTURE = b"\xff\xd8\xff\xe0" + b"x" * 100


def app_of(database: Database, clock: MovedClock, folder: Path, website: Website = WEBSITE) -> FastAPI:
    config = Config(server=Server(upload_limit_mb=1), channels=Channels(website=website))
    parts = Parts(
        config=config,
        database=database,
        clock=clock,
        current=CurrentCatalogue(CATALOGUE),
        files=FileStore(folder, 2**20),
        classify=RuleJudge().classify,
        explain=RuleJudge().explain,
    )
    app = FastAPI()
    app.state.context = Context(parts, Pages(ZONE, "109"), Feed(database, clock), Throttle(database))
    app.include_router(form.router)
    answer_errors(app)
    app.add_middleware(SecurityHeaders)
    return app


@pytest.fixture
def citizen(database: Database, clock: MovedClock, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(app_of(database, clock, tmp_path)) as client:
        yield client


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/form").text)
    assert found is not None
    return found[1]


def filled(client: TestClient, clock: MovedClock, **changes: str) -> dict[str, str]:
    """Open the form, take a minute, and return what a person would send."""
    fields = {"token": token(client), "text": "Не горит фонарь", "consent": "yes", HONEYPOT: "", **changes}
    clock.advance(timedelta(minutes=1))
    return fields


def stored(database: Database) -> list[EventRow]:
    with database.read() as session:
        return list(session.execute(select(EventRow)).scalars())


def test_a_message_with_a_photo_becomes_an_event_the_parser_reads(
    citizen: TestClient, database: Database, clock: MovedClock
) -> None:
    fields = filled(citizen, clock, phone="8 701 123 45 67", name="Асель", address="Абая 10")

    answer = citizen.post("/form?lang=kk", data=fields, files={"photos": ("а.jpg", PICTURE, "image/jpeg")})

    (row,) = stored(database)
    (message,) = WebsiteParser()(Event(Channel.WEBSITE, row.key, row.payload, row.source))
    assert (answer.status_code, "+77011234567" in answer.text) == (200, True)
    assert isinstance(message, Message)
    assert (message.author.phone, message.author.language, len(message.attachments)) == ("+77011234567", "kk", 1)
    assert message.text == "Не горит фонарь\nАбая 10"


def test_the_thanks_say_how_the_number_will_be_told(citizen: TestClient, clock: MovedClock) -> None:
    by_mail = citizen.post("/form?lang=ru", data=filled(citizen, clock, email="a@b.kz"))
    by_none = citizen.post("/form?lang=ru", data=filled(citizen, clock))

    assert "a@b.kz" in by_mail.text
    assert "номер сообщить не сможем" in by_none.text


def test_the_same_form_sent_twice_is_one_event(citizen: TestClient, database: Database, clock: MovedClock) -> None:
    fields = filled(citizen, clock)

    answers = [citizen.post("/form", data=fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(stored(database)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"consent": ""}, "Отметьте согласие"),
        ({"text": "  "}, "Напишите, что случилось"),
        ({"text": "я" * 8001}, "Слишком длинно"),
        ({HONEYPOT: "http://spam.example"}, "как роботом"),
        ({"token": "1.forged.mark"}, "Нажмите «Отправить» ещё раз"),
    ],
)
def test_what_is_wrong_is_said_and_the_words_are_kept(
    citizen: TestClient, database: Database, clock: MovedClock, changes: dict[str, str], said: str
) -> None:
    fields = filled(citizen, clock, **{"address": "<b>Абая</b> 10", **changes})

    answer = citizen.post("/form?lang=ru", data=fields)

    assert (answer.status_code, stored(database)) == (422, [])
    assert said in answer.text
    assert "&lt;b&gt;Абая&lt;/b&gt; 10" in answer.text
    assert "<b>Абая" not in answer.text


def test_a_form_filled_quicker_than_a_person_is_refused_and_the_same_form_taken_later(
    citizen: TestClient, database: Database, clock: MovedClock
) -> None:
    fields = {"token": token(citizen), "text": "Яма", "consent": "yes"}

    quick = citizen.post("/form", data=fields)
    clock.advance(timedelta(seconds=3))
    later = citizen.post("/form", data=fields)

    assert (quick.status_code, later.status_code, len(stored(database))) == (422, 200, 1)
    assert fields["token"] in quick.text


def test_a_form_open_too_long_gets_a_new_token_and_keeps_the_words(citizen: TestClient, clock: MovedClock) -> None:
    fields = filled(citizen, clock)
    clock.advance(timedelta(hours=3))

    answer = citizen.post("/form?lang=ru", data=fields)

    assert answer.status_code == 422
    assert fields["token"] not in answer.text
    assert "Не горит фонарь" in answer.text


def test_one_address_sends_so_many_an_hour_and_another_is_not_held_up(
    database: Database, clock: MovedClock, tmp_path: Path
) -> None:
    app = app_of(database, clock, tmp_path)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=["testclient"])
    with TestClient(app) as client:
        fields = [filled(client, clock, text=f"Яма {number}") for number in range(5)]
        one, other = {"X-Forwarded-For": "203.0.113.5"}, {"X-Forwarded-For": "198.51.100.9"}
        answers = [client.post("/form", data=field, headers=one).status_code for field in fields[:4]]
        flooded = client.post("/form?lang=ru", data=fields[3], headers=one)
        neighbour = client.post("/form", data=fields[4], headers=other)

    assert answers == [200, 200, 200, 429]
    assert (flooded.status_code, "Яма 3" in flooded.text) == (429, True)
    assert int(flooded.headers["Retry-After"]) > 0
    assert neighbour.status_code == 200


def test_mistakes_do_not_use_up_a_citizens_messages(citizen: TestClient, database: Database, clock: MovedClock) -> None:
    wrong = [citizen.post("/form", data=filled(citizen, clock, consent="")).status_code for _ in range(5)]
    right = citizen.post("/form", data=filled(citizen, clock))

    assert (set(wrong), right.status_code, len(stored(database))) == ({422}, 200, 1)


def test_too_much_at_once_is_refused_readably(citizen: TestClient, database: Database, clock: MovedClock) -> None:
    photo = ("big.jpg", PICTURE[:4] + b"x" * 2**20, "image/jpeg")

    answer = citizen.post("/form?lang=ru", data=filled(citizen, clock), files={"photos": photo})

    assert (answer.status_code, stored(database)) == (413, [])
    assert "больше 1 МБ" in answer.text


def test_only_the_named_sites_may_embed_it(citizen: TestClient) -> None:
    headers = citizen.get("/form").headers

    policy = headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert "frame-ancestors 'self' https://akimat.example.kz" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_it_speaks_the_language_asked_for_or_the_browsers(citizen: TestClient) -> None:
    assert '<html lang="kk">' in citizen.get("/form?lang=kk").text
    assert '<html lang="en">' in citizen.get("/form", headers={"Accept-Language": "en-GB,ru"}).text
    assert '<html lang="ru">' in citizen.get("/form?lang=xx").text


def test_a_closed_channel_has_no_form(database: Database, clock: MovedClock, tmp_path: Path) -> None:
    with TestClient(app_of(database, clock, tmp_path, Website())) as client:
        answers = (client.get("/form"), client.post("/form", data={"text": "Яма"}))

    assert [answer.status_code for answer in answers] == [404, 404]


def test_nothing_is_promised_when_the_store_is_away(clock: MovedClock, tmp_path: Path) -> None:
    lost = Database("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1")

    with TestClient(app_of(lost, clock, tmp_path)) as client:
        answer = client.post("/form?lang=ru", data=filled(client, clock))
    lost.close()

    assert answer.status_code == 503
    assert "Не горит фонарь" in answer.text


def test_a_hostile_text_stays_text(citizen: TestClient, database: Database, clock: MovedClock) -> None:
    hostile = "</textarea><script>alert(1)</script>"

    again = citizen.post("/form", data=filled(citizen, clock, text=hostile, consent=""))
    citizen.post("/form", data=filled(citizen, clock, text=hostile))

    assert "<script>" not in again.text
    assert json.loads(stored(database)[0].payload)["text"] == hostile
