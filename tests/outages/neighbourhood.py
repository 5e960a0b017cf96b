"""A quarter where something is switched off: citizens who ask, a duty person, and the job that tells them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from intake109.classifier.place.gazetteer import Gazetteer, Named, NameKind
from intake109.classifier.place.places import Places
from intake109.clock import MovedClock
from intake109.config import Outages
from intake109.jobs.loop import Threads
from intake109.jobs.outages import OutageNews
from intake109.model import Kind, Language, Place, ServiceGuess, Verdict
from intake109.outages import entering
from intake109.outages.announcement import AnnouncementReader
from intake109.outages.entering import Entry
from intake109.outages.places import PlaceReader
from intake109.queue import known_outage
from intake109.store.database import Database
from intake109.store.tables import AppealRow, OutageRow, OutboxRow
from tests.city import CATALOGUE, RULES, ZONE, RuleJudge, Street
from tests.desk import Desk

GAZETTEER = Gazetteer(
    (
        Named(NameKind.STREET, "Абая", "Абай"),
        Named(NameKind.STREET, "Гоголя", "Гоголь"),
        Named(NameKind.STREET, "Алтынсарина", "Алтынсарин"),
        Named(NameKind.STREET, "Ержанова", "Ержанов"),
        Named(NameKind.STREET, "Бухар-Жырау", "Бұқар жырау", ("Ленина",)),
        Named(NameKind.STREET, "Ключевая", "Бұлақ", (), "Михайловка"),
        Named(NameKind.STREET, "8 Марта", ""),
        Named(NameKind.MICRODISTRICT, "Михайловка"),
        Named(NameKind.MICRODISTRICT, "Степной-2", "Дала-2"),
        Named(NameKind.MICRODISTRICT, "Степной-4", "Дала-4"),
        Named(NameKind.MICRODISTRICT, "7 мкр", "7 ықшам аудан"),
        Named(NameKind.MICRODISTRICT, "12 мкр", "12 ықшам аудан"),
        Named(NameKind.VILLAGE, "Жана-Аул", "Жаңа ауыл"),
    )
)
PLACES = Places(GAZETTEER)
READER = PlaceReader(PLACES.find, frozenset(one.canonical for one in GAZETTEER.names))
ANNOUNCEMENTS = AnnouncementReader(READER, ZONE)
HOUR = timedelta(hours=1)
TIMES = Outages()


class CityJudge(RuleJudge):
    """Hears cold flats beside pits, and reads places as the product does. "вода" is heating's second guess."""

    def classify(self, text: str) -> Verdict:
        verdict = super().classify(text)
        low = text.casefold()
        place: Place = PLACES.find(text)
        services = verdict.services
        if "тепл" in low or "жылу" in low or "cold" in low:
            services = (ServiceGuess("HEAT-001", "heating", 0.8), ServiceGuess("ROAD-001", "roads", 0.1))
        elif "вод" in low:
            services = (ServiceGuess("ROAD-001", "roads", 0.6), ServiceGuess("HEAT-001", "heating", 0.3))
        language = Language.EN if "cold" in low else verdict.language
        return replace(verdict, place=place, services=services, kind=Kind.APPEAL, language=language)


class Neighbourhood(Desk):
    """A desk whose citizens live where things are switched off. `saule` is the supervisor."""

    def __init__(self, database: Database, clock: MovedClock) -> None:
        super().__init__(database, clock)
        self.street = Street(database, clock, CityJudge())
        self.news = OutageNews(lambda: RULES, database, clock, Threads(), letters=2)

    def duty(self, user_id: int = 0) -> entering.Desk:
        return entering.Desk(user_id or self.anna, CATALOGUE, timedelta(seconds=10), self.clock.now())

    def announce(
        self, places: str = "Абая 10, 12\nГоголя 5–9", hours: float = 3, *, begins: float = 0, **more: str
    ) -> int:
        """Enter an outage of heating that begins and ends so many hours from now; return its id."""
        now = self.clock.now()
        with self.database.write() as session:
            row = entering.enter(session, entry(places, now + begins * HOUR, now + hours * HOUR, **more), self.duty())
            assert row.id is not None
            return row.id

    def answer_with(self, task_id: int, outage_id: int, user_id: int = 0) -> AppealRow:
        with self.database.write() as session:
            return known_outage.answer(
                session, task_id, user_id or self.anna, outage_id, RULES, TIMES, self.clock.now()
            )

    def asks(self, text: str = "Нет тепла, Абая 10", *, author: str = "") -> int:
        return self.waits(text, author=author)

    def outage(self, outage_id: int) -> OutageRow:
        with self.database.read() as session:
            return session.get_one(OutageRow, outage_id)

    def tell(self) -> list[str]:
        """Let the undo run out and the job work until nothing is due; return what citizens are told of outages."""
        self.clock.advance(timedelta(seconds=10))
        while self.news.keep():
            pass
        return self.told()

    def told(self) -> list[str]:
        with self.database.read() as session:
            rows = session.execute(select(OutboxRow).order_by("id")).scalars()
            return [row.text for row in rows if row.purpose == "outage"]


def entry(places: str, begins_at: datetime, ends_at: datetime, **more: str) -> Entry:
    """Return an entry for heating at places, one a line."""
    read = [READER.line(line) for line in places.splitlines()]
    assert all(read), places
    return Entry(["HEAT-001"], [one for one in read if one], begins_at, ends_at, **more)


def at(hour: int, minute: int = 0, day: int = 20, zone: ZoneInfo = ZONE) -> datetime:
    """Return a moment of the test's month on the city's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)
