"""Many tasks, one alert: in a storm what waits is told as a number that grows silently, and rarely anew.

The tasks keep an alert each, so each ends by itself. Told together is what lives of a kind for an audience; between two
such rounds lie at least `quiet_minutes`, whatever comes meanwhile. The message in the staff's chat is kept up to date.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from intake109.alerts.raising import Kind
from intake109.alerts.texts import minutes, of_task, text
from intake109.alerts.ways import Said, Ways, chat_keys, find, owe, to_staff
from intake109.store import alert_rounds, changes, giving, outbox
from intake109.store.alert_rounds import Gathered
from intake109.store.rows import insert_new
from intake109.store.tables import AlertRoundRow, AlertRow, OutboxRow, TaskRow

log = structlog.get_logger(__name__)
TAKE_ONE = "round:"
"""What the button under a number of tasks sends back, followed by the round's id."""
_LOOKED_AFTER = timedelta(seconds=30)
"""How often at most a message in the chat changes: Telegram lets a bot say 20 things a minute in a group."""


def tell(session: Session, row: AlertRow, ways: Ways, now: datetime, nobody_pause: timedelta) -> bool:
    """Tell of all that lives of an alert's kind, if it is its turn; else let it wait, shown and silent."""
    if row.ended_at is not None or row.next_at is None or row.next_at > now:
        return False
    kind, audience = Kind(row.kind), row.audience
    found = find(session, kind, audience, ways, now)
    if not found.joined:
        log.error("alerts reach nobody", kind=row.kind)
        alert_rounds.mark_told(session, row.kind, audience, "", now + nobody_pause)
        return True
    quiet, name = timedelta(minutes=ways.alerts.quiet_minutes), f"alerts:{row.kind}:{audience}"
    if not giving.take_turn(session, name, now, quiet):
        alert_rounds.put_off(session, row.kind, audience, giving.last_turn(session, name, now) + quiet)
        return False
    waiting = alert_rounds.gathered(session, row.kind, audience)
    if waiting is None:
        return False
    alert_rounds.mark_told(session, row.kind, audience, found.joined, None)
    shown = _text(session, kind, audience, waiting, ways, now)
    round_id = alert_rounds.begin(session, row.kind, audience, waiting, shown, now, now + _LOOKED_AFTER)
    said = Said(f"round:{round_id}", shown, (_button(ways), f"{TAKE_ONE}{round_id}"))
    owe(session, waiting.last_alert_id, said, found.messages, ways.alerts.language, now)
    changes.tell(session, changes.Topic.ALERT, waiting.last_alert_id, now)
    return True


def follow(session: Session, round_id: int, ways: Ways, now: datetime) -> None:
    """Bring what was told in the chat up to date, silently; a round is over when nothing of it lives."""
    row = alert_rounds.take(session, round_id, now, now + _LOOKED_AFTER)
    if row is None:
        return
    waiting = alert_rounds.gathered(session, row.kind, row.audience)
    if waiting is None:
        row.ended_at = now
    before, row.count = row.count, waiting.count if waiting else 0
    if max(before, row.count) > 1 or waiting is None:  # one task alone is not counted down in the chat
        said = (
            _text(session, Kind(row.kind), row.audience, waiting, ways, now)
            if waiting
            else text("many_over", ways.alerts.language)
        )
        if said != row.said and _amend(session, row, said, waiting is not None, ways, now):
            row.said, row.last_alert_id = said, waiting.last_alert_id if waiting else row.last_alert_id


def _text(session: Session, kind: Kind, audience: str, waiting: Gathered, ways: Ways, now: datetime) -> str:
    language = ways.alerts.language
    if waiting.count == 1:
        (row,) = alert_rounds.rows(session, kind.value, audience, waiting.last_alert_id)
        task = session.get(TaskRow, row.task_id)
        return f"{of_task(kind.value, language, task, now)}\n{ways.address}/tasks/{row.task_id}"
    waited, left = minutes(now - waiting.mentioned_at), minutes(waiting.promise_at - now)
    said = text(f"{kind.value}_many", language, count=waiting.count, waited=waited, minutes=left)
    return f"{said}\n{ways.address}/"


def _button(ways: Ways) -> str:
    return text("button", ways.alerts.language)


def _amend(session: Session, row: AlertRoundRow, said: str, is_open: bool, ways: Ways, now: datetime) -> bool:
    """Change what a round said in the chat; False while the message is just on its way."""
    buttons = [[_button(ways), f"{TAKE_ONE}{row.id}"]] if is_open else []
    for message in outbox.of_keys(session, chat_keys(session, f"round:{row.id}", ways)):
        if message.state == "owed":
            if message.attempts:
                return False
            message.text, message.details = said, message.details | {"buttons": buttons}
            message.state = "owed" if is_open else "cancelled"
        elif message.state == "sent" and message.external_id:
            values: dict[str, object] = {
                "idempotency_key": f"amend:{message.id}:{now.isoformat()}",
                "channel": message.channel,
                "address": message.address,
                "text": said,
                "language": message.language,
                "details": message.details | {"buttons": buttons, "edits": message.external_id},
            }
            insert_new(session, OutboxRow, [to_staff(values, now)])
    return True
