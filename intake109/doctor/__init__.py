"""`intake109 doctor`: is everything here that the product needs, and if not, what to do."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from intake109 import config as configuration
from intake109.alerts import reach
from intake109.alerts.ways import Ways
from intake109.appeals.terms.calendar import read as read_calendar
from intake109.classifier.place.gazetteer import read as read_gazetteer
from intake109.clock import SystemClock, city_day
from intake109.config import Config
from intake109.doctor.channels import channels
from intake109.doctor.executors import executors
from intake109.doctor.finding import Finding, Grade
from intake109.errors import CatalogueError, ConfigError
from intake109.media.shared import mark_of
from intake109.store import migrate, processes
from intake109.store.database import Database, is_reachable
from intake109.store.effective import effective

__all__ = ["Finding", "Grade", "calendar", "examine"]

_LEAST_FREE_BYTES = 2 * 2**30
_CLOCK_TOLERANCE = timedelta(seconds=5)


def examine(path: Path) -> list[Finding]:
    """Examine everything; a configuration that cannot be read is the only finding then."""
    try:
        config = configuration.load(path)
    except ConfigError as error:
        return [Finding("configuration", Grade.BAD, problem) for problem in error.problems]
    return [
        Finding("configuration", Grade.GOOD, f"{path} is sound"),
        *_database(config),
        _disk(config),
        _catalogue(config),
        _gazetteer(config),
        calendar(config, SystemClock().now()),
        _model(config),
        _alerts(config),
        *asyncio.run(channels(config)),
        *asyncio.run(executors(config)),
    ]


def _database(config: Config) -> Iterator[Finding]:
    database = Database(config.storage.url)
    try:
        problem = is_reachable(database)
        if problem:
            yield Finding(
                "database", Grade.BAD, problem, "start it, or correct INTAKE109_DATABASE_URL or storage.folder"
            )
            return
        yield Finding("database", Grade.GOOD, f"{database.url.get_backend_name()} answers")
        missing = migrate.missing(database)
        yield (
            Finding("schema", Grade.WARNING, f"{len(missing)} migrations are missing", "run `intake109 migrate`")
            if missing
            else Finding("schema", Grade.GOOD, "up to date")
        )
        yield _clock(database)
        if not missing and not database.is_sqlite:
            yield from _cluster(database, config.storage.folder)
    except SQLAlchemyError as error:
        yield Finding("database", Grade.BAD, type(error).__name__, "look at the database's own log")
    finally:
        database.close()


def _clock(database: Database) -> Finding:
    if database.is_sqlite:
        return Finding("clock", Grade.GOOD, "the database uses this machine's clock")
    with database.read() as session:
        theirs: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs(SystemClock().now() - theirs.astimezone(UTC))
    if apart > _CLOCK_TOLERANCE:
        return Finding(
            "clock", Grade.BAD, f"{apart.total_seconds():.0f} s from the database's", "run an NTP client on both"
        )
    return Finding("clock", Grade.GOOD, f"{apart.total_seconds():.1f} s from the database's")


def _cluster(database: Database, folder: Path) -> Iterator[Finding]:
    """Tell who is elected, and whether the processes that live share the folder of files with this machine."""
    with database.read() as session:
        found = processes.cluster(session)
    alive = [one for one in found.processes if one.is_alive]
    told = ", ".join(f"{one.row.role} {one.row.host}:{one.row.pid}" for one in alive) or "none runs"
    if found.elected is not None:
        told += f"; elected: {found.elected.row.host}:{found.elected.row.pid}"
    if alive and not found.works:
        yield Finding("processes", Grade.BAD, f"{told}: nobody works", "start `intake109 worker`")
    else:
        yield Finding("processes", Grade.GOOD, told)
    try:
        mark = mark_of(folder)
    except OSError:
        return  # the disk's own line says so
    others = [f"{one.row.host}:{one.row.pid}" for one in alive if one.row.folder_mark != mark]
    remedy = "mount the same folder as storage.folder on every machine (docs/operations.md)"
    yield (
        Finding("shared folder", Grade.BAD, f"{', '.join(others)} see another one than {folder}", remedy)
        if others
        else Finding("shared folder", Grade.GOOD, f"{folder} is what every process sees")
    )


def _disk(config: Config) -> Finding:
    folder = config.storage.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_text("probe", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        return Finding(
            "disk", Grade.BAD, f"{folder}: {error.strerror}", "give the service's user the right to write there"
        )
    free = shutil.disk_usage(folder).free
    says = f"{free / 2**30:.1f} GB free in {folder}"
    if free < _LEAST_FREE_BYTES:
        return Finding("disk", Grade.WARNING, says, "make room: events and citizens' files are kept here")
    return Finding("disk", Grade.GOOD, says)


def _catalogue(config: Config) -> Finding:
    try:
        found = effective(config)
    except CatalogueError as error:
        return Finding("catalogue", Grade.BAD, error.problems[0], f"mend it and the other {len(error.problems) - 1}")
    except (ConfigError, SQLAlchemyError):
        return Finding("catalogue", Grade.WARNING, "its edits are in the database", "mend the database first")
    says = f"{len(found.catalogue.services)} services" + (f", edited here: {found.edits}" if found.edits else "")
    if found.problems:
        return Finding("catalogue", Grade.WARNING, f"{says}; {found.problems[0]}", "run `intake109 catalogue check`")
    if config.promise.duty_dispatcher not in found.catalogue.executors:
        remedy = "name an executor of the catalogue as promise.duty_dispatcher"
        return Finding("catalogue", Grade.WARNING, f"{says}; no executor {config.promise.duty_dispatcher}", remedy)
    return Finding("catalogue", Grade.GOOD, says)


def _gazetteer(config: Config) -> Finding:
    path = config.city.gazetteer
    if path is None:
        remedy = "write the city's streets into a file and name it as city.gazetteer (docs/operations.md)"
        return Finding("gazetteer", Grade.WARNING, "none: only names that many cities share are known", remedy)
    try:
        counts = read_gazetteer(path).counts()
    except ConfigError as error:
        return Finding("gazetteer", Grade.BAD, error.problems[0], _mend(error.problems))
    told = ", ".join(f"{count} {kind if count == 1 else f'{kind}s'}" for kind, count in counts.items())
    return Finding("gazetteer", Grade.GOOD, f"{told}, in {path}")


def calendar(config: Config, now: datetime) -> Finding:
    """Whether this year's and the next year's working days are written down, and not only guessed by the library."""
    try:
        found = read_calendar(config.deadlines.calendars)
    except ConfigError as error:
        return Finding("calendar", Grade.BAD, error.problems[0], _mend(error.problems))
    year = city_day(now, config.city.zone).year
    missing = [str(one) for one in (year, year + 1) if not found.year(one).is_given]
    if missing:
        says = f"no working calendar of {' and '.join(missing)}: moved days and Kurban Ait are not known"
        remedy = f"write {missing[0]}.yaml into the folder of deadlines.calendars (docs/deadlines.md)"
        return Finding("calendar", Grade.WARNING, says, remedy)
    return Finding("calendar", Grade.GOOD, f"{found.version(date(year, 1, 1), date(year + 1, 1, 1))}")


def _mend(problems: list[str]) -> str:
    others = f" and the other {len(problems) - 1}" if len(problems) > 1 else ""
    return f"mend it{others}: the product does not start before"


def _model(config: Config) -> Finding:
    folder = config.storage.folder / "model"
    if folder.is_dir() and any(folder.iterdir()):
        return Finding("model", Grade.GOOD, f"trained, in {folder}")
    return Finding("model", Grade.WARNING, "not trained yet", "it is trained at the first start; that takes minutes")


def _alerts(config: Config) -> Finding:
    """Whether anybody hears of danger when nobody is at the desk; without a database nothing more can be said."""
    ways = Ways(config.alerts, config.server.address, config.channels.telegram.enabled)
    database = Database(config.storage.url)
    try:
        with database.read() as session:
            problem = reach.problem(session, ways)
    except SQLAlchemyError:
        problem = "" if config.alerts.fallback.is_set else "no fallback: at night an alert may reach nobody"
    finally:
        database.close()
    remedy = "set alerts.fallback (docs/promise.md)"
    return Finding(
        "alerts", Grade.WARNING if problem else Grade.GOOD, problem or "a fallback is there", remedy * bool(problem)
    )
