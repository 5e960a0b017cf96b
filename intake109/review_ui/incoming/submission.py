"""The fields of the public form as a browser sends them, read with limits on everything."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message

from intake109.collectors.website import HONEYPOT, FormPhoto, FormSubmission
from intake109.collectors.website.parser import PHOTOS
from intake109.review_ui.incoming import body as raw

_DRAIN_BYTES = 100 * 2**20
_PART_BYTES = 256 * 1024
_FIELDS = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent; `honeypot` is empty unless a robot filled the form."""

    form: FormSubmission
    honeypot: str = ""


async def read(request: Request, language: str, limit_bytes: int) -> Sent | None:
    """Return the submission, None if all of it together is larger than the limit.

    Raises:
        HTTPException: 400, the body is no form.
    """
    body = await raw.read(request, limit_bytes, drain_bytes=_DRAIN_BYTES)
    if body is None:
        return None

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    sent = Request(request.scope, again)
    async with sent.form(max_files=PHOTOS * 2, max_fields=_FIELDS, max_part_size=_PART_BYTES) as fields:
        form = _words(fields, language)
        return Sent(replace(form, photos=await _photos(fields)), _text(fields, HONEYPOT))


def blank(token: str) -> FormSubmission:
    """Return the form as it is first shown."""
    return FormSubmission(token=token, text="", consent=False)


def _words(fields: FormData, language: str) -> FormSubmission:
    return FormSubmission(
        token=_text(fields, "token"),
        text=_text(fields, "text"),
        consent=_text(fields, "consent") == "yes",
        language=language,
        name=_text(fields, "name"),
        phone=_text(fields, "phone"),
        email=_text(fields, "email"),
        address=_text(fields, "address"),
    )


def _text(fields: FormData, name: str) -> str:
    """Return a field; browsers send line ends as CR LF, and PostgreSQL refuses NUL."""
    value = fields.get(name, "")
    return value.replace("\r\n", "\n").replace("\x00", "") if isinstance(value, str) else ""


async def _photos(fields: FormData) -> tuple[FormPhoto, ...]:
    found = []
    for file in fields.getlist("photos"):
        if isinstance(file, UploadFile) and file.size:
            found.append(FormPhoto(await file.read(), file.content_type or "", file.filename or ""))
    return tuple(found)
