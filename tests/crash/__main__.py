"""`python -m tests.crash --kills 200 --seed 109`: kill, reconcile, print a table; 1 if anything was wrong."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tests.crash.harness import Death, Harness, Outcome
from tests.crash.keeper import Keeper
from tests.crash.points import FIRST_START, POINTS

_LINE_EVERY = 10
_ORDER = [(one.phase.value, one.name) for one in (FIRST_START, *POINTS)]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=109)
    parser.add_argument("--folder", type=Path, help="where the product lives; kept. By default a temporary one")
    parser.add_argument("--database-url", default="", help="an empty, migrated database instead of SQLite")
    given = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 120)
    with tempfile.TemporaryDirectory(prefix="intake109-crash-") as temporary:
        folder: Path = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        began_at = time.monotonic()
        outcome = _run(folder, given.seed, given.kills, given.database_url)
        console.print(_table(outcome.deaths))
        _tell(console, outcome, time.monotonic() - began_at)
    return 1 if outcome.reckoning.problems else 0


def _run(folder: Path, seed: int, kills: int, url: str) -> Outcome:
    columns = (TextColumn("kills"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Keeper() as keeper, Progress(*columns, console=console) as bar:
        line = bar.add_task("kills", total=kills)

        def tell(done: int) -> None:
            bar.update(line, completed=done)
            if not console.is_terminal and done % _LINE_EVERY == 0:  # a bar is drawn on terminals only
                console.print(f"{done} of {kills} kills")

        return Harness(folder, seed, keeper, url).run(kills, tell)


def _table(deaths: list[Death]) -> Table:
    table = Table("phase", "killed", title="Where the product was killed", title_justify="left")
    for column in ("kills", "at the point", "left it in doubt", "lived, s (mean)"):
        table.add_column(column, justify="right")
    by_point: dict[tuple[str, str], list[Death]] = defaultdict(list)
    for death in deaths:
        by_point[death.point.phase.value, death.point.name].append(death)
    for (phase, name), some in sorted(by_point.items(), key=lambda item: _ORDER.index(item[0])):
        mean_s = sum(one.lived_s for one in some) / len(some)
        hit, doubtful = sum(one.is_hit for one in some), sum(one.doubtful for one in some)
        table.add_row(phase, name, str(len(some)), str(hit), str(doubtful or ""), f"{mean_s:.1f}")
    table.add_section()
    hit, doubtful = sum(one.is_hit for one in deaths), sum(one.doubtful for one in deaths)
    table.add_row("all", "", str(len(deaths)), str(hit), str(doubtful), "")
    return table


def _tell(console: Console, outcome: Outcome, took_s: float) -> None:
    found = outcome.reckoning
    console.print(
        f"{found.messages} messages of citizens → {found.mentions} mentions, {found.numbers} numbers "
        f"({found.annulled} annulled, {found.automatic} by the machine of which {found.unchecked} unchecked), "
        f"{found.files} files, {found.sent} messages sent of which {found.doubles} twice; "
        f"{took_s:.0f} s"
    )
    for problem in found.problems:
        console.print(f"[red]✗[/red] {problem}", highlight=False)
    if not found.problems:
        console.print("[green]✓[/green] nothing lost, nothing doubled that should not be, nothing torn, nothing stuck")


if __name__ == "__main__":
    sys.exit(main())
