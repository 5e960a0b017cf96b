"""A site of several processes: started, hung, killed; and screens that listen to one of its web processes."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import httpx

from tests.cluster.members import Member

PATIENCE_S = 40.0
_ROOT = Path(__file__).parents[2]


class Site:
    """The process that starts members, and what is known of them: ids of those that are ready."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cluster.members"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders = self._process.stdin
        self.pids: dict[str, int] = {}
        self._ended: set[str] = set()
        self._news = threading.Condition()
        self._listener = threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._listener.start()

    def start(self, *members: Member) -> None:
        """Start members at the same time and wait until all are ready."""
        for one in members:
            self._orders.write(one.as_line())
        self._orders.flush()
        wanted = {one.name for one in members}
        self._wait(lambda: wanted <= self.pids.keys())

    def send(self, name: str, what: signal.Signals) -> None:
        """Let a member hang (SIGSTOP), wake up, die or end."""
        os.kill(self.pids[name], what)

    def end(self, *names: str) -> None:
        """Tell members to stop and wait until they have done so in good order."""
        for name in names:
            self.send(name, signal.SIGTERM)
        self._wait(lambda: set(names) <= self._ended)

    def name_of(self, pid: int) -> str:
        """Return which member a process is."""
        return next(name for name, one in self.pids.items() if one == pid)

    def close(self) -> None:
        """End everything that is left."""
        for pid in self.pids.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._orders.close()
        self._process.wait(timeout=10)
        self._listener.join(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _wait(self, is_so: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(is_so, PATIENCE_S), f"ready: {self.pids}, ended: {self._ended}"

    def _listen(self, lines: IO[str]) -> None:
        for line in lines:
            told = json.loads(line)
            with self._news:
                if told["what"] == "ready":
                    self.pids[told["name"]] = told["pid"]
                else:
                    self._ended.add(told["name"])
                self._news.notify_all()


class Screen:
    """An inspector's open screen: hears the live line of one web process."""

    def __init__(self, address: str, cookie: str) -> None:
        self._client = httpx.Client(base_url=address, cookies={"intake109": cookie}, trust_env=False, timeout=30)
        self._heard: queue.Queue[str] = queue.Queue()
        self._seen: set[str] = set()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def wait_for(self, words: str) -> None:
        """Wait until a task with these words was told."""
        while not any(words in line for line in self._seen):
            self._seen.add(self._heard.get(timeout=PATIENCE_S))

    def close(self) -> None:
        """Wait until nothing of it is open; its process must have ended."""
        self._thread.join(timeout=10)

    def _listen(self) -> None:
        """Hear the line until its process ends; what was opened for it is closed here, not when memory is tidied."""
        listening = self._client.stream("GET", "/events", timeout=None)
        with self._client, contextlib.suppress(httpx.HTTPError), listening as stream:
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    self._show(json.loads(line.removeprefix("data:")).get("tasks", []))

    def _show(self, tasks: list[dict[str, int]]) -> None:
        for task in tasks:
            self._heard.put(self._client.get(f"/queue/lines?ids={task['id']}").raise_for_status().text)


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
