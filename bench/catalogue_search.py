"""How quick and how good the search of the catalogue is: `python -m bench.catalogue_search`."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from intake109.catalogue.load import load
from intake109.catalogue.search import CatalogueSearch

_OUT = Path(__file__).parent / "out"
_QUERIES = 400


def main() -> None:
    """Type the names and phrases of random services, by halves and with typos, and measure."""
    started = time.perf_counter()
    catalogue = load()
    loaded = time.perf_counter()
    search = CatalogueSearch(catalogue)
    built = time.perf_counter()
    chance = random.Random(109)
    services = chance.sample(sorted(catalogue.services.values(), key=lambda service: service.code), _QUERIES)
    found: dict[str, list[bool]] = {"name, half typed": [], "name, a typo": [], "name in Kazakh": []}
    times: list[float] = []
    for service in services:
        typed = {
            "name, half typed": service.names.ru[: max(6, len(service.names.ru) * 2 // 3)],
            "name, a typo": _typo(service.names.ru, chance),
            "name in Kazakh": service.names.kk,
        }
        for what, query in typed.items():
            began = time.process_time()
            hits = search.search(query, "ru")
            times.append(time.process_time() - began)
            found[what].append(service.code in [hit.code for hit in hits[:5]])
    times.sort()
    figures: dict[str, float] = {
        "services": len(catalogue.services),
        "load_s": loaded - started,
        "build_s": built - loaded,
        "p50, ms of CPU": 1000 * times[len(times) // 2],
        "p99, ms of CPU": 1000 * times[int(len(times) * 0.99)],
        **{f"in the first five, {what}": sum(right) / len(right) for what, right in found.items()},
    }
    _OUT.mkdir(exist_ok=True)
    (_OUT / "catalogue_search.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False), encoding="utf-8")
    table = Table("figure", "value", title="Search of the catalogue")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3f}" if type(value) is float else str(value))
    Console().print(table)


def _typo(text: str, chance: random.Random) -> str:
    place = chance.randrange(1, max(2, len(text) - 1))
    return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]


if __name__ == "__main__":
    main()
