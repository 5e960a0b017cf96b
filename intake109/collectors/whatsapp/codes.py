"""What the Cloud API's own error codes mean: the one table, for refused sends, failed deliveries and media.

Source: Meta, WhatsApp Cloud API, "Error codes" (2026); `docs/channels/whatsapp.md` explains them to administrators.
"""

from __future__ import annotations

from intake109.collectors.graph_errors import SHARED, Rule
from intake109.errors import Backoff

_TEMPLATE = "the template is missing, not approved in this language or paused; see WhatsApp Manager"
_PARAMETERS = "the template's parameters do not fit its text; compare it with config.yaml and the template"


def _later(meaning: str) -> Rule:
    return Rule(meaning, Backoff.RATE_LIMITED)


def _account(meaning: str) -> Rule:
    return Rule(meaning, Backoff.BLOCKED)


def _never(meaning: str) -> Rule:
    return Rule(meaning, permanent=True)


def _unreachable(meaning: str) -> Rule:
    return Rule(meaning, Backoff.BLOCKED, permanent=True, is_unreachable=True)


RULES: dict[int, Rule] = {
    130429: _later("the number sends faster than its throughput; sending goes on after a pause"),
    130472: _unreachable("this citizen takes part in an experiment of Meta's and gets no such message"),
    130497: _unreachable("the account may not write to citizens of this country"),
    131000: Rule("the platform failed without a reason"),
    131005: _account("the token lacks whatsapp_business_messaging; give the permission and make a new token"),
    131008: _never("a needed parameter is missing"),
    131009: _never("a parameter's value is not allowed"),
    131016: Rule("the platform is overloaded or down for a moment"),
    131021: _never("sender and recipient are the same number"),
    131026: _unreachable("the message cannot be delivered: no WhatsApp, an old version, or we are blocked"),
    131030: _unreachable("the number is not on the test number's list of recipients; add it or use a real number"),
    131031: _account("the account is locked; see Business Support"),
    131037: _account("the number's display name is not approved yet; see WhatsApp Manager"),
    131042: _account("payment fails; see the account's billing"),
    131045: _account("the number is not registered or its certificate is wrong; register it again"),
    131047: _unreachable("the 24 hours since the citizen's last message are over; only a template may be sent"),
    131048: _later("too many of our messages were blocked or marked as spam; see the number's quality"),
    131049: _unreachable("Meta chose not to deliver it to this citizen"),
    131050: _unreachable("the citizen does not want such messages from us"),
    131051: _never("this type of message is not supported"),
    131052: _never("Meta could not download the citizen's file; ask for it again"),
    131053: _never("Meta could not take the file"),
    131056: _later("too many messages to this citizen in a short time; sending goes on after a pause"),
    131057: Rule("the account is under maintenance; it answers again in minutes"),
    131062: _unreachable("this message cannot go to a citizen without a phone number"),
    132000: _never(_PARAMETERS),
    132001: _never(_TEMPLATE),
    132005: _never(_PARAMETERS),
    132007: _never(_TEMPLATE),
    132012: _never(_PARAMETERS),
    132015: _never(_TEMPLATE),
    132016: _never(_TEMPLATE),
    132018: _never(_PARAMETERS),
    133004: Rule("the platform's server is down for a moment"),
    133010: _account("the number is not registered with the Cloud API; register it"),
    135000: _never("the platform does not understand the request"),
}
"""Codes beyond those every product of the Graph API shares."""

CONTENT_LOST = frozenset({131051, 131052, 131053, 130501})
"""Codes in a webhook that mean a citizen's words or file did not reach us."""


def rule_of(code: str) -> Rule | None:
    """Return what a code means, None for one nobody has described."""
    if not (code.isascii() and code.isdigit()):
        return None
    return RULES.get(int(code)) or SHARED.get(int(code))
