"""Answering with an announced outage: by one key the citizen is registered and told, and the appeal is closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals import registration
from intake109.config import Outages
from intake109.errors import NotFoundError, RefusedError
from intake109.outages import texts
from intake109.outages.matching import Phase, phase
from intake109.outbox.letters import Purpose
from intake109.outbox.texts import spoken
from intake109.queue.decisions import Form, Outcome, conclude, service_of, take
from intake109.queue.rules import Rules
from intake109.store import audit, outages
from intake109.store.tables import AppealRow, ConversationRow, MentionRow, OutageRow

REASON = "outage"
"""Why a task was answered: the outage was known."""


def answer(
    session: Session, task_id: int, user_id: int, outage_id: int, rules: Rules, times: Outages, now: datetime
) -> AppealRow:
    """Register a citizen's question about an outage, answer it in the citizen's language and close it.

    Raises:
        NotFoundError: there is no such task, or no such outage.
        ConflictError: somebody else decided the task or holds it.
        RefusedError: the outage is over by now, or it is danger, which no announcement explains.
    """
    outage = session.get(OutageRow, outage_id)
    if outage is None:
        raise NotFoundError(f"there is no outage {outage_id}")
    if phase(outage, times, now) is not Phase.NOW:
        raise RefusedError("outage_over", "this outage is over by now; register the appeal")
    task, mention = take(session, task_id, user_id, Outcome.ANSWERED, rules.promise, now)
    if task.is_incident:
        raise RefusedError("outage", "danger is no announced outage; register the appeal")
    task.reason = REASON
    form = _form(session, mention, outage, rules, now)
    service = service_of(rules.catalogue, form.service)
    case = registration.Case(service, False, address=form.address, place_key=form.place_key, is_answered=True)
    appeal = registration.register(session, mention, case, form.language, user_id, rules.terms, now)
    assert appeal.id is not None
    outages.link(session, outage_id, appeal.id, now)
    conclude(session, task, mention, appeal, Purpose.ANSWER, form, rules, user_id, now)
    audit.note(session, now, user_id, "outage_answer", "appeal", appeal.id, outage=outage_id)
    return appeal


def _form(session: Session, mention: MentionRow, outage: OutageRow, rules: Rules, now: datetime) -> Form:
    """Return the form an inspector would have sent: the citizen's own words, place and language."""
    assert outage.id is not None
    conversation = session.get(ConversationRow, mention.conversation_id)
    language = spoken((conversation.language if conversation else "") or mention.language)
    place = mention.verdict.get("place", {})
    places = outages.places(session, [outage.id])[outage.id]
    return Form(
        _service(mention, outage.family, outage.services[0]),
        address=str(place.get("normalised") or place.get("text") or mention.point_name),
        place_key=str(place.get("key", "")),
        reply=texts.answer(session, outage, places, language, rules.catalogue, rules.zone, now),
        language=language,
    )


def _service(mention: MentionRow, family: Collection[str], otherwise: str) -> str:
    """Return what the citizen most probably asks about within the outage."""
    guesses = (str(one["code"]) for one in mention.verdict.get("services", []))
    return next((code for code in guesses if code in family), otherwise)
