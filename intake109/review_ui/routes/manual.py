"""A post seen anywhere, put into the queue by hand: link, text or screenshot; doubles are shown before it is sent."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from intake109.collectors import manual
from intake109.collectors.manual import PLATFORMS, Entry, StoredFile
from intake109.dedup.fingerprint import text_hash
from intake109.dedup.originals import WINDOW
from intake109.errors import MediaError
from intake109.media.files import PICTURES
from intake109.model import Channel
from intake109.review_ui.access.auth import Inspector
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk.doubles import Double, doubles
from intake109.review_ui.rendering import is_part
from intake109.store import events, mentions, tasks

router = APIRouter()
_MOST_FILES = 6
_CHUNK = 64 * 1024


class EntryFields(BaseModel):
    """The form as it is sent. `kept` are files stored by an earlier try, so that nothing has to be chosen twice."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    id: str = Field(default_factory=lambda: secrets.token_urlsafe(12), pattern=r"^[\w-]{6,40}$")
    link: str = Field(default="", max_length=1000)
    text: str = Field(default="", max_length=8000)
    author: str = Field(default="", max_length=200)
    platform: str = Field(default="", max_length=20)
    kept: list[str] = Field(default_factory=list, max_length=_MOST_FILES)
    is_confirmed: bool = False


@router.get("/new")
def show(request: Request, viewer: Inspector, here: Here) -> Response:
    """Show an empty form."""
    return _page(request, here, EntryFields())


@router.get("/new/doubles")
def find_doubles(
    request: Request,
    viewer: Inspector,
    here: Here,
    link: Annotated[str, Query(max_length=1000)] = "",
    text: Annotated[str, Query(max_length=8000)] = "",
) -> Response:
    """Return what is in the queue already and looks the same; asked while the form is being filled."""
    found = _doubles(here, link, text)
    return here.pages.show(request, "desk/_doubles.html", here.now, doubles=found, platform=manual.platform_of(link))


@router.post("/new")
async def enter(
    request: Request,
    viewer: Inspector,
    here: Here,
    fields: Annotated[EntryFields, Form()],
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Store the entry as an event like any other; the pipeline carries it to the queue."""
    kept = [file for one in fields.kept if (file := _kept(one)) is not None]
    try:
        kept += [await _store(here, file) for file in (files or [])[:_MOST_FILES] if file.filename or file.size]
    except MediaError:
        return await to_thread.run_sync(lambda: _page(request, here, fields, kept, error="refused.file", status=422))
    entry = Entry(fields.id, fields.link, fields.text, fields.author, fields.platform, tuple(kept))
    error = _problem(entry)
    if error:
        return await to_thread.run_sync(lambda: _page(request, here, fields, kept, error=error, status=422))
    return await to_thread.run_sync(lambda: _save(request, here, viewer.user_id, fields, entry))


@router.get("/new/wait")
def wait(request: Request, viewer: Inspector, here: Here, key: Annotated[str, Query(max_length=1200)]) -> Response:
    """Wait until the pipeline has carried the entry to the queue, then open its task."""
    with here.parts.database.read() as session:
        mention = mentions.by_key(session, Channel.MANUAL, key)
        task = tasks.of_mention(session, mention.id) if mention is not None and mention.id is not None else None
    if task is None:
        template = "desk/_wait.html" if is_part(request) else "desk/wait.html"
        return here.pages.show(request, template, here.now, entry_key=key)
    if is_part(request):
        return Response(status_code=204, headers={"HX-Redirect": f"/tasks/{task.id}"})
    return RedirectResponse(f"/tasks/{task.id}", 303)


def _save(request: Request, here: Context, user_id: int, fields: EntryFields, entry: Entry) -> Response:
    found = _doubles(here, entry.link, entry.text)
    if found and not fields.is_confirmed:
        return _page(request, here, fields, list(entry.files), found=found)
    now = here.now
    has_link = any(one.is_same_link for one in found)
    event = manual.event_of(
        Entry(entry.id, entry.link, entry.text, entry.author, entry.platform, entry.files, is_another=has_link),
        user_id,
        now,
    )
    with here.parts.database.write() as session:
        events.save_batch(session, [event], now)
    return RedirectResponse(f"/new/wait?key={quote(event.key, safe='')}", 303)


def _page(
    request: Request,
    here: Context,
    fields: EntryFields,
    kept: list[StoredFile] | None = None,
    *,
    found: list[Double] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    packed = [(file, json.dumps([file.sha256, file.mime, file.name, file.size_bytes])) for file in kept or []]
    return here.pages.show(
        request,
        "new.html",
        here.now,
        status=status,
        fields=fields,
        kept=packed,
        doubles=found or [],
        platforms=PLATFORMS,
        platform=fields.platform or manual.platform_of(fields.link),
        error=error,
    )


def _problem(entry: Entry) -> str:
    if entry.link and not manual.normal_link(entry.link):
        return "refused.link"
    return "" if entry.link or entry.text or entry.files else "refused.what"


def _doubles(here: Context, link: str, text: str) -> list[Double]:
    since = here.now - max(WINDOW, timedelta(days=14))
    with here.parts.database.read() as session:
        return doubles(session, manual.links_like(link), text_hash(text), since)


async def _store(here: Context, file: UploadFile) -> StoredFile:
    """Put an upload into the store.

    Raises:
        MediaError: it is too large, or no picture.
    """
    stored = await here.parts.files.put(_chunks(file), stated_bytes=file.size)
    if stored.mime not in PICTURES:
        raise MediaError("a screenshot must be a picture", permanent=True)
    return StoredFile(stored.sha256, stored.mime, (file.filename or "")[:200], stored.size_bytes)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


def _kept(packed: str) -> StoredFile | None:
    """Read a file kept by an earlier try; what makes no sense is left out."""
    try:
        sha256, mime, name, size = json.loads(packed)
        return StoredFile(str(sha256), str(mime), str(name), int(size))
    except (ValueError, TypeError, ValidationError):
        return None
