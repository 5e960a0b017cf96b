"""What the health page says of each collector and job, and of the machine under them. Pure but for the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from intake109.collectors import breaker
from intake109.config import Config
from intake109.store.health import WORKERS
from intake109.store.tables import HealthRow

JOB = "job."
_EXPIRES_SOON = timedelta(days=7)
_DISK_LOW_BYTES = 2 * 2**30
_DISK_FULL_BYTES = 200 * 2**20


@dataclass(frozen=True, slots=True)
class Vital:
    """One line. `state` is the breaker's, or `silent` for what has neither brought nor failed anything yet.

    `tone` is good, warn or bad; `advice` names the text that says what to do, empty if nothing is to be done.
    """

    row: HealthRow
    state: str
    tone: str
    advice: str
    expires: str

    @property
    def key(self) -> str:
        """The name under which the texts know it."""
        return self.row.name.removeprefix(JOB).replace(".", "_")

    @property
    def detail(self) -> str:
        """What follows the job's name, as in `polling.telegram`."""
        return self.row.name.removeprefix(JOB).partition(".")[2]


@dataclass(frozen=True, slots=True)
class Disk:
    """Room for files and database."""

    free_bytes: int
    total_bytes: int

    @property
    def tone(self) -> str:
        if self.free_bytes < _DISK_FULL_BYTES:
            return "bad"
        return "warn" if self.free_bytes < _DISK_LOW_BYTES else "good"


def collectors(rows: Sequence[HealthRow], config: Config, now: datetime) -> list[Vital]:
    """Return every collector, those that need somebody first; an enabled channel that was never heard is shown too."""
    known = [row for row in rows if not row.name.startswith(JOB)]
    heard = {row.channel for row in known}
    silent = [_never(name) for name in enabled(config) if name not in heard]
    return _ordered(vital(row, now) for row in [*known, *silent])


def jobs(rows: Sequence[HealthRow], now: datetime) -> list[Vital]:
    """Return the jobs that have ever failed; one that never has tells nothing of itself."""
    return _ordered(vital(row, now) for row in rows if row.name.startswith(JOB))


def vital(row: HealthRow, now: datetime) -> Vital:
    """Say how a collector or job is."""
    state = breaker.state(row.errors_in_row, row.retry_at, now)
    is_silent = state == "closed" and row.last_good_at is None and row.last_event_at is None
    expires = _expiry(row.credentials_expire_at, now)
    of_ours = "hung" if row.name == WORKERS else "job"
    advice = (row.backoff or of_ours) if row.errors_in_row else ""
    return Vital(
        row,
        "silent" if is_silent else state,
        _tone(state, expires, is_silent, is_quiet=row.quiet_since is not None),
        advice,
        expires,
    )


def enabled(config: Config) -> list[str]:
    """Return the channels that are switched on."""
    channels = config.channels
    return [name for name in ("telegram", "whatsapp", "instagram", "website") if getattr(channels, name).enabled]


def disk(folder: Path) -> Disk:
    """Return how full the disk of a folder is; of its nearest parent while it does not exist yet."""
    place = next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path("/"))
    usage = shutil.disk_usage(place)
    return Disk(usage.free, usage.total)


def is_disk_full(found: Disk) -> bool:
    """Say whether the next commit may fail for want of room."""
    return found.free_bytes < _DISK_FULL_BYTES


def _never(name: str) -> HealthRow:
    return HealthRow(name=name, channel=name)


def _expiry(expires_at: datetime | None, now: datetime) -> str:
    if expires_at is None:
        return ""
    if expires_at <= now:
        return "expired"
    return "soon" if expires_at - now < _EXPIRES_SOON else "later"


def _tone(state: str, expires: str, is_silent: bool, *, is_quiet: bool) -> str:
    if state in {"open", "trial"} or expires == "expired":
        return "bad"
    if state == "waiting" or expires == "soon" or is_quiet:
        return "warn"
    return "idle" if is_silent else "good"


def _ordered(found: Iterable[Vital]) -> list[Vital]:
    order = ("bad", "warn", "idle", "good")
    return sorted(found, key=lambda one: (order.index(one.tone), one.row.name))
