"""What citizens do on WhatsApp, and what the webhook is told of it."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime

from intake109.demo.standin.act import Act, Result, UnknownActError
from intake109.demo.standin.asked import Json
from intake109.demo.standin.files import Stored
from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.people import Citizen
from intake109.demo.standin.whatsapp.state import WhatsApp

# Meta's names for what the files call otherwise.
_TYPES = {"photo": "image", "voice": "audio", "video_note": "video"}


def speak(whatsapp: WhatsApp, act: Act) -> Citizen:
    """Find who acts.

    Raises:
        UnknownActError: the citizen is not on WhatsApp.
    """
    citizen = whatsapp.ground.people.citizen(act.citizen)
    if citizen.whatsapp is None:
        raise UnknownActError(f"{citizen.id} is not on WhatsApp")
    return citizen


def referred(whatsapp: WhatsApp, act: Act, *names: str) -> Entry:
    """Find what an act refers to.

    Raises:
        UnknownActError: it is not there.
    """
    entry = whatsapp.ground.ledger.by_reference("whatsapp", act.reference(*names))
    if entry is None:
        raise UnknownActError(f"act {act.name!r} refers to {act.reference(*names)!r}, which is not there")
    return entry


def deliver(whatsapp: WhatsApp, act: Act, now: datetime, content: Json, **rest: object) -> Entry:
    """Write a message of a citizen, note it, open the window, and tell the webhook."""
    ground = whatsapp.ground
    citizen = speak(whatsapp, act)
    account = whatsapp.account(citizen)
    answered = ground.ledger.by_reference("whatsapp", act.reference("reply_to"))
    message: Json = {"id": whatsapp.next_id(citizen, outgoing=False), "timestamp": str(int(now.timestamp()))}
    if account.phone:
        message["from"] = account.phone
    message["from_user_id"] = account.bsuid
    if answered is not None and "context" not in content:
        sender = ground.centre.whatsapp_phone if answered.direction == "to_citizen" else account.phone
        message["context"] = {"from": sender or account.bsuid, "id": answered.key}
    message |= content
    whatsapp.last_heard[citizen.id] = now
    line: dict[str, object] = {
        "citizen": citizen.id,
        "key": str(message["id"]),
        "text": act.text,
        "refers_to": answered.seq if answered else None,
        "step": act.step,
        **rest,
    }
    entry = ground.write(now, "from_citizen", "whatsapp", act.name, **line)
    whatsapp.tell({"contacts": [whatsapp.contact(citizen)], "messages": [message]}, entry.seq)
    return entry


def result(*entries: Entry) -> Result:
    """Say what came of an act."""
    first = entries[0]
    shown: Result = {"seq": first.seq, "key": first.key, "ids": first.ids}
    return {**shown, "keys": [entry.key for entry in entries]} if len(entries) > 1 else shown


def attached(stored: Stored, caption: str) -> Json:
    """Write a file as the content of a message. The digest is base64 here and hex in GET, as in life."""
    kind = _TYPES.get(stored.kind, stored.kind)
    shown: Json = {
        "mime_type": stored.mime + ("; codecs=opus" if stored.kind == "voice" else ""),
        "sha256": base64.b64encode(stored.sha256).decode(),
        "id": str(media_id(stored)),
    }
    if caption and kind in {"image", "video", "document"}:
        shown["caption"] = caption
    if kind == "document":
        shown["filename"] = stored.name
    if kind == "audio":
        shown["voice"] = stored.kind == "voice"
    if kind == "sticker":
        shown["animated"] = False
    return {"type": kind, kind: shown}


MEDIA_BASE = 1_003_000_000_000_000


def media_id(stored: Stored) -> int:
    """Give Meta's id of a file."""
    return MEDIA_BASE + stored.number


def message(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen writes: text, or pictures, each a message of its own; the caption is on the first."""
    if not act.media:
        referral = dict(act.said.part("referral").values)
        extra: Json = {"referral": referral} if referral else {}
        return result(deliver(whatsapp, act, now, {"type": "text", "text": {"body": act.text}, **extra}))
    entries: list[Entry] = []
    for place, spec in enumerate(act.media):
        stored = whatsapp.ground.files.sent(spec)
        content = attached(stored, act.text if place == 0 else "")
        rest: dict[str, object] = {"media": (stored.shown(),)}
        if entries:
            rest |= {"text": "", "step": None, "refers_to": entries[0].seq}
        entries.append(deliver(whatsapp, act, now, content, **rest))
    return result(*entries)


def recorded(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen sends a voice, audio, video, document or sticker."""
    stored = whatsapp.ground.files.sent(act.recording, act.name)
    return result(deliver(whatsapp, act, now, attached(stored, act.text), media=(stored.shown(),)))


def location(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen sends a place."""
    latitude, longitude = act.place()
    shown: Json = {"latitude": latitude, "longitude": longitude}
    if act.text:
        shown |= {"name": act.text, "address": act.text}
    return result(deliver(whatsapp, act, now, {"type": "location", "location": shown}, note=f"{latitude}, {longitude}"))


def contact(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen sends a contact."""
    said = act.said.part("contact")
    name, phone = said.text("name"), said.text("phone")
    digits = "".join(one for one in phone if one.isdigit())
    card: Json = {
        "name": {"formatted_name": name, "first_name": name},
        "phones": [{"phone": phone, "wa_id": digits, "type": "MOBILE"}],
    }
    return result(deliver(whatsapp, act, now, {"type": "contacts", "contacts": [card]}, note=f"{name} {phone}"))


def forward(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen forwards something; whose it was, WhatsApp does not tell."""
    entry = referred(whatsapp, act, "forward_of")
    said = Act.of({**act.said.values, "text": entry.text})
    many = act.said.flag("frequently")
    context: Json = {"context": {"frequently_forwarded" if many else "forwarded": True}}
    stored = whatsapp.ground.files.at(entry.media[0].number) if entry.media else None
    content = attached(stored, entry.text) if stored else {"type": "text", "text": {"body": entry.text}}
    rest: dict[str, object] = {"note": "forwarded", "refers_to": entry.seq, "media": entry.media[:1]}
    return result(deliver(whatsapp, said, now, {**content, **context}, **rest))


def unsupported(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen sends what the API does not carry (a poll, a view-once picture): only that there was something."""
    details = {"details": "Message type is currently not supported."}
    title = "Message type unknown"
    problem: Json = {"code": 131051, "title": title, "message": title, "error_data": details}
    content: Json = {"type": "unsupported", "errors": [problem]}
    kind = act.said.text("type")
    if kind:
        content["unsupported"] = {"type": kind}
    return result(deliver(whatsapp, act, now, content, note=kind))


def raw(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen sends a message of any type: `type` and its `content`, also such as do not exist yet."""
    kind = act.said.text("type")
    return result(deliver(whatsapp, act, now, {"type": kind, kind: dict(act.said.part("content").values)}))


ACTS: Mapping[str, Callable[[WhatsApp, Act, datetime], Result]] = {
    "message": message,
    "album": message,
    "voice": recorded,
    "audio": recorded,
    "video": recorded,
    "document": recorded,
    "sticker": recorded,
    "location": location,
    "contact": contact,
    "forward": forward,
    "unsupported": unsupported,
    "raw": raw,
}
