"""Reading Telegram by long poll. What was read counts as received only once it is stored: the next call confirms it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from intake109 import config
from intake109.collectors.telegram.api import Identity, TelegramApi
from intake109.collectors.telegram.failures import no_answer_of_the_api
from intake109.collectors.telegram.updates import ASKED_FOR, event_of, id_of
from intake109.collectors.telegram.webhook import remove_webhook
from intake109.errors import ChannelError
from intake109.model import Batch, Channel

SOURCE = "telegram.poll"
_BATCH = 100
_GRACE_S = 10
_SHORT_POLL_PAUSE = timedelta(seconds=1)


class TelegramPoller:
    """Asks `getUpdates`. A call may be cancelled at any moment: what it would have brought is asked for again."""

    name = "telegram"
    channel = Channel.TELEGRAM

    def __init__(self, settings: config.Telegram) -> None:
        self._wait_s = settings.long_poll_seconds
        self.pause = timedelta(0) if self._wait_s else _SHORT_POLL_PAUSE
        self._api = TelegramApi(settings)
        self._has_read = False

    async def identify(self) -> Identity:
        """Return our bot's id and username.

        Raises:
            ChannelError: the platform could not be asked.
        """
        return await self._api.identify()

    async def poll(self, cursor: str | None, now: datetime) -> Batch:
        """Ask once, waiting up to `long_poll_seconds` for news; an empty batch leaves the cursor.

        A webhook left over from another mode is removed, but only before the first good answer: one that appears
        later was set by somebody else, and two programs taking the bot from each other would lose messages to both.

        Raises:
            ChannelError: it could not be read; code `webhook` or `409` with CONFLICT.
        """
        try:
            updates = await self._ask(cursor)
        except ChannelError as error:
            if error.code != "webhook" or self._has_read:
                raise
            await remove_webhook(self._api)
            updates = await self._ask(cursor)
        self._has_read = True
        events = tuple(event_of(update, SOURCE) for update in updates)
        return Batch(events, _next_cursor(updates))

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _ask(self, cursor: str | None) -> list[object]:
        parameters: dict[str, object] = {"timeout": self._wait_s, "limit": _BATCH, "allowed_updates": list(ASKED_FOR)}
        offset = _offset(cursor)
        if offset is not None:
            parameters["offset"] = offset
        updates = await self._api.call("getUpdates", parameters, read_timeout_s=self._wait_s + _GRACE_S)
        if not isinstance(updates, list):
            raise no_answer_of_the_api("getUpdates", may_have_acted=False)
        return updates


def _offset(cursor: str | None) -> int | None:
    """Read the cursor; without one, or with one nobody can read, everything unconfirmed comes (and is recognised)."""
    try:
        stored = json.loads(cursor or "null")
    except ValueError:
        return None
    offset = stored.get("offset") if isinstance(stored, dict) else None
    return offset if isinstance(offset, int) and not isinstance(offset, bool) else None


def _next_cursor(updates: list[object]) -> str | None:
    """Return the cursor after these updates.

    Never the larger of this and the one before: ids may start again lower after an idle week.
    """
    ids = [update_id for update_id in map(id_of, updates) if update_id is not None]
    return json.dumps({"offset": max(ids) + 1}) if ids else None
