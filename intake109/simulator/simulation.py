"""One simulation: a house on a temporary SQLite file, modelled people around it, and days that pass in seconds."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from intake109 import bootstrap
from intake109.alerts.ways import Ways
from intake109.bootstrap import House
from intake109.catalogue.load import load as load_catalogue
from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue
from intake109.clock import MovedClock
from intake109.config import Channels, Config, Email, Storage
from intake109.progress import Progress
from intake109.simulator.agenda import Agenda
from intake109.simulator.citizens import Citizens
from intake109.simulator.desk import Desk
from intake109.simulator.ground import ground
from intake109.simulator.inspector import World
from intake109.simulator.judging import ModelledJudge
from intake109.simulator.office import Office, roster
from intake109.simulator.outcome import SAMPLED_EVERY, Outcome, Sample
from intake109.simulator.post import Post
from intake109.simulator.reckoning import Reckoning
from intake109.simulator.said import SOURCE, Said, parse
from intake109.simulator.scenario import Settings
from intake109.simulator.workers import Workers
from intake109.store import tasks

_MONDAY = datetime(2026, 11, 16)  # noqa: DTZ001 - the city's zone is put to it
_STAFF_CHAT = -1
_STAFF_MAIL = Email(host="nowhere.invalid", from_address="109@nowhere.invalid", to=("duty@nowhere.invalid",))
_AFTERWARDS = timedelta(minutes=25)
"""How long the simulation goes on after the last hour: every promise given in it has come to its end by then."""
_STEP = timedelta(minutes=30)


class Simulation:
    """Runs once. `house` stays open afterwards for whoever wants to look into its tables; `close` gives it back."""

    def __init__(
        self, settings: Settings, config: Config, folder: Path, catalogue: Catalogue | None = None, url: str = ""
    ) -> None:
        self._settings = settings
        self._zone = config.city.zone
        self.begins_at = _MONDAY.replace(hour=settings.scenario.first_hour, tzinfo=self._zone)
        self.ends_at = self.begins_at + _lasts(settings)
        self._agenda = Agenda(MovedClock(self.begins_at))
        self._catalogue = catalogue or load_catalogue()
        self._judge = ModelledJudge(self._catalogue, settings.seed)
        self.house = _build(config, folder, url, self._agenda.clock, self._judge, self._catalogue)
        self._citizens = Citizens(settings.scenario, self._catalogue, self._zone, settings.seed)
        self._said: dict[str, Said] = {}
        self._samples: list[Sample] = []
        self._workers = self._hire_workers()
        self._post = Post(
            *(self.house.database, self._agenda, self._judge, self._random("post"), self._said),
            arrived=self._workers.call,
        )
        self._world = self._open_desk()
        self._office = Office(
            settings.inspectors, settings.supervisors_by_day, self._world, self.house.database, settings.seed
        )

    def run(self, progress: Progress | None = None) -> Outcome:
        """Let the days pass and say how they went."""
        began_s = time.perf_counter()
        settings, house = self._settings, self.house
        self._plan()
        with settings.trouble.among(house.database, self._random("crashes")):
            self._pass(progress)
        self._office.stop()
        return self.reckon(time.perf_counter() - began_s)

    def reckon(self, seconds: float = 0.0) -> Outcome:
        """Say what the tables tell now."""
        reckoning = Reckoning(self.house, self._settings, self._said, self._world.tally, self._agenda)
        return reckoning.outcome(self._samples, seconds)

    def close(self) -> None:
        """Give everything back."""
        self._workers.close()
        self.house.close()

    def _random(self, name: str) -> Random:
        return Random(f"{self._settings.seed}:{name}")

    def _hire_workers(self) -> Workers:
        house = self.house
        ways = Ways(house.config.alerts, house.config.server.address, has_telegram=True)
        return Workers(house, ways, self._agenda, self._settings.trouble, self._random("workers"), self._looked)

    def _open_desk(self) -> World:
        house = self.house
        night = house.config.promise.ladder.night
        return World(
            agenda=self._agenda,
            desk=Desk(house.database, house.clock, lambda: house.rules, self._said),
            habits=self._settings.habits,
            codes=[code for code in self._catalogue.services if code != TO_BE_CLARIFIED],
            sure=house.config.classifier.sure_probability,
            is_night=lambda: night.holds(house.clock.now(), self._zone),
            told=self._wake,
            asked=self._ask,
        )

    def _plan(self) -> None:
        """Put everything on the agenda that does not depend on what happens."""
        settings = self._settings
        self._post.open()
        midnight = self.begins_at.replace(hour=0)
        for day in range(settings.days):
            if settings.scenario.blind is not None:
                after_midnight, lasts = settings.scenario.blind
                self._post.blind(midnight + timedelta(days=day) + after_midnight, lasts)
        for said in self._citizens.during(self.begins_at, self.ends_at - self.begins_at):
            self._post.bring(said)
        for after, ahead in settings.trouble.jumps:
            self._agenda.at(self.begins_at + after, lambda ahead=ahead: self._jump(ahead))  # type: ignore[misc]
        self._office.plan(roster(settings.scenario, settings.inspectors, self.begins_at, settings.days))
        supervisors = settings.supervisors_by_day
        self._office.plan_supervisors(roster(settings.scenario, supervisors, self.begins_at, settings.days))
        self._workers.start()
        self._agenda.at(self.begins_at, self._sample)

    def _pass(self, progress: Progress | None) -> None:
        end = self.ends_at + _AFTERWARDS
        at = self.begins_at
        while at < end:
            at = min(at + _STEP, end)
            self._agenda.run(at)
            if progress is not None:
                progress(self._settings.scenario.name, (at - self.begins_at) / (end - self.begins_at))

    def _looked(self) -> None:
        """A worker has looked: whatever it did may concern those at the desk."""
        self._office.wake()
        self._office.hear()

    def _wake(self) -> None:
        self._office.wake()

    def _ask(self, said: Said) -> None:
        answer = self._citizens.answer(said, self._agenda.clock.now())
        if answer is not None:
            self._post.bring(answer)

    def _jump(self, ahead: timedelta) -> None:
        self._agenda.clock.advance(ahead)

    def _sample(self) -> None:
        now = self._agenda.clock.now()
        with self.house.database.read() as session:
            counts = tasks.counts(session, now)
        self._samples.append(
            Sample(now, counts["queue"], counts["incidents"], counts["late"], self._office.count_present())
        )
        self._agenda.at(now + SAMPLED_EVERY, self._sample)


@contextmanager
def simulation(
    settings: Settings, config: Config, catalogue: Catalogue | None = None, url: str = ""
) -> Iterator[Simulation]:
    """Give a simulation on a database that is gone afterwards. Of `config` the promise, the alerts and the city count.

    Args:
        url: a PostgreSQL server, on which a database of its own is made; empty: a SQLite file.
    """
    with tempfile.TemporaryDirectory(prefix="intake109-simulate-") as folder, ground(url) as place:
        found = Simulation(settings, config, Path(folder), catalogue, place)
        try:
            yield found
        finally:
            found.close()


def _lasts(settings: Settings) -> timedelta:
    """Return how long to simulate: so many days, without the hours at their end in which nobody writes."""
    hours = 24 * settings.days
    rates = settings.scenario.per_hour
    while hours > 1 and not rates[(settings.scenario.first_hour + hours - 1) % 24]:
        hours -= 1
    return timedelta(hours=hours)


def _build(
    config: Config, folder: Path, url: str, clock: MovedClock, judge: ModelledJudge, catalogue: Catalogue
) -> House:
    chat = config.alerts.telegram_chat
    alone = config.model_copy(
        update={
            "storage": Storage(database_url=url, folder=folder, fsync=False),
            "channels": Channels(),
            "alerts": config.alerts.model_copy(
                update={
                    "telegram_chat": _STAFF_CHAT if chat is None else chat,
                    "email": config.alerts.email if config.alerts.email.host else _STAFF_MAIL,
                }
            ),
        }
    )
    return bootstrap.build(alone, clock=clock, judge=judge, catalogue=catalogue, parsers={SOURCE: parse})
