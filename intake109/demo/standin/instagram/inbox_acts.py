"""What citizens do in the centre's direct messages on Instagram."""

from collections.abc import Callable, Mapping
from datetime import datetime

from intake109.demo.standin.act import Act, Result, UnknownActError
from intake109.demo.standin.asked import Json
from intake109.demo.standin.files import Stored
from intake109.demo.standin.instagram.acts import ACTS as FIRST_ACTS
from intake109.demo.standin.instagram.acts import referred, result, speak
from intake109.demo.standin.instagram.state import Instagram
from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.people import Citizen
from intake109.demo.standin.pressing import find_button


def direct(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A citizen writes a direct message: text, and each file as an attachment; also voice, video and documents."""
    citizen, _ = speak(instagram, act)
    kinds = {"voice": "voice", "video": "video", "document": "document", "audio": "audio"}
    kind = kinds.get(act.name, "photo")
    specs = act.media or ([{"kind": kind}] if act.name in kinds else [])
    files = tuple(instagram.ground.files.sent(spec, kind) for spec in specs)
    message: Json = {"mid": instagram.next_mid()}
    if act.text:
        message["text"] = act.text
    if files:
        message["attachments"] = [_attachment(instagram, stored, now) for stored in files]
    if act.said.given("attachment"):
        message["attachments"] = [dict(act.said.part("attachment").values)]
    answered = instagram.ground.ledger.by_reference("instagram", act.reference("reply_to"))
    if answered is not None:
        message["reply_to"] = {"mid": answered.key}
    return _say(instagram, act, now, citizen, message, files, answered)


def _attachment(instagram: Instagram, stored: Stored, now: datetime) -> Json:
    kinds = {"photo": "image", "voice": "audio", "document": "file"}
    return {"type": kinds.get(stored.kind, stored.kind), "payload": {"url": instagram.link(stored, now)}}


def _say(
    instagram: Instagram,
    act: Act,
    now: datetime,
    citizen: Citizen,
    message: Json,
    files: tuple[Stored, ...],
    answered: Entry | None,
    note: str = "",
) -> Result:
    instagram.last_heard[citizen.id] = now
    entry = instagram.note(
        now,
        act.name,
        citizen,
        key=str(message["mid"]),
        text=act.text,
        media=tuple(stored.shown() for stored in files),
        refers_to=answered.seq if answered else None,
        step=act.step,
        note=note,
    )
    instagram.message(citizen, {"message": message}, now, entry.seq)
    return result(entry)


def story_reply(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A citizen answers a story of the centre by a direct message."""
    citizen, _ = speak(instagram, act)
    shown = instagram.ground.files.sent("street")
    story: Json = {"url": instagram.link(shown, now), "id": str(17_900_000_000_000_000 + shown.number)}
    message: Json = {"mid": instagram.next_mid(), "text": act.text, "reply_to": {"story": story}}
    return _say(instagram, act, now, citizen, message, (), None, act.said.text("story"))


def reaction(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A citizen reacts to a direct message."""
    entry = referred(instagram, act, "react_to")
    citizen, _ = speak(instagram, act)
    emoji = act.said.text("emoji", "❤️")
    shown: Json = {"mid": entry.key, "action": "react", "reaction": "other", "emoji": emoji}
    rest = {"text": emoji, "refers_to": entry.seq, "step": act.step, "addressed": False}
    noted = instagram.note(now, "reaction", citizen, **rest)
    instagram.message(citizen, {"reaction": shown}, now, noted.seq)
    return result(noted)


def button(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A citizen presses a quick reply or a button of a template (a postback).

    Raises:
        UnknownActError: the centre sent this citizen no such button.
    """
    citizen, _ = speak(instagram, act)
    wanted = act.said.part("button")
    found = find_button(instagram.ground.ledger, "instagram", citizen.id, wanted)
    if found is None:
        raise UnknownActError(f"no such button in the chat: {dict(wanted.values)}")
    entry, one = found
    mid = instagram.next_mid()
    rest = {"key": mid, "text": one.text, "note": one.data, "step": act.step, "addressed": False}
    press = instagram.note(now, "button", citizen, refers_to=entry.seq, **rest)
    instagram.last_heard[citizen.id] = now
    part: Json = {"message": {"mid": mid, "text": one.text, "quick_reply": {"payload": one.data}}}
    if one.kind == "postback":
        part = {"postback": {"mid": mid, "title": one.text, "payload": one.data}}
    instagram.message(citizen, part, now, press.seq)
    return result(press)


def seen(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A citizen reads what the centre wrote (`of`)."""
    entry = referred(instagram, act, "of")
    citizen, _ = speak(instagram, act)
    instagram.ground.ledger.ticked(entry.seq, "read")
    instagram.message(citizen, {"read": {"mid": entry.key}}, now)
    return result(entry)


ACTS: Mapping[str, Callable[[Instagram, Act, datetime], Result]] = {
    **FIRST_ACTS,
    "dm": direct,
    "message": direct,
    "voice": direct,
    "audio": direct,
    "video": direct,
    "document": direct,
    "story_reply": story_reply,
    "reaction": reaction,
    "button": button,
    "seen": seen,
}
