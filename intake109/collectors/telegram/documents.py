"""Files to the staff's chats: one message a file, the text under the first."""

from __future__ import annotations

from telegram import InputFile

from intake109.collectors.telegram.api import TelegramApi
from intake109.errors import ChannelError, UnknownOutcomeError
from intake109.model import Outgoing, Receipt

LONGEST_CAPTION = 1024
"""Source: core.telegram.org/bots/api#senddocument."""
LARGEST_BYTES = 50 * 2**20
"""Source: core.telegram.org/bots/api#sending-files."""


async def send_documents(api: TelegramApi, chat_id: int | None, message: Outgoing) -> Receipt:
    """Send all files of a message and return the receipt of the first.

    Raises:
        UnknownOutcomeError: some have arrived, one has not.
        ChannelError: nothing has arrived, or a file is larger than Telegram takes.
    """
    if any(len(file.content) > LARGEST_BYTES for file in message.files):
        raise ChannelError("a file is larger than Telegram takes", permanent=True, code="size")
    first = ""
    for number, file in enumerate(message.files):
        parameters: dict[str, object] = {"chat_id": chat_id, "document": InputFile(file.content, file.name)}
        if number == 0:
            parameters["caption"] = message.text.strip()[:LONGEST_CAPTION]
        try:
            sent = await api.call("sendDocument", parameters, writes=True)
        except ChannelError as error:
            if number == 0:
                raise
            arrived = f"{number} of {len(message.files)} files arrived, then: {error}"
            raise UnknownOutcomeError(arrived, retry_after=error.retry_after, code=error.code) from error
        if number == 0 and isinstance(sent, dict):
            first = f"{chat_id}:{sent['message_id']}" if isinstance(sent.get("message_id"), int) else ""
    return Receipt(first, {"files": str(len(message.files))})
