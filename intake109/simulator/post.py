"""How messages reach us: each channel with its delay, some twice, none while we are blind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from intake109.model import Channel
from intake109.queue import blindness
from intake109.simulator.agenda import Agenda
from intake109.simulator.judging import ModelledJudge
from intake109.simulator.said import Said, delivery
from intake109.store import events, health
from intake109.store.database import Database

_CHANNELS = (Channel.TELEGRAM, Channel.WHATSAPP, Channel.INSTAGRAM)
_INSTAGRAM_EVERY_S = 120
_TWICE = 0.02
_NOTICED_S = 60.0


class Post:
    """Carries what citizens say into the table of raw deliveries."""

    def __init__(
        self,
        database: Database,
        agenda: Agenda,
        judge: ModelledJudge,
        random: Random,
        said: dict[str, Said],
        arrived: Callable[[], None],
    ) -> None:
        self._database = database
        self._agenda = agenda
        self._judge = judge
        self._random = random
        self._arrived = arrived
        self._blind: list[tuple[datetime, datetime]] = []
        self._said = said

    def open(self) -> None:
        """Let every channel be well."""
        with self._database.write() as session:
            self._view(session)

    def blind(self, begins_at: datetime, lasts: timedelta) -> None:
        """Let no channel be readable for a while; what was said meanwhile arrives all at once afterwards."""
        ends_at = begins_at + lasts
        self._blind.append((begins_at, ends_at))
        self._agenda.at(begins_at, self.open)
        self._agenda.at(begins_at + timedelta(seconds=_NOTICED_S), self._fail)
        self._agenda.at(ends_at, self.open)

    def bring(self, said: Said) -> None:
        """Let a message be on its way."""
        self._said[said.key] = said
        self._judge.learn(said)
        at = self._arrival(said)
        self._agenda.at(at, lambda: self._deliver(said))
        if self._random.random() < _TWICE:
            self._agenda.at(at + timedelta(seconds=self._random.uniform(1, 90)), lambda: self._deliver(said))

    def _arrival(self, said: Said) -> datetime:
        at = said.at + timedelta(seconds=self._random.uniform(0.5, 4))
        if said.channel is Channel.INSTAGRAM:
            at += timedelta(seconds=_INSTAGRAM_EVERY_S - at.timestamp() % _INSTAGRAM_EVERY_S)
        for begins_at, ends_at in self._blind:
            if begins_at <= at < ends_at:
                return ends_at + timedelta(seconds=self._random.uniform(1, 60))
        return at

    def _deliver(self, said: Said) -> None:
        now = self._agenda.clock.now()
        with self._database.write() as session:
            events.save_batch(session, [delivery(said)], now)
            blindness.heard(session, said.channel.value, said.channel.value, now)
        self._arrived()

    def _view(self, session: Session) -> None:
        now = self._agenda.clock.now()
        for channel in _CHANNELS:
            blindness.heard(session, channel.value, channel.value, now)

    def _fail(self) -> None:
        """Note what the health page shows after some polls in vain, and keep the ledger."""
        now = self._agenda.clock.now()
        with self._database.write() as session:
            for channel in _CHANNELS:
                row = health.of(session, channel.value, channel.value)
                row.errors_in_row, row.last_error, row.last_error_at = 3, "the network is away", now
            session.flush()
            blindness.keep(session, now)
