"""Comments and mentions in webhooks, and what look-ups of mentions bring; pure."""

from __future__ import annotations

import json
from datetime import datetime

from intake109.collectors.instagram_graph.posts import OWN, Ours, parent_post, posted_at, tagged_post
from intake109.collectors.instagram_graph.references import Way, address
from intake109.collectors.payload import dict_of, id_of, needed_id, text_of
from intake109.errors import PayloadError
from intake109.model import Author, Incoming, Lookup, Message, Parent

REPLIES, MENTIONS = "replies", "mentions"
"""Which edge answers a comment: the one of comments under our own posts, or the one of mentions elsewhere."""


def comment_key(comment_id: str) -> str:
    """Return the key of a comment; the same for citizens' and for our own answers."""
    return f"comment:{comment_id}"


def commented(value: dict[str, object], at: datetime, ours: Ours) -> Incoming:
    """Return a comment told by the webhook, at the moment of the delivery: its own moment is not told.

    With an Instagram login a comment that names us under somebody else's post arrives here as well; whose post it is is
    not told, so only a comment that does not name us is taken to stand under our own.

    Raises:
        PayloadError: it has no id.
    """
    author = dict_of(value.get("from"))
    user_id, username = id_of(author.get("id")), text_of(author.get("username")).strip()
    if ours.is_us(user_id, username):
        return OWN
    comment_id = id_of(value.get("id")) or needed_id(value, "comment_id")
    media_id, text = id_of(dict_of(value.get("media")).get("id")), text_of(value.get("text"))
    is_named = ours.is_named(text)
    parent_id = id_of(value.get("parent_id"))
    return Message(
        key=comment_key(comment_id),
        thread=media_id or comment_key(comment_id),
        author=_author(user_id or username, username, comment_id),
        text=ours.without_address(text),
        mentioned_at=at,
        reply_to=address(comment_id=comment_id, media_id=media_id, way=MENTIONS if is_named else REPLIES),
        parent=Parent(f"media:id:{media_id}", is_ours=not is_named) if media_id else None,
        quotes=comment_key(parent_id) if parent_id else "",
        is_public=True,
    )


def mentioned(value: dict[str, object]) -> Lookup:
    """Return what to ask for: a mention in a caption or comment comes as ids only.

    Raises:
        PayloadError: it has no id.
    """
    comment_id = id_of(value.get("comment_id"))
    media_id = id_of(value.get("media_id")) if comment_id else needed_id(value, "media_id")
    reference = {"media_id": media_id, "comment_id": comment_id} if comment_id else {"media_id": media_id}
    key = f"lookup:comment:{comment_id}" if comment_id else f"lookup:media:{media_id}"
    return Lookup(key, json.dumps(reference))


def looked_up(found: dict[str, object], ours: Ours) -> Incoming:
    """Return the mention a look-up brought.

    Raises:
        PayloadError: a needed field is missing.
    """
    media_id, comment_id = id_of(found.get("media_id")), id_of(found.get("comment_id"))
    answer = dict_of(found.get("answer"))
    if not comment_id:
        return tagged_post({"id": media_id, **dict_of(answer.get("mentioned_media"))}, ours, Way.MENTION)
    return _comment_elsewhere(dict_of(answer.get("mentioned_comment")), media_id, comment_id, ours)


def _comment_elsewhere(comment: dict[str, object], media_id: str, comment_id: str, ours: Ours) -> Incoming:
    author = dict_of(comment.get("from"))
    user_id, username = id_of(author.get("id")), text_of(comment.get("username") or author.get("username")).strip()
    if ours.is_us(user_id, username):
        return OWN
    if not comment:
        raise PayloadError("mentioned_comment is missing")
    given = dict_of(comment.get("media"))
    media = {**given, "id": id_of(given.get("id")) or media_id}
    parent = parent_post(media, ours, comment_id)
    parent_id = id_of(comment.get("parent_id"))
    return Message(
        key=comment_key(comment_id),
        thread=parent.key if parent else comment_key(comment_id),
        author=_author(username or user_id, username, comment_id),
        text=ours.without_address(text_of(comment.get("text"))),
        mentioned_at=posted_at(comment),
        reply_to=address(comment_id=comment_id, media_id=id_of(media["id"]), way=MENTIONS),
        parent=parent,
        permalink=parent.permalink if parent else "",
        quotes=comment_key(parent_id) if parent_id else "",
        is_public=True,
    )


def _author(identity: str, username: str, comment_id: str) -> Author:
    """Name the author; one without name and id is known by the comment alone.

    Under our own posts the id counts, which is also the one of direct messages; elsewhere the name, which is all that
    tagged posts tell. No aliases: they would draw a public comment into the private conversation of the same person.
    """
    return Author(id=identity or comment_key(comment_id), username=username)
