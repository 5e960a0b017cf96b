"""What every command begins with: the configuration, the parts, a transaction, and errors that are lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake109.errors import IntakeError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from intake109.bootstrap import House
    from intake109.config import Config

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
DEFAULT_CONFIG = Path("config.yaml")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show our own errors as lines, not tracebacks."""
    try:
        yield
    except IntakeError as error:
        for line in str(error).splitlines():
            typer.secho(line, fg="red", err=True)
        raise typer.Exit(1) from error


def load_config(path: Path) -> Config:
    """Read the configuration.

    Raises:
        ConfigError: it cannot be used.
    """
    from intake109 import config

    return config.load(path)


def require_postgres(path: Path, command: str) -> None:
    """See that several processes may share the configured database, before anything is built.

    Raises:
        IntakeError: it is SQLite.
        ConfigError: the configuration cannot be used.
    """
    if load_config(path).storage.url.startswith("sqlite"):
        raise IntakeError(
            f"intake109 {command} needs PostgreSQL: set INTAKE109_DATABASE_URL, or start everything in one process "
            "on SQLite with `intake109 run`"
        )


def build(path: Path, *, port: int | None = None) -> House:
    """Build all parts; what is trained meanwhile is shown. `port` replaces the configured one.

    Raises:
        ConfigError: the configuration cannot be used.
        IntakeError: the database does not answer.
    """
    from intake109 import bootstrap
    from intake109.progress import shown

    config = load_config(path)
    if port is not None:
        config = config.model_copy(update={"server": config.server.model_copy(update={"port": port})})
    _reach(config)
    with shown() as progress:
        return bootstrap.build(config, progress=progress)


def _reach(config: Config) -> None:
    from intake109.bootstrap import open_database
    from intake109.store.database import is_reachable

    database = open_database(config)
    problem = is_reachable(database)
    database.close()
    if problem:
        raise IntakeError(
            f"the database does not answer ({problem.splitlines()[0]}): start it, or correct INTAKE109_DATABASE_URL "
            "or storage.folder"
        )


@contextmanager
def writing(path: Path) -> Iterator[Session]:
    """One transaction on the configured database, brought to the newest schema first."""
    from intake109.bootstrap import open_database
    from intake109.store.migrate import upgrade

    database = open_database(load_config(path))
    try:
        upgrade(database)
        with database.write() as session:
            yield session
    finally:
        database.close()


def write_file(path: Path, content: str) -> None:
    """Write a text and the line's end.

    Raises:
        IntakeError: the file cannot be written there.
    """
    try:
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise IntakeError(f"{path}: cannot be written ({error}); name a file in a folder that exists") from error
