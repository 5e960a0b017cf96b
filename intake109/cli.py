"""The command line. Heavy libraries are imported inside the command that needs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake109.errors import IntakeError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from intake109.bootstrap import House
    from intake109.classifier.history import Labelled
    from intake109.classifier.trial import Outcome
    from intake109.config import Config
    from intake109.progress import Progress

app = typer.Typer(no_args_is_help=True, add_completion=False, help="No appeal made on social networks is missed.")
users = typer.Typer(no_args_is_help=True, help="The staff's accounts.")
catalogue_app = typer.Typer(no_args_is_help=True, help="The catalogue of services.")
app.add_typer(users, name="user")
app.add_typer(catalogue_app, name="catalogue")

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
DEFAULT_CONFIG = Path("config.yaml")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Show our own errors as lines, not tracebacks."""
    try:
        yield
    except IntakeError as error:
        for line in str(error).splitlines():
            typer.secho(line, fg="red", err=True)
        raise typer.Exit(1) from error


def _load(path: Path) -> Config:
    from intake109 import config

    return config.load(path)


def _build(path: Path) -> House:
    from intake109.bootstrap import build
    from intake109.progress import shown

    with shown() as progress:
        return build(_load(path), progress=progress)


@contextmanager
def _writing(path: Path) -> Iterator[Session]:
    """One transaction on the configured database, brought to the newest schema first."""
    from intake109.bootstrap import open_database
    from intake109.store.migrate import upgrade

    database = open_database(_load(path))
    try:
        upgrade(database)
        with database.write() as session:
            yield session
    finally:
        database.close()


@app.command()
def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Start the product: web application and jobs in one process."""
    from intake109.serve import configure_logging, serve

    configure_logging()
    with _plain_errors():
        house = _build(config)
        address = house.config.server.address
        serve(house, on_ready=lambda: typer.echo(f"intake109 is ready at {address}"))


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path("var/demo"),
    port: Annotated[int, typer.Option(help="The product's port; the citizens' side takes the next one.")] = 8109,
    pace: Annotated[float, typer.Option(help="How many times faster than real the day goes.")] = 12.0,
    keep: Annotated[bool, typer.Option(help="Go on with the data of the last demo instead of a fresh city.")] = False,
) -> None:
    """Show the main job with no tokens: a demo city whose citizens write, and the product that registers."""
    from intake109.demo.show import show
    from intake109.serve import configure_logging

    configure_logging()
    with _plain_errors():
        show(folder, port, pace, keep=keep, tell=typer.echo)


@app.command()
def migrate(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Bring the database to the schema this program needs."""
    from intake109.bootstrap import open_database
    from intake109.store import migrate as migrations

    with _plain_errors():
        database = open_database(_load(config))
        missing = migrations.missing(database)
        migrations.upgrade(database)
        database.close()
    typer.echo(f"{len(missing)} migrations run" if missing else "the schema is up to date")


