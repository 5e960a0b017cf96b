"""How Telegram writes people, chats, texts and files in JSON."""

import re

from intake109.demo.standin.asked import Json
from intake109.demo.standin.files import Stored
from intake109.demo.standin.people import Centre, Chat, Citizen

CHANNEL_SERVICE = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
_ENTITY = re.compile(
    r"(?P<url>https?://[^\s]+)|(?P<bot_command>(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?)"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{2,31})|(?P<hashtag>(?<!\w)#\w+)|(?P<phone_number>\+\d[\d ()-]{9,16}\d)"
)


def utf16(text: str) -> int:
    """Count UTF-16 code units: the unit of Telegram's offsets and of its limits on entities."""
    return len(text.encode("utf-16-le")) // 2


def entities(text: str) -> list[Json]:
    """Find what Telegram marks by itself in a text."""
    return [
        {"type": match.lastgroup, "offset": utf16(text[: match.start()]), "length": utf16(match.group())}
        for match in _ENTITY.finditer(text)
    ]


def user(citizen: Citizen) -> Json:
    """Write a citizen as User."""
    account = citizen.telegram
    assert account is not None
    first, _, last = citizen.name.partition(" ")
    shown: Json = {"id": account.user_id, "is_bot": False, "first_name": first}
    if last:
        shown["last_name"] = last
    if account.username:
        shown["username"] = account.username
    return {**shown, "language_code": account.language_code}


def private_chat(citizen: Citizen) -> Json:
    """Write the chat of a citizen with the bot."""
    shown = user(citizen)
    del shown["is_bot"], shown["language_code"]
    return {**shown, "type": "private"}


def chat(place: Chat) -> Json:
    """Write a group or channel; both groups and discussions are supergroups today."""
    shown: Json = {"id": place.chat_id, "title": place.title}
    if place.username:
        shown["username"] = place.username
    return {**shown, "type": "channel" if place.kind == "channel" else "supergroup"}


def bot(centre: Centre) -> Json:
    """Write the bot as User."""
    return {"id": centre.bot_id, "is_bot": True, "first_name": centre.name, "username": centre.bot_username}


def file_id(stored: Stored, size: str = "y") -> str:
    """Give a file's id; it holds the number, so that it need not be looked up."""
    prefix = {
        "photo": "AgACAgIAAxk",
        "video": "BAACAgIAAxk",
        "voice": "AwACAgIAAxk",
        "document": "BQACAgIAAxk",
    }
    return f"{prefix.get(stored.kind, 'CQACAgIAAxk')}DEMO{stored.number:08d}{size}AAI2BA"


def file_number(given: str) -> tuple[int, str] | None:
    """Read number and size back from a file id; None if it is none of ours."""
    match = re.fullmatch(r"\w+DEMO(\d{8})([smxy])AAI2BA", given)
    return (int(match.group(1)), match.group(2)) if match else None


def unique_id(stored: Stored, size: str = "y") -> str:
    """Give the id that stays the same for the same bytes."""
    return f"AgAD{stored.sha256.hex()[:10]}{size}"


def _one(stored: Stored, **more: object) -> Json:
    return {
        **more,
        "file_id": file_id(stored),
        "file_unique_id": unique_id(stored),
        "file_size": stored.size,
    }


def _photo(stored: Stored) -> list[Json]:
    scales = (("s", 8), ("m", 2), ("y", 1))
    return [
        {
            "file_id": file_id(stored, size),
            "file_unique_id": unique_id(stored, size),
            "file_size": max(1, stored.size // scale**2),
            "width": stored.width // scale,
            "height": stored.height // scale,
        }
        for size, scale in scales
    ]


def attachment(stored: Stored) -> Json:
    """Write a file as the field of a message that carries it."""
    length = stored.duration or 9
    mime = {"mime_type": stored.mime}
    frame = {"width": 720, "height": 1280}
    shapes: dict[str, object] = {
        "photo": _photo(stored) if stored.kind == "photo" else None,
        "video": _one(stored, duration=length, file_name=stored.name, **mime, **frame),
        "video_note": _one(stored, duration=length, length=240),
        "voice": _one(stored, duration=length, **mime),
        "audio": _one(stored, duration=length, title=stored.name, **mime),
        "document": _one(stored, file_name=stored.name, **mime),
        "sticker": _one(stored, width=512, height=512, emoji="👍", is_animated=False, is_video=False, type="regular"),
    }
    return {stored.kind: shapes[stored.kind]}
