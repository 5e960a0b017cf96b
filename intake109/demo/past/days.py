"""Living through the last days: four quiet ones, a whole yesterday, and today up to now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from intake109.appeals.work.answers import Enclosed
from intake109.bootstrap import House, build
from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue
from intake109.clock import MovedClock
from intake109.config import Channels, Config
from intake109.demo.past.executors import Executors
from intake109.demo.past.jobs import Jobs
from intake109.demo.past.neighbours import PLACES, Neighbours, PlacingJudge
from intake109.demo.past.word import Staff, Words
from intake109.demo.standin.pictures import draw
from intake109.model import Channel, Kind, Language
from intake109.progress import Progress
from intake109.simulator.agenda import Agenda
from intake109.simulator.citizens import Citizens
from intake109.simulator.desk import Desk
from intake109.simulator.habits import Habits
from intake109.simulator.inspector import World
from intake109.simulator.office import Duty, Office
from intake109.simulator.post import Post
from intake109.simulator.said import SOURCE, Said, Truth
from intake109.simulator.scenario import SCENARIOS, Scenario
from intake109.store import people, tasks

_SEED = 109
_BLIND_AT, _BLIND_FOR = timedelta(hours=17, minutes=20), timedelta(minutes=45)
_LAST_SAID = timedelta(minutes=35)
"""So long before the end everybody falls silent: the queue is empty when the demo begins."""
_DANGER = timedelta(minutes=70)
_LEFT = timedelta(minutes=90)
"""What was registered so shortly before the end is left for the executors of the demo's day."""
_SHIFTS = ((8, 12), (10, 12))
_LOOKS_EVERY = timedelta(minutes=90)
_SEALS = 6
_ROUNDS = (10, 16)
"""Hours of the city at which the staff goes through its shelves."""
LAST_WRITER = "last"
"""The modelled name of who told of the last danger."""
_PICTURES = ("done-1", "done-2", "done-3", "done-4")


@dataclass(frozen=True, slots=True)
class Volume:
    """How much is written: shares of what a city of half a million writes, on `days` days before yesterday and after.

    In so many days who does not answer comes to be called, and a danger that nobody answered becomes red.
    """

    days: int = 4
    quiet: float = 0.018
    yesterday: float = 0.15
    today: float = 0.1


