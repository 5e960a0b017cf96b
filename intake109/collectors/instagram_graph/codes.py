"""What Instagram's own error codes and subcodes mean for us, beyond those the whole Graph API shares.

Source: Meta, Messenger Platform, "Error codes" (18 March 2026); Instagram Platform, "Private replies";
`docs/channels/instagram.md` explains them to administrators.
"""

from __future__ import annotations

from intake109.collectors.graph_errors import Rule
from intake109.errors import Backoff


def _unreachable(meaning: str) -> Rule:
    return Rule(meaning, Backoff.BLOCKED, permanent=True, is_unreachable=True)


_WINDOW = _unreachable("the 24 hours since the citizen's last message are over; answer another way")
_NOBODY = _unreachable("the citizen cannot be found, has left or has blocked us; answer another way")

RULES: dict[int, Rule] = {
    551: _NOBODY,
    1545041: _NOBODY,
    2018001: _NOBODY,
    2534014: _NOBODY,
    2018278: _WINDOW,
    2534022: _WINDOW,
    10900: _unreachable("this comment has got its one private reply already; answer in public or by hand"),
    10901: _unreachable("the 7 days for a private reply are over; answer in public or by hand"),
    10902: _unreachable("this comment cannot get a private reply; answer in public or by hand"),
    10903: _unreachable("this comment cannot get a private reply; answer in public or by hand"),
}
"""Codes and subcodes; the subcode decides where it is known (10/2534022 is a closed window, 10 alone a permission)."""
