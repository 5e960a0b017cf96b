"""Questions to the database that are asked once in a transaction, however many events share it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy.orm import Session

Answer = TypeVar("Answer")
_ANSWERS = "asked once"


def once(session: Session, question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return what `ask` answered first in this transaction.

    Only for what the transaction's own writes do not change, or may as well be seen as it was at its beginning.
    """
    answers: dict[Hashable, Answer] = session.info.setdefault(_ANSWERS, {})
    if question not in answers:
        answers[question] = ask()
    return answers[question]
