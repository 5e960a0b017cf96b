"""What citizens do on Telegram, and what the bot is told of it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from intake109.demo.standin.act import Act, Result, UnknownActError
from intake109.demo.standin.asked import Json
from intake109.demo.standin.files import Stored
from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.people import Citizen
from intake109.demo.standin.telegram import shapes
from intake109.demo.standin.telegram.state import Target, Telegram


def speak(telegram: Telegram, act: Act, now: datetime) -> tuple[Citizen, Target]:
    """Find who acts and where; a citizen who writes to the bot has met it.

    Raises:
        UnknownActError: the citizen is not on Telegram.
    """
    people = telegram.ground.people
    citizen = people.citizen(act.citizen)
    if citizen.telegram is None:
        raise UnknownActError(f"{citizen.id} is not on Telegram")
    chat_id = act.said.text("chat")
    if chat_id:
        return citizen, telegram.of_place(people.chat(chat_id))
    telegram.met.add(citizen.id)
    return citizen, telegram.of_citizen(citizen)


def worded(text: str, *, caption: bool) -> Json:
    """Write a text with what Telegram marks in it."""
    if not text:
        return {}
    found = shapes.entities(text)
    if caption:
        return {"caption": text, **({"caption_entities": found} if found else {})}
    return {"text": text, **({"entities": found} if found else {})}


def quoted(telegram: Telegram, entry: Entry | None) -> Json:
    """Write what a message answers; Telegram never nests a second level."""
    original = telegram.at_key(entry.key) if entry and entry.channel == "telegram" else None
    if original is None:
        return {}
    flat = {name: value for name, value in original.items() if name != "reply_to_message"}
    return {"reply_to_message": flat}


def is_addressed(telegram: Telegram, target: Target, message: Json) -> bool:
    """Say whether a message is meant for the bot: written to it, naming it, or answering it."""
    if target.place is None:
        return True
    text = str(message.get("text") or message.get("caption") or "")
    centre = telegram.ground.centre
    if f"@{centre.bot_username}".lower() in text.lower() or text.startswith("/"):
        return True
    answered = message.get("reply_to_message")
    sender = answered.get("from") if isinstance(answered, dict) else None
    return isinstance(sender, dict) and sender.get("id") == centre.bot_id


def update_kind(telegram: Telegram, target: Target, message: Json) -> str | None:
    """Say as what the bot is told of a message; None if it is not told.

    A bot with privacy mode on that is no admin gets commands and answers to itself, not plain mentions; from a
    group it is not in it gets only what names it, as a guest (Bot API 10).
    """
    place = target.place
    if place is None:
        return "message"
    text = str(message.get("text") or message.get("caption") or "")
    named = f"@{telegram.ground.centre.bot_username}".lower() in text.lower()
    if place.kind == "foreign" or place.id in telegram.left:
        return "guest_message" if named else None
    if place.kind == "channel":
        return "channel_post" if place.bot == "admin" else None
    if place.bot == "admin":
        return "message"
    answered = is_addressed(telegram, target, {**message, "text": "", "caption": ""})
    return "message" if place.bot == "member" and (text.startswith("/") or answered) else None


def deliver(
    telegram: Telegram, act: Act, now: datetime, content: Json, media: tuple[Stored, ...] = (), **rest: object
) -> Entry:
    """Write a message of a citizen, note it, and tell the bot if it may know."""
    citizen, target = speak(telegram, act, now)
    answered = telegram.ground.ledger.by_reference("telegram", act.reference("reply_to", "under"))
    message: Json = {
        "message_id": telegram.next_message_id(target),
        "from": shapes.user(citizen),
        "chat": target.shown,
        "date": int(now.timestamp()),
        **quoted(telegram, answered),
        **content,
    }
    kind = update_kind(telegram, target, message)
    if kind == "guest_message":
        message["guest_query_id"] = f"gq_{telegram.ground.next('guest')}"
        telegram.guests[str(message["guest_query_id"])] = target.chat_id
    entry = telegram.ground.write(
        now,
        "from_citizen",
        "telegram",
        act.name,
        **{
            "citizen": citizen.id,
            "thread": target.place.id if target.place else "private",
            "place": target.place.title if target.place else "",
            "key": telegram.keep(target, message),
            "text": act.text,
            "media": tuple(stored.shown() for stored in media),
            "addressed": is_addressed(telegram, target, message) and kind is not None,
            "note": "" if kind else "unseen by the bot",
            "refers_to": answered.seq if answered else None,
            "step": act.step,
            **rest,
        },
    )
    if kind:
        telegram.push(kind, message, entry, now)
    return entry


def result(*entries: Entry) -> Result:
    """Say what came of an act."""
    first = entries[0]
    shown: Result = {"seq": first.seq, "key": first.key, "ids": first.ids}
    return {**shown, "keys": [entry.key for entry in entries]} if len(entries) > 1 else shown


def message(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen writes: text, or a picture with a caption; in `chat` or to the bot."""
    if len(act.media) > 1:
        return album(telegram, act, now)
    if not act.media:
        return result(deliver(telegram, act, now, worded(act.text, caption=False)))
    stored = telegram.ground.files.sent(act.media[0])
    content = {**shapes.attachment(stored), **worded(act.text, caption=True)}
    return result(deliver(telegram, act, now, content, (stored,)))


