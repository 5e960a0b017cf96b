"""The only place where parts are built and given to each other."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from intake109.catalogue.load import load as load_catalogue
from intake109.catalogue.services import Catalogue
from intake109.clock import Clock, SystemClock
from intake109.collectors.base import LookupSource, MediaSource, Parser, Poller, Sender, Webhook
from intake109.config import Config
from intake109.dialogue.commands import Setting
from intake109.jobs.carrying import Carrying
from intake109.jobs.delivering import Delivering
from intake109.jobs.fetching import Fetching
from intake109.jobs.housekeeping import Credentials, Housekeeping
from intake109.jobs.looking_up import LookingUp
from intake109.jobs.loop import Threads
from intake109.jobs.polling import Polling
from intake109.jobs.worker import Worker
from intake109.media.files import FileStore
from intake109.model import Channel
from intake109.pipeline import Judge, Pipeline
from intake109.queue.decisions import Rules
from intake109.store import migrate
from intake109.store.database import Database

if TYPE_CHECKING:
    from fastapi import FastAPI

    from intake109.collectors.telegram.sender import TelegramSender

Task = Callable[[], Coroutine[None, None, None]]
BOT_COMMANDS = {
    "ru": {"start": "Начать", "status": "Узнать об обращении", "my": "Мои обращения", "language": "Язык"},
    "kk": {"start": "Бастау", "status": "Өтінішті білу", "my": "Менің өтініштерім", "language": "Тіл"},
    "en": {"start": "Start", "status": "Follow an appeal", "my": "My appeals", "language": "Language"},
}


@dataclass(slots=True)
class Channels:
    """Every way in and out that the configuration enables."""

    pollers: list[Poller] = field(default_factory=list)
    parsers: dict[str, Parser] = field(default_factory=dict)
    senders: dict[Channel, Sender] = field(default_factory=dict)
    media: dict[Channel, MediaSource] = field(default_factory=dict)
    lookups: dict[Channel, LookupSource] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    credentials: list[Credentials] = field(default_factory=list)
    introductions: list[Task] = field(default_factory=list)
    """What a channel does once when the process starts; repeated until the platform has answered."""
    closers: list[Task] = field(default_factory=list)


@dataclass(slots=True)
class House:
    """The parts of one process."""

    config: Config
    database: Database
    clock: Clock
    catalogue: Catalogue
    judge: Judge
    files: FileStore
    channels: Channels
    pipeline: Pipeline
    rules: Rules

    def worker(self) -> Worker:
        """Build the jobs of this process, not yet started."""
        threads = Threads()
        database, clock, channels = self.database, self.clock, self.channels
        return Worker(
            polling=[Polling(poller, database, clock, threads) for poller in channels.pollers],
            carrying=Carrying(self.pipeline, database, clock, threads),
            delivering=Delivering(channels.senders, self.config.channels.whatsapp.template, database, clock, threads),
            fetching=Fetching(channels.media, self.files, database, clock, threads),
            looking_up=LookingUp(channels.lookups, database, clock, threads),
            housekeeping=Housekeeping(channels.credentials, database, clock, threads),
            database=database,
            clock=clock,
            threads=threads,
            introductions=channels.introductions,
            closers=channels.closers,
        )

    def web(self) -> FastAPI:
        """Build the web application."""
        from intake109.catalogue.search import CatalogueSearch
        from intake109.review_ui.app import create_app
        from intake109.review_ui.parts import Parts

        return create_app(
            Parts(
                config=self.config,
                database=self.database,
                clock=self.clock,
                catalogue=self.catalogue,
                search=CatalogueSearch(self.catalogue),
                files=self.files,
                classify=self.judge.classify,
                webhooks=self.channels.webhooks,
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
    progress: Callable[[str, float], None] | None = None,
) -> House:
    """Build the parts a process needs and bring the database to the newest schema.

    `judge` replaces the classifier (tests); `progress` is told what is being trained and how far it is, 0…1.

    Raises:
        CatalogueError: the catalogue's files break a rule.
    """
    clock = clock or SystemClock()
    catalogue = load_catalogue()
    database = open_database(config)
    migrate.upgrade(database)
    judge = judge or _classifier(catalogue, config.storage.folder / "model", progress)
    files = FileStore(config.storage.folder / "media", config.storage.media_limit_mb * 2**20)
    channels = build_channels(config, clock, files)
    setting = Setting(config.city, catalogue)
    pipeline = Pipeline(database, clock, channels.parsers, judge, config.promise, setting)
    rules = Rules(catalogue, config.promise, config.city.zone)
    return House(config, database, clock, catalogue, judge, files, channels, pipeline, rules)


def open_database(config: Config) -> Database:
    """Open the configured database; nothing is read yet."""
    return Database(config.storage.url, fsync=config.storage.fsync)


def _classifier(catalogue: Catalogue, folder: Path, progress: Callable[[str, float], None] | None) -> Judge:
    from intake109.classifier.classifier import load_or_train

    return load_or_train(catalogue, folder, progress)


def build_channels(config: Config, clock: Clock, files: FileStore) -> Channels:
    """Build every enabled channel; those switched off cost no import."""
    channels = Channels()
    _add_manual(channels, files)
    if config.channels.telegram.enabled:
        _add_telegram(channels, config)
    if config.channels.whatsapp.enabled:
        _add_whatsapp(channels, config)
    if config.channels.instagram.enabled:
        _add_instagram(channels, config)
    if config.channels.website.enabled:
        _add_website(channels, config, clock)
    return channels


def _add_manual(channels: Channels, files: FileStore) -> None:
    from intake109.collectors.manual import ManualMedia, ManualParser

    channels.parsers["manual.form"] = ManualParser()
    channels.media[Channel.MANUAL] = ManualMedia(files.path)


def _add_telegram(channels: Channels, config: Config) -> None:
    from intake109.collectors.telegram.api import bot_id_of
    from intake109.collectors.telegram.media import TelegramMedia
    from intake109.collectors.telegram.parser import TelegramParser
    from intake109.collectors.telegram.poller import TelegramPoller
    from intake109.collectors.telegram.sender import TelegramSender
    from intake109.collectors.telegram.webhook import TelegramWebhook

    settings = config.channels.telegram
    sender, media = TelegramSender(settings), TelegramMedia(settings)

    def read_as(username: str) -> None:
        parser = TelegramParser(username, settings.watched_chats, bot_id_of(settings))
        channels.parsers["telegram.poll"] = channels.parsers["telegram.webhook"] = parser

    read_as("")
    channels.senders[Channel.TELEGRAM] = sender
    channels.media[Channel.TELEGRAM] = media
    channels.introductions.append(lambda: _introduce_telegram(sender, config, read_as))
    channels.closers += [sender.close, media.close]
    if settings.mode == "polling":
        poller = TelegramPoller(settings)
        channels.pollers.append(poller)
        channels.closers.append(poller.close)
    else:
        channels.webhooks["telegram"] = TelegramWebhook(settings)


async def _introduce_telegram(sender: TelegramSender, config: Config, read_as: Callable[[str], None]) -> None:
    from intake109.collectors.telegram.webhook import use_webhook

    read_as((await sender.identify()).username)
    if config.channels.telegram.mode == "webhook":
        await use_webhook(config.channels.telegram, config.server.public_url)
    await sender.set_commands(BOT_COMMANDS)


def _add_whatsapp(channels: Channels, config: Config) -> None:
    from intake109.collectors.whatsapp import WhatsappMedia, WhatsappParser, WhatsappSender, WhatsappWebhook

    settings = config.channels.whatsapp
    sender, media = WhatsappSender(settings), WhatsappMedia(settings)
    channels.webhooks["whatsapp"] = WhatsappWebhook(settings)
    channels.parsers["whatsapp.webhook"] = WhatsappParser(settings.phone_number_id)
    channels.senders[Channel.WHATSAPP] = sender
    channels.media[Channel.WHATSAPP] = media
    channels.closers += [sender.aclose, media.aclose]


def _add_instagram(channels: Channels, config: Config) -> None:
    del channels, config


def _add_website(channels: Channels, config: Config, clock: Clock) -> None:
    from intake109.collectors.website import WebsiteMedia, WebsiteParser, WebsiteSender, WebsiteWebhook

    settings = config.channels.website
    media = WebsiteMedia(settings)
    channels.webhooks["website"] = WebsiteWebhook(settings, clock)
    channels.parsers["website.webhook"] = channels.parsers["website.form"] = WebsiteParser()
    channels.senders[Channel.WEBSITE] = WebsiteSender()
    channels.media[Channel.WEBSITE] = media
