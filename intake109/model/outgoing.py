"""What goes out to a citizen, and the platform's receipt."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake109.model.words import Channel, Language


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered under a message: what is shown, what comes back."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a message."""

    name: str
    mime: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to a citizen, ready to be sent.

    Attributes:
        to: the `reply_to` of the citizen's message.
        template: name of an approved template with its `parameters`, for channels that want one outside a window.
        template_buttons: what that template's quick replies send back, in their order.
        must_use_template: the free-text window is closed.
        is_public: it will be readable by everybody.
        edits: the platform's name of a message of ours that this is to stand in place of; only in the staff's chat.
        payload: what is told field by field, where a machine reads it (the city's registry).
        callback: the pressed button this answers; the platform wants to hear that the press arrived.
        files: what goes with it; only by e-mail and Telegram.
        photos: pictures that follow it to a citizen where the channel can; what fails is left out, for the message is
            what counts.
        reply_token: what a reply by e-mail is to bear, so that it is known what it answers; empty: none is waited for.
    """

    channel: Channel
    to: str
    text: str
    language: Language
    idempotency_key: str
    buttons: tuple[Button, ...] = ()
    template: str = ""
    parameters: tuple[str, ...] = ()
    template_buttons: tuple[Button, ...] = ()
    must_use_template: bool = False
    is_public: bool = False
    callback: str = ""
    edits: str = ""
    files: tuple[Enclosure, ...] = ()
    photos: tuple[Enclosure, ...] = ()
    payload: dict[str, object] = field(default_factory=dict)
    reply_token: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform took a message; `external_id` finds its later delivery statuses."""

    external_id: str
    details: dict[str, str] = field(default_factory=dict)
