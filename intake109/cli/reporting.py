"""The command that writes reports, and the one that looks whether the sealed days are still what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake109.cli.opening import DEFAULT_CONFIG, ConfigOption, load_config, plain_errors
from intake109.errors import IntakeError

if TYPE_CHECKING:
    from intake109.catalogue.services import Catalogue
    from intake109.config import Config
    from intake109.reports.composing import Sealed
    from intake109.reports.figures import Figures
    from intake109.reports.period import Period
    from intake109.store.database import Database

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a report is made from; the catalogue is read when it is first needed."""

    config: Config
    database: Database
    catalogue: Callable[[], Catalogue]
    now: datetime


@app.command()
def report(
    first: Annotated[str, typer.Option("--from", help="The first day, 2026-11-22; yesterday without it.")] = "",
    last: Annotated[str, typer.Option("--to", help="The last day; the same as the first without it.")] = "",
    fmt: Annotated[str, typer.Option("--format", help="html, pdf, xlsx, csv or json; else by the file's name.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write.")] = None,
    language: Annotated[str, typer.Option(help="ru, kk or en; the staff's without it.")] = "",
    verify: Annotated[bool, typer.Option("--verify", help="Look whether every sealed day is what was sealed.")] = False,
    digest: Annotated[str, typer.Option(help="With --verify: a digest from a mailed report.")] = "",
    correct: Annotated[bool, typer.Option("--correct", help="Correct the sealed day --from; needs --reason.")] = False,
    reason: Annotated[str, typer.Option(help="Why the day is corrected; everybody reads it.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write the report of a day or a range of days; a sealed day as it was sealed."""
    with plain_errors(), _desk(config) as desk:
        if verify:
            _verify(desk, digest.strip().lower())
            return
        period = _period(desk, first, last)
        if correct:
            _correct(desk, period, reason)
            return
        _write(desk, period, fmt, output, language)


@contextmanager
def _desk(path: Path) -> Iterator[_Desk]:
    from intake109.bootstrap import open_database
    from intake109.catalogue.current import CurrentCatalogue
    from intake109.catalogue.load import load as load_catalogue
    from intake109.clock import SystemClock
    from intake109.store.database import is_reachable
    from intake109.store.migrate import upgrade
    from intake109.store.revisions import Revisions

    config = load_config(path)
    database = open_database(config)
    try:
        problem = is_reachable(database)
        if problem:
            raise IntakeError(f"the database does not answer ({problem.splitlines()[0]}): start it and try again")
        upgrade(database)
        catalogue = cache(lambda: CurrentCatalogue(load_catalogue(), Revisions(database)).catalogue)
        yield _Desk(config, database, catalogue, SystemClock().now())
    finally:
        database.close()


def _write(desk: _Desk, period: Period, fmt: str, output: Path | None, language: str) -> None:
    from intake109.progress import shown
    from intake109.reports.composing import compose
    from intake109.reports.formats import Format, written
    from intake109.reports.words import words

    chosen = fmt.lower() or (output.suffix[1:].lower() if output else "html")
    if chosen not in set(Format):
        raise IntakeError(f"--format {chosen or '(none)'}: unknown; write one of {', '.join(Format)}")
    spoken = language or desk.config.alerts.language
    words(spoken)
    target = output or Path(f"report-{period.first}{'' if period.days == 1 else f'-{period.last}'}.{chosen}")
    _refuse_folder(target)
    with shown() as progress:
        figures, chain = _read(desk, period, lambda share: progress("reading", share))
        progress("writing", 0.0)
        paper = compose(figures, desk.catalogue(), spoken, desk.config.city.centre, period.zone, chain)
        content = written(Format(chosen), paper, figures, chain)
        progress("writing", 1.0)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise IntakeError(f"{target}: cannot be written ({error.strerror}); name another file") from error
    typer.echo(f"{target}: {paper.subtitle}, {len(content):,} bytes. {paper.seal}")


def _read(desk: _Desk, period: Period, tell: Callable[[float], None]) -> tuple[Figures, tuple[Sealed, ...]]:
    from intake109.reports import archive
    from intake109.reports.reading import Rule

    with desk.database.read() as session:
        return archive.report(session, period, Rule(desk.catalogue().curator_of), desk.now, tell)


def _verify(desk: _Desk, digest: str) -> None:
    from intake109.reports import seal
    from intake109.store import seals

    seen = 0

    def count(number: int) -> None:
        nonlocal seen
        seen = number

    with desk.database.read() as session:
        faults = list(seal.verify(session, count))
        row = seals.by_digest(session, digest) if digest else None
    for fault in faults:
        typer.secho(f"{fault.day}, revision {fault.revision}: {fault.problem}", fg="red", err=True)
    if digest and row is None:
        typer.secho(f"no sealed day has the digest {digest}: the chain was made anew", fg="red", err=True)
    if faults or (digest and row is None):
        raise typer.Exit(1)
    typer.echo(f"{seen} links hold" + (f"; the digest is that of {row.day}, revision {row.revision}" if row else ""))


def _correct(desk: _Desk, period: Period, reason: str) -> None:
    from intake109.reports import seal
    from intake109.reports.reading import Rule, read

    if period.days != 1:
        raise IntakeError("--correct takes one day: give --from alone")
    with desk.database.read() as session:
        figures = read(session, period, Rule(desk.catalogue().curator_of), desk.now)
    with desk.database.write() as session:
        row = seal.correct(session, figures, reason, None, desk.now)
    for change in row.changes:
        typer.echo(f"{change['figure']}: {change['was']} → {change['now']}")
    typer.echo(f"{row.day} is corrected, revision {row.revision}, digest {row.digest}")


def _period(desk: _Desk, first: str, last: str) -> Period:
    from intake109.reports.archive import yesterday
    from intake109.reports.period import Period

    zone = desk.config.city.zone
    begins = _day("--from", first) if first else None
    ends = _day("--to", last) if last else None
    begin = begins or ends or yesterday(desk.now, zone)
    return Period(begin, ends or begin, zone)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise IntakeError(f"{option} {text}: no day; write it like 2026-11-22") from error


def _refuse_folder(target: Path) -> None:
    if target.is_dir() or not target.parent.is_dir():
        raise IntakeError(f"{target}: cannot be written there; name a file in a folder that exists")
