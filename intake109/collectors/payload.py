"""Reading what platforms send: bodies become storable text, JSON fields become values or a `PayloadError`.

Used by webhooks (raw bytes → event) and by pure parsers. Error messages name the field, never its content.
"""

from __future__ import annotations

import base64
import json
import math
import re
from datetime import UTC, datetime

from intake109.errors import PayloadError
from intake109.model import Point

_UNSTORABLE = re.compile(r"\\u0000|\\ud[89a-f]", re.IGNORECASE)
RAW = "raw_base64"
LATEST_EPOCH_S = 32_503_680_000
"""The year 3000; beyond it a number is no moment in seconds (milliseconds, a broken field)."""


def payload_of(body: bytes) -> str:
    """Return `body` as text for an event, losing nothing.

    UTF-8 is kept letter for letter. Anything else (another coding, a NUL, which PostgreSQL's text refuses) is wrapped
    as JSON with the bytes in base64 and a readable version; parsers report it as unreadable.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if "\x00" not in text and (text or not body):
        return text
    shown = body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
    return json.dumps({RAW: base64.b64encode(body).decode(), "shown": shown})


def storable(payload: str) -> str:
    """Return JSON whose texts every database takes: a NUL is left out, half a surrogate pair becomes a question mark.

    Both arrive as escapes (`\\u0000`, a caption cut inside an emoji) and would otherwise quarantine an appeal.
    """
    if not _UNSTORABLE.search(payload):
        return payload
    try:
        return json.dumps(_cleaned(json.loads(payload)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return payload


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(one) for key, one in value.items()}
    return value


def object_of(payload: str) -> dict[str, object]:
    """Return the JSON object an event's payload holds.

    Raises:
        PayloadError: it is no JSON, no object, or came in another coding than UTF-8.
    """
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise PayloadError("the body is no JSON") from error
    if not isinstance(value, dict):
        raise PayloadError(f"the body is no JSON object but {type(value).__name__}")
    if RAW in value:
        raise PayloadError("the body is not UTF-8 text")
    return value


def dict_of(value: object) -> dict[str, object]:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """Return `value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """Return a text every database stores: no NUL, no half of a surrogate pair; empty for what is no text."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def id_of(value: object) -> str:
    """Return an id as text; Meta's own examples write some of them as numbers. Empty if there is none."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
        return str(value)
    return text_of(value).strip()


def needed_id(holder: dict[str, object], field: str) -> str:
    """Return the id in `field`.

    Raises:
        PayloadError: there is none.
    """
    found = id_of(holder.get(field))
    if not found:
        raise PayloadError(f"{field} is missing")
    return found


def moment_of(value: object) -> datetime:
    """Return the moment of epoch seconds, given as digits or as a number.

    Raises:
        PayloadError: it is neither, or no moment of our era.
    """
    digits = id_of(value)
    if not (digits.isascii() and digits.isdigit()) or int(digits[:12]) >= LATEST_EPOCH_S or len(digits) > 12:
        raise PayloadError("timestamp is no moment in epoch seconds")
    return datetime.fromtimestamp(int(digits), UTC)


def point_of(latitude: object, longitude: object, name: str = "") -> Point | None:
    """Return a point, or None where the numbers are missing or no degrees."""
    north, east = _degrees(latitude), _degrees(longitude)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return Point(north, east, name)


def _degrees(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) else None
