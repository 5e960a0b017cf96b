"""Where the city's registry posts what became of an appeal. The signature over the raw bytes is the proof.

It is answered only after the commit. 200 says that it is kept (or was kept before), or that nothing was waited for any
more; 4xx that sending it again as it is cannot help; anything else that it should come again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import structlog
from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlmodel import col
from starlette.requests import ClientDisconnect

from intake109.appeals.work import answers
from intake109.appeals.work.answers import Enclosed, Said, Via
from intake109.collectors.registry import RegistryWebhook, Told
from intake109.errors import ConflictError, IntakeError, MediaError, NotFoundError, PayloadError
from intake109.review_ui.access.security import status_of
from intake109.review_ui.context import Context, Here
from intake109.review_ui.incoming import body as raw
from intake109.review_ui.work.answering import KEPT_FILES
from intake109.store import appeals, organisations
from intake109.store.tables import AppealRow

router = APIRouter(prefix="/webhooks", include_in_schema=False)
log = structlog.get_logger(__name__)
_LIMIT_BYTES = 40 * 2**20


@router.post("/registry")
async def receive(request: Request, here: Here) -> Response:
    """Take a status or an answer."""
    try:
        return JSONResponse(await _answer(request, here))
    except ClientDisconnect:
        return Response(status_code=400)
    except SQLAlchemyError as error:
        log.error("registry's message not stored", problem=type(error).__name__)
        return JSONResponse({"error": "not stored, send again"}, 503, {"Retry-After": "5"})
    except ConflictError as error:  # late news: nothing is waited for, and sending it again cannot help
        return JSONResponse({"applied": False, "reason": str(error)})
    except IntakeError as error:
        status = status_of(error)
        log.warning("registry's message refused", status=status)
        return JSONResponse({"error": str(error)}, status)


async def _answer(request: Request, here: Context) -> dict[str, object]:
    settings = here.parts.config.registry
    if not settings.url:
        raise NotFoundError("no registry is set up here")
    webhook = RegistryWebhook(settings, here.parts.clock)
    body = await raw.read(request, _LIMIT_BYTES)
    if body is None:
        raise PayloadError(f"the body is larger than {_LIMIT_BYTES // 2**20} MB")
    await to_thread.run_sync(webhook.verify, dict(request.headers), body)
    told = await to_thread.run_sync(webhook.read, body)
    files = await _files(here, told)
    return await to_thread.run_sync(_take, here, told, files)


def _take(here: Context, told: Told, files: tuple[Enclosed, ...]) -> dict[str, object]:
    key = f"registry:{told.key}"
    with here.parts.database.write() as session:
        appeal = _appeal(session, told)
        assert appeal.id is not None
        if told.event == "in_work":
            answers.take(session, appeal.id, None, here.now)
        elif told.event == "returned":
            answers.give_back(session, appeal.id, told.text, None, here.now, Via.REGISTRY, key)
        else:
            said = Said(told.text, told.acted_on, told.promised_on, files, Via.REGISTRY, external_key=key)
            answers.receive(session, appeal.id, said, here.parts.rules.setting, here.now)
    return {"applied": True, "number": appeal.number}


def _appeal(session: Session, told: Told) -> AppealRow:
    """Return the appeal told of, if it is with an organisation that works through the registry.

    Raises:
        NotFoundError: it is not; the registry has no word in it.
        ConflictError: it lies in another case, which is somebody else's work.
    """
    named = col(AppealRow.external_number) if told.is_external else col(AppealRow.number)
    found = session.execute(select(AppealRow).where(named == told.number).limit(1)).scalar()
    whose = organisations.by_code(session, found.organisation) if found is not None else None
    if found is None or whose is None or whose.way != "registry":
        raise NotFoundError(f"the appeal {told.number} is not with the registry")
    if found.merged_into is not None:
        raise ConflictError(f"the appeal {found.number} was merged into another one")
    return appeals.lock(session, found.id or 0)


async def _files(here: Context, told: Told) -> tuple[Enclosed, ...]:
    found = []
    for name, content in told.files:
        stored = await here.parts.files.put(_whole(content), stated_bytes=len(content))
        if stored.mime not in KEPT_FILES:
            raise MediaError("an answer takes pictures and PDFs", permanent=True)
        found.append(Enclosed(stored.sha256, stored.mime, name))
    return tuple(found)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
