"""How executors are dealt with."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from intake109.config.section import Section


class Executors(Section):
    """Private organisations (a building firm, a bus park) owe the city no answer: they are written to again."""

    private_letter_days: int = Field(default=7, ge=1, le=90)

    @property
    def between_letters(self) -> timedelta:
        return timedelta(days=self.private_letter_days)
