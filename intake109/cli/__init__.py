"""The command line, a module per group of commands. Heavy libraries are imported inside the command that needs them."""

import typer

from intake109.cli import catalogue_imports, judging, reporting, running, simulating, training, users

app = typer.Typer(no_args_is_help=True, add_completion=False, help="No appeal made on social networks is missed.")
app.add_typer(running.app)
app.add_typer(judging.app)
app.add_typer(reporting.app)
app.add_typer(simulating.app)
app.add_typer(training.app)
app.add_typer(users.app, name="user")
app.add_typer(catalogue_imports.app, name="catalogue")
