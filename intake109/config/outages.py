"""When an announced interruption explains what citizens write."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from intake109.config.section import Section


class Outages(Section):
    """Crews begin a little before the time announced, and people ask for a while after it: both are in minutes."""

    lead_minutes: int = Field(default=15, ge=0, le=240)
    grace_minutes: int = Field(default=120, ge=0, le=1440)
    """How long after the announced end an inspector still reads that it should have ended."""

    @property
    def lead(self) -> timedelta:
        return timedelta(minutes=self.lead_minutes)

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)
