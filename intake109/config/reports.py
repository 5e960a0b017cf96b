"""The nightly report."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator

from intake109.config.section import Section


def _time_of_day(text: str) -> str:
    if text and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError('must be a time of day in quotes like "06:00", or "" for never')
    return text


class Reports(Section):
    """At `at`, the city's time, yesterday is sealed and sent to those who subscribe; empty: never by itself.

    `attach` is what goes with the message. Not before all of yesterday can have been decided: 00:20.
    """

    at: Annotated[str, AfterValidator(_time_of_day)] = "06:00"
    attach: tuple[Literal["pdf", "xlsx", "csv", "json"], ...] = ("pdf", "xlsx")

    @property
    def time(self) -> time | None:
        return time.fromisoformat(self.at) if self.at else None
