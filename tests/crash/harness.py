"""Lives and deaths: a city that writes, a product that is killed while it listens, and at the end a reckoning."""

from __future__ import annotations

import contextlib
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from intake109.demo.standin.app import create_app
from intake109.demo.standin.ground import Settings
from intake109.demo.standin.meta.mailbox import Subscription
from intake109.demo.standin.server import listening, running
from intake109.demo.standin.world import World
from tests.crash.citizens import Citizens
from tests.crash.keeper import Keeper
from tests.crash.kept import count_doubtful, count_waiting, is_settled
from tests.crash.points import FIRST_START, POINTS, Fuse, Moment, On, Phase, Point, Trap
from tests.crash.product import LOG, Life
from tests.crash.reckoning import Reckoning, reckon
from tests.crash.tripwire import Relay, Snare, Tripwire

_LONGEST_LIFE_S = 45.0
_ACT_EVERY_S = 0.3
_MOST_ACTS = 12
_MOST_WAITING = 40
"""So much backlog that new messages would not be carried in this life: enough to go on with."""
_FIRST_HAND = (Phase.RECEIVING, Phase.STORING, Phase.CONFIRMING)
"""Phases that only new messages reach."""
_LONGEST_SETTLING_S = 300.0
_LONG_S = 1200.0
"""Past every grace of the ladder: at the next start the machine registers what nobody has decided."""
_LEAPS_S = (0.0,) * 12 + (16.0, 16.0, 16.0, 65.0, 65.0, 310.0, _LONG_S)
"""How long the product was dead, by its own clock: mostly not at all; longer than a claim, a sending, a fetching may
last."""
_MOST_LEAPT_S = 2300.0
"""With the last leap but one less than an hour: by a clock further ahead than that, files written just now would look
like left by the dead."""
_AT_LAST_S = 7200.0
_SETTINGS = Settings(
    duplicates=1, batch=3, pauses=(0.05, 0.1, 0.3, 0.5), webhook_timeout=10.0, app_calls_per_hour=10**6
)


class EndedByItselfError(RuntimeError):
    """The product ended without being killed: it does not start, or it broke."""


@dataclass(frozen=True, slots=True)
class Death:
    """One kill.

    Attributes:
        is_hit: it died where it should; else it was killed when its time was over.
        doubtful: how many messages had left and were not noted as sent, more than before this life.
    """

    point: Point
    is_hit: bool
    doubtful: int
    lived_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """All deaths, and the reckoning."""

    deaths: list[Death]
    reckoning: Reckoning


