"""The access token: from the configuration, or the newer one that a renewal brought.

A long-lived token of an Instagram login lives 60 days and dies if nobody renews it, also in an idle inbox. Each renewal
gives a new one; it is kept in a file of its own that nobody else may read, until the administrator sets another.

Source: Meta, Instagram Platform, "Refresh access token": at the earliest 24 hours after it was made.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from intake109.collectors.base import digest
from intake109.collectors.graph import GraphClient
from intake109.collectors.instagram_graph.client import graph_client, is_facebook_login
from intake109.collectors.instagram_graph.codes import RULES
from intake109.collectors.payload import dict_of, id_of, text_of
from intake109.config import Instagram
from intake109.errors import ChannelError

FILE = "instagram.token"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When a page token of a Facebook login expires: not by time. It cannot be renewed here, only checked."""
_LEAST_AGE = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A renewed token. `descends_from` is the fingerprint of the configured one: a new one there ends this one."""

    token: str
    descends_from: str
    renewed_at: str
    expires_at: str


class TokenKeeper:
    """Gives the token and renews it; see `jobs.housekeeping.Credentials`. Several processes may share the file."""

    name = "instagram.token"
    channel = "instagram"

    def __init__(self, config: Instagram, folder: Path, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._configured = config.access_token.get_secret_value().strip()
        self._path = folder / FILE
        self._seen: tuple[int, _Kept | None] = (0, None)
        self._is_page_token = is_facebook_login(config)
        self._graph = graph_client(config, self.token, transport=transport)
        self._bare_graph = GraphClient(config.graph_url, self.token, rules=RULES, transport=transport)

    def token(self) -> str:
        """Return the token to use now; asked at every call, so another process's renewal is noticed."""
        kept = self._kept()
        return kept.token if kept else self._configured

    async def renew(self, now: datetime) -> datetime:
        """Renew the token and return when the new one expires; one renewed today already is left alone.

        Page tokens of a Facebook login are only tried out: they do not expire by time, so the answer is `NEVER`.

        Raises:
            ChannelError: it could not be renewed or is no longer valid; one younger than 24 hours can be tomorrow.
        """
        if self._is_page_token:
            await self._graph.get("me", {"fields": "id"})
            return NEVER
        kept = self._kept()
        if kept and now - datetime.fromisoformat(kept.renewed_at) < _LEAST_AGE:
            return datetime.fromisoformat(kept.expires_at)
        answer = await self._ask()
        token, lives_s = text_of(answer.get("access_token")).strip(), id_of(answer.get("expires_in"))
        if not (token.isascii() and token.isprintable() and lives_s.isdigit() and len(lives_s) < 10) or not token:
            raise ChannelError("the platform renewed the token without giving a usable one; it is tried again")
        expires_at = now + timedelta(seconds=int(lives_s))
        self._keep(_Kept(token, digest(self._configured), now.isoformat(), expires_at.isoformat()))
        return expires_at

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()
        await self._bare_graph.aclose()

    async def _ask(self) -> dict[str, object]:
        """Ask for a new token; this address has no version. A refusal is explained, for the usual cause is harmless."""
        try:
            return await self._bare_graph.get("refresh_access_token", {"grant_type": "ig_refresh_token"})
        except ChannelError as error:
            if not error.permanent:
                raise
            message = f"the token was not renewed; one younger than 24 hours cannot be yet: {error}"
            raise ChannelError(message, backoff=error.backoff, code=error.code) from error

    def _kept(self) -> _Kept | None:
        try:
            changed = self._path.stat().st_mtime_ns
        except OSError:
            return None
        if changed != self._seen[0]:
            self._seen = (changed, _read(self._path))
        kept = self._seen[1]
        return kept if kept and kept.descends_from == digest(self._configured) else None

    def _keep(self, kept: _Kept) -> None:
        """Write beside the file and move it there: a crash leaves the old token or the new one, never half of one."""
        beside = self._path.with_name(f"{FILE}.{os.getpid()}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(asdict(kept), file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            message = f"the renewed token could not be kept in {self._path} ({error.strerror}); the old one goes on"
            raise ChannelError(message) from error


def _read(path: Path) -> _Kept | None:
    """Read the file; a broken one counts as none, and the configured token is used."""
    try:
        fields = dict_of(json.loads(path.read_text(encoding="utf-8")))
        kept = _Kept(**{name: text_of(fields.get(name)) for name in _Kept.__slots__})
        moments = (datetime.fromisoformat(kept.renewed_at), datetime.fromisoformat(kept.expires_at))
    except (OSError, ValueError, RecursionError):
        return None
    return kept if kept.token and all(moment.tzinfo for moment in moments) else None
