"""Direct messages in webhooks; pure. Each part of a delivery becomes one or more of our words for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from intake109.collectors.base import digest
from intake109.collectors.instagram_graph.keys import post_key, shortcode_of
from intake109.collectors.instagram_graph.moments import told_at
from intake109.collectors.instagram_graph.posts import OWN, Ours
from intake109.collectors.instagram_graph.references import address, attachment
from intake109.collectors.payload import dict_of, id_of, list_of, needed_id, text_of
from intake109.errors import PayloadError
from intake109.model import (
    Attachment,
    AttachmentKind,
    Author,
    Deletion,
    Incoming,
    Message,
    Noted,
    Parent,
    Press,
    Unreadable,
)

_SILENT = {
    "reaction": "a reaction to a message",
    "read": "our message was seen",
    "seen": "our message was seen",
    "delivery": "our message was delivered",
    "typing": "the citizen is typing",
    "referral": "the chat was opened through a link",
    "optin": "the citizen allowed notices",
    "pass_thread_control": "the chat was handed over to another app",
    "take_thread_control": "the chat was taken over by another app",
    "request_thread_control": "another app asks for the chat",
    "app_roles": "the apps of the chat were changed",
    "response_feedback": "an opinion of an answer",
}
"""Parts by which nothing is said to us."""

_OWN_FILES = {
    "image": AttachmentKind.PHOTO,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.VOICE,
    "file": AttachmentKind.DOCUMENT,
    "story_mention": AttachmentKind.PHOTO,
}
_SHARED_FILES = {
    "share": AttachmentKind.PHOTO,
    "ig_post": AttachmentKind.PHOTO,
    "post": AttachmentKind.PHOTO,
    "ig_story": AttachmentKind.PHOTO,
    "story": AttachmentKind.PHOTO,
    "ig_reel": AttachmentKind.VIDEO,
    "reel": AttachmentKind.VIDEO,
}
"""Somebody else's post or story, sent on: the problem is often in there, so it becomes the parent."""


@dataclass(slots=True)
class _Content:
    """What a message shows, gathered attachment by attachment."""

    lines: list[str]
    files: list[Attachment] = field(default_factory=list)
    parent: Parent | None = None
    broken: list[Unreadable] = field(default_factory=list)


def said(part: dict[str, object], ours: Ours, where: str) -> Iterator[Incoming]:
    """Return what one messaging part says, and beside it what of it could not be read.

    Raises:
        PayloadError: the part is of no known kind or lacks a needed field.
    """
    sender = id_of(dict_of(part.get("sender")).get("id"))
    message = dict_of(part.get("message"))
    silent = next((name for name in _SILENT if name in part), "")
    if message.get("is_echo") is True or ours.is_us(sender, ""):
        yield OWN
    elif "message" in part:
        yield from _message(part, message, where)
    elif "message_edit" in part:
        yield _edit(part, dict_of(part.get("message_edit")))
    elif "postback" in part:
        yield _postback(part, dict_of(part.get("postback")))
    elif silent:
        yield Noted(_SILENT[silent])
    else:
        raise PayloadError("neither a message nor anything known")


def _message(part: dict[str, object], message: dict[str, object], where: str) -> Iterator[Incoming]:
    key, at = needed_id(message, "mid"), _moment(part)
    if message.get("is_deleted") is True:
        yield Deletion(key, at)
        return
    quick = dict_of(message.get("quick_reply"))
    if text_of(quick.get("payload")):
        yield _press(part, key, text_of(quick.get("payload")))
        return
    content = _content(message, where)
    replied = dict_of(message.get("reply_to"))
    sender = _sender(part)
    yield Message(
        key=key,
        thread=sender,
        author=Author(sender),
        reply_to=address(recipient=sender),
        text="\n".join(line for line in content.lines if line),
        mentioned_at=at,
        attachments=tuple(content.files),
        parent=content.parent or _story(dict_of(replied.get("story"))),
        permalink=content.parent.permalink if content.parent else "",
        quotes=id_of(replied.get("mid")),
    )
    yield from content.broken


def _content(message: dict[str, object], where: str) -> _Content:
    """Gather what is shown. An unsupported message is empty on purpose: somebody did write, so a person must look."""
    content = _Content([text_of(message.get("text"))])
    for i, item in enumerate(list_of(message.get("attachments"))):
        _attach(content, dict_of(item), f"{where}.message.attachments[{i}]")
    return content


def _attach(content: _Content, item: dict[str, object], where: str) -> None:
    kind, payload = text_of(item.get("type")).lower(), dict_of(item.get("payload"))
    url = text_of(payload.get("url")) or text_of(item.get("url"))
    title = text_of(payload.get("title")) or text_of(item.get("title"))
    if kind in _OWN_FILES:
        content.files.append(attachment(_OWN_FILES[kind], url))
    elif kind in _SHARED_FILES:
        content.parent = _shared(content.parent, _SHARED_FILES[kind], payload, url, title)
    elif kind in {"fallback", "template"}:
        generic = dict_of(payload.get("generic"))
        elements = list_of(payload.get("elements")) or list_of(generic.get("elements"))
        content.lines += [title, url, *(text_of(dict_of(one).get("title")) for one in elements)]
    else:
        content.broken.append(Unreadable(where, f"attachment type {kind[:40]!r} is not known"))


def _shared(earlier: Parent | None, kind: AttachmentKind, payload: dict[str, object], url: str, title: str) -> Parent:
    """Add a shared post to the parent; of several the first is the parent, all their files and titles are kept."""
    shortcode = shortcode_of(url)
    media_id = next((found for name, value in payload.items() if name.endswith("_id") and (found := id_of(value))), "")
    files = () if shortcode else (attachment(kind, url),)
    if earlier is None:
        known = shortcode or media_id
        key = post_key(shortcode, media_id) if known else f"media:digest:{digest(url + title)}"
        return Parent(key, title, permalink=url if shortcode else "", attachments=files)
    text = "\n".join(line for line in (earlier.text, title) if line)
    return Parent(earlier.key, text, permalink=earlier.permalink, attachments=earlier.attachments + files)


def _story(story: dict[str, object]) -> Parent | None:
    """Return the story of ours that is replied to."""
    story_id = id_of(story.get("id"))
    return Parent(f"story:{story_id}", is_ours=True) if story_id else None


def _edit(part: dict[str, object], edit: dict[str, object]) -> Message:
    """Return the message as it reads now; when the first version was written is not told, and the stored one stays."""
    sender, at = _sender(part), _moment(part)
    return Message(
        key=needed_id(edit, "mid"),
        thread=sender,
        author=Author(sender),
        text=text_of(edit.get("text")),
        mentioned_at=at,
        reply_to=address(recipient=sender),
        edited_at=at,
    )


def _postback(part: dict[str, object], postback: dict[str, object]) -> Press:
    data = text_of(postback.get("payload")) or text_of(postback.get("title"))
    if not data:
        raise PayloadError("the postback has neither payload nor title")
    key = id_of(postback.get("mid")) or f"postback:{digest(f'{_sender(part)} {_moment(part)} {data}')}"
    return _press(part, key, data)


def _press(part: dict[str, object], key: str, data: str) -> Press:
    sender = _sender(part)
    return Press(key, sender, Author(sender), data, _moment(part), address(recipient=sender))


def _sender(part: dict[str, object]) -> str:
    return needed_id(dict_of(part.get("sender")), "id")


def _moment(part: dict[str, object]) -> datetime:
    return told_at(part.get("timestamp"))
