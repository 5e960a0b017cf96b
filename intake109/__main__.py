"""`python -m intake109`."""

from intake109.cli import app

app()
