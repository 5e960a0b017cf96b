"""Every way in and out, built from the configuration. A channel that is switched off costs no import."""

from __future__ import annotations

import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intake109.clock import Clock
from intake109.collectors.base import LookupSource, MediaSource, Parser, Poller, Sender, Webhook
from intake109.config import Config
from intake109.errors import ChannelError
from intake109.jobs.housekeeping import Credentials, Subscription
from intake109.media.files import FileStore
from intake109.model import Channel

if TYPE_CHECKING:
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
    subscriptions: list[Subscription] = field(default_factory=list)
    introductions: list[Task] = field(default_factory=list)
    """What a channel does once when the process starts; repeated until the platform has answered."""
    closers: list[Task] = field(default_factory=list)


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
    if config.alerts.email.host:
        _add_mail(channels, config)
    if config.registry.url:
        _add_registry(channels, config, clock)
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
        parser = TelegramParser(username, settings.watched_chats, bot_id_of(settings), config.alerts.telegram_chat)
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
        await use_webhook(config.channels.telegram, config.server.address)
    with suppress(ChannelError):  # a Bot API server of one's own may not know menus; messages do not need them
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
    from intake109.collectors import instagram_graph as graph

    settings = config.channels.instagram
    parser = graph.InstagramParser(settings.user_id, settings.username)
    channels.parsers.update(dict.fromkeys(graph.SOURCES, parser))
    keeper = graph.TokenKeeper(settings, config.storage.folder)
    media = graph.InstagramMedia(settings, keeper.token)
    sender = graph.InstagramSender(settings, keeper.token)
    channels.media[Channel.INSTAGRAM] = media
    channels.senders[Channel.INSTAGRAM] = sender
    channels.closers += [media.aclose, sender.aclose, keeper.aclose]
    if settings.instaloader.enabled:
        _add_instaloader(channels, config)
    if not settings.user_id:
        return  # instaloader alone: tagged posts come in, answers are written by hand
    poller = graph.InstagramTagsPoller(settings, keeper.token)
    lookup = graph.InstagramLookup(settings, keeper.token)
    subscription = graph.InstagramSubscription(settings, keeper.token)
    channels.pollers.append(poller)
    channels.lookups[Channel.INSTAGRAM] = lookup
    channels.webhooks["instagram"] = graph.InstagramWebhook(settings)
    channels.credentials.append(keeper)
    channels.subscriptions.append(subscription)
    channels.closers += [poller.aclose, lookup.aclose, subscription.aclose]


def _add_instaloader(channels: Channels, config: Config) -> None:
    from intake109.collectors.instagram import InstaloaderPoller

    poller = InstaloaderPoller(config.channels.instagram, random.Random())  # noqa: S311 — only spreads the pauses
    channels.pollers.append(poller)
    channels.closers.append(poller.aclose)


def _add_website(channels: Channels, config: Config, clock: Clock) -> None:
    from intake109.collectors.website import WebsiteMedia, WebsiteParser, WebsiteSender, WebsiteWebhook

    settings = config.channels.website
    media = WebsiteMedia(settings)
    channels.webhooks["website"] = WebsiteWebhook(settings, clock)
    channels.parsers["website.webhook"] = channels.parsers["website.form"] = WebsiteParser()
    channels.senders[Channel.WEBSITE] = WebsiteSender()
    channels.media[Channel.WEBSITE] = media


def _add_registry(channels: Channels, config: Config, clock: Clock) -> None:
    from intake109.collectors.registry import RegistrySender

    sender = RegistrySender(config.registry, clock)
    channels.senders[Channel.REGISTRY] = sender
    channels.closers.append(sender.aclose)


def _add_mail(channels: Channels, config: Config) -> None:
    from intake109.collectors.mail import MailSender

    channels.senders[Channel.EMAIL] = MailSender(config.alerts.email, config.executors.mailbox.reply_to)
