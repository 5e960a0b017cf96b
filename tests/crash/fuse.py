"""A fuse in the product's own process: SIGKILL exactly at a statement or at a commit, seen by SQLAlchemy's events."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.crash.points import At, Fuse


class _Burning(threading.local):
    """What the current thread's transaction has done; a transaction never leaves its thread."""

    has_matched = False


class Laid:
    """A fuse that burns down by one at each match."""

    def __init__(self, fuse: Fuse) -> None:
        self._at = fuse.at
        self._wanted = re.compile(fuse.statement, re.DOTALL)
        self._left = fuse.nth
        self._burning = _Burning()

    def begin(self, *_: object) -> None:
        self._burning.has_matched = False

    def before(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if self._at is At.BEFORE and self._wanted.match(statement):
            self._count()

    def after(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not self._wanted.match(statement):
            return
        self._burning.has_matched = True
        if self._at is At.AFTER:
            self._count()

    def commit(self, *_: object) -> None:
        if self._at is At.BEFORE_COMMIT and self._burning.has_matched:
            self._count()

    def committed(self, *_: object) -> None:
        if self._at is At.AFTER_COMMIT and self._burning.has_matched:
            self._count()
        self._burning.has_matched = False

    def _count(self) -> None:
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Tally(Laid):
    """Counts what a fuse would burn down by, and kills nobody."""

    count = 0

    def _count(self) -> None:
        self.count += 1


@contextmanager
def counted(fuse: Fuse) -> Iterator[Tally]:
    """Count in this process how often a fuse would have burned, until the end of the block."""
    tally = Tally(fuse)
    listeners = (
        ("begin", tally.begin),
        ("before_cursor_execute", tally.before),
        ("after_cursor_execute", tally.after),
        ("commit", tally.commit),
    )
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield tally
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)


def lay(fuse: Fuse) -> None:
    """Lay a fuse at every database of this process, also those opened later; it is never taken out again."""
    laid = Laid(fuse)
    event.listen(Engine, "begin", laid.begin)
    event.listen(Engine, "before_cursor_execute", laid.before)
    event.listen(Engine, "after_cursor_execute", laid.after)
    event.listen(Engine, "commit", laid.commit)
    event.listen(Session, "after_commit", laid.committed)
