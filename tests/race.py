"""Running things at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def race(works: list[Callable[[], T]], expected: type[Exception] = AssertionError) -> list[T | Exception]:
    """Start all works at once and return, in their order, what each returned or which expected error it raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T | Exception:
        start.wait(timeout=10)
        try:
            return work()
        except expected as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
