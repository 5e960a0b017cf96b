"""Events stored per second, and events carried to the queue per second with the real parser and classifier.

The rival of storing is the ORM's own way, `add_all`, on the same database in the same run.
"""

from __future__ import annotations

import json
import time

from bench.databases import fresh
from bench.product import judge as real_judge
from bench.report import Line, noise, progress, show
from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.load import load
from intake109.clock import SystemClock
from intake109.collectors.telegram.parser import TelegramParser
from intake109.config import City, Promise
from intake109.demo import script
from intake109.dialogue.commands import Setting
from intake109.jobs.carrying import Carrying
from intake109.jobs.loop import Threads
from intake109.model import Channel, Event
from intake109.pipeline import Judge, Pipeline
from intake109.store import events
from intake109.store.database import Database
from intake109.store.tables import EventRow

STORED = 20_000
CARRIED = 1_000
BATCH = 100
TOGETHER = 20


def update(number: int, text: str, at: int) -> Event:
    """Return a private Telegram message of a citizen of its own, as the platform delivers it."""
    chat = 10_000_000 + number
    person = {"id": chat, "is_bot": False, "first_name": "Асель", "language_code": "kk"}
    message = {
        "message_id": 1,
        "from": person,
        "chat": {"id": chat, "type": "private", "first_name": "Асель"},
        "date": at,
        "text": text,
    }
    payload = json.dumps({"update_id": number, "message": message}, ensure_ascii=False)
    return Event(Channel.TELEGRAM, str(number), payload, "telegram.poll")


def main() -> None:
    """Measure on both databases."""
    clock = SystemClock()
    texts = [str(step.fields["text"]) for step in script.read().steps if step.fields.get("text")]
    at = int(clock.now().timestamp())
    stream = [update(number, f"{texts[number % len(texts)]} {number}", at) for number in range(STORED)]
    catalogue = load()
    progress("the classifier")
    judge = real_judge()
    parsers = {"telegram.poll": TelegramParser("city109_bot")}
    progress("the machine itself")
    lines = noise()
    with fresh() as databases:
        for database in databases:
            name = database.url.get_backend_name()
            progress(f"storing and carrying, {name}")
            rate = _stored(database, stream)
            lines.append(Line(f"stored, {name}, batches of {BATCH}", rate, "/s", 5_000))
            lines.append(Line(f"rival: ORM add_all, {name}", _added(database, stream), "/s"))
            with database.write() as session:
                session.execute(EventRow.__table__.delete())  # type: ignore[attr-defined]
            setting = Setting(City(), CurrentCatalogue(catalogue))
            pipeline = Pipeline(database, clock, parsers, judge, Promise(), setting)
            lines += _carried(database, pipeline, stream)
    lines += _judged(judge, stream)
    show("events", lines)


def _stored(database: Database, stream: list[Event]) -> float:
    clock = SystemClock()
    started = time.perf_counter()
    for first in range(0, len(stream), BATCH):
        with database.write() as session:
            events.save_batch(
                session, stream[first : first + BATCH], clock.now(), cursor_name="bench", cursor=str(first)
            )
    return len(stream) / (time.perf_counter() - started)


def _added(database: Database, stream: list[Event]) -> float:
    clock = SystemClock()
    sample = stream[: STORED // 5]
    started = time.perf_counter()
    for first in range(0, len(sample), BATCH):
        with database.write() as session:
            session.add_all(
                EventRow(
                    channel=one.channel.value,
                    key=f"rival-{one.key}",
                    source=one.source,
                    payload=one.payload,
                    received_at=clock.now(),
                )
                for one in sample[first : first + BATCH]
            )
    return len(sample) / (time.perf_counter() - started)


def _carried(database: Database, pipeline: Pipeline, stream: list[Event]) -> list[Line]:
    clock = SystemClock()
    with database.write() as session:
        events.save_batch(session, stream[:CARRIED], clock.now())
    carrying = Carrying(pipeline, database, clock, Threads())
    started, used = time.perf_counter(), time.process_time()
    while carrying.carry():
        pass
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    name = database.url.get_backend_name()
    return [
        Line(f"carried to the queue, {name}", CARRIED / seconds, "/s", 200),
        Line(
            f"processor time of an event, {name}", 1000 * cpu / CARRIED, "ms", 5, "lower", "ours, classifier included"
        ),
    ]


def _judged(judge: Judge, stream: list[Event]) -> list[Line]:
    texts = [str(json.loads(one.payload)["message"]["text"]) for one in stream[:CARRIED]]
    used = time.process_time()
    for text in texts:
        judge.classify(text)
    alone = time.process_time() - used
    used = time.process_time()
    for first in range(0, CARRIED, TOGETHER):
        judge.classify_many(texts[first : first + TOGETHER])
    together = time.process_time() - used
    return [
        Line("processor time of a verdict, one by one", 1000 * alone / CARRIED, "ms"),
        Line(f"processor time of a verdict, {TOGETHER} at once", 1000 * together / CARRIED, "ms"),
    ]


if __name__ == "__main__":
    main()
