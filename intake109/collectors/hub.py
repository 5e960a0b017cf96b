"""The handshake by which Meta's webhooks are set up, the same for WhatsApp and Instagram."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from intake109.errors import SignatureError


def challenge(verify_token: str, params: Mapping[str, str]) -> str:
    """Return the challenge Meta wants back (as text/plain) when the address is entered in the app's dashboard.

    Raises:
        SignatureError: it is no subscription, or the verify token is not ours.
    Source: Meta, Webhooks, "Verification requests".
    """
    given = params.get("hub.verify_token", "").encode("utf-8", "replace")
    is_ours = bool(verify_token) and hmac.compare_digest(given, verify_token.encode())
    if params.get("hub.mode") != "subscribe" or not is_ours:
        raise SignatureError("the verify token does not match; enter the same one in the app's dashboard")
    return params.get("hub.challenge", "")
