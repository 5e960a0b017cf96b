"""A platform that does what a test wants: each call takes the next outcome, an error is raised, the last one stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from intake109.collectors.base import Download
from intake109.model import Batch, Channel, Event, Outgoing, Receipt

T = TypeVar("T")


class Outcomes(Generic[T]):
    """What happens, call by call."""

    def __init__(self, *outcomes: T | Exception) -> None:
        self._outcomes = list(outcomes)
        self.calls = 0

    def next(self) -> T:
        self.calls += 1
        outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class FakePoller(Outcomes[Batch]):
    """A channel that is asked; remembers the cursors it was asked with."""

    name = "telegram"
    channel = Channel.TELEGRAM

    def __init__(self, *outcomes: Batch | Exception, pause: timedelta = timedelta(0)) -> None:
        super().__init__(*outcomes)
        self.pause = pause
        self.cursors: list[str | None] = []

    async def poll(self, cursor: str | None, now: datetime) -> Batch:
        self.cursors.append(cursor)
        return self.next()


class FakeSender(Outcomes[Receipt]):
    """A way back to the citizen; remembers what was sent."""

    channel = Channel.TELEGRAM

    def __init__(self, *outcomes: Receipt | Exception) -> None:
        super().__init__(*outcomes)
        self.sent: list[Outgoing] = []

    async def send(self, message: Outgoing) -> Receipt:
        self.sent.append(message)
        return self.next()


class FakeLookups(Outcomes[tuple[Event, ...]]):
    """Things that can be asked for."""

    channel = Channel.INSTAGRAM

    async def look_up(self, reference: str, now: datetime) -> tuple[Event, ...]:
        return self.next()


class FakeMedia(Outcomes[bytes]):
    """Files of citizens."""

    channel = Channel.TELEGRAM

    def __init__(self, *outcomes: bytes | Exception, sha256: str = "") -> None:
        super().__init__(*outcomes)
        self._sha256 = sha256

    @asynccontextmanager
    async def open(self, reference: str) -> AsyncIterator[Download]:
        content = self.next()

        async def chunks() -> AsyncIterator[bytes]:
            yield content

        yield Download(chunks(), sha256=self._sha256)
