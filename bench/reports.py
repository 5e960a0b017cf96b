"""The figures of a month with 100,000 appeals, on SQLite and on PostgreSQL: `python -m bench.reports`.

Held against the way one would write first: load the rows of the month and count them in Python. Each reading has a
process of its own, so that its memory can be told.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy import text as sql
from sqlmodel import SQLModel, col

from bench.databases import fresh
from bench.report import Line, noise, progress, show
from bench.waiting import Waiting, defaults, fill
from intake109.catalogue.load import load
from intake109.clock import SystemClock, city_day
from intake109.model import IncidentSign, Kind, Language, Place, ServiceGuess, Verdict
from intake109.reports.composing import compose
from intake109.reports.formats import Format, written
from intake109.reports.period import Period
from intake109.reports.reading import Rule, read
from intake109.store.database import Database
from intake109.store.tables import AppealRow, ExampleRow, MentionRow, ReporterRow, StepRow, TaskRow, UserRow

APPEALS = 100_000
DAYS = 30
ZONE = ZoneInfo("Asia/Almaty")
_CHUNK = 2_000
_INSPECTORS = 12
_SEED = 109


def month() -> Period:
    """Return the days the appeals lie in."""
    last = city_day(SystemClock().now(), ZONE)
    return Period(last - timedelta(days=DAYS - 1), last, ZONE)


def verdicts() -> list[Verdict]:
    """Return what the classifier may have said: five services, a place, a language."""
    dice, services = random.Random(_SEED), list(load().services.values())
    found = []
    for number in range(500):
        guesses = dice.sample(services, 5)
        area = dice.randrange(40)
        found.append(
            Verdict(
                kind=Kind.APPEAL,
                kind_probability=0.95,
                appeal_probability=0.99,
                services=tuple(ServiceGuess(one.code, one.sphere, 0.5 / nth) for nth, one in enumerate(guesses, 1)),
                incident=IncidentSign(number % 25 == 0, 0.1, ()),
                language=(Language.RU, Language.KK, Language.MIXED)[number % 3],
                place=Place(district=f"Район {area}", district_key=f"район {area}"),
                text=f"Сообщение гражданина номер {number} о том, что случилось у дома",
                model="bench",
            )
        )
    return found


def write(database: Database) -> None:
    """Write a month of mentions, each registered, forwarded, answered and closed, some late, some reopened."""
    period, said = month(), verdicts()
    step = (period.ends_at - period.begins_at - timedelta(hours=2)) / APPEALS
    fill(
        database,
        (Waiting(n, said[n % len(said)], period.begins_at + n * step) for n in range(1, APPEALS + 1)),
    )
    with database.write() as session:
        for number in range(1, _INSPECTORS + 1):
            session.add(_inspector(number, period.begins_at))
    tables: tuple[type[SQLModel], ...] = (AppealRow, ReporterRow, ExampleRow)
    for first in range(1, APPEALS + 1, _CHUNK):
        numbers = range(first, min(first + _CHUNK, APPEALS + 1))
        made = [_case(n, period.begins_at + n * step, said[n % len(said)]) for n in numbers]
        with database.write() as session:
            for place, table in enumerate(tables):
                _insert(session.execute, table, [one[place] for one in made])
            _insert(session.execute, StepRow, [row for one in made for row in one[3]])
            session.execute(update(TaskRow), [one[4] for one in made])
    if not database.is_sqlite:
        with database.write() as session:
            session.execute(sql("ANALYZE"))


def _insert(execute: Callable[..., Any], table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    empty = defaults(table)
    execute(insert(table.__table__), [{**empty, **row} for row in rows])  # type: ignore[attr-defined]


def _inspector(number: int, at: datetime) -> UserRow:
    return UserRow(login=f"i{number}", name=f"Инспектор {number}", password_hash="", role="inspector", created_at=at)


def _case(number: int, at: datetime, verdict: Verdict) -> tuple[Any, ...]:
    """Return appeal, reporter, example, steps and the change of the task of one mention."""
    dice = random.Random(number)
    decided_at = at + timedelta(minutes=dice.triangular(1, 26, 6))
    is_machines, by = dice.random() < 0.05, 1 + number % _INSPECTORS
    guess = verdict.services[0 if dice.random() < 0.7 else 3]
    deadline_at, done_at = decided_at + timedelta(days=7), decided_at + timedelta(days=dice.triangular(0.1, 9, 3))
    appeal = {
        "id": number,
        "number": f"2026-{number:06d}",
        "year": 2026,
        "sequence": number,
        "service": guess.code,
        "sphere": guess.sphere,
        "area_key": verdict.place.district_key,
        "executor": f"executor{number % 40}",
        "organisation": f"organisation{number % 300}",
        "status": "closed",
        "norm": "5wd",
        "registered_at": decided_at,
        "registered_by": None if is_machines else by,
        "deadline_at": deadline_at,
        "executed_at": done_at,
        "closed_at": done_at,
        "closed_as": "satisfied",
    }
    reporter = {
        "id": number,
        "appeal_id": number,
        "mention_id": number,
        "conversation_id": number,
        "language": "ru",
        "added_at": decided_at,
        "said": "yes" if dice.random() < 0.8 else "no",
        "said_at": done_at,
    }
    example = {
        "id": number,
        "task_id": number,
        "mention_id": number,
        "said": {"service": verdict.services[0].code, "is_incident": verdict.incident.flag},
        "kind": "appeal",
        "service": guess.code,
        "decided_at": decided_at,
        "decided_by": by,
    }
    statuses = ("registered", "forwarded", "in_work", "answered", "closed")
    steps = [
        {
            "id": len(statuses) * number + hour,
            "appeal_id": number,
            "round": 1,
            "before": before,
            "after": after,
            "at": decided_at + timedelta(hours=hour),
        }
        for hour, (before, after) in enumerate(zip(("", *statuses), statuses, strict=False))
    ]
    task = {
        "id": number,
        "decided_at": decided_at,
        "decided_by": None if is_machines else by,
        "outcome": "automatic" if is_machines else "registered",
        "appeal_id": number,
        "late_cause": "" if decided_at < at + timedelta(minutes=20) else "desk",
        "claimed_by": by,
    }
    return appeal, reporter, example, steps, task


def aggregated(database: Database, period: Period) -> object:
    """Read the figures as the report does."""
    with database.read() as session:
        return read(session, period, Rule(), SystemClock().now())


def loaded(database: Database, period: Period) -> object:
    """Read a part of the figures the naive way: every row of the month as an object, counted in Python."""
    with database.read() as session:
        tasks = select(TaskRow).where(col(TaskRow.mentioned_at) >= period.begins_at)
        appeals = select(AppealRow).where(col(AppealRow.registered_at) >= period.begins_at)
        decided = (
            select(ExampleRow, MentionRow)
            .join(MentionRow, col(MentionRow.id) == col(ExampleRow.mention_id))
            .where(col(ExampleRow.decided_at) >= period.begins_at)
        )
        by_channel = Counter(row.channel for row in session.execute(tasks).scalars().all())
        by_service = Counter(row.service for row in session.execute(appeals).scalars().all())
        agreed = sum(
            example.service in {guess["code"] for guess in mention.verdict["services"][:3]}
            for example, mention in session.execute(decided).all()
        )
    return by_channel, by_service, agreed


def _measure(url: str, naive: bool) -> tuple[float, float]:
    """Read once in this process and return seconds and the memory it took at most, in MB."""
    database = Database(url)
    with database.read() as session:
        session.execute(sql("SELECT 1"))
    before = _peak_mb()
    began = time.perf_counter()
    (loaded if naive else aggregated)(database, month())
    seconds = time.perf_counter() - began
    database.close()
    return seconds, _peak_mb() - before


def _peak_mb() -> float:
    """Return the most memory this process has had; what `getrusage` says counts its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def measured(url: str, *, naive: bool) -> tuple[float, float]:
    """Return seconds and MB of a reading in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measure, url, naive).result()


def _lines(database: Database) -> Iterator[Line]:
    name, url = database.url.get_backend_name(), database.url.render_as_string(hide_password=False)
    progress(f"writing {APPEALS:,} appeals, {name}")
    write(database)
    progress(f"reading, {name}")
    seconds, memory = measured(url, naive=False)
    yield Line(f"{name}: all figures of {APPEALS:,} appeals", seconds, "s", 30, "lower")
    yield Line(f"{name}: memory for it", memory, "MB")
    progress(f"reading the naive way, {name}")
    rival, rival_memory = measured(url, naive=True)
    yield Line(f"{name}: a part of them from loaded rows", rival, "s", note="channels, services and the top three only")
    yield Line(f"{name}: memory for it", rival_memory, "MB")
    yield Line(f"{name}: loaded rows against aggregates", rival / seconds, "×", 1, "higher")
    day = date.fromisoformat(month().last.isoformat()) - timedelta(days=1)
    began = time.perf_counter()
    with database.read() as session:
        found = read(session, Period(day, day, ZONE), Rule(), SystemClock().now())
    yield Line(f"{name}: all figures of one day of it", time.perf_counter() - began, "s", 5, "lower")
    paper = compose(found, load(), "ru", "109", ZONE)
    for fmt in Format:
        began = time.perf_counter()
        content = written(fmt, paper, found)
        yield Line(f"{name}: written as {fmt}", time.perf_counter() - began, "s", 5, "lower", f"{len(content):,} bytes")


def main() -> None:
    """Measure, print and write."""
    lines = noise()
    with fresh() as databases:
        for database in databases:
            lines += list(_lines(database))
    show("reports", lines)


if __name__ == "__main__":
    main()
