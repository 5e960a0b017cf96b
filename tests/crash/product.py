"""The product as a real process: pages, webhooks and jobs as `intake109 run` starts them, and an inspector beside them.

`python -m tests.crash.product` reads lives from its input, one JSON line each, and forks a process for each life: a
process that has imported everything starts in half a second, and importing has no effect but definitions. It writes a
line for each birth, readiness and death. Deaths are the rule.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from intake109.bootstrap import build
from intake109.clock import SystemClock
from intake109.config import Channels, Cluster, Config, Instagram, Promise, Server, Storage, Telegram, Whatsapp
from intake109.serve import configure_logging, serve
from tests.city import CATALOGUE, RuleJudge
from tests.crash.desk import Desk
from tests.crash.fuse import lay
from tests.crash.points import At, Fuse

LOG = "product.log"
_PR_SET_PDEATHSIG = 1
_SLOW_TO_LOAD = (
    "intake109.review_ui.app",
    "intake109.collectors.telegram.sender",
    "intake109.collectors.whatsapp",
    "intake109.collectors.instagram_graph",
    "alembic.command",
    "apscheduler.schedulers.asyncio",
    "PIL.Image",
)


@dataclass(frozen=True, slots=True)
class Life:
    """One life of the product.

    Attributes:
        is_rash: the inspector undoes every registration.
        is_thorough: the inspector leaves nothing for the machine that it would not register now.
        ahead_s: how far its clock is ahead of the machine's: time that passed while it was dead.
        fuse: where it kills itself; None if somebody else does, or nobody.
    """

    folder: str
    database_url: str
    city_url: str
    addresses: dict[str, str]
    port: int
    ahead_s: float
    seed: int
    login: str
    is_rash: bool = False
    is_thorough: bool = False
    fuse: Fuse | None = None

    def as_line(self) -> str:
        """Write it as one line."""
        return json.dumps(asdict(self)) + "\n"


def read_life(line: str) -> Life:
    """Read what `as_line` wrote."""
    given: dict[str, Any] = json.loads(line)
    fuse = given.pop("fuse")
    return Life(**given, fuse=Fuse(fuse["statement"], At(fuse["at"]), fuse["nth"]) if fuse else None)


class AheadClock(SystemClock):
    """The machine's clock, and some."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + self._ahead


def config_of(life: Life) -> Config:
    """Return the configuration of a life: everything durable, decisions revocable for a second only."""
    told = life.addresses
    return Config(
        server=Server(port=life.port, public_url=f"http://127.0.0.1:{life.port}"),
        storage=Storage(folder=Path(life.folder), database_url=life.database_url),
        cluster=Cluster(lease_seconds=1),
        promise=Promise(undo_seconds=1, lease_idle_seconds=15),
        channels=Channels(
            telegram=Telegram(enabled=True, base_url=life.city_url, token=SecretStr(told["bot_token"])),
            whatsapp=Whatsapp(
                enabled=True,
                graph_url=f"{life.city_url}/graph",
                phone_number_id=told["phone_number_id"],
                access_token=SecretStr(told["whatsapp_token"]),
                app_secret=SecretStr(told["app_secret"]),
                verify_token=SecretStr(told["verify_token"]),
            ),
            instagram=Instagram(
                enabled=True,
                graph_url=f"{life.city_url}/graph",
                user_id=told["instagram_id"],
                username=told["instagram_username"],
                poll_seconds=0.5,
                access_token=SecretStr(told["instagram_token"]),
                app_secret=SecretStr(told["app_secret"]),
                verify_token=SecretStr(told["verify_token"]),
            ),
        ),
    )


def live(life: Life, on_ready: Callable[[], None]) -> None:
    """Live until killed or told to stop."""
    configure_logging()
    if life.fuse is not None:
        lay(life.fuse)
    clock = AheadClock(timedelta(seconds=life.ahead_s))
    house = build(config_of(life), clock=clock, judge=RuleJudge(), catalogue=CATALOGUE)
    chance = random.Random(life.seed)
    desk = Desk(house, life.login, chance, is_rash=life.is_rash, is_thorough=life.is_thorough)
    desk.open()
    serve(house, on_ready=on_ready)


def _tell(out: int, what: str, pid: int, status: int = 0) -> None:
    os.write(out, (json.dumps({"what": what, "pid": pid, "status": status}) + "\n").encode())


def _be_born(life: Life, out: int) -> int:
    """Fork, return the child's id in the parent; the child never returns."""
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        _die_with_parent()
        log = os.open(Path(life.folder) / LOG, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        for old, new in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
            os.dup2(old, new)
        live(life, lambda: _tell(out, "ready", os.getpid()))
        status = 0
    except SystemExit as told:
        status = int(told.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _die_with_parent() -> None:
    """Leave nobody behind when a test run is itself killed; only Linux can promise that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Give lives until the input ends."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.dup(1)
    for name in _SLOW_TO_LOAD:
        importlib.import_module(name)
    for line in iter(sys.stdin.readline, ""):
        pid = _be_born(read_life(line), out)
        _tell(out, "born", pid)
        _, status = os.waitpid(pid, 0)
        _tell(out, "dead", pid, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