def album(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen sends several pictures at once: a message for each, bound by `media_group_id`, caption first."""
    group = str(14_070_696_956_000_000 + telegram.ground.next("album"))
    entries: list[Entry] = []
    for place, spec in enumerate(act.media):
        stored = telegram.ground.files.sent(spec)
        words = worded(act.text, caption=True) if place == 0 else {}
        content: Json = {"media_group_id": group, **shapes.attachment(stored), **words}
        rest: dict[str, object] = {"ids": {"media_group_id": group}}
        if entries:
            rest |= {"text": "", "step": None, "refers_to": entries[0].seq}
        entries.append(deliver(telegram, act, now, content, (stored,), **rest))
    return result(*entries)


def recorded(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen sends a voice, video, round video, audio, document or sticker."""
    stored = telegram.ground.files.sent(act.recording, act.name)
    content = {**shapes.attachment(stored), **worded(act.text, caption=True)}
    return result(deliver(telegram, act, now, content, (stored,)))


def location(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen sends a place."""
    latitude, longitude = act.place()
    content: Json = {"location": {"latitude": latitude, "longitude": longitude}}
    return result(deliver(telegram, act, now, content, note=f"{latitude}, {longitude}"))


def contact(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen sends a contact; without `contact` the own number."""
    citizen, _ = speak(telegram, act, now)
    said = act.said.part("contact")
    shown: Json = {"phone_number": said.text("phone"), "first_name": said.text("name")}
    if not said.values and citizen.telegram and citizen.whatsapp:
        shown = {"phone_number": citizen.whatsapp.phone or "", "first_name": citizen.name}
        shown["user_id"] = citizen.telegram.user_id
    return result(deliver(telegram, act, now, {"contact": shown}, note=str(shown["phone_number"])))


def command(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen sends /start or /status; /start also lets a blocked bot in again."""
    citizen, _ = speak(telegram, act, now)
    if act.name == "start" and citizen.id in telegram.blocked:
        membership(telegram, citizen, "kicked", "member", now)
        telegram.blocked.discard(citizen.id)
    text = act.text or f"/{act.name}"
    return result(deliver(telegram, act, now, worded(text, caption=False), text=text, addressed=False))


def membership(telegram: Telegram, citizen: Citizen, before: str, after: str, now: datetime) -> None:
    """Tell the bot what became of it in a private chat."""
    centre = shapes.bot(telegram.ground.centre)
    states: dict[str, Json] = {
        "member": {"user": centre, "status": "member"},
        "kicked": {"user": centre, "status": "kicked", "until_date": 0},
    }
    body: Json = {
        "chat": shapes.private_chat(citizen),
        "from": shapes.user(citizen),
        "date": int(now.timestamp()),
        "old_chat_member": states[before],
        "new_chat_member": states[after],
    }
    telegram.push("my_chat_member", body, None, now)


ACTS: Mapping[str, Callable[[Telegram, Act, datetime], Result]] = {
    "message": message,
    "album": album,
    "voice": recorded,
    "video": recorded,
    "video_note": recorded,
    "audio": recorded,
    "document": recorded,
    "sticker": recorded,
    "location": location,
    "contact": contact,
    "start": command,
    "status": command,
}
