"""The embedded form: what keeps robots out, and how a submission becomes the same event as from the JSON endpoint.

Pure: the web app owns the route, reads the fields, and asks here. No captcha: a citizen who smells gas is not asked to
count traffic lights.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from intake109.collectors.base import digest
from intake109.collectors.payload import moment_of, text_of
from intake109.collectors.website.parser import PHOTO_LIMIT_BYTES, PHOTOS
from intake109.errors import PayloadError, RefusedError
from intake109.model import Channel, Event

SOURCE = "website.form"
HONEYPOT = "contact_me_by_fax"
"""A field no person sees (hidden by CSS, out of the tab order, autocomplete off) and no browser fills by itself."""
OLDEST = timedelta(hours=2)
TEXT_LIMIT = 8000
FIELD_LIMIT = 300


class FormRefusal(StrEnum):
    """Why a form is not taken; the web app words it in the citizen's language."""

    FORGED = "forged"
    TOO_QUICK = "too_quick"
    TOO_OLD = "too_old"
    ROBOT = "robot"
    NO_CONSENT = "no_consent"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY_PHOTOS = "too_many_photos"
    PHOTO_TOO_BIG = "photo_too_big"


class FormRefusedError(RefusedError):
    """A form that is not taken, with the field and the reason."""

    def __init__(self, field: str, why: FormRefusal) -> None:
        super().__init__(field, f"the form is not taken: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class FormPhoto:
    """A file chosen in the form, already read."""

    content: bytes
    mime: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class FormSubmission:
    """The fields of the form as the citizen sent them; `token` is the one the form was shown with."""

    token: str
    text: str
    consent: bool
    language: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    photos: tuple[FormPhoto, ...] = ()


def form_token(secret: str, now: datetime) -> str:
    """Return a token for a form shown at `now`: epoch second, a random part, and our mark over both."""
    head = f"{int(now.timestamp())}.{secrets.token_hex(8)}"
    return f"{head}.{_mark(secret, head)}"


def check_form_token(secret: str, token: str, now: datetime, least_fill: timedelta) -> None:
    """Return if the form was shown by us between `least_fill` and two hours ago, both included.

    Raises:
        FormRefusedError: forged, filled quicker than a person writes, or too old (the page is to be loaded anew).
    """
    head, _, mark = token.rpartition(".")
    if not secret or not hmac.compare_digest(mark.encode("utf-8", "replace"), _mark(secret, head).encode()):
        raise FormRefusedError("token", FormRefusal.FORGED)
    try:
        shown_at = moment_of(head.partition(".")[0])
    except PayloadError as error:
        raise FormRefusedError("token", FormRefusal.FORGED) from error
    age = now - shown_at
    if age < least_fill:
        raise FormRefusedError("token", FormRefusal.TOO_QUICK)
    if age > OLDEST:
        raise FormRefusedError("token", FormRefusal.TOO_OLD)


def check_honeypot(fields: Mapping[str, str]) -> None:
    """Return if the hidden field is empty.

    Raises:
        FormRefusedError: it is filled, so no person filled the form.
    """
    if fields.get(HONEYPOT, "").strip():
        raise FormRefusedError(HONEYPOT, FormRefusal.ROBOT)


def events_from_form(form: FormSubmission, now: datetime) -> tuple[Event, ...]:
    """Return the event of a submission made at `now`; the same form sent twice is the same key, so stored once.

    Raises:
        FormRefusedError: no consent, nothing said and nothing shown, or more than the limits.
    """
    _check(form)
    photos = [
        {"data": base64.b64encode(photo.content).decode(), "mime": photo.mime, "name": photo.name}
        for photo in form.photos
    ]
    words = {
        name: text_of(getattr(form, name)).strip()
        for name in ("text", "language", "name", "phone", "email", "address", "latitude", "longitude")
    }
    said = {name: value for name, value in words.items() if value or name == "text"}
    key = "form-" + digest(json.dumps([form.token, said, photos]))
    fields = {"id": key, **said, "photos": photos, "consent": True, "created_at": now.isoformat()}
    return (Event(Channel.WEBSITE, key, json.dumps(fields, ensure_ascii=False), SOURCE),)


def _check(form: FormSubmission) -> None:
    if not form.consent:
        raise FormRefusedError("consent", FormRefusal.NO_CONSENT)
    if not form.text.strip() and not form.photos:
        raise FormRefusedError("text", FormRefusal.EMPTY)
    if len(form.text) > TEXT_LIMIT:
        raise FormRefusedError("text", FormRefusal.TOO_LONG)
    for field in ("name", "phone", "email", "address"):
        if len(getattr(form, field)) > FIELD_LIMIT:
            raise FormRefusedError(field, FormRefusal.TOO_LONG)
    if len(form.photos) > PHOTOS:
        raise FormRefusedError("photos", FormRefusal.TOO_MANY_PHOTOS)
    if any(len(photo.content) > PHOTO_LIMIT_BYTES for photo in form.photos):
        raise FormRefusedError("photos", FormRefusal.PHOTO_TOO_BIG)


def _mark(secret: str, head: str) -> str:
    """Mark under a name of its own: the secret signs the JSON endpoint too, and neither may pass for the other."""
    text = f"form-token:{head}".encode("utf-8", "replace")
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
