"""What goes wrong inside: transactions cut off, workers that die, clocks that jump."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import event

from intake109.store.database import Database


class DiedError(BaseException):
    """The process that did this is gone in the middle of it: no `except Exception` sees it."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A worker that is dead for a while. Times are since the beginning of the simulation."""

    worker: int
    begins: timedelta
    ends: timedelta


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong. The default is a house in which nothing does.

    Attributes:
        crashes: share of the statements of writing transactions before which the process dies, 0…1.
        jumps: when the clock jumps ahead, since the beginning of the simulation, and how far.
    """

    workers: int = 1
    crashes: float = 0.0
    absences: tuple[Absence, ...] = ()
    jumps: tuple[tuple[timedelta, timedelta], ...] = ()

    def is_dead(self, worker: int, since_beginning: timedelta) -> bool:
        """Say whether a worker is dead; at the end of its absence it lives again."""
        return any(one.worker == worker and one.begins <= since_beginning < one.ends for one in self.absences)

    @contextmanager
    def among(self, database: Database, random: Random) -> Iterator[None]:
        """Let processes die inside the block."""
        if not self.crashes:
            yield
            return

        def maybe_die(*_: Any) -> None:
            if random.random() < self.crashes:
                raise DiedError

        event.listen(database.engine, "before_cursor_execute", maybe_die)
        try:
            yield
        finally:
            event.remove(database.engine, "before_cursor_execute", maybe_die)
