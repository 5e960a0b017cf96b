"""The only place where parts are built and given to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intake109.alerts.ways import Ways
from intake109.appeals.news import Setting as News
from intake109.appeals.terms.calendar import WorkingCalendar, shipped_calendar
from intake109.appeals.terms.calendar import read as read_calendar
from intake109.bootstrap.channels import Channels, build_channels
from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.load import load as load_catalogue
from intake109.catalogue.services import Catalogue
from intake109.classifier.place.gazetteer import Gazetteer
from intake109.classifier.place.gazetteer import read as read_gazetteer
from intake109.clock import Clock, SystemClock
from intake109.collectors.base import Parser
from intake109.config import Config
from intake109.dedup.problem import Problems, shipped_problems
from intake109.dialogue.commands import Setting
from intake109.jobs.ageing import OverdueNews
from intake109.jobs.carrying import Carrying
from intake109.jobs.chores import Chore
from intake109.jobs.delivering import Delivering
from intake109.jobs.election import Election
from intake109.jobs.fetching import Fetching
from intake109.jobs.housekeeping import Housekeeping, Nights
from intake109.jobs.looking_up import LookingUp
from intake109.jobs.loop import Threads
from intake109.jobs.outages import OutageNews
from intake109.jobs.polling import Polling
from intake109.jobs.presence import Presence
from intake109.jobs.private import PrivateLetters
from intake109.jobs.promising import Promising
from intake109.jobs.pulse import Hearts
from intake109.jobs.replying import Replying
from intake109.jobs.reporting import Reporting
from intake109.jobs.shelves import Shelves
from intake109.jobs.voice import Voices
from intake109.jobs.worker import Elected, Worker
from intake109.media.files import FileStore
from intake109.model import Channel
from intake109.pipeline import Judge, Pipeline
from intake109.queue.rules import Rules
from intake109.store import migrate
from intake109.store.database import Database
from intake109.store.processes import Me
from intake109.store.revisions import Revisions

if TYPE_CHECKING:
    from fastapi import FastAPI

    from intake109.jobs.learning import Learning


@dataclass(slots=True)
class House:
    """The parts of one process. `learning` is None where `judge` is no model of ours (tests)."""

    config: Config
    database: Database
    clock: Clock
    current: CurrentCatalogue
    gazetteer: Gazetteer
    judge: Judge
    files: FileStore
    channels: Channels
    pipeline: Pipeline
    learning: Learning | None = None
    problems: Problems = field(default_factory=shipped_problems)
    calendar: WorkingCalendar = field(default_factory=shipped_calendar)

    @property
    def rules(self) -> Rules:
        """What decisions depend on, with the catalogue as it is now."""
        return Rules(
            self.current.catalogue,
            self.config.promise,
            self.config.city.zone,
            self.problems,
            voice=self.config.voice,
            calendar=self.calendar,
            deadlines=self.config.deadlines,
            address=self.config.server.address,
            reads_replies=bool(self.config.executors.mailbox.host),
        )

    @property
    def ways(self) -> Ways:
        """How the staff can be told here."""
        return Ways(self.config.alerts, self.config.server.address, Channel.TELEGRAM in self.channels.senders)

    def worker(self, me: Me) -> Worker:
        """Build the jobs of this process, not yet started. On SQLite nobody else can be there to be elected."""
        threads, hearts = Threads(), Hearts()
        database, clock, channels = self.database, self.clock, self.channels
        template = self.config.channels.whatsapp.template
        return Worker(
            elected=lambda fenced: self._elected(fenced, threads),
            election=None
            if database.is_sqlite
            else Election(database, me.id, self.config.cluster.lease, hearts=hearts),
            carrying=Carrying(self.pipeline, database, clock, threads),
            promising=Promising(lambda: self.rules, self.ways, database, clock, threads),
            delivering=[
                Delivering(channel, channels.senders.get(channel), template, database, clock, threads, self._fetch)
                for channel in Channel
            ],
            fetching=Fetching(channels.media, self.files, database, clock, threads),
            looking_up=LookingUp(channels.lookups, database, clock, threads),
            database=database,
            clock=clock,
            threads=threads,
            introductions=channels.introductions,
            closers=[*channels.closers, *([self.learning.close] if self.learning else [])],
            hearts=hearts,
            me=me.id,
        )

    def _elected(self, database: Database, threads: Threads) -> Elected:
        """Build what exactly one process does, writing to a database that is fenced for its term."""
        clock, channels = self.clock, self.channels
        return Elected(
            polling=[Polling(poller, database, clock, threads) for poller in channels.pollers],
            housekeeping=Housekeeping(
                channels.credentials,
                channels.subscriptions,
                database,
                clock,
                threads,
                self.files,
                self._nights(database),
                self.config.city.zone if self.config.channels.quiet_warning else None,
                self._chores(database, threads),
            ),
            steps={
                "outage_news": OutageNews(lambda: self.rules, database, clock, threads).step,
                "reports": self._reporting(database, threads).step,
                "replies": self._replying(database, threads).step,
            },
        )

    def _chores(self, database: Database, threads: Threads) -> list[Chore]:
        """What is done by the clock for appeals that are under way."""

        def setting() -> News:
            return self.rules.setting

        return [
            OverdueNews(setting, database, self.clock, threads).chore(),
            Shelves(setting, database, self.clock, threads).chore(),
            PrivateLetters(setting, self.config.executors.between_letters, database, self.clock, threads).chore(),
            *self._mailbox(setting, database, threads),
            *Voices(setting, database, self.clock, threads).chores(),
            *self._reporting(database, threads).chores(),
        ]

    def _replying(self, database: Database, threads: Threads) -> Replying:
        def setting() -> News:
            return self.rules.setting

        return Replying(self.channels.media, self.files, setting, database, self.clock, threads)

    def _mailbox(self, setting: Callable[[], News], database: Database, threads: Threads) -> list[Chore]:
        settings = self.config.executors.mailbox
        if not settings.host:
            return []
        from intake109.collectors.mailbox import Mailbox
        from intake109.jobs.mailbox import Replies

        limit = settings.limit_mb * 2**20
        return [Replies(Mailbox(settings), limit, setting, self.files, database, self.clock, threads).chore()]

    def _reporting(self, database: Database, threads: Threads) -> Reporting:
        return Reporting(self.config, lambda: self.current.catalogue, self.files, database, self.clock, threads)

    def _fetch(self, sha256: str) -> bytes:
        """Return a file that goes with a message."""
        return self.files.path(sha256).read_bytes()

    def presence(self, me: Me) -> Presence:
        """Build what tells the other processes of this one, not yet started."""
        return Presence(me, self.database, self.config.storage.folder)

    def _nights(self, database: Database) -> Nights | None:
        if self.learning is None:
            return None
        learning = self.learning.writing_to(database)
        return Nights(learning, self.config.classifier.learning_time, self.config.city.zone)

    def web(self) -> FastAPI:
        """Build the web application."""
        from intake109.review_ui.app import create_app
        from intake109.review_ui.parts import Parts, announcements_of

        return create_app(
            Parts(
                config=self.config,
                database=self.database,
                clock=self.clock,
                current=self.current,
                files=self.files,
                classify=self.judge.classify,
                explain=self.judge.explain,
                gazetteer=self.gazetteer,
                announcements=announcements_of(self.gazetteer, self.config.city),
                webhooks=self.channels.webhooks,
                problems=self.problems,
                calendar=self.calendar,
            )
        )

    def close(self) -> None:
        """Give everything back that outlives a request."""
        self.database.close()


def build(
    config: Config,
    *,
    clock: Clock | None = None,
    judge: Judge | None = None,
    catalogue: Catalogue | None = None,
    parsers: Mapping[str, Parser] | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> House:
    """Build the parts a process needs and bring the database to the newest schema.

    `judge` replaces the classifier, `catalogue` the one of the files (tests); `parsers` read further sources (the
    simulator's citizens); `progress` is told what is being trained and how far it is, 0…1.

    Raises:
        CatalogueError: the catalogue's files break a rule.
        ConfigError: the city's gazetteer or its working calendar does.
    """
    clock = clock or SystemClock()
    base, gazetteer = catalogue or load_catalogue(), read_gazetteer(config.city.gazetteer)
    calendar = read_calendar(config.deadlines.calendars)
    database = open_database(config)
    migrate.upgrade(database)
    current = CurrentCatalogue(base, Revisions(database))
    learning = None
    if judge is None:
        learning = _learning(config, database, clock, current, gazetteer, progress)
        judge = learning.champion
    files = FileStore(config.storage.folder / "media", config.storage.media_limit_mb * 2**20)
    channels = build_channels(config, clock, files)
    channels.parsers.update(parsers or {})
    problems = Problems(config.same_problem)
    setting = Setting(
        config.city,
        current,
        problems,
        voice=config.voice,
        calendar=calendar,
        deadlines=config.deadlines,
        address=config.server.address,
        reads_replies=bool(config.executors.mailbox.host),
    )
    pipeline = Pipeline(database, clock, channels.parsers, judge, config.promise, setting)
    return House(
        config, database, clock, current, gazetteer, judge, files, channels, pipeline, learning, problems, calendar
    )


def open_database(config: Config) -> Database:
    """Open the configured database; nothing is read yet."""
    return Database(config.storage.url, fsync=config.storage.fsync)


def _learning(
    config: Config,
    database: Database,
    clock: Clock,
    current: CurrentCatalogue,
    gazetteer: Gazetteer,
    progress: Callable[[str, float], None] | None,
) -> Learning:
    from intake109.jobs.champion import open_champion
    from intake109.jobs.learning import Learning

    folder = config.storage.folder / "model"
    champion = open_champion(database, folder, lambda: current.catalogue, gazetteer, clock, progress)
    return Learning(champion, lambda: current.catalogue, database, clock, folder, config.city.zone)
