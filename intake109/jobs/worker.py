"""All jobs of one process, in a thread with an event loop of its own, so that pages never wait for the network."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from intake109.clock import Clock
from intake109.errors import ChannelError
from intake109.jobs.carrying import Carrying
from intake109.jobs.delivering import Delivering
from intake109.jobs.election import Election
from intake109.jobs.fetching import Fetching
from intake109.jobs.hearts import Watch
from intake109.jobs.housekeeping import Housekeeping
from intake109.jobs.looking_up import LookingUp
from intake109.jobs.loop import Loop, Threads
from intake109.jobs.polling import Polling
from intake109.jobs.promising import Promising
from intake109.jobs.pulse import LONGEST_STEP, Hearts
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_TICK = timedelta(milliseconds=150)
_START_TIMEOUT_S = 30.0
_LONGEST_PAUSE_S = 60.0
_FINISH_S = 5.0
Task = Callable[[], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Elected:
    """What exactly one process does. `steps` are jobs by name; each returns True when there may be more to do."""

    polling: Sequence[Polling]
    housekeeping: Housekeeping
    steps: Mapping[str, Callable[[], Awaitable[bool]]] = field(default_factory=dict)


class Worker:
    """Runs every job until stopped. `introductions` and `closers` belong to the channels and run in the loop.

    What must be one is built anew for every term by `elected`, upon the database it may write to; without an `election`
    this process is the only one.
    """

    def __init__(
        self,
        elected: Callable[[Database], Elected],
        election: Election | None,
        carrying: Carrying,
        promising: Promising,
        delivering: Sequence[Delivering],
        fetching: Fetching,
        looking_up: LookingUp,
        database: Database,
        clock: Clock,
        threads: Threads,
        introductions: Sequence[Task],
        closers: Sequence[Task],
        hearts: Hearts | None = None,
        me: str = "worker",
    ) -> None:
        self._hearts = hearts or Hearts()
        self._watch = Watch(self._hearts, me, database, clock, threads)
        steps = {
            "carrying": carrying.step,
            "promising": promising.step,
            "fetching": fetching.step,
            "looking_up": looking_up.step,
            **{f"delivering.{one.channel.value}": one.step for one in delivering},
        }
        longest = {"fetching": 2 * fetching.patience.lease, "looking_up": 2 * looking_up.patience.lease}
        self._loops = [
            Loop(name, step, database, clock, threads, _TICK, self._hearts, longest.get(name, LONGEST_STEP))
            for name, step in steps.items()
        ]
        self._elected = elected
        self._election = election
        self._database = database
        self._clock = clock
        self._threads = threads
        self._introductions = introductions
        self._closers = closers
        self._stopping: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self.run()), name="worker", daemon=True)

    def start(self) -> None:
        """Start in a thread and return once the jobs run."""
        self._thread.start()
        self._started.wait(_START_TIMEOUT_S)

    def stop(self) -> None:
        """Ask the jobs to end and wait for them; what is in flight is finished or taken up after the next start."""
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(timeout=_START_TIMEOUT_S)

    async def run(self) -> None:
        """Run in the current event loop until `stop`."""
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        working = [asyncio.create_task(one.run(), name=one.name) for one in self._loops]
        watching = asyncio.create_task(self._watch.run(), name="hearts")
        asking = [asyncio.create_task(self._stand(), name="elected")]
        asking += [asyncio.create_task(_until_answered(one)) for one in self._introductions]
        self._started.set()
        await self._stopping.wait()
        await _end(asking, within_s=0.0)  # cut off: a platform that was asked in vain tells the same again
        for loop in self._loops:
            loop.stop()
        await _end(working, within_s=_FINISH_S)  # cut off, a message that has left would be sent once more
        await _end([watching], within_s=0.0)
        await asyncio.gather(*(close() for close in self._closers), return_exceptions=True)
        self._threads.close()

    async def _stand(self) -> None:
        if self._election is None:
            await self._serve(self._database)
        else:
            await self._election.run(self._serve)

    async def _serve(self, database: Database) -> None:
        """Do what must be one until cancelled."""
        elected = self._elected(database)
        polls = {f"polling.{one.poller.name}": one.step for one in elected.polling}
        longest = {f"polling.{one.poller.name}": one.longest for one in elected.polling}
        loops = [
            Loop(name, step, database, self._clock, self._threads, _TICK, self._hearts, longest.get(name, LONGEST_STEP))
            for name, step in {**polls, **elected.steps}.items()
        ]
        scheduler = elected.housekeeping.schedule()
        scheduler.start()
        try:
            await asyncio.gather(*(one.run() for one in loops), asyncio.Event().wait())
        finally:
            scheduler.shutdown(wait=False)


async def _end(tasks: Sequence[asyncio.Task[None]], within_s: float) -> None:
    """Wait for tasks to end, then end those that have not."""
    if within_s and tasks:
        await asyncio.wait(tasks, timeout=within_s)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _until_answered(introduce: Task) -> None:
    """Try until the platform has answered; polling shows on the health page why it does not."""
    for attempt in itertools.count():
        try:
            await introduce()
        except ChannelError as error:
            log.warning("channel not introduced yet", backoff=error.backoff.value, attempt=attempt)
            if error.permanent:
                return
            await asyncio.sleep(min(2.0**attempt, _LONGEST_PAUSE_S))
        except Exception as error:  # a fault of ours would otherwise end unseen, and the platform never call us
            log.error("channel not introduced", problem=type(error).__name__, attempt=attempt)
            await asyncio.sleep(min(2.0**attempt, _LONGEST_PAUSE_S))
        else:
            return
