"""Whom to call, and what to ask: one call in front with its keys, the others waiting in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals.voice.calls import Outcome
from intake109.catalogue.services import Catalogue
from intake109.outbox import texts
from intake109.outbox.letters import fill
from intake109.review_ui.office import person
from intake109.store import appeals, asked, calls, people
from intake109.store.calls import Waiting
from intake109.store.tables import CallAttemptRow

MOST = 100
SOLVED, UNSOLVED = "solved", "unsolved"
ATTEMPTS = (SOLVED, UNSOLVED, Outcome.NO_ANSWER.value, Outcome.WRONG_NUMBER.value, Outcome.REFUSED.value)
"""What may have come of a call, in the order of the keys 1 to 5."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt: when, by whom, what came of it."""

    row: CallAttemptRow
    who: str


@dataclass(frozen=True, slots=True)
class Call:
    """A citizen to be called: `number` is the one that was told, `done` what the executor says, `ask` what to ask."""

    waiting: Waiting
    number: str
    service: str
    done: str
    ask: str
    phone: str
    link: str
    tried: tuple[Tried, ...]

    def is_due(self, now: datetime) -> bool:
        return self.waiting.call.due_at <= now


def read(session: Session, catalogue: Catalogue, language: str) -> list[Call]:
    """Return the open calls, what is due first."""
    found = calls.waiting(session, MOST)
    tried = calls.attempts(session, [one.call.id for one in found if one.call.id is not None])
    numbers = appeals.by_ids(session, {one.reporter.appeal_id for one in found})
    staff = people.names(session)
    return [
        _call(
            session,
            one,
            numbers[one.reporter.appeal_id].number,
            catalogue.service_name(one.appeal.service, language),
            tuple(Tried(row, staff.get(row.by_user, "")) for row in tried.get(one.call.id or 0, [])),
        )
        for one in found
    ]


def _call(session: Session, waiting: Waiting, number: str, service: str, tried: tuple[Tried, ...]) -> Call:
    answer = asked.what_was_done(session, waiting.appeal.id or 0, waiting.appeal.round)
    said = answer.text if answer is not None else ""
    spoken = waiting.reporter.language
    question = fill(texts.read(session, "solved_call", spoken), {"number": number})
    conversation = waiting.conversation
    return Call(
        waiting=waiting,
        number=number,
        service=service,
        done=said,
        ask=question,
        phone=person.digits(conversation),
        link=person.link(conversation) or waiting.mention.permalink,
        tried=tried,
    )
