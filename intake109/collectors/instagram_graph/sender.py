"""The way back to a citizen on Instagram: comments, mentions, direct messages, private replies."""

from __future__ import annotations

import httpx

from intake109.collectors.instagram_graph import references
from intake109.collectors.instagram_graph.client import Token, graph_client, inbox_node
from intake109.collectors.instagram_graph.comments import MENTIONS, REPLIES, comment_key
from intake109.collectors.instagram_graph.compose import comment_text, direct_message, direct_texts
from intake109.collectors.payload import id_of
from intake109.config import Instagram
from intake109.errors import ChannelError, UnknownOutcomeError, UnreachableError
from intake109.model import Channel, Outgoing, Receipt

_REFUSED = frozenset({"10", "33", "100"})
"""Codes by which the platform says: not on this object, or not by you."""


class InstagramSender:
    """Answers citizens; see `base.Sender`. Who is answered how stands in the address the parser wrote."""

    channel = Channel.INSTAGRAM

    def __init__(self, config: Instagram, token: Token, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._graph = graph_client(config, token, transport=transport)
        self._mentions = f"{config.user_id}/mentions"
        self._messages = f"{inbox_node(config)}/messages"

    async def send(self, message: Outgoing) -> Receipt:
        """Send once and return the key under which Instagram shows the answer (a comment's key or a message id).

        Raises:
            UnreachableError: only tagged in a picture, window closed, private reply used up: a person must answer.
            UnknownOutcomeError: it left and no usable answer came.
            ChannelError: it has not arrived; by Meta's `code`.
        """
        to = references.read(message.to)
        if _id(to, "recipient"):
            return await self._write({"id": _id(to, "recipient")}, message)
        if not message.is_public:
            return await self._reply_privately(to, message)
        if _id(to, "comment_id"):
            return await self._answer_comment(to, comment_text(message.text))
        if _id(to, "media_id"):
            return await self._answer_post(_id(to, "media_id"), comment_text(message.text))
        raise _no_way(to)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()

    async def _answer_comment(self, to: dict[str, str], text: str) -> Receipt:
        """Answer under the comment. If that edge is not for it the other one is tried: a refusal posts nothing."""
        ways = [MENTIONS, REPLIES] if to.get("way") == MENTIONS else [REPLIES, MENTIONS]
        refusal: ChannelError | None = None
        for way in ways if _id(to, "media_id") else [REPLIES]:
            try:
                return await self._comment(way, to, text)
            except ChannelError as error:
                if not _is_refused(error):
                    raise
                refusal = refusal or error
        raise UnreachableError(f"the comment cannot be answered, answer by hand: {refusal}", code="comment")

    async def _comment(self, way: str, to: dict[str, str], text: str) -> Receipt:
        if way == REPLIES:
            return _as_comment(await self._graph.post(f"{_id(to, 'comment_id')}/replies", data={"message": text}))
        ids = {"media_id": _id(to, "media_id"), "comment_id": _id(to, "comment_id")}
        return _as_comment(await self._graph.post(self._mentions, data={**ids, "message": text}))

    async def _answer_post(self, media_id: str, text: str) -> Receipt:
        """Answer under somebody else's post: Meta allows it only where the caption names us, not for a tag."""
        try:
            return _as_comment(await self._graph.post(self._mentions, data={"media_id": media_id, "message": text}))
        except ChannelError as error:
            if not _is_refused(error):
                raise
            reason = "the post tags us in the picture only, or is gone; open it and answer by hand"
            raise UnreachableError(f"{reason}: {error}", code="tag") from error

    async def _reply_privately(self, to: dict[str, str], message: Outgoing) -> Receipt:
        """Write to the author of a comment: one message, once, within 7 days; the rest must wait for an answer."""
        comment_id = _id(to, "comment_id")
        if not comment_id:
            raise UnreachableError("nobody can be written to privately from a post; answer by hand", code="tag")
        if len(direct_texts(message.text)) > 1:
            raise ChannelError(
                "a private reply is one message of 1,000 bytes: shorten it", permanent=True, code="length"
            )
        return await self._write({"comment_id": comment_id}, message)

    async def _write(self, recipient: dict[str, str], message: Outgoing) -> Receipt:
        """Write directly. A long text goes in several messages; if one fails the rest waits and all is sent again."""
        texts = direct_texts(message.text)
        receipt = Receipt("")
        for i, text in enumerate(texts):
            buttons = message.buttons if i == len(texts) - 1 else ()
            body = {"recipient": recipient, "message": direct_message(text, buttons)}
            answer = await self._graph.post(self._messages, json=body)
            receipt = Receipt(id_of(answer.get("message_id")))
        if not receipt.external_id:
            raise UnknownOutcomeError("taken by the platform, but without a message id")
        return receipt


def _as_comment(answer: dict[str, object]) -> Receipt:
    comment_id = id_of(answer.get("id"))
    if not comment_id:
        raise UnknownOutcomeError("taken by the platform, but without a comment id")
    return Receipt(comment_key(comment_id))


def _id(to: dict[str, str], name: str) -> str:
    """Return an id fit for a path; anything else counts as none."""
    value = to.get(name, "")
    return value if value.isascii() and value.replace("_", "").replace("-", "").isalnum() else ""


def _is_refused(error: ChannelError) -> bool:
    return error.code in _REFUSED and not isinstance(error, UnreachableError)


def _no_way(to: dict[str, str]) -> ChannelError:
    if to.get("shortcode"):
        reason = "the post was found by instaloader, which cannot write; open it and answer by hand"
        return UnreachableError(reason, code="instaloader")
    return ChannelError("the citizen's address cannot be read; answer by hand", permanent=True, code="address")
