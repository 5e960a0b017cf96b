"""Kill −9 at every commit of every step after the number: nothing is lost, doubled or stuck."""

from __future__ import annotations

import os
import shutil
import signal
import traceback
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.store.database import Database
from tests.conftest import NOON
from tests.crash.fuse import counted, lay
from tests.crash.points import FOLLOWING, Fuse
from tests.crash.walk import STEPS, Letterbox, Walk, at, prepare, standing
from tests.practised import practised

pytestmark = pytest.mark.slow
_LATER = timedelta(seconds=65)
"""After which the lease of a dead one is over."""
_MOST_COMMITS = 3
_ON_POSTGRESQL = frozenset({"one says no", "it is merged", "the check finds whose it is", "all is sent"})
"""A process costs more there; what a commit keeps is the same."""
Standing = dict[str, Counter[tuple[object, ...]]]


class City:
    """One database with its letterbox, and the way of the cases through it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.letterbox = Letterbox(folder / "letters")
        self.inspector = 0
        self.database = practised(url)

    def make(self, step: int, database: Database | None = None, later: timedelta = timedelta(0)) -> None:
        """Make a step, in this process."""
        clock = MovedClock(at(step, NOON) + later)
        STEPS[step][1](Walk(database or self.database, clock, self.letterbox, self.inspector))

    def dies(self, step: int, fuse: Fuse) -> bool:
        """Make a step in a process that kills itself there; False if it came to the end."""
        pid = os.fork()
        if not pid:
            status = 70
            try:
                database = practised(self.url)
                lay(fuse)
                self.make(step, database)
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        _, status = os.waitpid(pid, 0)
        ended = os.waitstatus_to_exitcode(status)
        assert ended in (0, -signal.SIGKILL), STEPS[step][0]
        return ended != 0

    def look(self) -> Standing:
        with self.database.read() as session:
            return standing(session)


def keep(city: City, folder: Path) -> Path:
    """Keep a city at SQLite as it stands now, and return its database's file."""
    folder.mkdir()
    source = Path(city.database.url.database or "")
    for file in source.parent.glob(f"{source.name}*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, folder / file.name)
    if city.letterbox.path.exists():
        shutil.copy(city.letterbox.path, folder / "letters")
    return folder / source.name


def undisturbed(city: City, clock: MovedClock) -> Standing:
    """Walk to the end without a death."""
    city.inspector = prepare(city.database, clock)
    for step in range(len(STEPS)):
        city.make(step)
    return city.look()


def test_killed_at_every_commit_it_stands_as_if_nobody_had_died(
    sqlite: Database, clock: MovedClock, tmp_path: Path
) -> None:
    city = City(str(sqlite.url), tmp_path)
    city.inspector = prepare(city.database, clock)
    before, after = FOLLOWING
    deaths, expected = 0, city.look()
    for step in range(len(STEPS)):
        kept = keep(city, tmp_path / f"step-{step}")
        with counted(before) as commits:
            city.make(step)
        last = min(commits.count, _MOST_COMMITS)
        expected = city.look()
        fuses = [replace(before, nth=nth + 1) for nth in range(last)] + [replace(after, nth=last)] * bool(last)
        for fuse in fuses:
            _die_and_go_on(city, step, fuse, kept, expected)
        deaths += len(fuses)
    city.database.close()
    assert deaths >= 2 * len(STEPS), "steps no longer commit"
    assert {step[3] for step in expected["steps"]} >= {"answered", "closed", "long_term", "merged", "returned"}
    assert {row[:4] for row in expected["words"]} == {(1, 1, 1, "no"), (1, 2, 1, "yes"), (1, 2, 2, "yes")}
    assert {(row[0], row[1]) for row in expected["appeals"]} == {
        ("2026-000001", "closed"),
        ("2026-000002", "merged"),
        ("2026-000003", "forwarded"),
        ("2026-000004", "forwarded"),
    }


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_killed_at_some_steps_on_postgresql_it_comes_to_the_same_end(
    database: Database, sqlite: Database, tmp_path: Path
) -> None:
    (tmp_path / "calm").mkdir()
    calm, city = City(str(sqlite.url), tmp_path / "calm"), City(_address(database), tmp_path)
    expected = undisturbed(calm, MovedClock(NOON))
    city.inspector = prepare(city.database, MovedClock(NOON))

    for step in range(len(STEPS)):
        is_killed = STEPS[step][0] in _ON_POSTGRESQL and _is_killed(city, step)
        city.make(step, later=_LATER if is_killed else timedelta(0))

    found = city.look()
    doubled = city.letterbox.got() - calm.letterbox.got()
    city.database.close()
    calm.database.close()
    assert found == expected
    assert not calm.letterbox.got() - city.letterbox.got()
    assert sum(doubled.values()) <= sum(name.endswith("sent") for name, _ in STEPS)


def _die_and_go_on(city: City, step: int, fuse: Fuse, kept: Path, expected: Standing) -> None:
    """Kill a copy of what was kept before a step, let it go on, and compare it with where nobody died."""
    folder = kept.parent / f"{fuse.at.name}-{fuse.nth}"
    folder.mkdir()
    for file in kept.parent.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    copy = City(f"sqlite:///{folder / kept.name}", folder)
    copy.inspector = city.inspector
    named = f"{STEPS[step][0]}: killed {fuse.at} {fuse.nth}"

    assert copy.dies(step, fuse), named
    copy.make(step, later=_LATER)

    assert copy.look() == expected, named
    assert not city.letterbox.got() - copy.letterbox.got(), f"{named}, lost letters"
    assert (copy.letterbox.got() - city.letterbox.got()).total() <= 1, f"{named}, doubled letters"
    copy.database.close()
    shutil.rmtree(folder)


def _is_killed(city: City, step: int) -> bool:
    return bool(sum(city.dies(step, fuse) for fuse in FOLLOWING))


def _address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)
