"""Web and worker processes as `intake109 web` and `intake109 worker` start them, but with a judge made of rules.

`python -m tests.cluster.members` reads one JSON line a member from its input and forks it; a line is written when a
member is ready, and when it has ended by itself. A process that has imported everything starts in half a second.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import SecretStr

from intake109.bootstrap import build
from intake109.config import Channels, Cluster, Config, Server, Storage, Telegram
from intake109.serve import configure_logging, serve, work
from tests.city import CATALOGUE, RuleJudge

_PR_SET_PDEATHSIG = 1
_SLOW_TO_LOAD = (
    "intake109.review_ui.app",
    "intake109.collectors.telegram.sender",
    "alembic.command",
    "apscheduler.schedulers.asyncio",
)


@dataclass(frozen=True, slots=True)
class Member:
    """One process. `port` is a web process's."""

    name: str
    role: str
    folder: str
    database_url: str
    city_url: str
    bot_token: str
    lease_s: float
    port: int = 1

    def as_line(self) -> str:
        """Write it as one line."""
        return json.dumps(asdict(self)) + "\n"


def config_of(member: Member) -> Config:
    """Return the configuration all members share, but for the port."""
    telegram = Telegram(enabled=True, base_url=member.city_url, token=SecretStr(member.bot_token))
    return Config(
        server=Server(port=member.port),
        storage=Storage(folder=Path(member.folder), database_url=member.database_url, fsync=False),
        cluster=Cluster(lease_seconds=member.lease_s),
        channels=Channels(telegram=telegram),
    )


def _tell(out: int, name: str, what: str) -> None:
    os.write(out, (json.dumps({"name": name, "what": what, "pid": os.getpid()}) + "\n").encode())


def _live(member: Member, out: int) -> None:
    configure_logging()
    house = build(config_of(member), judge=RuleJudge(), catalogue=CATALOGUE)

    def ready() -> None:
        _tell(out, member.name, "ready")

    if member.role == "web":
        serve(house, jobs=False, on_ready=ready)
    else:
        work(house, on_ready=ready)


def _be_born(member: Member, out: int) -> None:
    """Fork; the child never returns."""
    if os.fork():
        return
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _die_with_parent()
        log = os.open(Path(member.folder) / f"{member.name}.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        for old, new in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
            os.dup2(old, new)
        _live(member, out)
        _tell(out, member.name, "ended")
    except SystemExit:
        _tell(out, member.name, "ended")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _die_with_parent() -> None:
    """Leave nobody behind when a test run is itself killed; only Linux can promise that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Start members until the input ends; they end with this process."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    out = os.dup(1)
    for name in _SLOW_TO_LOAD:
        importlib.import_module(name)
    for line in iter(sys.stdin.readline, ""):
        _be_born(Member(**json.loads(line)), out)


if __name__ == "__main__":
    main()
