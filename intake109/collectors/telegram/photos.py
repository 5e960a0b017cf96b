"""Pictures under a message that has arrived: one alone, or an album. Best effort; the message stands without them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from telegram import InputFile, InputMediaPhoto

from intake109.collectors.telegram.api import TelegramApi
from intake109.errors import ChannelError
from intake109.model import Enclosure

KINDS = frozenset({"image/jpeg", "image/png", "image/webp"})
LARGEST_BYTES = 10 * 2**20
"""Source: core.telegram.org/bots/api#sendphoto; an album has 2 to 10."""
_AS_LONG_AS_S = 25
"""The message's lease lasts a minute: longer, and another worker would send it again."""


async def send_photos(api: TelegramApi, where: Mapping[str, object], photos: Sequence[Enclosure]) -> int:
    """Send what Telegram takes of these pictures to a chat and return how many it took; never raises.

    Args:
        where: the chat and its thread, as `sendMessage` has them.
    """
    fitting = [one for one in photos if one.mime in KINDS and 0 < len(one.content) <= LARGEST_BYTES]
    if not fitting:
        return 0
    try:
        async with asyncio.timeout(_AS_LONG_AS_S):
            if len(fitting) == 1:
                (one,) = fitting
                await api.call("sendPhoto", {**where, "photo": InputFile(one.content, one.name)}, writes=True)
            else:
                album = [InputMediaPhoto(one.content, filename=one.name) for one in fitting]
                await api.call("sendMediaGroup", {**where, "media": album}, writes=True)
    except (ChannelError, TimeoutError):
        return 0
    return len(fitting)
