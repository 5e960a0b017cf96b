"""Who works at an appeal, by the name a citizen knows: the organisation, else its kind."""

from __future__ import annotations

from sqlalchemy.orm import Session

from intake109.catalogue.services import Catalogue
from intake109.outbox.letters import withheld
from intake109.outbox.texts import spoken
from intake109.store import organisations
from intake109.store.tables import AppealRow


def executor_name(session: Session, appeal: AppealRow, language: str, catalogue: Catalogue) -> str:
    """Return who works at an appeal, in the language we answer in; in Russian where the name has no other.

    The name alone, never how it is reached. A telephone somebody typed into it is left out: comments are public, and
    a letter with one would be refused.
    """
    found = organisations.by_code(session, appeal.organisation)
    if found is None:
        return catalogue.executor_name(appeal.executor, language)
    name = {"kk": found.name_kk, "en": found.name_en}.get(spoken(language), found.name_ru)
    return withheld(name or found.name_ru)
