"""From a message of ours to what Instagram takes; pure.

Limits (Meta, Instagram Platform, 2026): a comment has 2,200 characters, a direct message 1,000 bytes of UTF-8 (about
500 Cyrillic letters), 13 quick replies with titles of 20 characters.
"""

from __future__ import annotations

from intake109.errors import ChannelError
from intake109.model import Button

COMMENT_LIMIT = 2200
DIRECT_LIMIT_BYTES = 1000
CHOICES, CHOICE_TITLE = 13, 20


def comment_text(text: str) -> str:
    """Return the text of a comment.

    Raises:
        ChannelError: permanent; it is empty or too long.
    """
    if not text.strip() or len(text) > COMMENT_LIMIT:
        raise _unfit(f"the text has {len(text)} characters; a comment takes 1 to {COMMENT_LIMIT}: write it anew")
    return text


def direct_texts(text: str) -> list[str]:
    """Return the text in as many messages as it needs, cut at a blank line, a line, a sentence or a word.

    Raises:
        ChannelError: permanent; it is empty.
    """
    rest, parts = text.strip(), []
    while len(rest.encode()) > DIRECT_LIMIT_BYTES:
        end = _cut(rest)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    if not rest and not parts:
        raise _unfit("the text is empty: write it anew")
    return [*parts, rest] if rest else parts


def _cut(text: str) -> int:
    head = text.encode()[:DIRECT_LIMIT_BYTES].decode("utf-8", "ignore")
    for mark in ("\n\n", "\n", ". ", " "):
        end = head.rfind(mark)
        if end > len(head) // 3:
            return end + len(mark)
    return len(head)


def direct_message(text: str, buttons: tuple[Button, ...]) -> dict[str, object]:
    """Return the body's `message`; a label too long for a quick reply is cut.

    Raises:
        ChannelError: permanent; there are too many choices.
    """
    if len(buttons) > CHOICES:
        raise _unfit(f"Instagram takes at most {CHOICES} choices")
    if not buttons:
        return {"text": text}
    replies = [{"content_type": "text", "title": _title(button.label), "payload": button.data} for button in buttons]
    return {"text": text, "quick_replies": replies}


def _title(label: str) -> str:
    return label if len(label) <= CHOICE_TITLE else label[: CHOICE_TITLE - 1].rstrip() + "…"


def _unfit(message: str) -> ChannelError:
    return ChannelError(message, permanent=True, code="length")
