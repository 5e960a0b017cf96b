"""Telling the citizens of an appeal, and its executor, what has changed for them. The caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.appeals.executors.naming import executor_name
from intake109.appeals.terms.calendar import WorkingCalendar, shipped_calendar
from intake109.appeals.terms.deadlines import Terms, written
from intake109.catalogue.services import Catalogue
from intake109.config import Deadlines, Voice
from intake109.outbox import executors, letters
from intake109.outbox.letters import Letter, Purpose, fill
from intake109.outbox.texts import read
from intake109.store import outbox
from intake109.store.tables import AppealRow, MentionRow, OutboxRow, ReporterRow


@dataclass(frozen=True, slots=True)
class Setting:
    """What news depend on; `undo` is how long a change may be taken back before anybody hears of it."""

    catalogue: Catalogue
    zone: ZoneInfo
    undo: timedelta
    voice: Voice = field(default_factory=Voice)
    calendar: WorkingCalendar = field(default_factory=shipped_calendar)
    deadlines: Deadlines = field(default_factory=Deadlines)
    address: str = field(default="", kw_only=True)
    """Ours, under which executors open a link; empty: letters bear none."""
    reads_replies: bool = field(default=False, kw_only=True)
    """Whether a reply to a letter by e-mail is read."""

    @property
    def terms(self) -> Terms:
        """What deadlines are counted by."""
        return Terms(self.zone, self.calendar, self.deadlines)


@dataclass(slots=True)
class Sent:
    """The ids of letters that a change owes, and of those they are owed instead of."""

    owed: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)


def values(session: Session, appeal: AppealRow, language: str, catalogue: Catalogue, zone: ZoneInfo) -> dict[str, str]:
    """Return what a letter may name of an appeal."""
    return {
        "number": appeal.number,
        "deadline": written(appeal.deadline_at, zone),
        "service": catalogue.service_name(appeal.service, language),
        "executor": executor_name(session, appeal, language, catalogue),
    }


class News:
    """The letters of one change. Each talk with a citizen hears of it once, whatever number of mentions it holds."""

    def __init__(self, key: str, setting: Setting, now: datetime) -> None:
        self.sent = Sent()
        self._key = key
        self.setting = setting
        self.now = now
        self._told: set[int] = set()

    def tell(
        self,
        session: Session,
        reporters: Sequence[ReporterRow],
        appeal: AppealRow,
        text: str,
        untold: str = "",
        former: Mapping[int, str] | None = None,
    ) -> None:
        """Owe citizens a text about an appeal.

        Args:
            reporters: they keep the numbers they quote; the letter stands at the appeal of that number.
            untold: the text for those whose acknowledgement has not left yet; it goes in its place.
            former: numbers by the ids of appeals, for the `{former}` of a text.
        """
        for reporter in reporters:
            cancelled = self._take_back(session, reporter) if untold else []
            self.sent.cancelled += cancelled
            if reporter.conversation_id in self._told:
                continue
            self._told.add(reporter.conversation_id)
            told = values(session, appeal, reporter.language, self.setting.catalogue, self.setting.zone)
            told["former"] = (former or {}).get(reporter.appeal_id, "")
            letter = Letter(
                Purpose.ACKNOWLEDGEMENT if cancelled else Purpose.CORRECTION,
                f"{self._key}:{reporter.id}",
                fill(read(session, untold if cancelled else text, reporter.language), told),
                reporter.language,
                appeal_id=reporter.appeal_id,
            )
            mention = session.get_one(MentionRow, reporter.mention_id)
            self._note(letters.owe(session, mention, letter, self.now + self.setting.undo, self.now))

    def withdraw(self, session: Session, appeal: AppealRow, other: AppealRow) -> None:
        """Owe the executor the news that another appeal is about the same problem."""
        said, at = {"number": appeal.number, "other": other.number}, self.now + self.setting.undo
        self._note(executors.withdraw(session, appeal, "withdrawn_known", said, f"{self._key}:executor", at, self.now))

    def renew(self, session: Session, appeal: AppealRow, text: str) -> None:
        """Owe the executor the news that an appeal is wanted again."""
        said = values(session, appeal, "ru", self.setting.catalogue, self.setting.zone)
        at = self.now + self.setting.undo
        key, address = f"{self._key}:executor", self.setting.address
        self._note(executors.renew(session, appeal, text, said, key, at, self.now, address))

    def _take_back(self, session: Session, reporter: ReporterRow) -> list[int]:
        purpose = Purpose.ACKNOWLEDGEMENT.value
        return outbox.cancel_unsent(session, reporter.mention_id, reporter.appeal_id, purpose, self.now)

    def _note(self, row: OutboxRow | None) -> None:
        if row is not None and row.id is not None:
            self.sent.owed.append(row.id)
