"""Asking a mailbox what is new. Nothing in it is ever deleted or moved; what was read is marked as seen.

The standard library's `imaplib` and not a package of somebody's: five commands are needed (LOGIN, SELECT, SEARCH,
FETCH, STORE), all of them by UID, and `imap-tools` and `IMAPClient` would only wrap the same module.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from intake109.config import Mailbox as Settings
from intake109.errors import Backoff, ChannelError

_TIMEOUT_S = 30.0
_LOOKED_BACK = timedelta(days=14)
"""How far back the first look goes, and one after the server has numbered its letters anew."""
_HEAD_BYTES = 256 * 1024
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Position:
    """How far the mailbox has been read. `validity` is the server's numbering; a new one makes `uid` worthless."""

    validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"

    @classmethod
    def of(cls, text: str | None) -> Position | None:
        """Read what was stored; None if nothing was."""
        validity, _, uid = (text or "").partition(":")
        return cls(int(validity), int(uid)) if validity.isdecimal() and uid.isdecimal() else None


class Mailbox:
    """Where to ask. Every call waits for the network: to be called in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def open(self) -> Open:
        """Log in and choose the folder.

        Raises:
            ChannelError: the server does not answer, or refuses the password or the folder.
        """
        settings = self._settings
        server = _guarded("the mail server cannot be reached", self._connect)
        try:
            password = settings.password.get_secret_value()
            try:
                server.login(settings.user, password)
            except imaplib.IMAP4.abort as error:
                raise ChannelError("the mail server went away") from error
            except imaplib.IMAP4.error as error:
                raise ChannelError("the mail server refuses the password", backoff=Backoff.AUTH_LOST) from error
            name = f'"{settings.folder}"'
            state, _ = _guarded("the mail server went away", lambda: server.select(name))
            if state != "OK":
                raise ChannelError(f"there is no folder {settings.folder}", backoff=Backoff.BLOCKED, code="folder")
            return Open(server)
        except BaseException:
            _leave(server)
            raise

    def _connect(self) -> imaplib.IMAP4:
        settings = self._settings
        if settings.security == "tls":
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=context, timeout=_TIMEOUT_S)
        server = imaplib.IMAP4(settings.host, settings.port, timeout=_TIMEOUT_S)
        if settings.security == "starttls":
            try:
                server.starttls(ssl_context=ssl.create_default_context())
            except BaseException:
                _leave(server)
                raise
        return server


class Open:
    """A folder that is open."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server
        told = server.response("UIDVALIDITY")[1]
        first = told[0] if told else b""
        self.validity = int(first) if isinstance(first, bytes) and first.isdigit() else 0

    def waiting(self, position: Position | None, now: datetime) -> list[int]:
        """Return the UIDs of letters not read yet, in their order, whether or not a person has opened them.

        At the very first look only those nobody has opened in the last two weeks.

        Raises:
            ChannelError: the server went away or refused.
        """
        if position is not None and position.validity == self.validity:
            wanted = ("UID", f"{position.uid + 1}:*")  # "n:*" always finds the last one, which may be older
            return [uid for uid in self._search(*wanted) if uid > position.uid]
        day = now - _LOOKED_BACK
        since = ("SINCE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}")
        return self._search(*since, *(("UNSEEN",) if position is None else ()))

    def size_of(self, uid: int) -> int | None:
        """Return how many bytes a letter has; None if it is gone."""
        found = self._command("FETCH", str(uid), "(RFC822.SIZE)")
        sizes = [_SIZE.search(part if isinstance(part, bytes) else part[0]) for part in found if part]
        return next((int(size[1]) for size in sizes if size), None)

    def fetch(self, uid: int, *, head_only: bool = False) -> bytes | None:
        """Return a letter, or only how it begins, without marking it; None if it is gone."""
        part = f"BODY.PEEK[]<0.{_HEAD_BYTES}>" if head_only else "BODY.PEEK[]"
        found = self._command("FETCH", str(uid), f"({part})")
        return next((bytes(part[1]) for part in found if isinstance(part, tuple)), None)

    def mark_seen(self, uid: int) -> None:
        """Mark a letter as seen, for those who look into the mailbox."""
        self._command("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def close(self) -> None:
        """Log out; what the server says to that is of no consequence."""
        _leave(self._server)

    def _search(self, *wanted: str) -> list[int]:
        found = self._command("SEARCH", *wanted)
        first = found[0] if found else None
        return sorted(int(uid) for uid in (first if isinstance(first, bytes) else b"").split())

    def _command(self, name: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        state, found = _guarded("the mail server went away", lambda: self._server.uid(name, *arguments))
        if state != "OK":
            raise ChannelError(f"the mail server refuses {name}")
        return list(found)


def _guarded(says: str, call: Callable[[], T]) -> T:
    try:
        return call()
    except (imaplib.IMAP4.error, OSError) as error:
        raise ChannelError(f"{says}: {type(error).__name__}") from error


def _leave(server: imaplib.IMAP4) -> None:
    with suppress(imaplib.IMAP4.error, OSError):
        server.logout()
    with suppress(imaplib.IMAP4.error, OSError):
        server.shutdown()
