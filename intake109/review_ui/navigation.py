"""Every page in the bar: who may open it, with which others it stands, which figure is shown beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_DESK = frozenset({"inspector", "supervisor", "administrator"})
_RUNNING = frozenset({"supervisor", "administrator"})
_FOLLOWING = frozenset({"quality", "supervisor", "administrator"})
_CENTRE = _DESK | _FOLLOWING
_ADMINISTERING = frozenset({"administrator"})
_MOST_FLAT = 8
"""So many stand side by side; of more only the pages of one group are spread out."""
GROUPS = {"work": "inbox", "day": "file", "system": "info", "setup": "edit"}
"""The groups in their order, each with its icon."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the bar. `badge` names the figure that says how much there calls for somebody."""

    address: str
    name: str
    icon: str
    roles: frozenset[str]
    group: str
    badge: str = ""


PAGES = (
    Page("/", "queue", "inbox", _CENTRE, "work"),
    Page("/control", "control", "flag", _FOLLOWING, "work"),
    Page("/work", "work", "forward", frozenset({"executor"}), "work"),
    Page("/appeals", "appeals", "search", _CENTRE, "work"),
    Page("/calls", "calls", "phone", _CENTRE, "work", "calls"),
    Page("/outages", "outages", "timer", _DESK, "work", "outages"),
    Page("/private", "private", "lock", _FOLLOWING, "work"),
    Page("/shift", "shift", "user", _DESK, "day"),
    Page("/reports", "reports", "file", _FOLLOWING, "day"),
    Page("/board/screen", "board", "eye", _CENTRE - _ADMINISTERING, "day"),
    Page("/board/links", "board", "eye", _ADMINISTERING, "day"),
    Page("/health", "health", "info", _DESK, "system", "health"),
    Page("/outbox", "outbox", "send", _RUNNING, "system", "outbox"),
    Page("/quarantine", "quarantine", "shelf", _RUNNING, "system", "quarantine"),
    Page("/organisations", "organisations", "house", _ADMINISTERING, "setup"),
    Page("/catalogue", "catalogue", "note", _RUNNING, "setup"),
    Page("/texts", "texts", "edit", _ADMINISTERING, "setup"),
    Page("/model", "model", "refresh", _RUNNING, "setup"),
    Page("/staff", "staff", "user", _ADMINISTERING, "setup"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """What stands in the bar: a page, or a group that is folded up, which opens the first page that calls."""

    address: str
    text: str
    icon: str
    is_here: bool
    calls: int
    is_group: bool = False


def open_to(role: str) -> list[Page]:
    """Return the pages somebody of a role may open, in the bar's order."""
    return [page for page in PAGES if role in page.roles]


def tabs(role: str, here: str, badges: Mapping[str, int]) -> list[Tab]:
    """Return the bar for somebody who looks at a page; `text` is the name of a text."""
    mine = open_to(role)
    group_here = next((page.group for page in mine if page.name == here), "work")
    found: list[Tab] = []
    for group, icon in GROUPS.items():
        pages = [page for page in mine if page.group == group]
        if group == group_here or len(pages) == 1 or len(mine) <= _MOST_FLAT:
            found += [_tab(page, here, badges) for page in pages]
        elif pages:
            first = max(pages, key=lambda page: badges.get(page.badge, 0) > 0)
            calls = sum(badges.get(page.badge, 0) for page in pages)
            found.append(Tab(first.address, f"office.group.{group}", icon, False, calls, is_group=True))
    return found


def _tab(page: Page, here: str, badges: Mapping[str, int]) -> Tab:
    return Tab(page.address, f"office.link.{page.name}", page.icon, page.name == here, badges.get(page.badge, 0))
