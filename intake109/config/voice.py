"""How citizens are asked whether it is solved, and how long their word is waited for."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from intake109.config.promise import TimeOfDay
from intake109.config.section import Section


class Voice(Section):
    """Days are those of the city; nothing that can wait is written between `quiet_from` and `quiet_until`."""

    silence_days: int = Field(default=3, ge=1)
    """So long an answer to "solved?" is waited for before somebody calls."""
    call_attempts: int = Field(default=3, ge=1)
    """On so many different days nobody was reached before the citizen counts as unreached."""
    reopen_days: int = Field(default=30, ge=0)
    """For so long after closing a "no" still opens the appeal again."""
    quiet_from: TimeOfDay = time(22)
    quiet_until: TimeOfDay = time(8)

    @property
    def silence(self) -> timedelta:
        return timedelta(days=self.silence_days)

    @property
    def reopening(self) -> timedelta:
        return timedelta(days=self.reopen_days)

    def waking(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return when a citizen may be written to without haste: `now` by day, else the morning that follows.

        Exactly at `quiet_until` it is day. Equal times mean that it always is.
        """
        local = now.astimezone(zone)
        begins, ends = self.quiet_from, self.quiet_until
        is_late, is_early = local.time() >= begins, local.time() < ends
        if not (is_late or is_early if begins > ends else is_late and is_early):
            return now
        morning = datetime.combine(local.date(), ends, zone)
        if morning <= local:
            morning += timedelta(days=1)
        return morning.astimezone(now.tzinfo)
