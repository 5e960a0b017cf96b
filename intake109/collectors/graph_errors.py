"""What Meta's error codes mean for us: the one table, and how an answer becomes an error of our tree.

Source: Meta, Graph API, "Handling errors" and "Rate limits"; products add their own codes (see `whatsapp.codes`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from intake109.errors import Backoff, ChannelError, UnreachableError

_LEAST_OWN_SUBCODE = 400
"""Subcodes from here on mean one thing wherever they stand; smaller ones mean another under each code."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means.

    Attributes:
        meaning: one sentence with the remedy, shown on the health page and beside a failed message.
        permanent: the same request can never succeed.
        is_unreachable: it is this citizen who cannot be written to; the channel itself is well.
    """

    meaning: str
    backoff: Backoff = Backoff.TRANSIENT
    permanent: bool = False
    is_unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of the rate limit is used; at 100 per cent calls are refused for `regain`."""

    percent: int = 0
    regain: timedelta | None = None


_LIMIT = Rule("the rate limit is reached; calls go on after a pause", Backoff.RATE_LIMITED)
_TOKEN = Rule("the access token is no longer valid; make a new one and set it", Backoff.AUTH_LOST)
_PERMISSION = Rule("the app lacks a permission; give it in the app's dashboard", Backoff.BLOCKED)

SHARED: dict[int, Rule] = {
    0: _TOKEN,
    1: Rule("the platform has a passing fault"),
    2: Rule("the platform is overloaded or down for a moment"),
    3: _PERMISSION,
    4: _LIMIT,
    10: _PERMISSION,
    17: _LIMIT,
    32: _LIMIT,
    33: Rule("the object does not exist (any more) or the token may not see it", permanent=True),
    100: Rule("a parameter is wrong or the object does not exist", permanent=True),
    102: _TOKEN,
    190: _TOKEN,
    200: _PERMISSION,
    341: _LIMIT,
    368: Rule("the account is blocked for a breach of the platform's policies; see Business Support", Backoff.BLOCKED),
    459: Rule("the platform wants a person to log in (checkpoint)", Backoff.BLOCKED),
    463: _TOKEN,
    464: Rule("the account is not confirmed; log in and confirm it", Backoff.BLOCKED),
    467: _TOKEN,
    506: Rule("the platform takes it for a duplicate", permanent=True),
    613: _LIMIT,
    **dict.fromkeys(range(201, 300), _PERMISSION),
    **dict.fromkeys(range(80000, 80015), _LIMIT),
}
"""Codes every product of the Graph API shares."""

_BY_STATUS: dict[int, Rule] = {
    401: _TOKEN,
    403: Rule("the platform refuses access", Backoff.BLOCKED),
    408: Rule("the platform stopped waiting"),
    429: _LIMIT,
}


def error_of(
    status: int, envelope: object, headers: Mapping[str, str], rules: Mapping[int, Rule] = SHARED
) -> ChannelError:
    """Translate an answer that is no success: by subcode or `code` where there is one, else by HTTP status.

    A subcode in `rules` decides before the code: 10 is a missing permission, 10 with 2534022 a closed window.
    Boundary: an unknown code is decided by its HTTP status; Meta's `is_transient` counts only for those.
    """
    fields = envelope if isinstance(envelope, dict) else {}
    code = _int(fields.get("code"))
    rule = _rule(code, _int(fields.get("error_subcode")), rules)
    if rule is None:
        rule = Rule("the platform has a passing fault") if fields.get("is_transient") is True else _by_status(status)
    message = f"{rule.meaning} ({_trace(status, code, fields)})"
    shown = str(code) if code is not None else f"http-{status}"
    if rule.is_unreachable:
        return UnreachableError(message, code=shown)
    pause = retry_after(headers) if rule.backoff is Backoff.RATE_LIMITED or not rule.permanent else None
    return ChannelError(message, backoff=rule.backoff, permanent=rule.permanent, retry_after=pause, code=shown)


def read_usage(headers: Mapping[str, str]) -> Usage:
    """Read the usage headers; the worst figure counts, unreadable ones are passed over.

    Source: Meta, "Rate limits": X-App-Usage, X-Business-Use-Case-Usage (its time to regain is in minutes).
    """
    percent, minutes = 0, 0
    for part in _usages(headers):
        for name in ("call_count", "total_time", "total_cputime", "acc_id_util_pct"):
            percent = max(percent, _int(part.get(name)) or 0)
        minutes = max(minutes, _int(part.get("estimated_time_to_regain_access")) or 0)
    return Usage(percent, timedelta(minutes=min(minutes, 24 * 60)) if minutes else None)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long the platform asks us to wait, at most a day; None where it does not say."""
    seconds = headers.get("retry-after", "")
    if seconds.isascii() and seconds.isdigit():
        return timedelta(seconds=min(int(seconds[:9]), 24 * 3600))
    return read_usage(headers).regain


def _rule(code: int | None, subcode: int | None, rules: Mapping[int, Rule]) -> Rule | None:
    if subcode is not None and subcode >= _LEAST_OWN_SUBCODE and subcode in rules:
        return rules[subcode]
    return rules.get(code) if code is not None else None


def _by_status(status: int) -> Rule:
    known = _BY_STATUS.get(status)
    if known is not None:
        return known
    if status >= 500 or status < 400:
        return Rule("the platform gave no usable answer; if it lasts, check graph_url")
    return Rule("the platform refuses the request", permanent=True)


def _trace(status: int, code: int | None, fields: Mapping[str, object]) -> str:
    parts = [f"HTTP {status}"]
    if code is not None:
        parts.append(f"code {code}")
    subcode = _int(fields.get("error_subcode"))
    if subcode is not None:
        parts.append(f"subcode {subcode}")
    trace = fields.get("fbtrace_id")
    if isinstance(trace, str) and 0 < len(trace) <= 40 and trace.isascii() and trace.isprintable():
        parts.append(f"fbtrace_id {trace}")
    return ", ".join(parts)


def _usages(headers: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for name in ("x-app-usage", "x-ad-account-usage", "x-business-use-case-usage"):
        try:
            value = json.loads(headers.get(name, "") or "null")
        except (ValueError, RecursionError):
            continue
        if not isinstance(value, dict):
            continue
        yield value
        for parts in value.values():
            yield from (part for part in (parts if isinstance(parts, list) else ()) if isinstance(part, dict))


def _int(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and abs(value) < 1e9:
        return int(value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return None
