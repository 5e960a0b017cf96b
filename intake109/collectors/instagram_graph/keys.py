"""By what a post is known and when its caption counts as changed; the same for the Graph API and instaloader."""

from __future__ import annotations

import json
import re
import unicodedata

from intake109.collectors.base import digest
from intake109.collectors.payload import id_of, text_of

_PERMALINK = re.compile(r"instagram\.com/(?:[\w.]+/)?(?:p|reel|reels|tv)/([\w-]+)")
_VERSION_LENGTH = 16
EDITED_AT = "edited_seen_at"
"""Our own field in a post's payload: when a poll found its caption changed (ISO 8601); absent in the first one."""


def shortcode_of(permalink: str) -> str:
    """Return the shortcode in a link to a post or reel, empty if there is none."""
    found = _PERMALINK.search(permalink)
    return found[1] if found else ""


def post_key(shortcode: str, media_id: str = "") -> str:
    """Return the key of a post: its shortcode, which both ways know; the Graph API's id only where there is none."""
    return f"media:{shortcode}" if shortcode else f"media:id:{media_id}"


def media_key(media: dict[str, object]) -> str:
    """Return the key of a post as the Graph API gives it; one without link and id is keyed by its fields."""
    shortcode, media_id = shortcode_of(text_of(media.get("permalink"))), id_of(media.get("id"))
    if shortcode or media_id:
        return post_key(shortcode, media_id)
    return f"media:digest:{digest(json.dumps(media, sort_keys=True))}"


def version_of(caption: str, earlier: str = "") -> str:
    """Return the version of a caption; `earlier` is the version it replaces, empty at first sight.

    The Graph API drops the "@" of names and instaloader keeps it, so signs and spaces do not count. An edit's version
    hangs on the one before it: a caption changed there and back again is two edits, not a repeat.
    """
    words = " ".join(unicodedata.normalize("NFC", caption).replace("@", " ").split())
    return digest(f"{earlier}\n{words}" if earlier else words, _VERSION_LENGTH)
