"""What can be configured, with defaults that work. One class a section of the file."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from intake109.config.alerts import Alerts
from intake109.config.cluster import Cluster
from intake109.config.deadlines import Deadlines
from intake109.config.executors import Executors
from intake109.config.outages import Outages
from intake109.config.promise import Promise
from intake109.config.registry import Registry
from intake109.config.reports import Reports
from intake109.config.same_problem import SameProblem
from intake109.config.section import Section
from intake109.config.voice import Voice


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("unknown time zone; write one like Asia/Almaty") from error
    return name


def _address(url: str) -> str:
    if not re.match(r"https?://[^/\s]+", url):
        raise ValueError("must be an address like https://host or http://127.0.0.1:8110")
    return url.rstrip("/")


def _maybe_address(url: str) -> str:
    return _address(url) if url else ""


def _maybe_path(path: object) -> object:
    return path or None  # an empty text would be the working directory


def _database(url: str) -> str:
    if url and not re.match(r"(sqlite|postgresql)(\+\w+)?://", url):
        raise ValueError("must be an address like postgresql+psycopg://user:password@host/name or sqlite:///file")
    return url


Address = Annotated[str, AfterValidator(_address)]
Seconds = Annotated[float, Field(gt=0)]


class City(Section):
    """The city the centre works for. `gazetteer` is the file of its streets, districts and landmarks."""

    name_ru: str = "Каратобе"
    name_kk: str = "Қаратөбе"
    name_en: str = "Karatobe"
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Almaty"
    centre: str = "109"
    gazetteer: Annotated[Path | None, BeforeValidator(_maybe_path)] = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Server(Section):
    """The web application."""

    host: str = "127.0.0.1"
    port: int = Field(default=8109, ge=1, le=65535)
    public_url: Annotated[str, AfterValidator(_maybe_address)] = ""
    session_hours: int = Field(default=14, ge=1, le=168)
    secure_cookies: bool = False
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    upload_limit_mb: int = Field(default=20, ge=1, le=200)

    @property
    def address(self) -> str:
        """How browsers and platforms reach us; this machine's own address unless `public_url` says otherwise."""
        return self.public_url or f"http://{self.host}:{self.port}"


class Storage(Section):
    """Database and files. `folder` holds media, models and, by default, the SQLite file."""

    database_url: Annotated[str, AfterValidator(_database)] = ""
    folder: Path = Path("var")
    media_limit_mb: int = Field(default=25, ge=1, le=500)
    fsync: bool = True

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.folder / 'intake109.sqlite3'}"


class Telegram(Section):
    """Telegram. Secrets: INTAKE109_TELEGRAM_TOKEN, INTAKE109_TELEGRAM_WEBHOOK_SECRET (webhook mode)."""

    enabled: bool = False
    base_url: Address = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    long_poll_seconds: int = Field(default=25, ge=0, le=50)
    watched_chats: tuple[int, ...] = ()
    token: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")

    @property
    def root(self) -> str:
        """The Bot API server's address without the `/bot` some people add."""
        return self.base_url.removesuffix("/bot")


class Whatsapp(Section):
    """WhatsApp Business Cloud API.

    Secrets: INTAKE109_WHATSAPP_ACCESS_TOKEN, INTAKE109_WHATSAPP_APP_SECRET, INTAKE109_WHATSAPP_VERIFY_TOKEN.
    """

    enabled: bool = False
    graph_url: Address = "https://graph.facebook.com"
    api_version: str = Field(default="v23.0", pattern=r"^v\d+\.\d+$")
    phone_number_id: str = ""
    template: str = "appeal_update"
    access_token: SecretStr = SecretStr("")
    app_secret: SecretStr = SecretStr("")
    verify_token: SecretStr = SecretStr("")


class Instaloader(Section):
    """Tagged posts without an app review, through a logged-in session file of the centre's own account."""

    enabled: bool = False
    session_file: Path = Path("var/instaloader.session")
    username: str = ""
    base_url: str = ""
    pause_minutes: int = Field(default=20, ge=1, le=240)


class Instagram(Section):
    """Instagram Graph API, and instaloader as the way without it.

    Secrets: INTAKE109_INSTAGRAM_ACCESS_TOKEN, INTAKE109_INSTAGRAM_APP_SECRET, INTAKE109_INSTAGRAM_VERIFY_TOKEN.
    """

    enabled: bool = False
    graph_url: Address = "https://graph.facebook.com"
    api_version: str = Field(default="v23.0", pattern=r"^v\d+\.\d+$")
    user_id: str = ""
    username: str = ""
    poll_seconds: Seconds = 120
    access_token: SecretStr = SecretStr("")
    app_secret: SecretStr = SecretStr("")
    verify_token: SecretStr = SecretStr("")
    instaloader: Instaloader = Instaloader()


class Website(Section):
    """The akim's web site. Secret: INTAKE109_WEBSITE_SECRET (signs the JSON endpoint)."""

    enabled: bool = False
    allowed_origins: tuple[Address, ...] = ()
    form_per_hour: int = Field(default=10, ge=1)
    least_fill_seconds: int = Field(default=3, ge=0)
    secret: SecretStr = SecretStr("")


class Channels(Section):
    """With `quiet_warning` a channel that only calls us (WhatsApp) is warned of when it is unusually quiet."""

    quiet_warning: bool = True
    telegram: Telegram = Telegram()
    whatsapp: Whatsapp = Whatsapp()
    instagram: Instagram = Instagram()
    website: Website = Website()


def _time_of_day(text: str) -> str:
    if text and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError('must be a time of day in quotes like "03:30", or "" for never')
    return text


class Classifier(Section):
    """From `sure_probability` on the first suggestion is taken over into the form.

    At `learn_at`, the city's time, a challenger learns from the decisions; empty: never by itself.
    """

    sure_probability: float = Field(default=0.9, ge=0, le=1)
    learn_at: Annotated[str, AfterValidator(_time_of_day)] = "03:30"

    @property
    def learning_time(self) -> time | None:
        return time.fromisoformat(self.learn_at) if self.learn_at else None


class Config(Section):
    """The whole configuration."""

    city: City = City()
    server: Server = Server()
    storage: Storage = Storage()
    cluster: Cluster = Cluster()
    promise: Promise = Promise()
    alerts: Alerts = Alerts()
    channels: Channels = Channels()
    classifier: Classifier = Classifier()
    deadlines: Deadlines = Deadlines()
    outages: Outages = Outages()
    same_problem: SameProblem = SameProblem()
    registry: Registry = Registry()
    executors: Executors = Executors()
    reports: Reports = Reports()
    voice: Voice = Voice()
