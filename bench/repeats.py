"""How surely copies of a message are recognised, what is never joined, and how fast that is with a city's three days.

Perturbed copies of `bench/data/repeats.yaml` are looked for among 100,000 recent mentions that complain of the same
things at other houses, on both databases. The rivals see the same texts: the exact hash alone, rapidfuzz over the whole
window, rensa's MinHash alone. Texts of a real city, with their addresses, when INTAKE109_BENCH_DATA names their folder.
"""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process
from rensa import RMinHash, RMinHashLSH
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.databases import fresh
from bench.perturbing import OTHER, SAME, changed, crowd
from bench.report import Line, noise, progress, show
from intake109.catalogue.text import fold
from intake109.classifier.place.places import Places
from intake109.clock import SystemClock
from intake109.dedup.fingerprint import normalise, text_hash
from intake109.dedup.marks import marks as marks_of
from intake109.dedup.originals import Said, find_original
from intake109.dedup.wording import wording
from intake109.model import Channel, Event
from intake109.store import events, marks
from intake109.store.database import Database
from intake109.store.tables import ConversationRow, MentionMarkRow, MentionRow

RECENT = 100_000
TIMED = 2_000
SCANNED = 40
TOGETHER = 20
_REAL = 2_000
_THRESHOLD = 0.5
_PLACES = Places()
_EMPTY = MentionRow(event_id=1, conversation_id=1, channel="telegram", key="").model_dump(exclude={"id"})


def main() -> None:
    """Measure on both databases, then the rivals."""
    base: list[str] = yaml.safe_load((Path(__file__).parent / "data/repeats.yaml").read_text(encoding="utf-8"))
    told = {normalise(text) for name in SAME | OTHER for one in base for text in changed(name, one)}
    others = [text for text in crowd(base, RECENT + TIMED + len(told)) if normalise(text) not in told]
    recent, new = others[:RECENT], others[RECENT : RECENT + TIMED]
    lines = noise()
    with fresh() as databases:
        for database in databases:
            name = database.url.get_backend_name()
            progress(f"{name}: {RECENT} mentions")
            found = _fill(database, recent)
            progress(f"{name}: copies")
            if database.is_sqlite:
                lines += _copies(database, base)
            lines += _speed(database, new, name, found)
        lines += _real(databases[0])
    progress("rivals")
    lines += _rivals(base, recent)
    show("repeats", lines)


def _said(text: str, conversation_id: int = 2) -> Said:
    now = SystemClock().now()
    return Said(text, text_hash(text), "telegram", now, conversation_id, place=_place(text))


@cache
def _place(text: str) -> dict[str, Any]:
    return asdict(_PLACES.find(text))


def _row(text: str, key: str, now: datetime) -> dict[str, Any]:
    return {
        **_EMPTY,
        "key": key,
        "text": text,
        "text_hash": text_hash(text),
        "mentioned_at": now,
        "received_at": now,
        "verdict": {"place": _place(text)},
    }


def _fill(database: Database, texts: list[str]) -> float:
    """Store mentions with their marks as they come from the pipeline; return how many a second are marked."""
    now = SystemClock().now() - timedelta(hours=1)
    with database.write() as session:
        session.add(
            ConversationRow(channel="telegram", author_id="crowd", thread="crowd", created_at=now, last_incoming_at=now)
        )
        events.save_batch(session, [Event(Channel.TELEGRAM, "1", "{}", "bench")], now)
    rows, values = _crowd(tuple(texts))
    for first in range(0, len(rows), 5000):
        with database.write() as session:
            session.execute(insert(MentionRow), [row | {"mentioned_at": now} for row in rows[first : first + 5000]])
    began = time.perf_counter()
    for first in range(0, len(values), 20_000):
        with database.write() as session:
            session.execute(insert(MentionMarkRow), [value | {"at": now} for value in values[first : first + 20_000]])
    return len(rows) / (time.perf_counter() - began)


