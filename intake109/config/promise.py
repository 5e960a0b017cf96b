"""The times promised to citizens, and the ladder that keeps the promise. Minutes run on the citizen's clock."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from intake109.config.section import Section

_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def _time_of_day(value: object) -> object:
    """Read `22:00`; YAML takes it for 1320, the minutes of a sexagesimal number, unless it is quoted."""
    if isinstance(value, int) and 0 <= value < 24 * 60:
        return time(*divmod(value, 60))
    match = _HOUR.fullmatch(value) if isinstance(value, str) else None
    if match is None and not isinstance(value, time):
        raise ValueError('must be a time of day like "22:00"')
    return time(int(match[1]), int(match[2])) if match else value


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Minute = Annotated[int, Field(ge=0)]


class Ordinary(Section):
    """When who is told of an ordinary task by day. `remind` empty: the claimer is not reminded."""

    remind: Minute | None = 8
    alert: Minute = 11
    escalate: Minute = 14
    grace: Minute = 19
    """Until when the machine waits for somebody who is at work on it."""


class Incident(Section):
    """The same for danger to life; everybody is alerted the moment it is recognised."""

    escalate: Minute = 3
    register_: Minute = Field(default=8, alias="register")
    grace: Minute = 12


class Night(Section):
    """One person on duty, from `begins` to `ends` in the city's time: nobody to remind, the alert comes sooner."""

    begins: TimeOfDay = time(22)
    ends: TimeOfDay = time(7)
    alert: Minute = 6
    escalate: Minute = 12

    def holds(self, now: datetime, zone: ZoneInfo) -> bool:
        """Say whether it is night in the city; exactly at `ends` it is day. Equal times mean that there is no night."""
        local = now.astimezone(zone).time()
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends


class Ladder(Section):
    """The moments before the machine registers by itself."""

    ordinary: Ordinary = Ordinary()
    incident: Incident = Incident()
    night: Night = Night()


class Promise(Section):
    """The times promised to citizens, on the citizen's clock."""

    target_minutes: int = Field(default=15, ge=1)
    promise_minutes: int = Field(default=20, ge=2)
    automatic_minutes: int = Field(default=17, ge=1)
    least_desk_minutes: int = Field(default=5, ge=1)
    no_appeal_certainty: float = Field(default=0.98, gt=0.5, le=1)
    automatic_certainty: float = Field(default=0.5, gt=0, le=1)
    duty_dispatcher: str = "emergency_department"
    continuation_minutes: int = Field(default=10, ge=0)
    lease_idle_seconds: int = Field(default=120, ge=15)
    undo_seconds: int = Field(default=10, ge=0, le=60)
    ladder: Ladder = Ladder()

    @model_validator(mode="after")
    def _in_order(self) -> Promise:
        if not self.target_minutes <= self.automatic_minutes < self.promise_minutes:
            raise ValueError("must hold: target_minutes ≤ automatic_minutes < promise_minutes")
        return self

    @model_validator(mode="after")
    def _climbs(self) -> Promise:
        ordinary, incident, night = self.ladder.ordinary, self.ladder.incident, self.ladder.night
        ends = f"{self.automatic_minutes} (automatic_minutes)"
        remind = ordinary.remind or 0
        if not remind <= ordinary.alert <= ordinary.escalate < self.automatic_minutes:
            raise ValueError(f"ladder.ordinary must hold: remind ≤ alert ≤ escalate < {ends}")
        if not self.automatic_minutes <= ordinary.grace < self.promise_minutes:
            raise ValueError(f"ladder.ordinary must hold: {ends} ≤ grace < promise_minutes")
        if not incident.escalate < incident.register_ <= self.automatic_minutes:
            raise ValueError(f"ladder.incident must hold: escalate < register ≤ {ends}")
        if not incident.register_ <= incident.grace < self.promise_minutes:
            raise ValueError("ladder.incident must hold: register ≤ grace < promise_minutes")
        if not night.alert <= night.escalate < self.automatic_minutes:
            raise ValueError(f"ladder.night must hold: alert ≤ escalate < {ends}")
        return self

    @property
    def target(self) -> timedelta:
        return timedelta(minutes=self.target_minutes)

    @property
    def promise(self) -> timedelta:
        return timedelta(minutes=self.promise_minutes)
