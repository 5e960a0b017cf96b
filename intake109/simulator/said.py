"""What a modelled citizen says, what it really is, and how it travels: the stand-in of all platforms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from intake109.model import Author, Channel, Event, Kind, Language, Message

SOURCE = "simulator"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a careful person would say of a mention. `story` names the problem where several citizens tell of it."""

    kind: Kind
    service: str = ""
    is_incident: bool = False
    is_question: bool = False
    story: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a citizen."""

    key: str
    channel: Channel
    author: str
    text: str
    language: Language
    at: datetime
    truth: Truth
    address: str = ""


def delivery(said: Said) -> Event:
    """Return the raw delivery of a message; delivered twice it is the same one."""
    payload = {"key": said.key, "author": said.author, "text": said.text, "at": said.at.isoformat()}
    return Event(said.channel, said.key, json.dumps(payload, ensure_ascii=False), SOURCE)


def parse(event: Event) -> tuple[Message, ...]:
    """Read a raw delivery."""
    told = json.loads(event.payload)
    author = told["author"]
    message = Message(
        key=told["key"],
        thread=author,
        author=Author(author, name=author),
        text=told["text"],
        mentioned_at=datetime.fromisoformat(told["at"]),
        reply_to=json.dumps({"to": author}),
    )
    return (message,)
