"""From a webhook's POST to an inspector's open screen, pages under load, and memory: `python -m bench.web`.

The product runs as its own process with 10,000 tasks waiting; citizens post signed WhatsApp deliveries; inspectors
keep a live line open and read with think time. Clients share the machine with the product.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import re
import shutil
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.product import APP_SECRET, Product, judge, running
from bench.report import Line, noise, percentile, progress, show
from bench.waiting import backlog, verdicts
from intake109.clock import SystemClock

WAITING = 10_000
INSPECTORS = 50
THINK_S = 3.0
ARRIVING_S = 10.0
"""Inspectors open their screens within this time; nobody is measured before all are there."""
LOAD_S = 60
SATURATED_S = 15
CLIENTS = 8
POSTS = 60
PART = {"HX-Request": "true"}
_LATEST_S = 15


@dataclass(slots=True)
class Measured:
    """What was measured: seconds by what was asked, and what went wrong how often."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)


def delivery(number: int) -> tuple[bytes, str]:
    """Return the body of a POST as WhatsApp makes it, and the mark by which its task is known."""
    mark = f"знак{number:06d}"
    citizen = f"7701{number:07d}"
    message = {
        "from": citizen,
        "id": f"wamid.bench{number}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": f"{mark} во дворе открытый люк, провалился ребёнок"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "77172000109", "phone_number_id": "109000000000000"},
        "contacts": [{"profile": {"name": "Асель"}, "wa_id": citizen}],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, ensure_ascii=False).encode()
    return body, mark


def signed(body: bytes) -> dict[str, str]:
    """Return the headers Meta would send with a body."""
    signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}


class Screen:
    """An open screen: hears the live line and fetches new lines of the list as the page's script does."""

    def __init__(self, product: Product, cookie: str) -> None:
        self._client = httpx.AsyncClient(base_url=product.address, cookies={"intake109": cookie}, timeout=30)
        self._seen: dict[str, asyncio.Future[float]] = {}
        self._since = ""

    async def open(self) -> None:
        """Load the page, as a browser would before it listens."""
        page = await self._client.get("/")
        found = re.search(r'data-since="(\d+)"', page.text)
        assert found is not None
        self._since = found[1]

    async def listen(self) -> None:
        """Listen until cancelled."""
        async with self._client.stream("GET", f"/events?since={self._since}", timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:") and self._seen:
                    await self._hear(json.loads(line.removeprefix("data:")))

    async def _hear(self, news: dict[str, list[dict[str, Any]]]) -> None:
        ids = [str(task["id"]) for task in news.get("tasks", []) if "task" in task["what"]]
        if not ids:
            return
        fresh = await self._client.get(f"/queue/lines?ids={','.join(ids)}", headers=PART)
        for mark in [mark for mark in self._seen if mark in fresh.text]:
            self._seen.pop(mark).set_result(time.perf_counter())

    async def time_post(self, number: int) -> float:
        """Post a citizen's message and return how long it took until its line was here."""
        body, mark = delivery(number)
        self._seen[mark] = arrival = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        answer = await self._client.post("/webhooks/whatsapp", content=body, headers=signed(body))
        answer.raise_for_status()
        arrived_at: float = await asyncio.wait_for(arrival, _LATEST_S)
        return arrived_at - started

    async def close(self) -> None:
        await self._client.aclose()


async def watch_posts(product: Product, first: int, count: int, pause_s: float, into: list[float]) -> None:
    """Post so many messages with a pause, and note how long each took to an open screen."""
    screen = Screen(product, product.cookies[0])
    await screen.open()
    listening = asyncio.create_task(screen.listen())
    await asyncio.sleep(1)
    for number in range(first, first + count):
        into.append(await screen.time_post(number))
        await asyncio.sleep(pause_s)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await screen.close()


async def inspect(product: Product, cookie: str, until: float, measured: Measured) -> None:
    """Be an inspector: a live line open, the queue and a task read in turn with time to think."""
    screen = Screen(product, cookie)
    chance = random.Random(cookie)
    await asyncio.sleep(chance.random() * ARRIVING_S)
    await screen.open()
    listening = asyncio.create_task(screen.listen())
    await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_S)
    async with httpx.AsyncClient(base_url=product.address, cookies={"intake109": cookie}, timeout=30) as client:
        while time.perf_counter() < until:
            page = await _ask(client, "/", "queue page", measured)
            await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_S)
            ids = re.findall(r'id="row-(\d+)"', page)
            if ids:
                await _ask(client, f"/tasks/{chance.choice(ids)}", "task", measured, PART)
            await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_S)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await screen.close()


async def _ask(
    client: httpx.AsyncClient, path: str, what: str, measured: Measured, headers: dict[str, str] | None = None
) -> str:
    started = time.perf_counter()
    try:
        answer = await client.get(path, headers=headers)
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        measured.errors[f"{what}: {error.response.status_code}"] += 1
        return ""
    except httpx.HTTPError as error:
        measured.errors[f"{what}: {type(error).__name__}"] += 1
        return ""
    measured.seconds[what].append(time.perf_counter() - started)
    return answer.text


