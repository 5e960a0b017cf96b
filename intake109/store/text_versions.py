"""The versions of texts: what administrators have written over the shipped ones, one row an edit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.errors import ConflictError
from intake109.store.rows import insert_new
from intake109.store.tables import TextVersionRow


def mark(session: Session) -> int:
    """Return the id of the newest edit, 0 before the first."""
    return session.execute(select(func.max(col(TextVersionRow.id)))).scalar() or 0


def latest(session: Session) -> dict[str, TextVersionRow]:
    """Return the latest version of everything that was ever edited, by name."""
    newest = select(func.max(col(TextVersionRow.id))).group_by(col(TextVersionRow.name))
    rows = session.execute(select(TextVersionRow).where(col(TextVersionRow.id).in_(newest))).scalars()
    return {row.name: row for row in rows}


def of(session: Session, name: str) -> list[TextVersionRow]:
    """Return the versions of one text, newest first."""
    statement = select(TextVersionRow).where(col(TextVersionRow.name) == name)
    return list(session.execute(statement.order_by(col(TextVersionRow.number).desc())).scalars())


def add(
    session: Session,
    name: str,
    number: int,
    content: dict[str, str],
    template: str,
    user_id: int | None,
    note: str,
    now: datetime,
    *,
    template_buttons: str = "",
) -> None:
    """Write a version; without content it is the shipped one again.

    Raises:
        ConflictError: somebody has written this number a moment ago.
    """
    values = {
        "name": name,
        "number": number,
        "content": dict(content),
        "template": template,
        "template_buttons": template_buttons,
        "is_shipped": not content,
        "at": now,
        "user_id": user_id,
        "note": note,
    }
    if not insert_new(session, TextVersionRow, [values]):
        raise ConflictError("this text was edited a moment ago by somebody else; look again")
