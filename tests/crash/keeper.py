"""Keeps the process that gives the product its lives, and hears of births and deaths."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from tests.crash.product import Life

_ROOT = Path(__file__).parents[2]
_LONGEST_BIRTH_S = 60.0


@dataclass(frozen=True, slots=True)
class News:
    """What became of a life: `born`, `ready`, or `dead` with its exit status (-9: killed)."""

    what: str
    pid: int
    status: int


class KeeperError(RuntimeError):
    """The process that gives lives does not answer."""


class Keeper:
    """One life at a time."""

    def __init__(self) -> None:
        self._news: queue.Queue[News] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.product"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._lives = self._process.stdin
        self._listener = threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._listener.start()
        self._pid: int | None = None

    def __enter__(self) -> Keeper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._lives.close()
        self._process.wait(timeout=10)
        self._listener.join(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def give_life(self, life: Life) -> int:
        """Start the product and return its process's id; it is not ready yet.

        Raises:
            KeeperError: no process was made.
        """
        self._lives.write(life.as_line())
        self._lives.flush()
        news = self.hear(_LONGEST_BIRTH_S)
        if news is None or news.what != "born":
            raise KeeperError(f"no life was given: {news}")
        self._pid = news.pid
        return news.pid

    def hear(self, longest_s: float) -> News | None:
        """Wait for news of the present life; None if there is none for so long."""
        with contextlib.suppress(queue.Empty):
            news = self._news.get(timeout=longest_s)
            if news.what == "dead":
                self._pid = None
            return news
        return None

    def kill(self) -> None:
        """End the present life, if there is one."""
        self._send(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the present life to end by itself."""
        self._send(signal.SIGTERM)

    def _send(self, what: signal.Signals) -> None:
        if self._pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, what)

    def _listen(self, lines: IO[str]) -> None:
        for line in lines:
            told = json.loads(line)
            self._news.put(News(told["what"], told["pid"], told["status"]))
        self._news.put(News("gone", 0, 0))