class Past:
    """The last days, on the database that the demo will go on with. Lived once; then `close` gives everything back."""

    def __init__(
        self,
        config: Config,
        neighbours: Neighbours,
        house: House,
        ends_at: datetime,
        settle: Callable[[House], None],
        volume: Volume,
    ) -> None:
        """Set up.

        Args:
            config: the demo's own; no platform is spoken to.
            house: the house that will go on: its catalogue and its judge are used.
            settle: hires the staff and enters the organisations, on the first of these days.
        """
        self._zone = config.city.zone
        self._today = ends_at.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        self._begins_at, self._ends_at = self._today - timedelta(days=volume.days + 1), ends_at
        self._volume = volume
        self._agenda = Agenda(MovedClock(self._begins_at))
        self._catalogue: Catalogue = house.current.catalogue
        judge = PlacingJudge(self._catalogue, _SEED, house.judge)
        alone = config.model_copy(
            update={"channels": Channels(), "storage": config.storage.model_copy(update={"fsync": False})}
        )
        clock, parsers = self._agenda.clock, {SOURCE: neighbours.parse}
        self.house = build(alone, clock=clock, judge=judge, catalogue=self._catalogue, parsers=parsers)
        settle(self.house)
        self._said: dict[str, Said] = {}
        self._writers: dict[str, Citizens] = {}
        database = self.house.database
        self._jobs = Jobs(self.house, self._agenda, self._looked)
        self._post = Post(database, self._agenda, judge, self._random("post"), self._said, self._jobs.call)
        self._office = Office(2, 1, self._open_desk(), database, _SEED, self._account)
        self._executors, self._words = self._follow()

    def live(self, progress: Progress | None = None) -> None:
        """Let the days pass, and seal them."""
        self._plan()
        at = self._begins_at
        while at < self._ends_at:
            at = min(at + _LOOKS_EVERY, self._ends_at)
            self._agenda.run(at)
            self._jobs.chores()
            self._executors.look()
            self._words.look()
            self._words.answer_alerts()
            if progress is not None:
                progress("the demo's last days", (at - self._begins_at) / (self._ends_at - self._begins_at))
        self._office.stop()
        self._jobs.seal()

    def reach(self, now: datetime) -> None:
        """Let the time that living took have passed, too: somebody kept the promise meanwhile."""
        self._agenda.run(now)
        self._jobs.beat()

    def close(self) -> None:
        """Give everything back."""
        self._jobs.close()
        self.house.close()

    def _random(self, name: str) -> Random:
        return Random(f"{_SEED}:{name}")

    def _account(self, login: str, role: str) -> int:
        """Return the account of the demo's staff that sits where a modelled person does."""
        known = {"inspector11": "inspector", "inspector12": "inspector2", "supervisor1": "supervisor"}
        with self.house.database.read() as session:
            row = people.by_login(session, known.get(login, role))
        assert row is not None
        assert row.id is not None
        return row.id

    def _open_desk(self) -> World:
        house = self.house
        night = house.config.promise.ladder.night
        return World(
            agenda=self._agenda,
            desk=Desk(house.database, house.clock, lambda: house.rules, self._said),
            habits=Habits(looks_every_s=3600),
            codes=[code for code in self._catalogue.services if code != TO_BE_CLARIFIED],
            sure=house.config.classifier.sure_probability,
            is_night=lambda: night.holds(house.clock.now(), self._zone),
            told=self._wake,
            asked=self._ask,
        )

    def _follow(self) -> tuple[Executors, Words]:
        house = self.house
        rest = (house.database, self._agenda, lambda: house.rules.setting)
        photos = [self._kept(name) for name in _PICTURES]
        staff = Staff(self._account("supervisor1", ""), self._account("", "quality"))
        executors = Executors(*rest, photos, self._ends_at - _LEFT, self._random("executors"))
        return executors, Words(*rest, staff, self._ends_at, self._random("words"))

    def _kept(self, name: str) -> Enclosed:
        stored = asyncio.run(self.house.files.put(_whole(draw(name))))
        return Enclosed(stored.sha256, stored.mime, f"{name}.jpg")

    def _plan(self) -> None:
        yesterday = self._today - timedelta(days=1)
        self._post.open()
        self._post.blind(yesterday + _BLIND_AT, _BLIND_FOR)
        for said in (*self._written(), self._danger()):
            if said.at < self._ends_at - _LAST_SAID:
                self._post.bring(said)
        self._office.plan(self._duties())
        self._office.plan_supervisors(self._duties())
        day = self._begins_at
        while day <= self._today:
            if day > self._begins_at:
                self._agenda.at(day + timedelta(hours=_SEALS), self._jobs.seal)
            for hour in _ROUNDS:
                self._agenda.at(day + timedelta(hours=hour), self._words.work)
            day += timedelta(days=1)

    def _written(self) -> Iterator[Said]:
        """Return everything that citizens say, each stretch of days by writers of its own."""
        yesterday = self._today - timedelta(days=1)
        much = self._volume
        stretches = (
            ("q", self._begins_at, much.days, much.quiet),
            ("y", yesterday, 1, much.yesterday),
            ("t", self._today, 1, much.today),
        )
        for tag, begins_at, days, share in stretches:
            per_hour = tuple(rate * share for rate in SCENARIOS["day"].per_hour)
            writers = Citizens(Scenario(tag, per_hour), self._catalogue, self._zone, _SEED + ord(tag), PLACES)
            self._writers[tag] = writers
            yield from (_tagged(tag, said) for said in writers.during(begins_at, timedelta(days=days)))

    def _danger(self) -> Said:
        """Return the last danger before the demo begins: its executors and its citizen go on living in the demo."""
        dangers = [one for one in self._catalogue.services.values() if one.is_incident and one.sphere == "sewerage"]
        manhole = max(dangers, key=lambda one: sum("открыт" in phrase and "люк" in phrase for phrase in one.phrases.ru))
        truth = Truth(Kind.APPEAL, manhole.code, is_incident=True)
        at, address = self._ends_at - _DANGER, "Михайловка, Ключевая 7"
        text = f"Открытый люк без крышки на тротуаре, рядом школа. {address}"
        return Said(f"{LAST_WRITER}:1", Channel.TELEGRAM, LAST_WRITER, text, Language.RU, at, truth, address)

    def _duties(self) -> Iterator[Duty]:
        day = self._begins_at
        while day <= self._today:
            for seat, (hour, hours) in enumerate(_SHIFTS):
                begins_at = day + timedelta(hours=hour)
                ends_at = min(begins_at + timedelta(hours=hours), self._ends_at - timedelta(minutes=5))
                if ends_at - begins_at > timedelta(minutes=30):
                    yield Duty(0, seat, begins_at, ends_at - begins_at)
            day += timedelta(days=1)

    def _looked(self) -> None:
        with self.house.database.read() as session:
            is_waited_for = tasks.counts(session, self._agenda.clock.now())["queue"] > 0
        if is_waited_for:
            self._office.wake()
        self._office.hear()

    def _wake(self) -> None:
        self._office.wake()

    def _ask(self, said: Said) -> None:
        answer = (
            self._writers[said.key[0]].answer(said, self._agenda.clock.now()) if said.key[0] in self._writers else None
        )
        if answer is not None and answer.at < self._ends_at - _LAST_SAID:
            self._post.bring(replace(answer, key=f"{said.key[0]}.{answer.key}"))


def _tagged(tag: str, said: Said) -> Said:
    """Name a message so that the writers of several stretches of days stay apart."""
    story = said.truth.story.replace("of citizen", f"of {tag}.citizen")
    told = said.text.rpartition(". ")[2] if said.key.endswith(":1") else said.address
    truth = replace(said.truth, story=story)
    return replace(said, key=f"{tag}.{said.key}", author=f"{tag}.{said.author}", truth=truth, address=told)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
