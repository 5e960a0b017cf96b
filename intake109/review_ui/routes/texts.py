"""The texts citizens and executors read, in the words of the city; edited by administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from intake109.outbox import wording
from intake109.review_ui.context import Context, Here
from intake109.review_ui.office import pages
from intake109.review_ui.viewer import Viewer
from intake109.review_ui.voice.texts import LANGUAGES, Typed, overview, show

router = APIRouter(prefix="/texts")
Field = Annotated[str, Form()]
_LOOK = "look"


@router.get("")
def show_all(request: Request, viewer: pages.Administrator, here: Here) -> Response:
    """Show every text by subject."""
    with here.parts.database.read() as session:
        found = overview(session, viewer.language)
    return pages.page(request, here, viewer, "voice/texts.html", subjects=found)


@router.get("/{name}")
def show_one(request: Request, viewer: pages.Administrator, here: Here, name: str) -> Response:
    """Show one text in all languages, side by side."""
    return _page(request, here, viewer, name, None, 200)


@router.post("/{name}")
def save(
    request: Request,
    viewer: pages.Administrator,
    here: Here,
    name: str,
    act: Field = "",
    kk: Field = "",
    ru: Field = "",
    en: Field = "",
    template: Field = "",
    template_buttons: Field = "",
    appeal: Field = "",
    note: Field = "",
    number: Annotated[int, Form()] = 0,
) -> Response:
    """Keep a wording, or only look at it; what is wrong with it stands beside it, and nothing typed is lost."""
    content, buttons = {"kk": kk, "ru": ru, "en": en}, template_buttons if template.strip() else ""
    typed = Typed({one: text.replace("\r\n", "\n") for one, text in content.items()}, template.strip(), appeal, buttons)
    is_refused = any(one.fault.is_refused for one in wording.examine(name, typed.content))
    if act == _LOOK or is_refused:
        return _page(request, here, viewer, name, typed, 422 if is_refused and act != _LOOK else 200)
    with here.parts.database.write() as session:
        wording.save(
            session,
            *(name, typed.content, typed.template, number, viewer.user_id, note, here.now),
            template_buttons=buttons,
        )
    return RedirectResponse(f"/texts/{name}?done=text_saved", 303)


@router.post("/{name}/restore")
def restore(viewer: pages.Administrator, here: Here, name: str, number: Annotated[int, Form()] = 0) -> Response:
    """Let the shipped text hold again."""
    with here.parts.database.write() as session:
        wording.restore(session, name, number, viewer.user_id, here.now)
    return RedirectResponse(f"/texts/{name}?done=text_restored", 303)


def _page(request: Request, here: Context, viewer: Viewer, name: str, typed: Typed | None, status: int) -> Response:
    parts = here.parts
    with parts.database.read() as session:
        found = show(session, name, typed, parts.catalogue, parts.config.city.zone, here.now)
    return pages.page(
        request,
        here,
        viewer,
        "voice/text.html",
        status=status,
        text=found,
        is_typed=typed is not None,
        languages_shown=LANGUAGES,
    )
