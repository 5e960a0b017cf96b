"""Registering by the machine, so that the promise holds with nobody at the desk. A person checks it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.alerts.raising import EVERYBODY, Kind, is_acknowledged, raise_alert
from intake109.appeals import registration
from intake109.catalogue.services import TO_BE_CLARIFIED, Service
from intake109.outbox import executors
from intake109.outbox.letters import Purpose
from intake109.outbox.texts import read, spoken
from intake109.queue.decisions import Form, Outcome, conclude, service_of, take
from intake109.queue.rules import Rules
from intake109.store import audit
from intake109.store.tables import AppealRow, ConversationRow, MentionRow, TaskRow


@dataclass(frozen=True, slots=True)
class Choice:
    """The service the machine takes, how sure it is (0…1), and whether that is sure enough."""

    service: Service
    probability: float
    is_certain: bool


def choose(verdict: dict[str, Any], rules: Rules) -> Choice:
    """Return the most probable service if it is probable enough, else "to be clarified"."""
    for guess in verdict.get("services", [])[:1]:
        service, probability = rules.catalogue.get(str(guess["code"])), float(guess["probability"])
        if service is not None and probability >= rules.promise.automatic_certainty:
            return Choice(service, probability, is_certain=service.code != TO_BE_CLARIFIED)
        return Choice(service_of(rules.catalogue, TO_BE_CLARIFIED), probability, is_certain=False)
    return Choice(service_of(rules.catalogue, TO_BE_CLARIFIED), 0.0, is_certain=False)


def register(session: Session, task_id: int, rules: Rules, now: datetime) -> AppealRow:
    """Register a task by the machine: numbered, forwarded and acknowledged like any other, and unchecked.

    An incident whose service is not certain goes to the duty dispatcher, and the staff is alerted until a person
    acknowledges; so is it of an incident that no person has acknowledged before.

    Raises:
        ConflictError: a person was first.
    """
    was_seen = is_acknowledged(session, task_id)
    task, mention = take(session, task_id, None, Outcome.AUTOMATIC, rules.promise, now)
    choice = choose(mention.verdict, rules)
    case = _case(task, mention, choice, rules)
    task.is_incident = case.is_incident  # danger that only the service tells of comes first on the list to be checked
    form = _form(session, mention, case)
    appeal = registration.register(session, mention, case, form.language, None, rules.terms, now)
    executors.forward(session, appeal, rules, now, task_id)
    conclude(session, task, mention, appeal, Purpose.ACKNOWLEDGEMENT, form, rules, None, now)
    audit.note(
        session,
        now,
        None,
        "registered automatically",
        "task",
        task_id,
        service=choice.service.code,
        probability=round(choice.probability, 3),
        appeal=appeal.id,
    )
    if case.is_incident and not (choice.is_certain and was_seen):
        raise_alert(session, Kind.DISPATCH, task_id, EVERYBODY, now)
    return appeal


def _case(task: TaskRow, mention: MentionRow, choice: Choice, rules: Rules) -> registration.Case:
    place = mention.verdict.get("place", {})
    is_incident = task.is_incident or choice.service.is_incident
    dispatcher = rules.promise.duty_dispatcher
    goes_to_dispatcher = is_incident and not choice.is_certain and dispatcher in rules.catalogue.executors
    return registration.Case(
        choice.service,
        is_incident,
        address=str(place.get("normalised") or place.get("text") or mention.point_name),
        place_key=str(place.get("key", "")),
        executor=dispatcher if goes_to_dispatcher else "",
    )


def _form(session: Session, mention: MentionRow, case: registration.Case) -> Form:
    """Return the form an inspector would have sent: the citizen's language, the template's words."""
    conversation = session.get(ConversationRow, mention.conversation_id)
    language = spoken((conversation.language if conversation else "") or mention.language)
    reply = read(session, "incident" if case.is_incident else "acknowledgement", language)
    return Form(
        case.service.code,
        address=case.address,
        place_key=case.place_key,
        is_incident=case.is_incident,
        reply=reply,
        language=language,
    )
