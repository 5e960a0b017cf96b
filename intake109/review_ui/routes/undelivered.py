"""Messages that no machine could deliver: a person tells it by another way or has it tried again."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from intake109.model import Channel
from intake109.outbox import by_hand
from intake109.outbox.letters import Purpose
from intake109.review_ui.context import Here
from intake109.review_ui.desk.case import Names
from intake109.review_ui.office import pages, person
from intake109.store import organisations, replies, undelivered
from intake109.store.tables import OrganisationRow
from intake109.store.undelivered import Undelivered

router = APIRouter(prefix="/outbox")
_PAGE = 30
_TO_EXECUTORS = frozenset({Purpose.FORWARD, Purpose.LETTER, Purpose.REMINDER, Purpose.WITHDRAWAL, Purpose.RENEWAL})


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as the page shows it; `link` leads to the citizen's post, `person` to the citizen.

    `to` is where it went that is for no citizen: a mailbox or a chat's id of the staff, an executor's name and address.
    """

    owed: Undelivered
    link: str
    person: str
    to: str

    @property
    def is_executors(self) -> bool:
        return self.owed.row.purpose in _TO_EXECUTORS


@router.get("")
def show(
    request: Request,
    viewer: pages.Runner,
    here: Here,
    state: str = "",
    channel: str = "",
    before: str = "",
    wrong: str = "",
) -> Response:
    """Show what waits for a person, newest first."""
    wanted_state = state if state in undelivered.STATES else ""
    wanted_channel = channel if channel in set(Channel) else ""
    with here.parts.database.read() as session:
        found = undelivered.page(
            session,
            state=wanted_state,
            channel=wanted_channel,
            before_id=pages.number_of(before),
            limit=_PAGE + 1,
        )
        known = {one.code: one for one in organisations.all_of(session)}
        is_first = not (wanted_state or wanted_channel or before)
        came = replies.waiting_for_a_person(session) if is_first else []
    names = Names(here.parts.catalogue, viewer.language)
    return pages.page(
        request,
        here,
        viewer,
        "operations/outbox.html",
        letters=[_letter(one, names, known) for one in found[:_PAGE]],
        more=found[_PAGE - 1].row.id if len(found) > _PAGE else None,
        state=wanted_state,
        channel=wanted_channel,
        states=undelivered.STATES,
        channels=list(Channel),
        replies=[(row, appeal, known.get(row.organisation)) for row, appeal in came],
        wrong=pages.number_of(wrong),
        names=names,
    )


@router.post("/{row_id}/sent")
def sent(viewer: pages.Runner, here: Here, row_id: int) -> Response:
    """Note that the citizen has been told by another way."""
    with here.parts.database.write() as session:
        by_hand.sent_by_hand(session, row_id, viewer.user_id, here.now)
    return RedirectResponse("/outbox?done=sent&n=1", 303)


@router.post("/{row_id}/again")
def again(viewer: pages.Runner, here: Here, row_id: int) -> Response:
    """Have it tried again."""
    with here.parts.database.write() as session:
        by_hand.try_again(session, row_id, viewer.user_id, here.now)
    return RedirectResponse("/outbox?done=again&n=1", 303)


def _letter(owed: Undelivered, names: Names, known: dict[str, OrganisationRow]) -> Letter:
    link = owed.mention.permalink if owed.mention else ""
    return Letter(
        owed,
        link if link.startswith(("https://", "http://")) else "",
        person.link(owed.conversation),
        _to(owed, names, known),
    )


def _to(owed: Undelivered, names: Names, known: dict[str, OrganisationRow]) -> str:
    if owed.row.purpose in _TO_EXECUTORS and owed.row.channel == Channel.MANUAL.value:
        organisation = known.get(owed.row.address)
        return names.organisation(organisation) if organisation else names.executor(owed.row.address)
    if owed.row.purpose != Purpose.ALERT.value and owed.row.purpose not in _TO_EXECUTORS:
        return ""
    told = json.loads(owed.row.address)
    address = str(told.get("to") or told.get("chat_id") or told.get("organisation") or "")
    whose = known.get(owed.appeal.organisation) if owed.appeal and owed.row.purpose in _TO_EXECUTORS else None
    return f"{names.organisation(whose)} · {address}" if whose else address
