"""What an executor does with one appeal: takes it, answers with days and photos, gives it back. By login or by link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from anyio import to_thread
from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message

from intake109.appeals.work import answers
from intake109.appeals.work.answers import Enclosed, Said
from intake109.errors import ConflictError, MediaError, NotFoundError, RefusedError
from intake109.media.files import PICTURES
from intake109.review_ui.context import Context
from intake109.review_ui.incoming import body as raw
from intake109.store import appeals
from intake109.store.tables import AppealRow

MOST_FILES = 6
LONGEST_TEXT = 4000
KEPT_FILES = PICTURES | {"image/heic", "application/pdf"}
_CHUNK = 256 * 1024
_FIELDS = 12
_DRAIN_BYTES = 100 * 2**20
_WRONG = frozenset({"text", "acted_on", "promised_on", "why", "files"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and how: `user_id` is None for who came by a link. `organisation` is whose the appeal must still be."""

    organisation: str
    via: str
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act: `done` names it, else `wrong` what was wrong and `kept` holds what was typed."""

    done: str = ""
    wrong: str = ""
    kept: dict[str, str] | None = None

    @property
    def status(self) -> int:
        return 409 if self.wrong == "moved" else 422


async def limited(request: Request, limit_bytes: int) -> Request | None:
    """Return a request whose body is read up to a limit, None if it is larger: who comes by a link has no account."""
    body = await raw.read(request, limit_bytes, drain_bytes=_DRAIN_BYTES)
    if body is None:
        return None

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, again)


async def act(request: Request, here: Context, appeal_id: int, actor: Actor, what: str) -> Outcome:
    """Do what the form of a page asks for, and say what became of it.

    Args:
        what: take, answer or return.

    Raises:
        NotFoundError: there is no such act, or the appeal has left the organisation.
    """
    if what not in ("take", "answer", "return"):
        raise NotFoundError(f"there is no act {what}")
    async with request.form(max_files=MOST_FILES * 2, max_fields=_FIELDS) as fields:
        kept = {name: _text(fields, name) for name in ("text", "acted_on", "promised_on", "why", "once")}
        try:
            enclosed = await _files(here, fields) if what == "answer" else ()
            await to_thread.run_sync(_write, here, appeal_id, actor, what, kept, enclosed)
        except (RefusedError, MediaError) as error:
            field = error.field if isinstance(error, RefusedError) else "files"
            return Outcome(wrong=field if field in _WRONG else "other", kept=kept)
        except NotFoundError:
            raise
        except ConflictError:
            return Outcome(wrong="moved", kept=kept)
    return Outcome(done={"take": "taken", "answer": "answered", "return": "returned"}[what])


def _write(
    here: Context, appeal_id: int, actor: Actor, what: str, told: dict[str, str], files: tuple[Enclosed, ...]
) -> None:
    setting = here.parts.rules.setting
    with here.parts.database.write() as session:
        _require_own(appeals.lock(session, appeal_id), actor)
        if what == "take":
            answers.take(session, appeal_id, actor.user_id, here.now)
        elif what == "return":
            answers.give_back(session, appeal_id, told["why"], actor.user_id, here.now, actor.via)
        else:
            once = f"{actor.via}:{appeal_id}:{told['once']}" if told["once"] else None
            said = Said(
                told["text"],
                _day(told["acted_on"], "acted_on"),
                _day(told["promised_on"], "promised_on"),
                files,
                actor.via,
                actor.user_id,
                once,
            )
            answers.receive(session, appeal_id, said, setting, here.now)


def _require_own(appeal: AppealRow, actor: Actor) -> None:
    """Refuse what came after the appeal went to somebody else: the page may have been open for hours."""
    if appeal.organisation != actor.organisation or appeal.merged_into is not None:
        raise ConflictError(f"the appeal {appeal.number} is not with {actor.organisation} any more")


async def _files(here: Context, fields: FormData) -> tuple[Enclosed, ...]:
    sent = [one for one in fields.getlist("files") if isinstance(one, UploadFile) and one.size]
    if len(sent) > MOST_FILES:
        raise MediaError("too many files", permanent=True)
    found = []
    for file in sent:
        stored = await here.parts.files.put(_chunks(file), stated_bytes=file.size)
        if stored.mime not in KEPT_FILES:
            raise MediaError("an answer takes pictures and PDFs", permanent=True)
        found.append(Enclosed(stored.sha256, stored.mime, (file.filename or "")[:200]))
    return tuple(found)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


def _text(fields: FormData, name: str) -> str:
    value = fields.get(name, "")
    return value.replace("\r\n", "\n").replace("\x00", "").strip()[:LONGEST_TEXT] if isinstance(value, str) else ""


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RefusedError(field, "write a day as 2026-11-20") from error
