"""What one WhatsApp message says, by its type. Pure; a type nobody has described yet is a `PayloadError`."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from intake109.collectors.payload import dict_of, id_of, list_of, needed_id, point_of, text_of
from intake109.errors import PayloadError
from intake109.model import Attachment, AttachmentKind, Point

_HEX = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Content:
    """Words, files, place and contacts of a message; all may be empty at once."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    point: Point | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a pressed button or a chosen row sends back."""

    data: str


def content_of(message: dict[str, object]) -> Content:
    """Return what a message of a known type says.

    Meta's `unsupported` (a poll, a view-once photo, …) is an empty content on purpose: somebody did write, Meta just
    does not pass it on, so an inspector has to see it. A type unknown to us is not: its words may stand in the payload.

    Raises:
        PayloadError: the type is unknown or a needed field is missing.
    """
    kind = id_of(message.get("type"))
    read = _READERS.get(kind)
    if read is None:
        raise PayloadError(f"message type {kind[:40]!r} is not known")
    return read(message)


def choice_of(message: dict[str, object]) -> Choice | None:
    """Return the choice if the message is a press, None for every other type.

    Raises:
        PayloadError: it is a press, but of nothing known.
    """
    kind = message.get("type")
    if kind == "button":
        button = dict_of(message.get("button"))
        return Choice(_chosen(button, ("payload", "text")))
    if kind != "interactive":
        return None
    interactive = dict_of(message.get("interactive"))
    reply = dict_of(interactive.get(id_of(interactive.get("type"))))
    return Choice(_chosen(reply, ("id", "response_json", "payload", "title")))


def _chosen(reply: dict[str, object], fields: tuple[str, ...]) -> str:
    for field in fields:
        value = text_of(reply.get(field))
        if value:
            return value
    raise PayloadError("the choice has neither id nor payload")


def _text(message: dict[str, object]) -> Content:
    body = dict_of(message.get("text")).get("body")
    if not isinstance(body, str):
        raise PayloadError("text.body is missing")
    return Content(text_of(body))


def _media(field: str, kind: AttachmentKind) -> Callable[[dict[str, object]], Content]:
    def read(message: dict[str, object]) -> Content:
        media = dict_of(message.get(field))
        is_voice = field == "voice" or media.get("voice") is True
        attachment = Attachment(
            AttachmentKind.VOICE if is_voice else kind,
            json.dumps(_reference(message, media)),
            mime=text_of(media.get("mime_type")),
            file_name=text_of(media.get("filename")),
            sha256=sha256_of(media.get("sha256")),
        )
        return Content(text_of(media.get("caption")), (attachment,))

    return read


def _reference(message: dict[str, object], media: dict[str, object]) -> dict[str, str]:
    """Point at the file, or at the reason why Meta has none: the words beside it still count."""
    media_id = id_of(media.get("id"))
    if media_id:
        return {"id": media_id}
    for problem in list_of(message.get("errors")):
        code = id_of(dict_of(problem).get("code"))
        if code:
            return {"error": code}
    raise PayloadError("the media id is missing")


def sha256_of(value: object) -> str:
    """Return a SHA-256 in hex: webhooks give it in base64, the media endpoint in hex. Empty for anything else."""
    given = text_of(value)
    if _HEX.fullmatch(given):
        return given.lower()
    try:
        raw = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""


def _location(message: dict[str, object]) -> Content:
    location = dict_of(message.get("location"))
    names = [text_of(location.get("name")), text_of(location.get("address"))]
    point = point_of(location.get("latitude"), location.get("longitude"), ", ".join(filter(None, names)))
    if point is None:
        raise PayloadError("location has no degrees")
    return Content(point=point)


def _contacts(message: dict[str, object]) -> Content:
    shared = []
    for item in list_of(message.get("contacts")):
        card = dict_of(item)
        name = text_of(dict_of(card.get("name")).get("formatted_name"))
        phones = [text_of(dict_of(phone).get("phone")) for phone in list_of(card.get("phones"))]
        shared.append(", ".join(filter(None, [name, *phones])))
    return Content(contact="; ".join(filter(None, shared)))


def _order(message: dict[str, object]) -> Content:
    return Content(text_of(dict_of(message.get("order")).get("text")))


def _nothing(message: dict[str, object]) -> Content:
    return Content()


_READERS: dict[str, Callable[[dict[str, object]], Content]] = {
    "text": _text,
    "image": _media("image", AttachmentKind.PHOTO),
    "video": _media("video", AttachmentKind.VIDEO),
    "document": _media("document", AttachmentKind.DOCUMENT),
    "audio": _media("audio", AttachmentKind.AUDIO),
    "voice": _media("voice", AttachmentKind.VOICE),
    "sticker": _media("sticker", AttachmentKind.STICKER),
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "unsupported": _nothing,
}


def original_of(message: dict[str, object], field: str) -> str:
    """Return the id of the message an edit or a revoke is about.

    Raises:
        PayloadError: it does not say.
    """
    return needed_id(dict_of(message.get(field)), "original_message_id")
