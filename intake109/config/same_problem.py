"""Several people who tell of one problem: when they are brought together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from intake109.config.section import Section


class SameProblem(Section):
    """When open messages are suggested as one case, and when they become one line of the queue.

    `window_hours`, `spreads` and `returns_days` change the shipped habits by family, group or sphere
    (intake109/dedup/data/problems.yaml); `returns_days` has `default` for all others, and 0 is never.
    """

    storm_from: int = Field(default=3, ge=2)
    """So many different citizens make one line."""
    certainty: float = Field(default=0.5, gt=0, le=1)
    """So sure must the classifier be of the family of a message before it goes into such a line."""
    radius_m: int = Field(default=150, ge=10, le=250)
    """Points on the map that are so near count as one place."""
    window_hours: dict[str, float] = Field(default_factory=dict)
    spreads: dict[str, Literal["house", "street", "area", "city"]] = Field(default_factory=dict)
    returns_days: dict[str, Annotated[float, Field(ge=0, le=365)]] = Field(default_factory=dict)
    """For so long after a case was closed the same problem at the same place has come back."""
