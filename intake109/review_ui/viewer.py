"""Who looks at the screen."""

from __future__ import annotations

from dataclasses import dataclass

DECIDING = frozenset({"inspector", "supervisor", "administrator"})
"""Roles that work in the queue."""
SEEING = DECIDING | {"quality"}
"""Roles that may read citizens' messages in the queue."""
CONTROLLING = frozenset({"quality", "supervisor", "administrator"})
"""Roles that follow appeals to their end: judge answers, put aside, look whether a danger is over."""
CLOSING = frozenset({"supervisor", "administrator"})
"""Roles that close a case of which no citizen could be heard."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A logged-in member of the staff. `csrf` must come back with everything that changes something."""

    user_id: int
    login: str
    name: str
    role: str
    language: str
    theme: str
    csrf: str
    token_hash: str
    organisation: str = ""
    """Whom an executor works for."""

    @property
    def can_decide(self) -> bool:
        return self.role in DECIDING

    @property
    def can_control(self) -> bool:
        return self.role in CONTROLLING

    @property
    def may_close(self) -> bool:
        """Whether this person may close a case of which no citizen could be heard."""
        return self.role in CLOSING
