"""What comes in: raw deliveries, and what a parser reads in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake109.model.words import AttachmentKind, Channel


@dataclass(frozen=True, slots=True)
class Event:
    """One raw delivery from a channel, stored before anything looks at it.

    Attributes:
        key: unique per channel; the same key (and version) delivered again is a repeat and stored once.
        version: tells apart deliveries that share a key and are not repeats: an edited caption, or a Telegram
            `update_id` that restarted after an idle week. Empty where the key alone is enough.
        payload: the JSON text as received.
        source: the way it came, e.g. `telegram.poll`, `whatsapp.webhook`, `instagram.tags`; chooses the parser.
        received_at: when the event was stored; filled in from its row before it is parsed, None on the way in. Parsers
            take it where the platform does not tell when something happened (a button press, a deletion).
    """

    channel: Channel
    key: str
    payload: str
    source: str
    version: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought: events, and the cursor to store with them (None leaves the stored one)."""

    events: tuple[Event, ...] = ()
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote. `id` is stable per channel (Telegram user id, WhatsApp BSUID or wa_id, Instagram id or username).

    `aliases` are further ids under which the platform may show the same person (a WhatsApp number beside the BSUID).
    """

    id: str
    name: str = ""
    username: str = ""
    phone: str = ""
    language: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message. `reference` is JSON only the channel's media source understands."""

    kind: AttachmentKind
    reference: str
    mime: str = ""
    file_name: str = ""
    size_bytes: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees, with the name or address the platform gave, if any."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """The post or message a mention stands under or replies to; often it holds the problem itself."""

    key: str
    text: str = ""
    author: str = ""
    permalink: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_ours: bool = False
    """Written by the centre itself: a reply to it is an answer, not news."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something a citizen wrote, said or showed; `dialogue` decides whether it is a new mention.

    Attributes:
        key: business key, unique per channel and stable over edits (`chat:message`, `wamid`, comment id, shortcode).
        thread: the conversation's place on the platform; one conversation is (channel, author, thread).
        reply_to: JSON address for the channel's sender, by which this citizen is answered in this thread.
        mentioned_at: the platform's time of the citizen's act. For an edit: of the first version.
        mentioned_at_is_known: False where the platform does not tell when the tag was made; `mentioned_at` is then the
            post's time, and the pipeline raises it to the last good poll before it was first seen.
        edited_at: set when this delivery is a later version of a message.
        album: platform's album id; all parts form one mention.
        origin: where a forward comes from, as `channel:message` or a name; empty if it is no forward.
        origin_permalink: link to the forwarded post, if the platform gives one.
        quotes: key of the message this one answers, within the same thread.
        is_public: everybody can read the thread, so replies carry no personal data.
        is_addressed: it is meant for the centre (private chat, tag, mention, watched chat).
    """

    key: str
    thread: str
    author: Author
    text: str
    mentioned_at: datetime
    reply_to: str
    attachments: tuple[Attachment, ...] = ()
    parent: Parent | None = None
    permalink: str = ""
    point: Point | None = None
    contact: str = ""
    album: str = ""
    origin: str = ""
    origin_permalink: str = ""
    quotes: str = ""
    edited_at: datetime | None = None
    is_public: bool = False
    is_addressed: bool = True
    mentioned_at_is_known: bool = True


@dataclass(frozen=True, slots=True)
class Deletion:
    """The citizen took a message back; it is marked, never erased by this."""

    key: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class Press:
    """A citizen pressed a button under one of our messages.

    `callback` is what the platform wants back to stop the button's spinner (empty where it wants nothing).
    """

    key: str
    thread: str
    author: Author
    data: str
    pressed_at: datetime
    reply_to: str
    callback: str = ""
    on: str = ""


class DeliveryState(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What became of a message of ours, by the platform's id of it."""

    external_id: str
    state: DeliveryState
    at: datetime
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reachability:
    """A citizen blocked or unblocked us."""

    thread: str
    author: Author
    can_be_written_to: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Lookup:
    """The delivery only points at something: it must be asked for before it can be read."""

    key: str
    reference: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Understood and of no consequence (seen, typing, echo of our own message)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of a delivery that breaks the documentation; its siblings go on, the event is quarantined."""

    where: str
    reason: str


Incoming = Message | Deletion | Press | DeliveryStatus | Reachability | Lookup | Noted | Unreadable
