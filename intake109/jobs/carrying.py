"""Carrying stored events through the pipeline, oldest first."""

from __future__ import annotations

from intake109.clock import Clock
from intake109.jobs.loop import Threads
from intake109.pipeline import Pipeline
from intake109.store import events
from intake109.store.database import Database

_BATCH = 20
"""Events that share a commit. More would save little and keep an inspector's click waiting for the write lock."""


class Carrying:
    """Takes what waits and hands it to the pipeline, in one thread so that a citizen's messages keep their order."""

    def __init__(self, pipeline: Pipeline, database: Database, clock: Clock, threads: Threads) -> None:
        self._pipeline = pipeline
        self._database = database
        self._clock = clock
        self._threads = threads

    async def step(self) -> bool:
        """Carry up to a batch of events; True when more may wait."""
        return await self._threads.run(self.carry)

    def carry(self) -> bool:
        """Carry up to a batch of events now; True when a full batch was waiting."""
        with self._database.read() as session:
            waiting = events.waiting(session, self._clock.now(), _BATCH)
        if waiting:
            self._pipeline.handle_all(waiting)
        return len(waiting) == _BATCH
