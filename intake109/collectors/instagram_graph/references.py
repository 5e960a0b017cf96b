"""The JSON by which files and answers are found again: written by the parser, read by media source and sender."""

from __future__ import annotations

import json
from enum import StrEnum

from intake109.collectors.payload import dict_of, text_of
from intake109.model import Attachment, AttachmentKind


class Way(StrEnum):
    """How the Graph API lets us see a post again when the link to its file has expired."""

    TAGS = "tags"
    """In the list of posts in which we are tagged; another's post cannot be asked for by its id."""
    MENTION = "mention"
    """Its caption names us."""
    COMMENT = "comment"
    """A comment under it names us."""
    NONE = ""
    """Not at all: a file in a direct message, a story."""


def attachment(
    kind: AttachmentKind,
    url: str,
    *,
    way: Way = Way.NONE,
    media: str = "",
    child: str = "",
    comment: str = "",
    shortcode: str = "",
    gone: str = "",
) -> Attachment:
    """Return a file; `gone` says why there is none, which is shown in its place."""
    fields = {
        "url": url,
        "way": way.value,
        "media": media,
        "child": child,
        "comment": comment,
        "shortcode": shortcode,
        "gone": "" if url else gone or "Instagram gave no link to the file",
    }
    reference = {name: value for name, value in fields.items() if value}
    return Attachment(kind, json.dumps(reference, ensure_ascii=False, sort_keys=True))


def address(**fields: str) -> str:
    """Return the address of a citizen, without empty fields."""
    return json.dumps({name: value for name, value in fields.items() if value})


def read(reference: str) -> dict[str, str]:
    """Return the fields of a reference or an address; empty if nobody can read it."""
    try:
        fields = dict_of(json.loads(reference))
    except (ValueError, RecursionError):
        return {}
    return {name: text_of(value) for name, value in fields.items()}
