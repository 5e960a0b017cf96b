"""A progress bar on the terminal for work that takes seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, float], None]


@contextmanager
def shown() -> Iterator[Progress]:
    """Give a function that shows how far a named piece of work is, 0…1; nothing appears until it is called."""
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    bar = Bar(console=Console(stderr=True), transient=True)
    lines: dict[str, TaskID] = {}

    def tell(what: str, share: float) -> None:
        if not lines:
            bar.start()
        if what not in lines:
            lines[what] = bar.add_task(what, total=1.0)
        bar.update(lines[what], completed=share)

    try:
        yield tell
    finally:
        bar.stop()
