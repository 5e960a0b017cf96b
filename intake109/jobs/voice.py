"""The citizen's word by the clock: news of what changed, calls to who is silent or was not reached by the question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from intake109.appeals.news import Setting
from intake109.appeals.voice import calls, satisfaction, telling
from intake109.clock import Clock
from intake109.errors import ConflictError
from intake109.jobs.chores import Chore, every
from intake109.jobs.loop import Threads
from intake109.store import appeals, asked
from intake109.store import calls as store
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_NEWS_EVERY = timedelta(seconds=20)
_LOOK_EVERY = timedelta(minutes=1)
_STEPS = 100
"""In one transaction; a decision must not wait for news."""
_CASES = 200


class Voices:
    """Each case and each batch of news has a transaction of its own. What is killed in the middle goes on next time.

    Args:
        setting: gives the catalogue and the city's times as they are at that moment.
    """

    def __init__(self, setting: Callable[[], Setting], database: Database, clock: Clock, threads: Threads) -> None:
        self._setting = setting
        self._database = database
        self._clock = clock
        self._threads = threads

    def chores(self) -> list[Chore]:
        """Return the chores and their times."""
        return [Chore("news", self.news, every(_NEWS_EVERY)), Chore("calls", self.look, every(_LOOK_EVERY))]

    async def news(self) -> None:
        """Tell citizens of what changed."""
        await self._threads.run(self.tell)

    async def look(self) -> None:
        """Have called who must be."""
        await self._threads.run(self.keep)

    def tell(self) -> int:
        """Owe the news of all steps that nobody heard of; return how many steps were looked at."""
        looked = 0
        while True:
            with self._database.read() as session:
                is_behind = telling.behind(session)
            if not is_behind:
                return looked
            with self._database.write() as session:
                found = telling.catch_up(session, self._setting(), self._clock.now(), _STEPS)
            looked += found
            if found < _STEPS:
                return looked

    def keep(self) -> int:
        """Have everybody called who is silent or was not reached, ask who joined since; return the cases looked at."""
        setting, now = self._setting(), self._clock.now()
        with self._database.read() as session:
            found = asked.to_look_at(session, now - setting.voice.silence, _CASES)
            is_moot = store.has_moot(session)
        if is_moot:
            with self._database.write() as session:
                calls.close_moot(session, now)
        opened = sum(self._keep(appeal_id, setting) for appeal_id in found)
        if opened:
            log.info("to be called", citizens=opened)
        return len(found)

    def _keep(self, appeal_id: int, setting: Setting) -> int:
        now = self._clock.now()
        try:
            with self._database.write() as session:
                appeal = appeals.lock_live(session, appeal_id)
                satisfaction.ask(session, appeal, setting, now)
                return calls.keep(session, appeal, setting, now)
        except ConflictError:  # merged this very moment; the next look finds the case it lies in
            return 0
