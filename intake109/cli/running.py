"""Commands that run the product, or keep it running."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake109.cli.opening import DEFAULT_CONFIG, ConfigOption, build, load_config, plain_errors, require_postgres
from intake109.errors import IntakeError

app = typer.Typer()


@app.command()
def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Start the product: web application and jobs in one process."""
    from intake109.serve import configure_logging, serve

    configure_logging()
    with plain_errors():
        house = build(config)
        address = house.config.server.address
        serve(house, on_ready=lambda: typer.echo(f"intake109 is ready at {address}"))


@app.command()
def web(
    config: ConfigOption = DEFAULT_CONFIG,
    port: Annotated[int | None, typer.Option(help="Another port than the configured one.", min=1, max=65535)] = None,
) -> None:
    """Serve pages and webhooks only; any number of these beside any number of `worker`s (PostgreSQL)."""
    from intake109.serve import configure_logging, serve

    configure_logging()
    with plain_errors():
        require_postgres(config, "web")
        house = build(config, port=port)
        server = house.config.server
        serve(house, jobs=False, on_ready=lambda: typer.echo(f"intake109 web is ready at {server.host}:{server.port}"))


@app.command()
def worker(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Run the jobs only; any number of these, one of them is elected for what must be one (PostgreSQL)."""
    from intake109.serve import configure_logging, work

    configure_logging()
    with plain_errors():
        require_postgres(config, "worker")
        work(build(config), on_ready=lambda: typer.echo("intake109 worker is ready"))


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path("var/demo"),
    port: Annotated[int, typer.Option(help="The product's port; the citizens' side takes the next one.")] = 8109,
    pace: Annotated[float, typer.Option(help="How many times faster than real the day goes.")] = 12.0,
    keep: Annotated[bool, typer.Option(help="Go on with the data of the last demo instead of a fresh city.")] = False,
    past: Annotated[bool, typer.Option(help="Live through some days first; else reports are empty.")] = True,
) -> None:
    """Show the main job with no tokens: a demo city whose citizens write, and the product that registers."""
    from intake109.demo.show import show
    from intake109.serve import configure_logging

    configure_logging()
    with plain_errors():
        show(folder, port, pace, keep=keep, past=past, tell=typer.echo)


@app.command()
def migrate(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Bring the database to the schema this program needs."""
    from intake109.bootstrap import open_database
    from intake109.store import migrate as migrations

    with plain_errors():
        database = open_database(load_config(config))
        missing = migrations.missing(database)
        migrations.upgrade(database)
        database.close()
    typer.echo(f"{len(missing)} migrations run" if missing else "the schema is up to date")


@app.command()
def doctor(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Check configuration, database, disk, clock, catalogue, model and every channel, and say what to do."""
    from intake109.doctor import examine

    with plain_errors():
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

    with plain_errors():
        if channel and channel not in set(Channel):
            raise IntakeError(f"--channel {channel}: unknown; write one of {', '.join(Channel)}")
        house = build(config)
        with house.database.write() as session:
            count = events.give_back(session, event_id=event, channel=Channel(channel) if channel else None)
        carrying = Carrying(house.pipeline, house.database, house.clock, Threads())
        while carrying.carry():
            pass
        with house.database.read() as session:
            left = events.count_quarantined(session)
        house.close()
    typer.echo(f"{count} events replayed, {left} in quarantine now")
