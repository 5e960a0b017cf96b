"""Several processes on one PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from intake109.config.section import Section


class Cluster(Section):
    """An elected process that dies is replaced within `lease_seconds` and a quarter, as a rule."""

    lease_seconds: float = Field(default=10, ge=1, le=20)

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)