@cache
def _crowd(texts: tuple[str, ...]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of the crowd's mentions and marks, the same for both databases."""
    now = SystemClock().now()
    rows = [_row(text, str(number), now) for number, text in enumerate(texts)]
    values = [
        {"mark": mark, "mention_id": number}
        for number, text in enumerate(texts, start=1)
        for mark in dict.fromkeys(marks_of(wording(text)))
    ]
    return rows, values


def _keep(session: Session, text: str, key: str) -> int:
    """Store one mention more, marked, and return its id."""
    row = MentionRow(**_row(text, key, SystemClock().now()))
    session.add(row)
    session.flush()
    assert row.id is not None
    marks.add(session, row.id, marks_of(wording(text)), row.received_at)
    return row.id


def _copies(database: Database, base: list[str]) -> list[Line]:
    """Look for every perturbed copy among the crowd; each leaves nothing behind."""
    lines = []
    for name in SAME | OTHER:
        joined = shown = wrong = 0
        for text in base:
            first, copy = changed(name, text)
            with database.engine.connect() as connection, Session(connection) as session:
                kept = _keep(session, first, "base")
                original = find_original(session, _said(copy))
                session.rollback()
            is_it = original is not None and original.mention_id == kept
            is_joined = original is not None and original.is_certain
            joined += is_it and is_joined
            shown += is_it
            wrong += is_joined and (not is_it or name in OTHER)
        if name in SAME:
            lines.append(Line(f"joined: {name}", 100 * joined / len(base), "%"))
            aim = None if name == "three typos" else 95
            lines.append(Line(f"joined or suggested: {name}", 100 * shown / len(base), "%", aim))
        else:
            lines.append(Line(f"suggested only: {name}", 100 * (shown - joined) / len(base), "%"))
        lines.append(Line(f"wrongly joined: {name}", wrong, f"of {len(base)}", 0, "lower"))
    return lines


def _speed(database: Database, texts: list[str], name: str, marked: float) -> list[Line]:
    """Measure what recognising costs a mention beside everything else: looking, and being found later."""
    said = [_said(text) for text in texts]
    with database.read() as session:
        for one in said[:100]:
            find_original(session, one)
        began, used = time.perf_counter(), time.process_time()
        for one in said:
            find_original(session, one)
        looked, cpu = time.perf_counter() - began, time.process_time() - used
    began, used = time.perf_counter(), time.process_time()
    for first in range(0, len(said), TOGETHER):
        with database.write() as session:
            for at, one in enumerate(said[first : first + TOGETHER]):
                find_original(session, one)
                marks.add(session, first + at + 1, marks_of(wording(one.text + " ")), one.mentioned_at)
    both, cpu_both = time.perf_counter() - began, time.process_time() - used
    mine = "all of it" if database.is_sqlite else "without the server's"
    return [
        Line(f"looked for among {RECENT:,}, {name}", len(said) / looked, "/s"),
        Line(f"looked for and marked, {TOGETHER} a commit, {name}", len(said) / both, "/s"),
        Line(f"looked for, a second of a core, {name}", len(said) / cpu, "/s", 500, note=mine),
        Line(f"looked for and marked, a second of a core, {name}", len(said) / cpu_both, "/s", 500, note=mine),
        Line(f"marks stored in bulk, mentions, {name}", marked, "/s"),
    ]


def _real(database: Database) -> list[Line]:
    """Real petitions: the same text with another address must never be joined, with the same one it should."""
    folder = os.environ.get("INTAKE109_BENCH_DATA", "")
    if not folder:
        progress("no INTAKE109_BENCH_DATA: real petitions are left out")
        return []
    progress("real petitions")
    pairs = list(_same_texts(Path(folder) / "spb_train.jsonl.gz"))[:_REAL]
    counted = dict.fromkeys(("bare", "other", "same", "others", "sames"), 0)
    for text, one, other in pairs:
        kind = "same" if _short(one) == _short(other) else "other"
        counted[f"{kind}s"] += 1
        for first, second, count in (
            (text, text, "bare"),
            (f"{text}\n{_short(one)}", f"{text}\n{_short(other)}", kind),
        ):
            with database.engine.connect() as connection, Session(connection) as session:
                kept = _keep(session, first, "real")
                original = find_original(session, _said(second))
                session.rollback()
            is_joined = original is not None and original.is_certain and original.mention_id == kept
            is_bare = count == "bare" and kind == "other" and not _PLACES.find(text).key
            counted[count] += is_joined and (count != "bare" or is_bare)
    return [
        Line("real: joined though no address was told", counted["bare"], f"of {counted['others']}", 0, "lower"),
        Line("real: same text, other address, joined", counted["other"], f"of {counted['others']}", 0, "lower"),
        Line("real: same text, same address, joined", 100 * counted["same"] / max(1, counted["sames"]), "%"),
    ]


def _short(address: str) -> str:
    """Return an address as a citizen writes it: street and house."""
    parts = [part.strip() for part in address.split(",")[1:]]
    return ", ".join(part for part in parts if "литер" not in part)


def _same_texts(path: Path) -> Iterator[tuple[str, str, str]]:
    seen: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            known = seen.setdefault(row["text"], row["address"])
            if known is not row["address"]:
                yield row["text"], known, row["address"]


def _rivals(base: list[str], recent: list[str]) -> list[Line]:
    """Let each rival alone say what is the same, as it would without a guard."""
    folded = [fold(text) for text in recent]
    began = time.perf_counter()
    for text in base[:SCANNED]:
        process.extractOne(fold(text), folded, scorer=fuzz.ratio, score_cutoff=85)
    scanned = time.perf_counter() - began
    index: Any = RMinHashLSH(_THRESHOLD, 96, 16)
    began = time.perf_counter()
    for at, text in enumerate(folded):
        index.insert(at, _minhash(text))
    filled = time.perf_counter() - began
    began = time.perf_counter()
    for text in folded[:TIMED]:
        index.query(_minhash(text))
    asked = time.perf_counter() - began
    rivals: dict[str, Callable[[str, str], bool]] = {
        "exact hash": lambda first, copy: bool(text_hash(copy)) and text_hash(first) == text_hash(copy),
        "rapidfuzz from 85": lambda first, copy: fuzz.ratio(fold(first), fold(copy)) >= 85,
        "rensa": lambda first, copy: _minhash(fold(first)).jaccard(_minhash(fold(copy))) >= _THRESHOLD,
    }
    lines = [
        Line(f"rival: rapidfuzz over {RECENT:,} in memory", SCANNED / scanned, "/s"),
        Line("rival: rensa in memory, asked", TIMED / asked, "/s"),
        Line("rival: rensa in memory, filled", RECENT / filled, "/s"),
    ]
    for name, is_same in rivals.items():
        for kinds, what in ((SAME, "copies joined"), (OTHER, "wrongly joined")):
            pairs = [changed(kind, text) for kind in kinds for text in base]
            share = sum(is_same(*pair) for pair in pairs) / len(pairs)
            lines.append(Line(f"rival: {name}, {what}", 100 * share, "%"))
    return lines


def _minhash(text: str) -> Any:
    found = RMinHash(96, 109)
    found.update([text[at : at + 4] for at in range(max(1, len(text) - 3))])
    return found


if __name__ == "__main__":
    main()
