"""What only this installation knows; made up once, the same for every process."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.store.rows import insert_new
from intake109.store.tables import SecretRow


def known(session: Session, name: str) -> str:
    """Return a secret; empty if nobody has needed it yet."""
    return session.execute(select(col(SecretRow.value)).where(col(SecretRow.name) == name)).scalar() or ""


def of(session: Session, name: str, now: datetime) -> str:
    """Return a secret, making it up if it is asked for the first time."""
    found = known(session, name)
    if found:
        return found
    insert_new(session, SecretRow, [{"name": name, "value": secrets.token_urlsafe(32), "made_at": now}])
    return known(session, name)
