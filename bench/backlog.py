"""The queue page with 100,000 tasks waiting, on SQLite and on PostgreSQL: `python -m bench.backlog`.

As in `bench.web`: fifty inspectors with a live line open read the page and a task in turn, with time to think, while a
citizen's message arrives every two seconds.
"""

from __future__ import annotations

import asyncio

from bench.databases import fresh
from bench.product import judge, running
from bench.report import Line, noise, progress, show
from bench.waiting import backlog, verdicts
from bench.web import INSPECTORS, Measured, figures, load
from intake109.clock import SystemClock

WAITING = 100_000


def main() -> None:
    """Measure, print and write."""
    progress("the machine itself")
    lines = noise()
    with fresh() as databases:
        for database in databases:
            name, measured = database.url.get_backend_name(), Measured()
            progress(f"{WAITING:,} waiting tasks, {name}")
            waiting = backlog(verdicts(judge()), WAITING, SystemClock().now())
            with running(waiting, INSPECTORS, database.url.render_as_string(hide_password=False)) as product:
                progress(f"{INSPECTORS} inspectors, {name}")
                asyncio.run(load(product, measured))
            for what, aim_ms in (("queue page", 100), ("task", 100), ("post to screen, under load", 1000)):
                lines += figures(f"{name}: {what}", measured.seconds[what], aim_ms=aim_ms)
            told = ", ".join(f"{kind} ×{count}" for kind, count in measured.errors.items())
            lines.append(Line(f"{name}: errors", measured.errors.total(), "", 0, "lower", told))
    show("backlog", lines)


if __name__ == "__main__":
    main()
