"""A house: what is open there, what was there, and how a typed address reads as a place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from intake109.catalogue.text import fold
from intake109.dedup.whereabouts import Whereabouts, whereabouts
from intake109.errors import NotFoundError
from intake109.model import Place
from intake109.review_ui.access.auth import Reader
from intake109.review_ui.context import Here
from intake109.review_ui.desk.likeness import Sought, candidates, where_of
from intake109.review_ui.desk.returning import besides, returned
from intake109.review_ui.desk.told import Told
from intake109.store import appeals, checks, mentions, tasks
from intake109.store.tables import ConversationRow, MentionRow

router = APIRouter()


@router.get("/tasks/{task_id}/similar")
def similar(
    request: Request,
    task_id: int,
    viewer: Reader,
    here: Here,
    service: Annotated[str, Query(max_length=40)] = "",
    address: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Return the appeals this one may belong to, for the address and the service chosen so far.

    The address is read as a place the same way as the citizens' texts are, so that both meet at the same key.
    """
    place = here.parts.classify(address).place if address.strip() else Place()
    with here.parts.database.read() as session:
        task = tasks.by_id(session, task_id)
        if task is None:
            raise NotFoundError(f"there is no task {task_id}")
        mention = session.get(MentionRow, task.mention_id)
        assert mention is not None
        conversation = session.get(ConversationRow, mention.conversation_id)
        assert conversation is not None
        earlier = appeals.of_citizen(session, mentions.conversations_of_author(session, conversation))
        is_checking = checks.is_unchecked(task)
        is_open = task.decided_at is None or is_checking  # what a person registered is not attached any more
        typed = whereabouts(place)
        sought = Sought(task, mention, service, typed if typed != Whereabouts() else where_of(task))
        back = returned(session, sought, here.parts.rules, here.now)
        found = candidates(session, sought, earlier, here.parts.rules, here.now) if is_open else []
    told = Told(here.parts.rules, viewer.language)
    return here.pages.show(
        request,
        "desk/_similar.html",
        here.now,
        candidates=besides(found, back),
        returned=back,
        told=told,
        place_key=place.key,
        is_checking=is_checking,
        accepted=bool(place.key),
        canonical=place.normalised if _is_other_name(place.normalised, address) else "",
    )


def _is_other_name(canonical: str, address: str) -> bool:
    """Say whether the city writes a typed address with other words; marks and the words "ул., дом" do not count."""
    typed = set(fold(address).split())
    return not set(fold(canonical).split()) <= typed
