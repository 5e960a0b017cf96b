"""Reading the list's lines out of a page."""

from __future__ import annotations

import re


def ids(page: str) -> list[int]:
    """Return the tasks of a list in the order shown."""
    return [int(found) for found in re.findall(r'id="row-(\d+)"', page)]