async def load(product: Product, measured: Measured) -> None:
    """Let all inspectors work while citizens write, a message every two seconds."""
    arriving = Measured()
    until = time.perf_counter() + ARRIVING_S + THINK_S + LOAD_S
    inspectors = [asyncio.create_task(inspect(product, one, until, arriving)) for one in product.cookies]
    await asyncio.sleep(ARRIVING_S + THINK_S)
    arriving.seconds.clear()
    await watch_posts(product, 500_000, LOAD_S // 3, 2, measured.seconds["post to screen, under load"])
    await asyncio.gather(*inspectors)
    measured.seconds.update(arriving.seconds)
    measured.errors.update(arriving.errors)


async def saturate(product: Product, measured: Measured) -> float:
    """Ask for the queue page without pause with a few clients; return pages per second."""
    until = time.perf_counter() + SATURATED_S

    async def hurry(cookie: str) -> None:
        async with httpx.AsyncClient(base_url=product.address, cookies={"intake109": cookie}, timeout=30) as client:
            while time.perf_counter() < until:
                await _ask(client, "/", "saturated", measured)

    await asyncio.gather(*(hurry(cookie) for cookie in product.cookies[:CLIENTS]))
    return len(measured.seconds["saturated"]) / SATURATED_S


def in_browser(product: Product, first: int, count: int) -> list[float]:
    """Return seconds from POST to the line being visible in a real Chromium; empty where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        return []
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, httpx.Client(base_url=product.address) as citizen:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": "intake109", "value": product.cookies[0], "url": product.address}])
        page = context.new_page()
        page.goto(product.address, wait_until="load")
        page.wait_for_timeout(1500)
        found = []
        for number in range(first, first + count):
            body, mark = delivery(number)
            started = time.perf_counter()
            citizen.post("/webhooks/whatsapp", content=body, headers=signed(body)).raise_for_status()
            page.locator("#rows .row", has_text=mark).wait_for(state="visible", timeout=_LATEST_S * 1000)
            found.append(time.perf_counter() - started)
        browser.close()
        return found


def main() -> None:
    """Measure, print and write."""
    measured = Measured()
    progress("the machine itself")
    lines = noise()
    progress("starting the product")
    waiting = backlog(verdicts(judge()), WAITING, SystemClock().now())
    with running(waiting, INSPECTORS) as product:
        lines.append(Line("memory, started", product.memory_mb(), "MB", 400, "lower"))
        progress("posts to Chromium")  # first: a page shows the fifty most urgent, and these posts are incidents
        measured.seconds["post to Chromium"] = in_browser(product, 100_000, POSTS // 4)
        progress("posts to an open screen")
        asyncio.run(watch_posts(product, 1, POSTS, 0.3, measured.seconds["post to screen"]))
        progress(f"{INSPECTORS} inspectors for {LOAD_S} s")
        used, waited, started = product.processor_s(), product.waited_s(), time.perf_counter()
        asyncio.run(load(product, measured))
        seconds = time.perf_counter() - started
        share, wait = (product.processor_s() - used) / seconds, (product.waited_s() - waited) / seconds
        lines.append(Line("memory, after inspectors", product.memory_mb(), "MB", 400, "lower"))
        progress(f"{CLIENTS} clients without pause")
        used = product.processor_s()
        rate = asyncio.run(saturate(product, measured))
        page_s = (product.processor_s() - used) / len(measured.seconds["saturated"])
        lines.append(Line("memory, after saturation", product.memory_mb(), "MB", 400, "lower"))
    for what in ("post to screen", "post to screen, under load", "post to Chromium"):
        lines += figures(what, measured.seconds[what], aim_ms=1000)
    lines += figures("queue page", measured.seconds["queue page"], aim_ms=100)
    lines += figures("task", measured.seconds["task"], aim_ms=100)
    told = ", ".join(f"{kind} ×{count}" for kind, count in measured.errors.items())
    lines.append(Line("errors", measured.errors.total(), "", 0, "lower", told))
    lines.append(Line(f"share of a core used, {INSPECTORS} inspectors", 100 * share, "%"))
    lines.append(Line("share of the time waited for a core", 100 * wait, "%", note="what neighbours took"))
    lines.append(Line(f"queue pages, {CLIENTS} clients without pause", rate, "/s"))
    lines.append(Line("processor time of a queue page", 1000 * page_s, "ms"))
    lines += figures("saturated", measured.seconds["saturated"])
    show("web", lines)


def figures(what: str, seconds: list[float], aim_ms: float | None = None) -> list[Line]:
    """Return the percentiles of a measurement, the last one held against its aim; nothing if there was none."""
    if not seconds:
        return []
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return [
        Line(
            f"{what}, {name}",
            1000 * percentile(seconds, share),
            "ms",
            aim_ms if name == "p99" else None,
            "lower",
            f"{len(seconds)} times" if name == "p50" else "",
        )
        for name, share in shares.items()
    ]


if __name__ == "__main__":
    main()
