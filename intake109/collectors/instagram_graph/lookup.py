"""Asking for the post or comment that a mention's webhook only points at."""

from __future__ import annotations

import json
from datetime import datetime

import httpx

from intake109.collectors.base import digest
from intake109.collectors.instagram_graph import references
from intake109.collectors.instagram_graph.client import Token, graph_client
from intake109.collectors.instagram_graph.tags import MEDIA_FIELDS
from intake109.collectors.payload import dict_of
from intake109.config import Instagram
from intake109.errors import ChannelError
from intake109.model import Channel, Event

SOURCE = "instagram.lookup"
_DOCUMENTED_MEDIA = "id,caption,media_type,media_url,timestamp,username"
_COMMENT_FIELDS = "id,text,timestamp,username,from,parent_id"
_DOCUMENTED_COMMENT = "id,text,timestamp"
_GIVE_UP = frozenset({"10", "33", "100"})
"""Missing, private, comments switched off, or no permission: asking again every minute brings nothing."""


class InstagramLookup:
    """Asks for mentions; see `base.LookupSource`."""

    channel = Channel.INSTAGRAM

    def __init__(self, config: Instagram, token: Token, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._graph = graph_client(config, token, transport=transport)
        self._user_id = config.user_id

    async def look_up(self, reference: str, now: datetime) -> tuple[Event, ...]:
        """Return the mention as one event that keeps both ids and the answer.

        Raises:
            ChannelError: permanent if it is gone, private or forbidden; else by the platform's code.
        """
        ids = references.read(reference)
        media_id, comment_id = ids.get("media_id", ""), ids.get("comment_id", "")
        if not all(one.isascii() and one.isdigit() for one in (comment_id or media_id, media_id or comment_id)):
            raise ChannelError("the mention's reference holds no id", permanent=True, code="reference")
        answer = await self._ask(media_id, comment_id)
        body = {"media_id": media_id, "comment_id": comment_id, "answer": answer}
        key = f"lookup:comment:{comment_id}" if comment_id else f"lookup:media:{media_id}"
        payload = json.dumps(body, ensure_ascii=False)
        return (Event(Channel.INSTAGRAM, key, payload, SOURCE, digest(payload, 16)),)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()

    async def _ask(self, media_id: str, comment_id: str) -> dict[str, object]:
        """Ask for all we can use; if a field is refused (the shadow objects have fewer), for the documented ones."""
        name = "mentioned_comment" if comment_id else "mentioned_media"
        try:
            answer = await self._graph.get(self._user_id, {"fields": _query(media_id, comment_id, is_full=True)})
        except ChannelError as error:
            if error.code != "100":
                raise _final(error) from error
            try:
                answer = await self._graph.get(self._user_id, {"fields": _query(media_id, comment_id, is_full=False)})
            except ChannelError as again:
                raise _final(again) from again
        if not dict_of(answer.get(name)):
            raise ChannelError("the answer does not hold the mention", code="empty")
        return answer


def _query(media_id: str, comment_id: str, *, is_full: bool) -> str:
    media = MEDIA_FIELDS if is_full else _DOCUMENTED_MEDIA
    if not comment_id:
        return f"mentioned_media.media_id({media_id}){{{media}}}"
    fields = _COMMENT_FIELDS if is_full else _DOCUMENTED_COMMENT
    return f"mentioned_comment.comment_id({comment_id}){{{fields},media{{{media}}}}}"


def _final(error: ChannelError) -> ChannelError:
    """Mark what asking again cannot change; the mention is then shown to a person with the reason."""
    if error.code not in _GIVE_UP:
        return error
    return ChannelError(str(error), backoff=error.backoff, permanent=True, code=error.code)
