"""A stored delivery made readable for a person. Text only: the template escapes it."""

from __future__ import annotations

import json

_LONGEST_VALUE = 2000
_LONGEST = 200_000
_INDENT_UP_TO = 8 * 2**20


def pretty(payload: str) -> str:
    """Return JSON indented, long values (a photo in base64) cut with their length told; anything else as it is."""
    if len(payload) > _INDENT_UP_TO:
        return _cut(payload, _LONGEST)
    try:
        value = json.loads(payload)
        return _cut(json.dumps(_shortened(value), ensure_ascii=False, indent=2), _LONGEST)
    except (ValueError, RecursionError):
        return _cut(payload, _LONGEST)


def _shortened(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shortened(inner) for inner in value]
    return _cut(value, _LONGEST_VALUE) if isinstance(value, str) else value


def _cut(text: str, most: int) -> str:
    shown = text if len(text) <= most else f"{text[:most]} … [{len(text)}]"
    return shown.encode("utf-8", "backslashreplace").decode()
