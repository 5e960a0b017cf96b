"""Registered appeals: found by what people remember of them, and one with all that belongs to it."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from intake109.appeals.course import WITH_EXECUTOR, Status
from intake109.appeals.terms.ageing import day_ends
from intake109.catalogue.services import SPHERES
from intake109.model import Place
from intake109.outages import utilities
from intake109.review_ui.context import Context, Here
from intake109.review_ui.control.opened import opened
from intake109.review_ui.desk import case
from intake109.review_ui.desk.ages import aged
from intake109.review_ui.desk.case import Names
from intake109.review_ui.desk.term import in_words
from intake109.review_ui.i18n import words
from intake109.review_ui.office import pages
from intake109.review_ui.viewer import Viewer
from intake109.store import ageing, appeal_search, appeals, organisations, outages
from intake109.store.appeal_search import Age, Wanted

router = APIRouter(prefix="/appeals")
_PAGE = 50
_STATUSES = tuple(Status)
_AGES = ("red", "yellow", "long_term")
_NUMBER = re.compile(r"(?:№\s*)?(\d{4}-\d{6})")
_SURE_SERVICE = 0.5
_MOST_SERVICES = 8


@router.get("")
def show(
    request: Request,
    viewer: pages.CaseReader,
    here: Here,
    q: str = "",
    status: str = "",
    sphere: str = "",
    executor: str = "",
    before: str = "",
    age: str = "",
) -> Response:
    """Show appeals, newest first, of an age with the most late first; a whole number opens its appeal at once."""
    if _has_own_pages(here, viewer):
        return RedirectResponse("/work", 303)
    whole = _NUMBER.fullmatch(q.strip())
    wanted = _wanted(here, viewer, q.strip()[:200], status, sphere, executor, age)
    with here.parts.database.read() as session:
        if whole and appeals.by_number(session, whole[1]) is not None:
            return RedirectResponse(f"/appeals/{whole[1]}", 303)
        found = appeal_search.page(session, wanted, before_id=pages.number_of(before), limit=_PAGE + 1)
        reporters = appeals.count_reporters(session, [row.id for row in found if row.id is not None])
        executors = appeal_search.executors(session)
        aged_by_id = aged(session, found, viewer, here.parts.rules, here.now)
        ages = ageing.count(session, here.now, day_ends(here.parts.rules.zone, here.now))
    return pages.page(
        request,
        here,
        viewer,
        "operations/appeals.html",
        rows=found[:_PAGE],
        more=found[_PAGE - 1].id if len(found) > _PAGE else None,
        reporters=reporters,
        q=q.strip()[:200],
        chosen_status=status if status in _STATUSES else "",
        sphere=wanted.sphere,
        executor=wanted.executor,
        statuses=_STATUSES,
        executors=executors,
        names=Names(here.parts.catalogue, viewer.language),
        spheres=here.parts.catalogue.spheres,
        aged=aged_by_id,
        ages=None if viewer.role == "executor" else ages,
        age=age if age in _AGES else "",
    )


@router.get("/{number}")
def show_one(request: Request, viewer: pages.CaseReader, here: Here, number: str) -> Response:
    """Show one appeal."""
    if _has_own_pages(here, viewer):
        return RedirectResponse(f"/work/{number}" if _NUMBER.fullmatch(number) else "/work", 303)
    is_executor = viewer.role == "executor"
    with here.parts.database.read() as session:
        found = case.read(session, number, Names(here.parts.catalogue, viewer.language), is_executor=is_executor)
        outage = outages.of_appeal(session, found.appeal.id or 0)
        control = opened(session, found, here.parts.rules.zone, here.now) if viewer.can_control else None
        age = aged(session, [found.appeal], viewer, here.parts.rules, here.now)[found.appeal.id or 0]
    return pages.page(
        request,
        here,
        viewer,
        "operations/appeal.html",
        case=found,
        is_executor=is_executor,
        opened=control,
        aged=age,
        why=in_words(found.appeal.deadline_why, words(viewer.language)),
        outage=outage,
        outage_what=utilities.off(outage.services, here.parts.catalogue, viewer.language) if outage else "",
    )


def _has_own_pages(here: Context, viewer: Viewer) -> bool:
    """Say whether somebody sees the appeals of one organisation only, on pages made for it."""
    if viewer.role != "executor":
        return False
    with here.parts.database.read() as session:
        return bool(viewer.organisation) or organisations.is_any(session)


def _wanted(here: Context, viewer: Viewer, text: str, status: str, sphere: str, executor: str, age: str) -> Wanted:
    edition = here.parts.current.edition()
    searches = (edition.search, edition.past) if len(text) > 2 else ()
    hits = [hit for search in searches for hit in search.search(text, viewer.language, _MOST_SERVICES)]
    executors = edition.catalogue.executors.keys() | edition.catalogue.retired.executors.keys()
    statuses = (status,) if status in _STATUSES else ()
    place = here.parts.classify(text).place if text else Place()
    return Wanted(
        text=text,
        place_key=place.key,
        street=place.street,
        services=tuple(hit.code for hit in hits if hit.score >= _SURE_SERVICE),
        statuses=tuple(WITH_EXECUTOR) if viewer.role == "executor" else statuses,
        sphere=sphere if sphere in SPHERES else "",
        executor=executor if executor in executors else "",
        age=Age(age, here.now, day_ends(here.parts.rules.zone, here.now)) if age in _AGES else None,
    )