@app.command()
def doctor(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Check configuration, database, disk, clock, catalogue, model and every channel, and say what to do."""
    from intake109.doctor import examine

    with _plain_errors():
        findings = examine(config)
    for finding in findings:
        typer.secho(f"{finding.mark} {finding.what}: {finding.says}", fg=finding.colour)
        if finding.remedy:
            typer.echo(f"    → {finding.remedy}")
    if any(finding.is_bad for finding in findings):
        raise typer.Exit(1)


@app.command()
def replay(
    config: ConfigOption = DEFAULT_CONFIG,
    event: Annotated[int | None, typer.Option(help="Only the event with this id.")] = None,
    channel: Annotated[str, typer.Option(help="Only events of this channel.")] = "",
) -> None:
    """Give quarantined events back to the pipeline; a running product takes them up, otherwise this command does."""
    from intake109.jobs.carrying import Carrying
    from intake109.jobs.loop import Threads
    from intake109.model import Channel
    from intake109.store import events

    with _plain_errors():
        if channel and channel not in set(Channel):
            raise IntakeError(f"--channel {channel}: unknown; write one of {', '.join(Channel)}")
        house = _build(config)
        with house.database.write() as session:
            count = events.give_back(session, event_id=event, channel=Channel(channel) if channel else None)
        carrying = Carrying(house.pipeline, house.database, house.clock, Threads())
        while carrying.carry():
            pass
        with house.database.read() as session:
            left = events.count_quarantined(session)
        house.close()
    typer.echo(f"{count} events replayed, {left} in quarantine now")


@app.command()
def classify(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Read texts (lines, or JSON lines with a `text`) on standard input and write verdicts as JSON lines."""
    from intake109.catalogue.load import load
    from intake109.classifier.classifier import load_or_train
    from intake109.classifier.lines import classify_lines
    from intake109.progress import shown

    with _plain_errors():
        catalogue = load()
        with shown() as progress:
            classifier = load_or_train(catalogue, _load(config).storage.folder / "model", progress)
        for line in classify_lines(classifier, catalogue, sys.stdin):
            typer.echo(line)


@app.command()
def evaluate(
    test: Annotated[Path, typer.Argument(help="Labelled texts to score on: JSONL or CSV, also gzipped.")],
    text: Annotated[str, typer.Option(help="The column of the text.")],
    label: Annotated[str, typer.Option(help="The column of the label.")],
    train: Annotated[Path | None, typer.Option(help="Learn from this file's labels first.")] = None,
    json_: Annotated[Path | None, typer.Option("--json", help="Where to write the figures.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Score a classifier on labelled texts: the catalogue's (labels are spheres or codes), or one trained on a file."""
    from intake109.classifier import history
    from intake109.progress import shown

    with _plain_errors():
        rows = history.read(test, text, label)
        with shown() as progress:
            if train is None:
                outcome = _try_catalogue(test, rows, config, progress)
            else:
                from intake109.classifier.trial import try_history

                outcome = try_history(history.read(train, text, label), rows, progress)
        figures = outcome.shown()
        if json_ is not None:
            _write(json_, json.dumps(figures, ensure_ascii=False, indent=1))
    for name, value in figures.items():
        typer.echo(f"{name:20} {f'{value:.4f}' if isinstance(value, float) else value}")


def _try_catalogue(test: Path, rows: list[Labelled], config: Path, progress: Progress) -> Outcome:
    from intake109.catalogue.load import load
    from intake109.classifier.classifier import load_or_train
    from intake109.classifier.trial import try_catalogue

    catalogue = load()
    classifier = load_or_train(catalogue, _load(config).storage.folder / "model", progress)
    return try_catalogue(classifier, catalogue, test, rows, progress)


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise IntakeError(f"{path}: cannot be written ({error}); name a file in a folder that exists") from error


@users.command("add")
def add_user(
    login: str,
    name: Annotated[str, typer.Option(help="The name colleagues see.")] = "",
    role: Annotated[str, typer.Option(help="inspector, supervisor, quality, executor or administrator.")] = "inspector",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add an account. The password is asked for, or read from standard input when that is no terminal."""
    from pwdlib import PasswordHash

    from intake109.clock import SystemClock
    from intake109.review_ui.accounts import add_account

    with _plain_errors(), _writing(config) as session:
        add_account(session, PasswordHash.recommended(), login, name, role, _ask_password(), SystemClock().now())
    typer.echo(f"{login} may log in as {role}")


@users.command("password")
def set_password(login: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Set a new password and end the account's logins."""
    from pwdlib import PasswordHash

    from intake109.clock import SystemClock
    from intake109.review_ui.accounts import change_password

    with _plain_errors(), _writing(config) as session:
        change_password(session, PasswordHash.recommended(), login, _ask_password(), SystemClock().now())
    typer.echo(f"{login} has a new password")


@users.command("list")
def list_users(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the accounts."""
    from intake109.bootstrap import open_database
    from intake109.store import people

    with _plain_errors():
        database = open_database(_load(config))
        with database.read() as session:
            for row in people.all_of(session):
                typer.echo(f"{row.login:20} {row.role:14} {row.name}{'' if row.is_active else '  (switched off)'}")
        database.close()


@catalogue_app.command("check")
def check_catalogue(folder: Annotated[Path | None, typer.Argument(help="Another catalogue's folder.")] = None) -> None:
    """Check the catalogue's files: structure, near-duplicate phrases and services."""
    from intake109.catalogue.check import check
    from intake109.catalogue.load import load

    with _plain_errors():
        catalogue = load(folder)
        problems = check(catalogue)
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"{len(catalogue.services)} services, {len(problems)} remarks")


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
