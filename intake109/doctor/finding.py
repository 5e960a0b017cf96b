"""What an examination found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    what: str
    grade: Grade
    says: str
    remedy: str = ""

    @property
    def is_bad(self) -> bool:
        return self.grade is Grade.BAD

    @property
    def mark(self) -> str:
        return {"good": "✓", "warning": "!", "bad": "✗"}[self.grade.value]

    @property
    def colour(self) -> str:
        return {"good": "green", "warning": "yellow", "bad": "red"}[self.grade.value]
