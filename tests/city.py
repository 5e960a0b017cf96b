"""A small city for tests: a catalogue of five services, a judge with rules, citizens who write."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue, Danger, Service, Words
from intake109.clock import Clock
from intake109.config import City, Promise
from intake109.dialogue.commands import Setting
from intake109.model import (
    Author,
    Channel,
    Event,
    IncidentSign,
    Incoming,
    Kind,
    Language,
    Message,
    Place,
    ServiceGuess,
    Span,
    Verdict,
)
from intake109.pipeline import Pipeline
from intake109.queue.rules import Rules
from intake109.store import events
from intake109.store.database import Database
from intake109.store.tables import EventRow, UserRow

ZONE = ZoneInfo("Asia/Almaty")
PROMISE = Promise()


def service(
    code: str, sphere: str, name: str, danger: Danger = Danger.ORDINARY, deadline: str = "5wd", group: str = "all"
) -> Service:
    """Return a service with one name in all languages."""
    return Service(code, sphere, f"{sphere}.{group}", Words(name, name, name), "road_service", danger, deadline)


CATALOGUE = Catalogue(
    services={
        one.code: one
        for one in (
            service("ROAD-001", "roads", "Яма"),
            service("SEWER-001", "sewerage", "Открытый люк", Danger.LIFE, "24h"),
            service("HEAT-001", "heating", "Нет тепла"),
            service("GAS-003", "gas", "Слабое давление газа", Danger.HEALTH, "3h"),
            service("POWER-005", "electricity", "Нет света в районе", group="outage"),
            service("LIFT-006", "lifts", "Не работает лифт", group="stopped"),
            service(TO_BE_CLARIFIED, "other", "Требует уточнения"),
        )
    },
    groups={
        group: Words("Группа", "Топ", "Group")
        for group in (
            *(f"{sphere}.all" for sphere in ("roads", "sewerage", "heating", "gas", "other")),
            *("electricity.outage", "lifts.stopped"),
        )
    },
    spheres={"roads": Words("Дороги", "Жолдар", "Roads")},
    executors={"road_service": Words("Дорожная служба", "Жол қызметі", "Road service")},
    asks={},
)
RULES = Rules(CATALOGUE, PROMISE, ZONE)


class RuleJudge:
    """Judges by a word: enough to see where a verdict goes."""

    def __init__(self) -> None:
        self.judged: list[str] = []

    def classify_many(self, texts: Sequence[str]) -> list[Verdict]:
        return [self.classify(text) for text in texts]

    def classify(self, text: str) -> Verdict:
        self.judged.append(text)
        low = text.casefold()
        is_incident = any(word in low for word in ("люк", "искрит"))
        code, sphere = _service(low)
        is_thanks = "спасибо" in low
        at = low.find("люк")
        return Verdict(
            kind=Kind.THANKS if is_thanks else Kind.APPEAL,
            kind_probability=0.99,
            appeal_probability=0.01 if is_thanks else 0.99,
            services=(ServiceGuess(code, sphere, 0.8),),
            incident=IncidentSign(
                is_incident, 1.0 if is_incident else 0.0, (Span(at, at + 3, "manhole"),) if at >= 0 else ()
            ),
            language=Language.KK if any(letter in low for letter in "әғқңөұүһі") else Language.RU,
            place=_place(low),
            text=text,
            model="rules",
        )

    def explain(self, text: str, code: str) -> list[Span]:
        """Return the word that decided."""
        word = {"SEWER-001": "люк", "ROAD-001": "яма"}.get(code, "")
        at = text.casefold().find(word) if word else -1
        return [Span(at, at + len(word), code)] if at >= 0 else []


def _service(low: str) -> tuple[str, str]:
    known = {
        "люк": ("SEWER-001", "sewerage"),
        "электричеств": ("POWER-005", "electricity"),
        "лифт": ("LIFT-006", "lifts"),
    }
    return next((service for word, service in known.items() if word in low), ("ROAD-001", "roads"))


def _place(low: str) -> Place:
    """Know the district Михайловка, the street Кривогуза, and a house on a street that was called Ленина before."""
    house = re.search(r"кривогуза(?: (\d+))?", low)
    if house or "михайловка" in low:
        number = (house and house[1]) or ""
        return Place(
            low,
            street="Кривогуза" if house else "",
            house=number,
            district="Михайловка" if "михайловка" in low else "",
            key=f"кривогуз {number}" if number else "",
            street_key="кривогуз" if house else "",
            district_key="михайловк" if "михайловка" in low else "",
        )
    told = next((name for name in ("Абая 10", "Ленина 10") if name.casefold() in low), "")
    if not told:
        return Place()
    return Place(
        told, "Абая", "10", key="абая 10", normalised="Абая 10", latitude=49.8, longitude=73.1, street_key="абая"
    )


def said(
    key: str,
    text: str,
    at: datetime,
    *,
    author: str = "asel",
    thread: str = "",
    **more: object,
) -> Message:
    """Return a private message of a citizen."""
    return Message(
        key=key,
        thread=thread or author,
        author=Author(author, name=author.title()),
        text=text,
        mentioned_at=at,
        reply_to=json.dumps({"to": author}),
        **more,  # type: ignore[arg-type]
    )


class Street:
    """Citizens who write, and the pipeline that hears them. Messages are handed over without a platform."""

    def __init__(self, database: Database, clock: Clock, judge: RuleJudge | None = None) -> None:
        self.database = database
        self.clock = clock
        self.judge = judge or RuleJudge()
        self._spoken: dict[str, tuple[Incoming, ...]] = {}
        setting = Setting(City(), CurrentCatalogue(CATALOGUE))
        self.pipeline = Pipeline(database, clock, {"street": self._read}, self.judge, PROMISE, setting)

    def _read(self, event: Event) -> tuple[Incoming, ...]:
        return self._spoken[event.key]

    def deliver(self, *parts: Incoming, channel: Channel = Channel.TELEGRAM, key: str = "") -> int:
        """Store one delivery and return its event's id; not handled yet."""
        key = key or f"delivery-{len(self._spoken)}"
        self._spoken[key] = parts
        with self.database.write() as session:
            events.save_batch(session, [Event(channel, key, "{}", "street")], self.clock.now())
        with self.database.read() as session:
            return events.waiting(session, self.clock.now(), 1000)[-1]

    def forget(self, event_id: int) -> None:
        """Make a delivery impossible to parse: its parser fails."""
        with self.database.read() as session:
            row = session.get(EventRow, event_id)
            assert row is not None
            del self._spoken[row.key]

    def hear(self, *parts: Incoming, channel: Channel = Channel.TELEGRAM) -> None:
        """Store one delivery and carry it to the queue."""
        self.pipeline.handle(self.deliver(*parts, channel=channel))


def hire(database: Database, clock: Clock, login: str = "inspector", role: str = "inspector") -> int:
    """Add a member of the staff and return the id."""
    with database.write() as session:
        row = UserRow(login=login, name=login.title(), password_hash="x", role=role, created_at=clock.now())
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id
