"""How a citizen is reached from a browser."""

from __future__ import annotations

from urllib.parse import quote

from intake109.model import Channel
from intake109.store.tables import ConversationRow


def digits(conversation: ConversationRow) -> str:
    """Return the digits of a citizen's telephone, empty if none is known."""
    return "".join(letter for letter in conversation.phone if letter.isascii() and letter.isdigit())


def link(conversation: ConversationRow | None) -> str:
    """Return an address under which a browser opens a talk with the citizen, empty if there is none."""
    if conversation is None:
        return ""
    phone, name = digits(conversation), quote(conversation.username, safe="")
    if conversation.channel == Channel.WHATSAPP.value and phone:
        return f"https://wa.me/{phone}"
    if conversation.channel == Channel.TELEGRAM.value and name:
        return f"https://t.me/{name}"
    if conversation.channel == Channel.INSTAGRAM.value and name:
        return f"https://www.instagram.com/{name}/"
    return f"tel:+{phone}" if phone else ""
