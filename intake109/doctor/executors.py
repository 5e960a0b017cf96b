"""Whether executors can be reached and heard: the mail server, the mailbox of replies, the city's registry."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from sqlalchemy.exc import SQLAlchemyError

from intake109.clock import SystemClock
from intake109.collectors.mail import MailSender
from intake109.collectors.mailbox import Mailbox
from intake109.collectors.website.webhook import TOLERANCE, sign
from intake109.config import Config
from intake109.doctor.finding import Finding, Grade
from intake109.errors import Backoff, ChannelError
from intake109.store import organisations
from intake109.store.database import Database

_ANSWER_WITHIN_S = 20.0
_WORTH_TELLING = timedelta(minutes=1)
_OWN_ADDRESSES = ("http://127.0.0.1", "http://localhost")


async def executors(config: Config) -> list[Finding]:
    """Ask everything that letters to executors and their answers go through; nothing is sent to anybody."""
    probes: tuple[tuple[str, bool, Callable[[Config], Awaitable[Finding]]], ...] = (
        ("mail", bool(config.alerts.email.host), _mail),
        ("mailbox", bool(config.executors.mailbox.host), _mailbox),
        ("registry", bool(config.registry.url), _registry),
    )
    found = []
    for name, is_on, ask in probes:
        found.append(await _probed(name, ask, config) if is_on else Finding(name, Grade.GOOD, "switched off"))
    return [*found, *_letters(config)]


async def _probed(name: str, ask: Callable[[Config], Awaitable[Finding]], config: Config) -> Finding:
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            return await ask(config)
    except ChannelError as error:
        return Finding(name, Grade.BAD, str(error), _remedy(name, error))
    except TimeoutError:
        return Finding(name, Grade.BAD, "no answer", f"check the network, and {_ADDRESS_KEYS[name]}")


_ADDRESS_KEYS = {
    "mail": "alerts.email.host, port and security",
    "mailbox": "executors.mailbox.host, port and security",
    "registry": "registry.url",
}
_SECRETS = {
    "mail": "set the password of alerts.email.user as INTAKE109_SMTP_PASSWORD",
    "mailbox": "set the password of executors.mailbox.user as INTAKE109_MAILBOX_PASSWORD",
    "registry": "set INTAKE109_REGISTRY_SECRET to what the registry knows",
}


def _remedy(name: str, error: ChannelError) -> str:
    if error.backoff is Backoff.AUTH_LOST:
        return _SECRETS[name]
    if error.code == "folder":
        return "write executors.mailbox.folder as the server names it"
    return f"check the network, and {_ADDRESS_KEYS[name]}"


async def _mail(config: Config) -> Finding:
    settings = config.alerts.email
    await MailSender(settings).ask()
    if settings.security == "none" and settings.user:
        remedy = "set alerts.email.security to starttls or tls"
        return Finding("mail", Grade.WARNING, f"{settings.host} answers, and the password goes unencrypted", remedy)
    return Finding("mail", Grade.GOOD, f"{settings.host} takes letters from {settings.from_address}")


async def _mailbox(config: Config) -> Finding:
    settings = config.executors.mailbox
    waiting = await asyncio.to_thread(_count, Mailbox(settings))
    says = f"{settings.host} opens {settings.folder} of {settings.user}; not opened by anybody: {waiting}"
    if config.alerts.email.from_address.lower() != settings.reply_to.lower():
        remedy = "let alerts.email.from_address be the address of executors.mailbox"
        return Finding("mailbox", Grade.WARNING, f"{says}; letters that come back go elsewhere", remedy)
    if settings.security == "none":
        remedy = "set executors.mailbox.security to tls or starttls"
        return Finding("mailbox", Grade.WARNING, f"{says}; the password goes unencrypted", remedy)
    return Finding("mailbox", Grade.GOOD, says)


def _count(box: Mailbox) -> int:
    found = box.open()
    try:
        return len(found.waiting(None, SystemClock().now()))
    finally:
        found.close()


async def _registry(config: Config) -> Finding:
    """Ask with OPTIONS, signed over an empty body: it changes nothing, whatever the registry makes of it."""
    settings, now = config.registry, SystemClock().now()
    headers = sign(settings.secret.get_secret_value(), b"", now)
    try:
        async with httpx.AsyncClient(timeout=_ANSWER_WITHIN_S, follow_redirects=False, trust_env=False) as client:
            answer = await client.options(settings.url, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ChannelError(f"{settings.url} cannot be reached ({type(error).__name__})") from error
    status = answer.status_code
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise ChannelError(f"{settings.url} refuses our signature ({status})", backoff=Backoff.AUTH_LOST)
    if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE) or answer.is_redirect or answer.is_server_error:
        raise ChannelError(f"{settings.url} says {status}")
    apart = _apart(answer.headers.get("date", ""), now)
    if apart is not None and apart > _WORTH_TELLING:
        grade = Grade.BAD if apart > TOLERANCE else Grade.WARNING
        says = f"its clock is {apart.total_seconds():.0f} s from ours; signatures are good for five minutes"
        return Finding("registry", grade, says, "run an NTP client here, and have the registry's clock set")
    if settings.url.startswith("http://"):
        remedy = "write registry.url with https://"
        return Finding("registry", Grade.WARNING, f"{settings.url} answers, unencrypted", remedy)
    return Finding("registry", Grade.GOOD, f"{settings.url} answers ({status})")


def _apart(date: str, now: datetime) -> timedelta | None:
    try:
        return abs(parsedate_to_datetime(date).astimezone(UTC) - now)
    except (ValueError, TypeError):
        return None


def _letters(config: Config) -> list[Finding]:
    """Say what organisations are to get and cannot; without a database nothing more can be said."""
    database = Database.existing(config.storage.url)
    if database is None:
        return []
    try:
        with database.read() as session:
            ways = [one.way for one in organisations.all_of(session) if one.is_active]
    except SQLAlchemyError:
        return []
    finally:
        database.close()
    return list(_lacking(config, ways))


def _lacking(config: Config, ways: list[str]) -> list[Finding]:
    needs = (
        ("email", bool(config.alerts.email.host), "set alerts.email (docs/executors.md)"),
        ("telegram", config.channels.telegram.enabled, "set channels.telegram.enabled to true"),
        ("registry", bool(config.registry.url), "set registry.url"),
    )
    found = [
        Finding("executors", Grade.BAD, f"{ways.count(way)} get their work by {way}, which is switched off", remedy)
        for way, is_on, remedy in needs
        if way in ways and not is_on
    ]
    if {"email", "telegram"} & set(ways) and config.server.address.startswith(_OWN_ADDRESSES):
        says = f"links in letters lead to {config.server.address}, where no executor comes"
        found.append(Finding("executors", Grade.WARNING, says, "set server.public_url to the address executors reach"))
    return found or [Finding("executors", Grade.GOOD, f"{len(ways)} organisations get their work")]