class Harness:
    """One run. `database_url` empty: SQLite in `folder`; else an empty database of the newest schema."""

    def __init__(self, folder: Path, seed: int, keeper: Keeper, database_url: str = "") -> None:
        self._folder = folder
        self._url = database_url or f"sqlite:///{folder / 'intake109.sqlite3'}"
        self._is_new = not database_url
        self._seed = seed
        self._chance = random.Random(seed)
        self._keeper = keeper
        self._snare = Snare()
        self._world = World(settings=_SETTINGS)
        self._citizens = Citizens(self._world, seed)
        self._port = _free_port()
        self._relay = Relay(self._snare, self._port)
        self._ahead_s = 0.0
        self._lives = 0

    def run(self, kills: int, tell: Callable[[int], None] = lambda _: None) -> Outcome:
        """Kill so many times, let everything settle, and reconcile. `tell` hears how many kills are done."""
        deaths: list[Death] = []
        with self._city():
            for point in self._chosen(kills):
                deaths.append(self._live_and_die(point))
                tell(len(deaths))
            problem = self._settle()
        found = reckon(self._url, self._folder, self._world, self._relay.taken)
        doubtful = sum(one.doubtful for one in deaths)
        problems = [problem] if problem else []
        if found.doubles != doubtful:
            problems.append(f"{found.doubles} messages were sent twice, {doubtful} kills fell between send and settle")
        return Outcome(deaths, found.with_problems(problems))

    def _chosen(self, kills: int) -> list[Point]:
        """Every point as often as any other, in an order of the seed."""
        some: list[Point] = []
        while len(some) < kills:
            some += self._chance.sample(POINTS, len(POINTS))
        first = [FIRST_START] if self._is_new else []
        return [*first, *some][:kills]

    @contextlib.contextmanager
    def _city(self) -> Iterator[None]:
        bound = listening()
        self._world.ground.base_url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with self._world.ground.changing():
            for name in ("whatsapp", "instagram"):
                url = f"{self._world.ground.base_url}/relay/{name}"
                self._world.mailbox(name).subscription = Subscription(url, self._world.ground.centre.verify_token)
        with running(self._app(), bound):
            yield

    def _app(self) -> Starlette:
        standin = create_app(self._world)

        @contextlib.asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            async with standin.router.lifespan_context(standin):
                yield
            await self._relay.close()

        routes = [Route("/relay/{name}", self._relay.hand_on, methods=["POST"]), Mount("/", standin)]
        return Starlette(routes=routes, middleware=[Middleware(Tripwire, self._snare)], lifespan=lifespan)

    def _live_and_die(self, point: Point) -> Death:
        self._leap(min(self._chance.choice(_LEAPS_S), _MOST_LEAPT_S - self._ahead_s))
        before = count_doubtful(self._url, self._world)
        where = point.where
        self._snare.arm(where if isinstance(where, Trap) else None)
        for _ in range(self._chance.randint(0, 2)):
            self._citizens.stir(point.stir)
        born_at = time.monotonic()
        pid = self._give_life(where if isinstance(where, Fuse) else None, is_rash=point.is_rash)
        if not isinstance(where, Trap) or where.on not in (On.POSTED, On.TAKEN):
            self._snare.aim(pid)
        longest_s = self._chance.uniform(0.05, where.longest_s) if isinstance(where, Moment) else _LONGEST_LIFE_S
        has_died = self._wait_for_death(point, born_at + longest_s)
        if not has_died:
            self._keeper.kill()
            self._wait_for_death(point, born_at + longest_s + _LONGEST_LIFE_S)
        self._hear_out_the_dead()
        doubtful = count_doubtful(self._url, self._world) - before
        return Death(point, has_died or isinstance(where, Moment), doubtful, time.monotonic() - born_at)

    def _hear_out_the_dead(self) -> None:
        """Wait until the platforms have done what was asked of them before the death.

        A platform serves its callers in turn: once it answers us it has taken up what the dead had sent before.
        """
        httpx.get(f"{self._world.ground.base_url}/_city/ledger", trust_env=False).raise_for_status()
        assert self._snare.wait_for_quiet()

    def _wait_for_death(self, point: Point, until: float) -> bool:
        """Let citizens go on until the product dies; False if it lives on.

        Raises:
            EndedByItselfError: it was not killed.
        """
        acts = 0
        has_time = point.phase in _FIRST_HAND or count_waiting(self._url) < _MOST_WAITING
        while (left := until - time.monotonic()) > 0:
            news = self._keeper.hear(min(left, _ACT_EVERY_S))
            if news is not None and news.what != "ready":
                if news.status != -signal.SIGKILL:
                    raise EndedByItselfError(f"nobody killed it: {news}; see {self._folder / LOG}")
                return True
            if news is not None and news.what == "ready":
                self._snare.aim(news.pid)  # a post can be cut off only where somebody answers
            if acts < (_MOST_ACTS if has_time else 1):
                self._citizens.stir(point.stir if acts % 2 == 0 else "any")
                acts += 1
        return False

    def _settle(self) -> str:
        """Live on without kills, at last until half files are old enough to be swept; return what was wrong."""
        for _ in range(3):
            self._citizens.act()
        return self._live_and_stop(_LONG_S, lambda: is_settled(self._url, self._world)) or self._live_and_stop(
            _AT_LAST_S, lambda: not any((self._folder / "media").glob(".incoming-*"))
        )

    def _live_and_stop(self, leap_s: float, is_done: Callable[[], bool]) -> str:
        self._leap(leap_s)
        self._snare.arm(None)
        self._give_life(None, is_thorough=True)
        news = self._keeper.hear(_LONGEST_LIFE_S)
        if news is None or news.what != "ready":
            return f"it did not start: {news}"
        until = time.monotonic() + _LONGEST_SETTLING_S
        while not is_done():
            news = self._keeper.hear(0.2)
            if news is not None or time.monotonic() > until:
                self._keeper.kill()
                return f"it did not settle within {_LONGEST_SETTLING_S:.0f} s: {news}"
        self._keeper.stop()
        news = self._keeper.hear(_LONGEST_LIFE_S)
        return "" if news is not None and news.status == 0 else f"it did not stop when it was told to: {news}"

    def _leap(self, seconds: float) -> None:
        """Let time pass on both sides while the product is dead."""
        self._ahead_s += seconds
        self._world.act(channel="city", act="advance", seconds=seconds)

    def _give_life(self, fuse: Fuse | None, *, is_rash: bool = False, is_thorough: bool = False) -> int:
        self._lives += 1
        addresses = {name: str(told) for name, told in self._world.addresses().items()}
        life = Life(
            folder=str(self._folder),
            database_url=self._url,
            city_url=self._world.ground.base_url,
            addresses=addresses,
            port=self._port,
            ahead_s=self._ahead_s,
            seed=self._seed * 1000 + self._lives,
            login=f"inspector-{self._lives % 2}",
            is_rash=is_rash,
            is_thorough=is_thorough,
            fuse=fuse,
        )
        return self._keeper.give_life(life)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
