"""From a submission to a message. Form and JSON endpoint write the same fields, so one parser reads both.

Fields: id, language, name?, phone?, email?, text, address?, latitude?, longitude?, photos?, consent, created_at.
"""

from __future__ import annotations

import json
import re
from datetime import datetime

from intake109.clock import require_aware
from intake109.collectors.payload import dict_of, list_of, needed_id, object_of, point_of, text_of
from intake109.errors import PayloadError
from intake109.model import Attachment, AttachmentKind, Author, Event, Incoming, Language, Message, Unreadable

PHOTOS = 10
PHOTO_LIMIT_BYTES = 10 * 1024 * 1024
_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,", re.ASCII)
_KINDS = {"image": AttachmentKind.PHOTO, "video": AttachmentKind.VIDEO, "audio": AttachmentKind.AUDIO}


class WebsiteParser:
    """Reads one submission; one that breaks the documentation is `Unreadable` with the field's name."""

    def __call__(self, event: Event) -> tuple[Incoming, ...]:
        """Return the message of the submission."""
        try:
            return (_message(object_of(event.payload)),)
        except PayloadError as error:
            return (Unreadable("body", str(error)),)


def _message(fields: dict[str, object]) -> Message:
    if fields.get("consent") is not True:
        raise PayloadError("consent is not true; the site must ask the citizen before sending")
    key = needed_id(fields, "id")
    phone, email = phone_of(text_of(fields.get("phone"))), text_of(fields.get("email")).strip()
    address = text_of(fields.get("address")).strip()
    contact = {name: value for name, value in (("phone", phone), ("email", email)) if value}
    return Message(
        key=key,
        thread=key,
        author=_author(key, phone, email, fields),
        text=_with_address(text_of(fields.get("text")).strip(), address),
        mentioned_at=_created_at(fields),
        reply_to=json.dumps(contact),
        attachments=_attachments(list_of(fields.get("photos"))),
        point=point_of(fields.get("latitude"), fields.get("longitude"), address),
        contact=", ".join(contact.values()),
    )


def _author(key: str, phone: str, email: str, fields: dict[str, object]) -> Author:
    """Know a citizen again by phone, else by e-mail; without either each submission is a stranger's."""
    language = text_of(fields.get("language")).lower()
    mail = f"mail:{email.lower()}" if email else ""
    identity = f"tel:{phone}" if phone else mail or f"form:{key}"
    return Author(
        id=identity,
        name=text_of(fields.get("name")).strip(),
        phone=phone,
        language=language if language in {Language.KK, Language.RU, Language.EN} else "",
        aliases=(mail,) if mail and mail != identity else (),
    )


def phone_of(given: str) -> str:
    """Return a Kazakh number as +7…, any other as its digits with the + it had; empty without at least five digits."""
    digits = re.sub(r"\D", "", given, flags=re.ASCII)
    if len(digits) < 5:
        return ""
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    if len(digits) == 10 and digits[0] == "7":
        return f"+7{digits}"
    return f"+{digits}" if given.strip().startswith("+") else digits


def _with_address(text: str, address: str) -> str:
    """Put the address field beneath the words, where place recognition looks; not if the words name it already."""
    if not address or address.casefold() in text.casefold():
        return text
    return f"{text}\n{address}" if text else address


def _created_at(fields: dict[str, object]) -> datetime:
    try:
        return require_aware(datetime.fromisoformat(text_of(fields.get("created_at"))))
    except (ValueError, OverflowError) as error:
        raise PayloadError("created_at must be like 2026-11-22T15:04:05+05:00, with the zone") from error


def _attachments(photos: list[object]) -> tuple[Attachment, ...]:
    taken = [_attachment(photo) for photo in photos[:PHOTOS]]
    left = len(photos) - PHOTOS
    if left > 0:
        taken.append(_refused(f"{left} more files than the {PHOTOS} taken"))
    return tuple(taken)


def _attachment(photo: object) -> Attachment:
    fields = {"data": photo} if isinstance(photo, str) else dict_of(photo)
    url, data = text_of(fields.get("url")), text_of(fields.get("data"))
    if data.startswith(("https://", "http://")):
        url, data = data, ""
    mime = text_of(fields.get("mime"))
    head = _DATA_URL.match(data)
    if head:
        mime, data = head.group(1) or mime, data[head.end() :]
    if not url and not data:
        return _refused("neither url nor data")
    if len(data) * 3 // 4 > PHOTO_LIMIT_BYTES:
        return _refused(f"larger than {PHOTO_LIMIT_BYTES // 1024 // 1024} MB")
    kind = _KINDS.get(mime.partition("/")[0], AttachmentKind.DOCUMENT if mime else AttachmentKind.PHOTO)
    reference = json.dumps({"url": url} if url else {"data": data})
    return Attachment(kind, reference, mime=mime, file_name=text_of(fields.get("name")))


def _refused(reason: str) -> Attachment:
    """A file that is not taken stays on the screen, with the reason."""
    return Attachment(AttachmentKind.PHOTO, json.dumps({"error": reason}))
