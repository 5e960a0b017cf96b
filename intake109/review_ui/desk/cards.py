"""Services as the form shows them: names, executor and term in three languages, so that a choice needs no request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.appeals.registration import Case, term_of
from intake109.appeals.terms.deadlines import written
from intake109.catalogue.services import Service, Words
from intake109.outbox.texts import read
from intake109.queue.rules import Rules
from intake109.review_ui.desk.term import in_words
from intake109.review_ui.i18n import LANGUAGES, words

REPLIES = (
    *("acknowledgement", "incident", "attached", "answer", "question", "thanks", "not_ours"),
    *("corrected", "moved", "annulled"),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A service the classifier suggests, or one that was chosen by hand (probability 0)."""

    card: dict[str, Any]
    probability: float


def card(service: Service, rules: Rules, language: str, now: datetime) -> dict[str, Any]:
    """Return what the form needs to know of a service; `terms` are days as the citizen will read them.

    `whys` say how these were counted.
    """
    catalogue = rules.catalogue
    executor = catalogue.executors.get(service.executor)
    sphere = catalogue.spheres.get(service.sphere)
    terms = {
        name: term_of(Case(service, is_incident), rules.terms, now)
        for name, is_incident in (("ordinary", service.is_incident), ("incident", True))
    }
    return {
        "code": service.code,
        "name": service.names.of(language),
        "sphere": sphere.of(language) if sphere else service.sphere,
        "executor": catalogue.executor_name(service.executor, language),
        "is_incident": service.is_incident,
        "norm": service.deadline,
        "names": _all(service.names),
        "executors": _all(executor) if executor else dict.fromkeys(LANGUAGES, service.executor),
        "terms": {name: written(one.deadline_at, rules.zone) for name, one in terms.items()},
        "whys": {name: in_words(one.why, words(language)) for name, one in terms.items()},
        "answers": _all(service.answer) if service.answer else {},
        "asks": {code: _asks(service, rules, code) for code in LANGUAGES},
    }


def suggestions(verdict: dict[str, Any], chosen: str, rules: Rules, language: str, now: datetime) -> list[Suggestion]:
    """Return up to five suggested services, and the one already chosen if it is none of them, first."""
    found = [
        Suggestion(card(service, rules, language, now), float(guess["probability"]))
        for guess in verdict.get("services", [])[:5]
        if (service := rules.catalogue.get(str(guess["code"]))) is not None
    ]
    own = rules.catalogue.get(chosen)
    if own is not None and all(one.card["code"] != chosen for one in found):
        found.insert(0, Suggestion(card(own, rules, language, now), 0.0))
    return found


def replies(session: Session) -> dict[str, dict[str, str]]:
    """Return the texts of replies by name and language, with their placeholders."""
    return {name: {language: read(session, name, language) for language in LANGUAGES} for name in REPLIES}


def _all(words: Words) -> dict[str, str]:
    return {language: words.of(language) for language in LANGUAGES}


def _asks(service: Service, rules: Rules, language: str) -> str:
    asked = [rules.catalogue.asks[code].of(language) for code in service.ask if code in rules.catalogue.asks]
    return ", ".join(text[:1].lower() + text[1:] for text in asked)
