"""Appeals that are one case: looked for, merged, split, and one citizen given an appeal of its own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from intake109.appeals import merging
from intake109.appeals.registration import Case
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.model import Place
from intake109.queue.decisions import service_of
from intake109.review_ui.access.auth import Inspector
from intake109.review_ui.context import Context, Here
from intake109.review_ui.desk import merging as desk
from intake109.review_ui.desk.case import Names
from intake109.review_ui.office import pages
from intake109.review_ui.viewer import Viewer
from intake109.store import appeal_search, appeals, merges
from intake109.store.appeal_search import Wanted
from intake109.store.tables import AppealRow, MentionRow

router = APIRouter(prefix="/appeals/{number}")
_MOST = 24
Number = Annotated[str, Query(max_length=20)]


@router.get("/merge")
def choose(
    request: Request,
    viewer: Inspector,
    here: Here,
    number: str,
    q: Annotated[str, Query(max_length=200)] = "",
    into: Number = "",
) -> Response:
    """Show what an appeal may be merged into, and what that would mean for the chosen one."""
    rules, text = here.parts.rules, q.strip()
    place = here.parts.classify(text).place if text else Place()
    plan, refusal = None, ""
    with here.parts.database.read() as session:
        appeal = desk.appeal_of(session, number)
        found = _search(here, text, place) if text else desk.near(session, appeal, rules)
        options = desk.options(session, appeal, found, rules)
        if into:
            try:
                plan = merging.plan(session, number, into)
            except RefusedError as error:
                refusal = error.field
            except (ConflictError, NotFoundError):
                refusal = "number"
    return _page(request, here, viewer, "merge", appeal=appeal, options=options, q=text, plan=plan, refusal=refusal)


@router.post("/merge")
def merge(viewer: Inspector, here: Here, number: str, into: Annotated[str, Form(max_length=20)]) -> Response:
    """Merge an appeal and show the case that counts."""
    with here.parts.database.write() as session:
        setting = here.parts.rules.setting
        root = merging.merge(session, number, into, viewer.user_id, setting, here.now).number
    return RedirectResponse(f"/appeals/{root}?done=merged", 303)


@router.get("/split")
def consider(request: Request, viewer: Inspector, here: Here, number: str) -> Response:
    """Show what a split brings back, and who joined since and stays unless ticked."""
    with here.parts.database.read() as session:
        appeal = desk.appeal_of(session, number)
        row = merges.standing(session, appeal.id or 0)
        if row is None:
            return RedirectResponse(f"/appeals/{number}", 303)
        root = appeals.live(session, appeal)
        joined = desk.joined_since(session, row, root)
        own = merges.of_appeals(session, [appeal.id or 0, *merges.brought(session, appeal.id or 0, root.id or 0)])
    return _page(request, here, viewer, "split", appeal=appeal, root=root, joined=joined, own=len(own))


@router.post("/split")
def split(
    viewer: Inspector, here: Here, number: str, taking: Annotated[list[int] | None, Form(max_length=500)] = None
) -> Response:
    """Take an appeal off its case and show it."""
    with here.parts.database.write() as session:
        merging.split(session, number, viewer.user_id, here.parts.rules.setting, here.now, taking or [])
    return RedirectResponse(f"/appeals/{number}?done=split", 303)


@router.get("/part/{reporter_id}")
def look(request: Request, viewer: Inspector, here: Here, number: str, reporter_id: int) -> Response:
    """Show one citizen of a case and the form of the appeal that citizen would get."""
    with here.parts.database.read() as session:
        appeal = appeals.live(session, desk.appeal_of(session, number))
        row = next((one for one in appeals.reporters(session, appeal.id or 0) if one.id == reporter_id), None)
        if row is None:
            raise NotFoundError("this citizen is no reporter of the appeal")
        mention = session.get_one(MentionRow, row.mention_id)
    return _page(
        request,
        here,
        viewer,
        "part",
        appeal=appeal,
        row=row,
        mention=mention,
        services=_services(here, appeal, mention),
    )


@router.post("/part/{reporter_id}")
def part(
    viewer: Inspector,
    here: Here,
    number: str,
    reporter_id: int,
    service: Annotated[str, Form(max_length=40)],
    address: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Give one citizen an appeal of its own and show it."""
    rules = here.parts.rules
    chosen = service_of(rules.catalogue, service)
    place = here.parts.classify(address).place if address.strip() else Place()
    case = Case(chosen, chosen.is_incident, address=address.strip(), place_key=place.key)
    with here.parts.database.write() as session:
        own = merging.part(session, number, reporter_id, case, viewer.user_id, rules.setting, here.now).number
    return RedirectResponse(f"/appeals/{own}?done=parted", 303)


def _search(here: Context, text: str, place: Place) -> list[AppealRow]:
    wanted = Wanted(text=text.lstrip("№# "), place_key=place.key, street=place.street)
    with here.parts.database.read() as session:
        return appeal_search.page(session, wanted, limit=_MOST)


def _services(here: Context, appeal: AppealRow, mention: MentionRow) -> list[str]:
    """Return the services to choose from, first what the citizen's own words tell."""
    told = [str(one["code"]) for one in mention.verdict.get("services", [])]
    known = here.parts.rules.catalogue.services
    return [code for code in dict.fromkeys((*told, appeal.service)) if code in known]


def _page(request: Request, here: Context, viewer: Viewer, name: str, **values: object) -> Response:
    names = Names(here.parts.catalogue, viewer.language)
    return pages.page(request, here, viewer, f"operations/{name}.html", status=200, names=names, **values)
