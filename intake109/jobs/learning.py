"""Learning from what people decide: every night, when the catalogue has changed, and when somebody asks for it."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from intake109.catalogue.services import Catalogue
from intake109.classifier.apart import Apart, Order, TrainingError
from intake109.classifier.classifier import version_of
from intake109.classifier.contest import FEWEST, Ruling, has_service, held_out
from intake109.classifier.examples import Example, told_once
from intake109.clock import Clock
from intake109.errors import ConflictError, IntakeError
from intake109.jobs.champion import Champion
from intake109.jobs.loop import Threads
from intake109.model import Kind
from intake109.progress import Progress
from intake109.store import examples, models
from intake109.store.database import Database
from intake109.store.tables import ExampleRow, HistoryRow, ModelRow

log = structlog.get_logger(__name__)
_QUIET = timedelta(minutes=1)
"""An administrator edits several services in a row: the catalogue has to rest so long before it is learnt anew."""
_AFTER_FAILURE = timedelta(hours=1)


class Origin(StrEnum):
    """What a model was trained for."""

    NIGHT = "night"
    EDITED = "edited"
    ASKED = "asked"


class Trainer(Protocol):
    """Trains in a process of its own; a stand-in in tests."""

    def train(self, order: Order, progress: Progress | None = None) -> Ruling | None: ...

    def stop(self) -> None: ...


class Learning:
    """Trains challengers in a process of their own and says which model serves. One attempt at a time, everywhere."""

    def __init__(
        self,
        champion: Champion,
        catalogue: Callable[[], Catalogue],
        database: Database,
        clock: Clock,
        folder: Path,
        zone: ZoneInfo,
        trainer: Trainer | None = None,
    ) -> None:
        self.champion = champion
        self._catalogue = catalogue
        self._database = database
        self._clock = clock
        self._folder = folder
        self._zone = zone
        self._trainer: Trainer = trainer or Apart()
        self._seen: tuple[str, datetime] = ("", clock.now())
        self._not_before = clock.now()
        self._watching = threading.Lock()

    def writing_to(self, database: Database) -> Learning:
        """Return the same, writing to another database: to one that is fenced while this process is elected."""
        found = copy.copy(self)
        found._database = database
        return found

    async def night(self, threads: Threads) -> None:
        """Let a challenger learn and serve if it is better; a failure is kept with the models and tried tomorrow.

        Raises:
            ConflictError: another attempt is under way, or whoever was at it died: the night's turn is to come.
        """
        await threads.run(self._night)

    async def watch(self, threads: Threads) -> None:
        """Take over what another process has promoted; learn anew when the catalogue has changed and rests."""
        if self._watching.acquire(blocking=False):  # a training takes minutes, this is called every few seconds
            try:
                await threads.run(self._watch)
            finally:
                self._watching.release()

    async def close(self) -> None:
        """End a training that is under way."""
        self._trainer.stop()

    def attempt(
        self, origin: Origin, progress: Progress | None = None, *, must_win: bool, few_will_do: bool = False
    ) -> ModelRow:
        """Train a challenger and return what became of it.

        Args:
            must_win: promote it only if it is better on decisions neither has learnt; otherwise the comparison is
                only told.
            few_will_do: promote it where there are too few decisions to compare on.

        Raises:
            ConflictError: another attempt is under way.
            TrainingError: it could not be trained; that stands in its row too.
        """
        catalogue, now = self._catalogue(), self._clock.now()
        decisions, past = self._read(catalogue)
        version = version_of(catalogue)
        with self._database.write() as session:
            champion = models.serving(session)
            row = models.begin(session, version, version, origin.value, now)
        row.version = f"{version}.{row.id}"
        order, fresh = self._order(row, catalogue, decisions, past, champion, must_win)
        if must_win and not order.test and not few_will_do:
            row.outcome, row.reason = "too_few", "too_few"
            row.detail = {"have": fresh, "need": 2 * FEWEST}
            return self._end(row)
        try:
            ruling = self._trainer.train(order, progress)
        except TrainingError as error:
            row.outcome, row.reason, row.detail = "failed", "training", {"problem": str(error)}
            self._end(row)
            raise
        self._note(row, order, ruling)
        return self._end(row)

    def _order(
        self,
        row: ModelRow,
        catalogue: Catalogue,
        decisions: list[Example],
        past: list[Example],
        champion: ModelRow | None,
        must_win: bool,
    ) -> tuple[Order, int]:
        """Return what to train, and how many decisions the champion has not learnt."""
        seen_until = champion.seen_until if champion else None
        learnt, test = held_out(decisions, seen_until, self._day_of)
        fresh = sum(seen_until is None or one.decided_at > seen_until for one in decisions if one.decided_at)
        order = Order(
            catalogue,
            self._folder / f"learnt-{row.id}.npz",
            decisions=told_once([*past, *decisions]),
            learnt=told_once([*past, *learnt]),
            test=test if sum(map(has_service, test)) >= FEWEST // 2 else (),
            champion=self._folder / champion.file if champion and champion.file else None,
            must_win=must_win,
        )
        return order, fresh

    def _note(self, row: ModelRow, order: Order, ruling: Ruling | None) -> None:
        row.examples = len(order.decisions)
        row.seen_until = max((one.decided_at for one in order.decisions if one.decided_at), default=None)
        row.outcome, row.reason = "promoted", row.origin
        if ruling is not None:
            row.champion, row.challenger = ruling.champion.told(), ruling.challenger.told()
            row.detail = {"won": ruling.won, "lost": ruling.lost}
            row.reason = ruling.why.value if ruling.is_better or order.must_win else row.origin
        if ruling is not None and order.must_win and not ruling.is_better:
            row.outcome, row.seen_until = "kept", None
            return
        row.file, row.served_at = order.path.name, self._clock.now()

    def _end(self, row: ModelRow) -> ModelRow:
        with self._database.write() as session:
            models.end(session, row)
        with self._database.write() as session:
            dropped = models.drop_old_files(session)
        for name in dropped:
            (self._folder / name).unlink(missing_ok=True)
        log.info("model trained", model=row.id, outcome=row.outcome, reason=row.reason, examples=row.examples)
        return row

    def _night(self) -> None:
        try:
            self.attempt(Origin.NIGHT, must_win=True)
        except ConflictError:
            raise
        except IntakeError as error:  # the page of models and the log say so; the champion goes on
            log.error("no model trained", origin=Origin.NIGHT.value, problem=str(error))

    def _watch(self) -> None:
        self.champion.refresh()
        now, version = self._clock.now(), version_of(self._catalogue())
        with self._database.read() as session:
            row = models.serving(session)
        if row is None or row.catalogue == version:
            return
        if self._seen[0] != version:
            self._seen = (version, now)
        if now - self._seen[1] >= _QUIET and now >= self._not_before:
            self._not_before = now + _AFTER_FAILURE
            if self._try(Origin.EDITED, must_win=False):
                self._not_before = now
                self.champion.refresh()

    def _try(self, origin: Origin, *, must_win: bool) -> bool:
        try:
            self.attempt(origin, must_win=must_win)
        except IntakeError as error:  # the page of models and the log say so; the champion goes on
            log.error("no model trained", origin=origin.value, problem=str(error))
            return False
        return True

    def _read(self, catalogue: Catalogue) -> tuple[list[Example], list[Example]]:
        """Return the decisions of the queue, and the centre's own history, each oldest first."""
        with self._database.read() as session:
            decisions, past = examples.learnable(session), examples.history(session)
        return [_decided(row, catalogue) for row in decisions], [_past(row) for row in past]

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def _decided(row: ExampleRow, catalogue: Catalogue) -> Example:
    service = catalogue.get(row.service)
    sphere = service.sphere if service else ""
    return Example(row.text, row.kind, row.service if service else "", sphere, row.is_incident, row.decided_at)


def _past(row: HistoryRow) -> Example:
    return Example(row.text, Kind.APPEAL.value, row.service, row.sphere)
