"""A queue full of waiting tasks on any database, written in bulk as the pipeline would have written them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from intake109.config import Promise
from intake109.demo import script
from intake109.model import Channel, Verdict
from intake109.pipeline import Judge
from intake109.queue.order import in_order
from intake109.queue.times import times
from intake109.store.database import Database
from intake109.store.tables import ConversationRow, EventRow, MentionRow, MessageRow, TaskRow

_CHUNK = 2_000
_PAIRED = 5
"""Every fifth task may be one problem with another one: groups of two, so no storms."""
_TABLES: tuple[type[SQLModel], ...] = (EventRow, ConversationRow, MentionRow, MessageRow, TaskRow)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting task; never an incident. `rung_at` empty: the ladder leaves it alone, however late it is."""

    number: int
    verdict: Verdict
    mentioned_at: datetime
    rung: int = 0
    rung_at: datetime | None = None


def verdicts(judge: Judge) -> list[Verdict]:
    """Return what the classifier says of the demo city's messages."""
    return judge.classify_many([str(step.fields["text"]) for step in script.read().steps if step.fields.get("text")])


def backlog(said: Sequence[Verdict], count: int, now: datetime) -> Iterator[Waiting]:
    """Return so many tasks that came every two seconds until a minute ago."""
    for number in range(1, count + 1):
        at = now - timedelta(seconds=2 * (count - number) + 60)
        yield Waiting(number, said[number % len(said)], at)


def fill(database: Database, waiting: Iterable[Waiting]) -> None:
    """Write them into an empty database."""
    coming = iter(waiting)
    said: dict[str, dict[str, Any]] = {}
    while chunk := list(itertools.islice(coming, _CHUNK)):
        written = [_rows(one, said.setdefault(one.verdict.text, asdict(one.verdict))) for one in chunk]
        with database.write() as session:
            for table, rows in zip(_TABLES, zip(*written, strict=True), strict=True):
                empty = defaults(table)
                values = [{**empty, **row} for row in rows]
                session.execute(insert(table.__table__), values)  # type: ignore[attr-defined]
    if not database.is_sqlite:
        _settle(database)


@cache
def defaults(table: type[SQLModel]) -> dict[str, Any]:
    """Return what a row has where nothing is said; validated rows would take four times as long."""
    return {
        name: field.get_default(call_default_factory=True, validated_data={})
        for name, field in table.model_fields.items()
        if not field.is_required()
    }


def _settle(database: Database) -> None:
    """Go on with the ids behind those written, and know the tables as PostgreSQL's own upkeep would a minute later."""
    with database.write() as session:
        for table in _TABLES:
            name = str(table.__tablename__)
            session.execute(sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))
        session.execute(sql("ANALYZE"))


def _rows(one: Waiting, verdict: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    number, at, text = one.number, one.mentioned_at, f"{one.verdict.text} {one.number}"
    common = {"id": number, "channel": Channel.TELEGRAM.value, "key": f"seed-{number}"}
    event = common | {"source": "seed", "payload": "{}", "received_at": at, "handled_at": at}
    conversation = {
        "id": number,
        "channel": Channel.TELEGRAM.value,
        "author_id": f"seed-{number}",
        "thread": f"seed-{number}",
        "name": "Асель",
        "created_at": at,
        "last_incoming_at": at,
    }
    mention = common | {
        "event_id": number,
        "conversation_id": number,
        "text": text,
        "mentioned_at": at,
        "received_at": at,
        "verdict": verdict,
    }
    message = common | {"conversation_id": number, "mention_id": number, "role": "mention", "text": text, "at": at}
    return event, conversation, mention, message, _task(one, text)


def _task(one: Waiting, text: str) -> dict[str, Any]:
    moments = times(one.mentioned_at, one.mentioned_at, Promise())
    best = one.verdict.services[0] if one.verdict.services else None
    return {
        "id": one.number,
        "mention_id": one.number,
        "channel": Channel.TELEGRAM.value,
        "turn": in_order(moments.due_at),
        "language": one.verdict.language.value,
        "sphere": best.sphere if best else "",
        "service": best.code if best else "",
        "excerpt": " ".join(text.split())[:160],
        "mentioned_at": one.mentioned_at,
        "received_at": one.mentioned_at,
        "target_at": moments.target_at,
        "due_at": moments.due_at,
        "promise_at": moments.promise_at,
        "rung": one.rung,
        "rung_at": one.rung_at,
        "citizen_id": one.number,
        "group_key": f"pair:{one.number // (2 * _PAIRED)}" if one.number % _PAIRED == 0 else "",
    }
