"""HTML: a page that stands by itself, without a script, light and dark, and that prints."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake109.reports import drawing
from intake109.reports.paper import Paper, shown

_FOLDER = Path(__file__).parent


def page(paper: Paper) -> str:
    """Return the whole page with its style in it: it is mailed and kept."""
    return _templates().get_template("page.html").render(paper=paper, body=body(paper), css=css())


def body(paper: Paper) -> str:
    """Return what stands between head and foot, to be put into a page that brings the style."""
    return _templates().get_template("body.html").render(paper=paper)


@cache
def css() -> str:
    """Return the style of the body."""
    return (_FOLDER / "page.css").read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals.update(
        chart=drawing.chart, lengths=drawing.lengths, shown=shown, width=drawing.WIDTH, height=drawing.HEIGHT
    )
    return found
