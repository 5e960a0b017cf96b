"""Two web and two worker processes of the real product on one embedded PostgreSQL, and inspectors logged in."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.databases import fresh
from bench.product import MODEL, await_readiness, configure, free_port, judge, log_in, start
from intake109.clock import SystemClock
from intake109.store import leases
from intake109.store.database import Database

WEBS = WORKERS = 2
_LONGEST_S = 60.0
_LOOK_S = 0.01


@dataclass(slots=True)
class Cluster:
    """The processes. `webs` are addresses, `cookies` the logins of inspectors."""

    folder: Path
    config: Path
    database: Database
    cookies: tuple[str, ...]
    webs: list[str] = field(default_factory=list)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, command: str, *options: str) -> None:
        """Start a process and wait until it is ready."""
        url = self.database.url.render_as_string(hide_password=False)
        self.processes.append(start(self.folder, command, self.config, *options, database_url=url))
        await_readiness(self.processes[-1])

    def elected(self) -> subprocess.Popen[str]:
        """Return the process that polls and does the chores."""
        holder, _ = self._lease()
        return next(one for one in self.processes if str(one.pid) == holder.split(":")[1])

    def strike(self, what: signal.Signals) -> float:
        """Kill, stop or halt the elected process, and return how many seconds later another was elected."""
        struck, before = self.elected(), self._lease()[1]
        struck.send_signal(what)
        at = time.perf_counter()
        while self._lease()[1] == before:
            if time.perf_counter() - at > _LONGEST_S:
                raise RuntimeError("nobody took over")
            time.sleep(_LOOK_S)
        seconds = time.perf_counter() - at
        if what is signal.SIGSTOP:
            struck.send_signal(signal.SIGCONT)
        else:
            struck.wait(timeout=_LONGEST_S)
            self.processes.remove(struck)
        return seconds

    def _lease(self) -> tuple[str, int]:
        until = time.perf_counter() + _LONGEST_S
        while time.perf_counter() < until:
            with self.database.read() as session:
                row = leases.of(session, leases.SCHEDULER)
            if row is not None:
                return row.holder, row.token
            time.sleep(_LOOK_S)
        raise RuntimeError("nobody was elected")


@contextmanager
def running(inspectors: int) -> Iterator[Cluster]:
    """Start all processes and end them."""
    judge()
    with tempfile.TemporaryDirectory() as name, fresh() as (_, database):
        folder, now = Path(name), SystemClock().now()
        (folder / "model").symlink_to(MODEL)
        with database.write() as session:
            cookies = tuple(log_in(session, number, now) for number in range(1, inspectors + 1))
        cluster = Cluster(folder, configure(folder, free_port()), database, cookies)
        try:
            for _ in range(WEBS):
                port = free_port()
                cluster.start("web", "--port", str(port))
                cluster.webs.append(f"http://127.0.0.1:{port}")
            for _ in range(WORKERS):
                cluster.start("worker")
            yield cluster
        finally:
            for one in cluster.processes:
                one.send_signal(signal.SIGCONT)
                one.terminate()
            for one in cluster.processes:
                with suppress(subprocess.TimeoutExpired):
                    one.wait(timeout=30)
