"""Whether anybody can be reached when nobody is at the desk; asked by `doctor`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from intake109.alerts.ways import Ways, fallback_ways
from intake109.store import people


def problem(session: Session, ways: Ways) -> str:
    """Say why the fallback cannot be told anything, empty if it can."""
    fallback = ways.alerts.fallback
    if not fallback.is_set:
        return "no fallback: at night an alert may reach nobody"
    if fallback.login and people.by_login(session, fallback.login) is None:
        return f"the fallback {fallback.login} is no account"
    if not fallback_ways(session, ways):
        return "the fallback has neither a Telegram the bot can write to nor a mailbox on a mail server"
    return ""
