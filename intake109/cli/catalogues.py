"""Commands for the catalogue of services."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake109.cli.opening import plain_errors

app = typer.Typer(no_args_is_help=True, help="The catalogue of services.")


@app.command("check")
def check_catalogue(folder: Annotated[Path | None, typer.Argument(help="Another catalogue's folder.")] = None) -> None:
    """Check the catalogue's files: structure, near-duplicate phrases and services."""
    from intake109.catalogue.check import check
    from intake109.catalogue.load import load

    with plain_errors():
        catalogue = load(folder)
        problems = check(catalogue)
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"{len(catalogue.services)} services, {len(problems)} remarks")
