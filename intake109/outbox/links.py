"""Links that open one appeal for one organisation without a login.

A link is signed, not kept: it holds the appeal, the organisation and until when it is good. It opens nothing once the
appeal has gone to another organisation, which the page checks against the appeal as it is now.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from intake109.store import own_secrets
from intake109.store.tables import AppealRow, OrganisationRow

GOOD_FOR = timedelta(days=45)
"""After the deadline, or after it was made where that is later."""
_SECRET = "executor_links"  # noqa: S105 (the name of one, not one)
_FIELDS = struct.Struct(">IIQ")
_SIGNATURE_BYTES = 16
TOKEN = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])")
"""How a token looks wherever it stands."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link says."""

    appeal_id: int
    organisation_id: int


def link(session: Session, appeal: AppealRow, organisation: OrganisationRow, address: str, now: datetime) -> str:
    """Return the address under which the organisation opens the appeal; empty if nobody told ours."""
    return f"{address}/x/{token(session, appeal, organisation, now)}" if address else ""


def token(session: Session, appeal: AppealRow, organisation: OrganisationRow, now: datetime) -> str:
    """Return what proves that somebody was written to about an appeal: in a link, and in a reply to the letter."""
    until = max(appeal.deadline_at, now) + GOOD_FOR
    fields = _FIELDS.pack(appeal.id or 0, organisation.id or 0, int(until.timestamp()))
    signature = _signed(own_secrets.of(session, _SECRET, now), fields)
    return base64.urlsafe_b64encode(fields + signature).decode().rstrip("=")


def read(session: Session, token: str, now: datetime) -> Ticket | None:
    """Return what a token says; None if it is forged, broken or too old."""
    secret = own_secrets.known(session, _SECRET)
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    fields, signature = content[: _FIELDS.size], content[_FIELDS.size :]
    if not secret or not hmac.compare_digest(signature, _signed(secret, fields)):
        return None
    appeal_id, organisation_id, until = _FIELDS.unpack(fields)
    is_good = now < datetime.fromtimestamp(until, UTC)
    return Ticket(appeal_id, organisation_id) if is_good else None


def _signed(secret: str, fields: bytes) -> bytes:
    return hmac.new(secret.encode(), b"link:" + fields, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
