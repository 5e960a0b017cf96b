"""How soon another scheduler takes over, how soon 200 screens at two web processes hear: `python -m bench.election`.

The real product: two `intake109 web`, two `intake109 worker`, one PostgreSQL, the lease as configured by default.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import httpx

from bench.cluster import Cluster, running
from bench.report import Line, noise, percentile, progress, show
from bench.web import delivery, signed

SCREENS = 200
POSTS = 40
PAUSE_S = 0.5
TIMES = 3
TAKEN_OVER_WITHIN_S = 30.0
TOLD_WITHIN_MS = 1000.0
_LATEST_S = 20.0
_OPENING_S = 30.0


@dataclass(slots=True)
class Heard:
    """When each screen first heard of each task: by the task's id, then by the screen's login."""

    at: dict[int, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    opened: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)


async def listen(client: httpx.AsyncClient, cookie: str, heard: Heard) -> None:
    """Be a screen, until cancelled."""
    async with client.stream("GET", "/events", headers={"Cookie": f"intake109={cookie}"}, timeout=None) as stream:
        stream.raise_for_status()
        async for line in stream.aiter_lines():
            if not line.startswith("data:"):
                continue
            now = time.perf_counter()
            told = json.loads(line.removeprefix("data:"))
            heard.opened.add(cookie)
            for task in told.get("tasks", []):
                heard.at[task["id"]].setdefault(cookie, now)
            heard.news.set()


async def until(is_so: Callable[[], object], heard: Heard, longest_s: float) -> None:
    """Wait for something that news may bring about."""
    async with asyncio.timeout(longest_s):
        while not is_so():
            heard.news.clear()
            await heard.news.wait()


def _told_to_all(heard: Heard, known: set[int]) -> list[int]:
    """Return the tasks that are new and of which every screen has heard: here nobody makes any but by the post."""
    return [task_id for task_id, arrivals in heard.at.items() if task_id not in known and len(arrivals) >= SCREENS]


async def _screens(cluster: Cluster) -> list[float]:
    """Open the screens, post, and return for every message and screen how long it took, in seconds."""
    heard = Heard()
    delays: list[float] = []
    limits = httpx.Limits(max_connections=None)
    clients = [httpx.AsyncClient(base_url=one, limits=limits, trust_env=False) for one in cluster.webs]
    listening = [
        asyncio.create_task(listen(clients[number % len(clients)], cookie, heard))
        for number, cookie in enumerate(cluster.cookies)
    ]
    await until(lambda: len(heard.opened) >= SCREENS, heard, _OPENING_S)
    for number in range(POSTS):
        body, _ = delivery(number)
        known = set(heard.at)
        posted_at = time.perf_counter()
        answer = await clients[number % len(clients)].post("/webhooks/whatsapp", content=body, headers=signed(body))
        answer.raise_for_status()
        await until(partial(_told_to_all, heard, known), heard, _LATEST_S)
        delays += [at - posted_at for at in heard.at[_told_to_all(heard, known)[0]].values()]
        await asyncio.sleep(PAUSE_S)
    for one in listening:
        one.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for client in clients:
        await client.aclose()
    return delays


def _taken_over(cluster: Cluster) -> list[Line]:
    lines = []
    for what, how in (
        (signal.SIGKILL, "was killed (−9)"),
        (signal.SIGSTOP, "hung (SIGSTOP)"),
        (signal.SIGTERM, "was told to stop"),
    ):
        seconds = []
        for _ in range(TIMES):
            progress(f"the elected worker {how}")
            seconds.append(cluster.strike(what))
            if what is not signal.SIGSTOP:
                cluster.start("worker")
        name = f"another scheduler after the elected {how}"
        lines += [
            Line(f"{name}, median of {TIMES}", percentile(seconds, 0.5), "s"),
            Line(f"{name}, longest", max(seconds), "s", TAKEN_OVER_WITHIN_S, "lower"),
        ]
    return lines


def main() -> None:
    """Measure and show."""
    progress("the machine")
    lines = noise()
    progress("starting two web and two worker processes")
    with running(SCREENS) as cluster:
        progress(f"{POSTS} posts to {SCREENS} screens")
        delays = [1000 * one for one in asyncio.run(_screens(cluster))]
        lines += [
            Line(f"signed POST to {SCREENS} screens at two web processes, p50", percentile(delays, 0.5), "ms"),
            Line("the same, p95", percentile(delays, 0.95), "ms"),
            Line("the same, p99", percentile(delays, 0.99), "ms", TOLD_WITHIN_MS, "lower"),
            Line("the same, longest", max(delays), "ms", note=f"{POSTS} posts, each heard {SCREENS} times"),
        ]
        lines += _taken_over(cluster)
    show("election", lines)


if __name__ == "__main__":
    main()
