"""Which words spoke for the first suggestion: asked for on demand, for it costs more than the rest of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intake109.catalogue.services import Catalogue
from intake109.catalogue.text import fold
from intake109.errors import NotFoundError
from intake109.model import Span
from intake109.review_ui.desk.highlight import Piece, pieces
from intake109.store import tasks
from intake109.store.tables import MentionRow


@dataclass(frozen=True, slots=True)
class Reasons:
    """The first suggestion of a task, the words that spoke for it, strongest first, and the texts with them marked.

    `words` are empty while nobody has asked, and when no single word stands out.
    """

    service: str
    words: list[str]
    own: list[Piece]
    parent: list[Piece]


def reasons(
    session: Session,
    task_id: int,
    explain: Callable[[str, str], list[Span]] | None,
    catalogue: Catalogue,
    language: str,
) -> Reasons:
    """Read a task's texts; with `explain`, marked with what spoke for the first suggestion.

    Raises:
        NotFoundError: there is no such task, or nothing was suggested.
    """
    task = tasks.by_id(session, task_id)
    mention = session.get(MentionRow, task.mention_id) if task else None
    guesses = mention.verdict.get("services", []) if mention else []
    if mention is None or not guesses:
        raise NotFoundError(f"nothing was suggested for a task {task_id}")
    code, text = str(guesses[0]["code"]), str(mention.verdict.get("text", ""))
    spans = explain(text, code) if explain else []
    own, parent = pieces(mention.text, str(mention.parent.get("text", "")), mention.verdict, spans)
    told = {fold(text[span.start : span.end]): text[span.start : span.end] for span in reversed(spans)}
    return Reasons(catalogue.service_name(code, language), list(told.values())[::-1], own, parent)
