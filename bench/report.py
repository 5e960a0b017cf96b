"""How a measurement is shown: a table, JSON beside it, always with the limit or rival it is held against."""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

OUT = Path(__file__).parent / "out"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `aim` is what it is held against; `better` says which way is good."""

    what: str
    value: float
    unit: str
    aim: float | None = None
    better: str = "higher"
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; None if there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.better == "higher" else self.value <= self.aim


def show(name: str, lines: list[Line]) -> None:
    """Print the table and write `bench/out/<name>.json`."""
    table = Table(title=name, title_justify="left")
    for column, justify in (("what", "left"), ("measured", "right"), ("aim", "right"), ("", "left"), ("note", "left")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for line in lines:
        sign = "≥" if line.better == "higher" else "≤"
        aim = "" if line.aim is None else f"{sign} {line.aim:,.6g}"
        mark = {True: "met", False: "NOT MET", None: ""}[line.is_met]
        table.add_row(line.what, f"{line.value:,.4g} {line.unit}", aim, mark, line.note)
    Console(width=140).print(table)
    OUT.mkdir(exist_ok=True)
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
    }
    content = {"name": name, "machine": machine, "lines": [{**asdict(line), "is_met": line.is_met} for line in lines]}
    (OUT / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` (0…1) of the values lie; the nearest measured one."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def progress(step: str) -> None:
    """Say what is being measured now."""
    Console(stderr=True).print(f"  {step} …", highlight=False)


def noise(times: int = 300) -> list[Line]:
    """Measure the machine itself: how much longer the same piece of work takes at worst than at best.

    Where the neighbours take the processor away, this says how much of a p99 is theirs.
    """
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        sum(range(300_000))
        seconds.append(time.perf_counter() - started)
        time.sleep(0.005)
    best = 1000 * min(seconds)
    return [
        Line("machine: one piece of work, best", best, "ms"),
        Line("machine: the same, p50", 1000 * percentile(seconds, 0.5), "ms"),
        Line("machine: the same, p99", 1000 * percentile(seconds, 0.99), "ms"),
    ]
