"""The product's jobs in the last days: they look whenever something has come or is due, and what is owed arrives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from intake109.alerts.ways import Ways
from intake109.bootstrap import House
from intake109.jobs.ageing import OverdueNews
from intake109.jobs.carrying import Carrying
from intake109.jobs.loop import Threads
from intake109.jobs.promising import Promising
from intake109.jobs.reporting import Reporting
from intake109.jobs.shelves import Shelves
from intake109.jobs.voice import Voices
from intake109.model import Channel, Receipt
from intake109.outbox import delivery
from intake109.simulator.agenda import Agenda
from intake109.simulator.workers import due_at
from intake109.store import health, outbox, stops
from intake109.store.tables import OutboxRow
from intake109.store.types import UtcDateTime

_SOON = timedelta(seconds=1)
_LATEST = timedelta(minutes=30)
_OWING = (
    select(col(OutboxRow.channel))
    .where(col(OutboxRow.state) == "owed", col(OutboxRow.not_before) <= bindparam("now", type_=UtcDateTime))
    .distinct()
)
_OWED_AT = select(func.min(col(OutboxRow.not_before))).where(col(OutboxRow.state) == "owed")


class Jobs:
    """Looks at the queue when there is a reason, and does the chores every half an hour of the city."""

    def __init__(self, house: House, agenda: Agenda, looked: Callable[[], None]) -> None:
        self._house = house
        self._agenda = agenda
        self._looked = looked
        self._threads = Threads()
        rest = (house.database, house.clock, self._threads)
        self._carrying = Carrying(house.pipeline, *rest)
        ways = Ways(house.config.alerts, house.config.server.address, has_telegram=True)
        self._promising = Promising(lambda: house.rules, ways, *rest)
        self._overdue = OverdueNews(lambda: house.rules.setting, *rest)
        self._shelves = Shelves(lambda: house.rules.setting, *rest)
        self._voices = Voices(lambda: house.rules.setting, *rest)
        self._reporting = Reporting(house.config, lambda: house.current.catalogue, house.files, *rest)
        self._next_at: datetime | None = None

    def call(self) -> None:
        """Look very soon: something has come."""
        self._plan(self._agenda.clock.now() + _SOON)

    def chores(self) -> None:
        """Do what is done by the clock for appeals under way."""
        self._overdue.tell()
        self._shelves.bring_back()
        self._voices.tell()
        self._voices.keep()
        self._deliver()

    def seal(self) -> None:
        """Seal the days that are over."""
        asyncio.run(self._reporting.night())

    def close(self) -> None:
        self._threads.close()

    def _plan(self, at: datetime) -> None:
        if self._next_at is None or at < self._next_at:
            self._next_at = at
            self._agenda.at(at, lambda: self._look(at))

    def _look(self, planned_at: datetime) -> None:
        if self._next_at != planned_at:
            return
        self._next_at = None
        self.beat()
        while self._carrying.carry():
            pass
        while self._promising.keep():
            pass
        self._deliver()
        self._looked()
        now = self._agenda.clock.now()
        with self._house.database.read() as session:
            moments = (due_at(session), session.execute(_OWED_AT).scalar())
        due = min((moment for moment in moments if moment is not None), default=None)
        self._plan(now + _LATEST if due is None else min(now + _LATEST, max(now, due) + _SOON))

    def beat(self) -> None:
        """Let the heart have beaten all the while: between two looks there was nothing to do."""
        with self._house.database.write() as session:
            health.of(session, stops.HEART, "system").last_good_at = self._agenda.clock.now()

    def _deliver(self) -> None:
        """Let everybody have received what is owed to them by now."""
        with self._house.database.read() as session:
            owing = session.execute(_OWING, {"now": self._agenda.clock.now()}).scalars().all()
        for channel in owing:
            while (row := self._lease(Channel(channel))) is not None:
                with self._house.database.write() as session:
                    delivery.settle_sent(session, row, _receipt(row), self._agenda.clock.now())

    def _lease(self, channel: Channel) -> OutboxRow | None:
        with self._house.database.write() as session:
            return outbox.lease(session, channel, self._agenda.clock.now(), delivery.LEASE)


def _receipt(row: OutboxRow) -> Receipt:
    """Return what the platform would have said: by Telegram's name a letter is found again on the citizens' phones."""
    if row.channel == Channel.REGISTRY.value:
        return Receipt(f"past:{row.id}", {"number": f"ЕР-{3000 + (row.id or 0)}"})
    if row.channel == Channel.TELEGRAM.value:
        return Receipt("" if row.details.get("edits") else f"{json.loads(row.address)['chat_id']}:{row.id}")
    return Receipt(f"past:{row.id}")
