"""Runs measurements: all of them in turn, or those named: `python -m bench [name …]`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

_PARTS = frozenset({"__init__", "__main__", "report", "databases", "product", "cluster", "perturbing", "waiting"})
"""What measurements are made of; everything else here is one."""


def main(wanted: list[str]) -> int:
    """Run each measurement in a process of its own, so that none disturbs another; return how many failed."""
    console = Console(stderr=True)
    there = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _PARTS)
    unknown = sorted(set(wanted) - set(there))
    if unknown:
        console.print(f"no measurement is called {', '.join(unknown)}; there are {', '.join(there)}")
        return 1
    chosen = wanted or there
    failed = 0
    for number, name in enumerate(chosen, start=1):
        console.print(f"[bold]{number}/{len(chosen)} {name}[/bold]")
        started = time.perf_counter()
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0
        console.print(f"  {time.perf_counter() - started:.0f} s", highlight=False)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
