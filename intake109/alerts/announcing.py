"""One round of an alert: who is there to hear it, and by which ways. What leaves the house is owed to the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from intake109.alerts import gathering
from intake109.alerts.raising import Kind
from intake109.alerts.texts import of_task, text
from intake109.alerts.ways import Said, Ways, find, owe
from intake109.store import alerts, changes, health
from intake109.store.tables import AlertRow, TaskRow

log = structlog.get_logger(__name__)
NOBODY_PAUSE = timedelta(minutes=1)
_LINE = "job.alerts"
"""Its line on the health page."""
_NAMED = 5
TAKE = "take:"
"""What the button under an alert sends back, followed by the alert's id."""


def announce(session: Session, alert_id: int, ways: Ways, now: datetime) -> bool:
    """Tell everybody an alert is for, once more; False if it is over, another worker was first, or it waits its turn.

    An alert that nobody can hear goes to the fallback; without any way out it is tried again every minute and stands on
    the health page.
    """
    seen = session.get(AlertRow, alert_id)
    if seen is not None and Kind(seen.kind).is_gathered:
        is_told = gathering.tell(session, seen, ways, now, NOBODY_PAUSE)
        note_reach(session, now)
        return is_told
    row = alerts.take(session, alert_id, now)
    if row is None:
        return False
    found = find(session, Kind(row.kind), row.audience, ways, now)
    row.ways = found.joined
    session.flush()
    note_reach(session, now)
    if not row.ways:
        log.error("an alert reaches nobody", alert=alert_id, kind=row.kind)
        row.next_at = now + NOBODY_PAUSE
    elif Kind(row.kind).is_insistent:
        row.next_at = now + ways.alerts.pause(row.rounds)
    owe(session, alert_id, _said(session, row, ways, now), found.messages, ways.alerts.language, now)
    changes.tell(session, changes.Topic.ALERT, alert_id, now)
    return True


def note_reach(session: Session, now: datetime) -> None:
    """Let the health page show which live alerts have reached nobody, for as long as there are any."""
    line = health.of(session, _LINE, "system")
    silent = alerts.untold(session)
    if not silent and line.errors_in_row == 0:
        return
    names = ", ".join(str(alert_id) for alert_id in silent[:_NAMED])
    problem = f"alert {names} reaches nobody: nobody is here; set alerts.fallback" if silent else ""
    if line.errors_in_row == len(silent) and line.last_error == problem:
        return
    line.errors_in_row = len(silent)
    line.last_error = problem
    if silent:
        line.last_error_at = now
    else:
        line.last_good_at = now
    changes.tell(session, changes.Topic.HEALTH, 0, now)


def _said(session: Session, row: AlertRow, ways: Ways, now: datetime) -> Said:
    task = session.get(TaskRow, row.task_id) if row.task_id is not None else None
    language = ways.alerts.language
    return Said(
        f"alert:{row.id}:{row.rounds}",
        f"{of_task(row.kind, language, task, now)}\n{ways.address}/tasks/{row.task_id}",
        (text("button", language), f"{TAKE}{row.id}"),
    )
