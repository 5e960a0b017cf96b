"""The figures for Prometheus, read anew for every scrape; they hold counts only, never a citizen's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from intake109.clock import Clock
from intake109.collectors import breaker
from intake109.config import Config
from intake109.review_ui.office import vitals
from intake109.store import events, figures, health, lookups, outbox, processes, tasks
from intake109.store.database import Database
from intake109.store.figures import Backlog
from intake109.store.processes import Cluster
from intake109.store.tables import HealthRow

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_OUTBOX = ("owed", "sent", "failed", "unknown", "by_hand", "cancelled")
_STATES = ("closed", "waiting", "open", "trial")


def scrape(database: Database, config: Config, clock: Clock) -> bytes:
    """Return all figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(database, config, clock.now()))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, database: Database, config: Config, now: datetime) -> None:
        self._database = database
        self._config = config
        self._now = now

    def collect(self) -> Iterator[Metric]:
        with self._database.read() as session:
            yield from self._arrivals(session)
            yield from self._queue(session)
            by_state = dict.fromkeys(_OUTBOX, 0) | outbox.count_by_state(session)
            yield _gauge("outbox_messages", "Messages to citizens by state.", "state", by_state)
            yield from _channels(health.all_of(session), self._now)
            yield _plain("database_bytes", "Size of the database.", figures.size_bytes(session))
            if not self._database.is_sqlite:
                yield from _cluster(processes.cluster(session))
        disk = vitals.disk(self._config.storage.folder)
        yield _plain("disk_free_bytes", "Room left for database and files.", disk.free_bytes)

    def _arrivals(self, session: Session) -> Iterator[Metric]:
        stored = CounterMetricFamily("intake109_events_stored", "Deliveries stored, by channel.", labels=["channel"])
        for channel, count in sorted(figures.events_by_channel(session).items()):
            stored.add_metric([channel], count)
        yield stored
        waiting = figures.waiting_events(session)
        yield _plain("events_waiting", "Deliveries stored and not carried to the queue yet.", waiting.count)
        yield _plain("events_oldest_wait_seconds", "Wait of the oldest of them.", self._wait_s(waiting))
        by_channel = events.quarantined_by_channel(session)
        yield _gauge("events_quarantined", "Deliveries nobody could read, by channel.", "channel", by_channel)
        yield _plain("lookups_failed", "Things pointed at that could not be had.", lookups.count_failed(session))

    def _queue(self, session: Session) -> Iterator[Metric]:
        counts = tasks.counts(session, self._now)
        shelves = {shelf: counts[shelf] for shelf in ("queue", "no_appeal")}
        yield _gauge("tasks_waiting", "Open tasks by shelf.", "shelf", shelves)
        yield _plain("tasks_incidents", "Open tasks about danger to life.", counts["incidents"])
        yield _plain("tasks_late", "Open tasks whose promise is broken.", counts["late"])
        oldest = figures.waiting_tasks(session)
        yield _plain("tasks_oldest_wait_seconds", "Wait of the citizen who waits longest.", self._wait_s(oldest))

    def _wait_s(self, backlog: Backlog) -> float:
        return max(0.0, (self._now - backlog.oldest).total_seconds()) if backlog.oldest else 0.0


def _cluster(found: Cluster) -> Iterator[Metric]:
    alive = Counter(one.row.role for one in found.processes if one.is_alive)
    yield _gauge("processes", "Processes that live, by what they do.", "role", alive)
    yield _plain("elected", "1 while a process is elected to poll the channels.", float(found.elected is not None))
    yield _plain("folders", "Folders of files the processes see: more than one is a mistake.", found.folders)


def _channels(rows: Iterable[HealthRow], now: datetime) -> Iterator[Metric]:
    rejected = CounterMetricFamily("intake109_webhook_rejected", "Posts with a wrong signature.", labels=["collector"])
    errors = GaugeMetricFamily(
        "intake109_collector_errors_in_row", "Failures since the last success.", labels=["collector"]
    )
    state = GaugeMetricFamily(
        "intake109_collector_breaker", "1 for the breaker's state.", labels=["collector", "state"]
    )
    heard = GaugeMetricFamily(
        "intake109_collector_last_event_seconds", "Epoch of the last event.", labels=["collector"]
    )
    for row in rows:
        found = breaker.state(row.errors_in_row, row.retry_at, now)
        rejected.add_metric([row.name], row.rejected)
        errors.add_metric([row.name], row.errors_in_row)
        for one in _STATES:
            state.add_metric([row.name, one], float(one == found))
        if row.last_event_at:
            heard.add_metric([row.name], row.last_event_at.timestamp())
    yield from (rejected, errors, state, heard)


def _plain(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"intake109_{name}", text, value=value)


def _gauge(name: str, text: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    found = GaugeMetricFamily(f"intake109_{name}", text, labels=[label])
    for key, value in sorted(values.items()):
        found.add_metric([key], value)
    return found
