"""The command that tries the promise on modelled days."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake109.cli.opening import DEFAULT_CONFIG, ConfigOption, load_config, plain_errors, write_file
from intake109.errors import IntakeError

if TYPE_CHECKING:
    from intake109.config import Config

app = typer.Typer()
_MOST_CRASHES = 0.05


@app.command()
def simulate(
    scenario: Annotated[str, typer.Option(help="calm, day, storm, night or outage.")] = "day",
    inspectors: Annotated[int, typer.Option(help="How many are at the desk by day.", min=0, max=50)] = 2,
    days: Annotated[int, typer.Option(help="How many days.", min=1, max=31)] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same days.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Draw the queue over time into this SVG file.")] = None,
    workers: Annotated[int, typer.Option(help="How many workers run.", min=1, max=8)] = 1,
    supervisors: Annotated[int, typer.Option(help="How many supervisors are in the house by day.", min=0, max=9)] = 1,
    url: Annotated[str, typer.Option(help="Run on a PostgreSQL server, in a database of its own.")] = "",
    crashes: Annotated[float, typer.Option(help="Share of statements before which a process dies.")] = 0.0,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Run the real queue through modelled days in seconds and say how the promise was kept. Touches no data."""
    with plain_errors():
        if not 0 <= crashes <= _MOST_CRASHES:
            raise IntakeError(f"--crashes {crashes}: write a share from 0 to {_MOST_CRASHES}")
        from intake109.progress import shown
        from intake109.simulator.picture import svg
        from intake109.simulator.scenario import Settings, named
        from intake109.simulator.simulation import simulation
        from intake109.simulator.trouble import Trouble

        settings = Settings(
            named(scenario), inspectors, days, seed, trouble=Trouble(workers, crashes), supervisors=supervisors
        )
        _be_quiet()
        read = _config(config)
        with simulation(settings, read, url=url) as running, shown() as progress:
            outcome = running.run(progress)
        if picture is not None:
            write_file(picture, svg(outcome, read.city.zone).rstrip())
    if as_json:
        typer.echo(json.dumps(outcome.shown(), ensure_ascii=False))
        return
    from rich.console import Console

    from intake109.simulator.showing import show

    show(outcome, read.city.zone, Console())


def _config(path: Path) -> Config:
    """Read the centre's promise; where nobody has configured anything yet, take the defaults."""
    from intake109.config import Config

    return Config() if path == DEFAULT_CONFIG and not path.exists() else load_config(path)


def _be_quiet() -> None:
    """Say nothing of modelled troubles: they are no troubles of this machine."""
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
