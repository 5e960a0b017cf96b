"""How deadlines are counted and when one is near."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from intake109.config.section import Section

_NORM = re.compile(r"[1-9]\d{0,3}(h|d|wd)")
_NEAR = {"24h": "6h", "5wd": "1wd"}


def _maybe_path(path: object) -> object:
    return path or None  # an empty text would be the working directory


class Deadlines(Section):
    """The working calendar, and when an appeal becomes yellow.

    `near` says by norm how long before its deadline: `6h`, `1wd` (the last working day) or `3d`; it adds to the
    shipped habits (24h: 6h, 5wd: 1wd). All other norms are near for the last `near_share` of their time.
    """

    calendars: Annotated[Path | None, BeforeValidator(_maybe_path)] = None
    near: dict[str, str] = Field(default_factory=dict)
    near_share: float = Field(default=0.2, gt=0, lt=1)
    press_minutes: int = Field(default=60, ge=1)
    """An executor is not reminded of one appeal more often."""

    @field_validator("near")
    @classmethod
    def _are_norms(cls, near: dict[str, str]) -> dict[str, str]:
        for text in (*near, *near.values()):
            if not _NORM.fullmatch(text):
                raise ValueError(f"{text} is no length of time; write it like 6h, 1wd or 3d")
        return near

    def near_of(self, norm: str) -> str:
        """Return how long before its deadline a norm is near; empty for the last `near_share` of its time."""
        return (_NEAR | self.near).get(norm, "")

    @property
    def press_pause(self) -> timedelta:
        return timedelta(minutes=self.press_minutes)
