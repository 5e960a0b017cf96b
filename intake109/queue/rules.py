"""What decisions depend on, as it is at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from intake109.appeals.news import Setting
from intake109.appeals.terms.calendar import WorkingCalendar, shipped_calendar
from intake109.appeals.terms.deadlines import Terms
from intake109.catalogue.services import Catalogue
from intake109.config import Deadlines, Promise, Voice
from intake109.dedup.problem import Problems, shipped_problems


@dataclass(frozen=True, slots=True)
class Rules:
    """What decisions depend on; `address` is ours, for links in letters; `reads_replies`: those may be replied to."""

    catalogue: Catalogue
    promise: Promise
    zone: ZoneInfo
    problems: Problems = field(default_factory=shipped_problems)
    voice: Voice = field(default_factory=Voice)
    calendar: WorkingCalendar = field(default_factory=shipped_calendar)
    deadlines: Deadlines = field(default_factory=Deadlines)
    address: str = field(default="", kw_only=True)
    reads_replies: bool = field(default=False, kw_only=True)

    @property
    def setting(self) -> Setting:
        """What news of appeals depend on."""
        return Setting(
            self.catalogue,
            self.zone,
            self.undo,
            voice=self.voice,
            calendar=self.calendar,
            deadlines=self.deadlines,
            address=self.address,
            reads_replies=self.reads_replies,
        )

    @property
    def terms(self) -> Terms:
        """What deadlines are counted by."""
        return self.setting.terms

    @property
    def undo(self) -> timedelta:
        """How long a decision may be taken back before anybody hears of it."""
        return timedelta(seconds=self.promise.undo_seconds)
