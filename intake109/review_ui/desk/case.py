"""Everything the staff sees of one appeal, read in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals.course import WITH_EXECUTOR, Status
from intake109.appeals.terms.ageing import RUNNING
from intake109.catalogue.services import Catalogue
from intake109.errors import NotFoundError
from intake109.review_ui.desk.thread import Line, threads
from intake109.store import appeals, attachments, audit, mentions, merges, organisations, people, tasks, undelivered
from intake109.store.tables import (
    AppealRow,
    AttachmentRow,
    AuditRow,
    ConversationRow,
    MentionRow,
    OrganisationRow,
    OutboxRow,
    ReporterRow,
    TaskRow,
)

_OF_ANOTHER = frozenset({"merged", "took over", "split off", "gave back", "parted", "moved"})
"""What happened with another appeal, whose number it names."""
_EXECUTORS = WITH_EXECUTOR | {Status.ANNULLED}
"""What an executor may open: also what is none of its work any more, for somebody may stand there with a shovel."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """A citizen with what was said, and the talk about it (empty for those who may not read it)."""

    row: ReporterRow
    mention: MentionRow
    conversation: ConversationRow
    task: TaskRow | None
    files: list[AttachmentRow]
    talk: list[Line] = field(default_factory=list)

    @property
    def is_joined(self) -> bool:
        """Whether the machine found it to be the same message as an earlier one, and nobody has taken it apart."""
        return self.task is not None and self.task.follows_id is not None and self.task.decided_by is None

    @property
    def link(self) -> str:
        """The citizen's post, empty if it has no address a browser may open."""
        address = self.mention.permalink
        return address if address.startswith(("https://", "http://")) else ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to the appeal; `what` names a text, `about` is its service, executor or reason."""

    at: datetime
    what: str
    who: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """An appeal that lies in a case, since when and by whom."""

    appeal: AppealRow
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Case:
    """An appeal with all that belongs to it. `into` is the case that counts instead, if it was merged into one."""

    appeal: AppealRow
    into: AppealRow | None
    members: list[Member]
    names: Names
    reporters: list[Reporter]
    letters: list[OutboxRow]
    history: list[Step]
    staff: dict[int, str]
    organisation: OrganisationRow | None = None
    """Who exactly must fix it, None where only the kind of executor is known."""

    def quoted(self, reporter: Reporter) -> str:
        """Return the number a citizen quotes where that is another one, else nothing."""
        return next((one.appeal.number for one in self.members if one.appeal.id == reporter.row.appeal_id), "")

    @property
    def machines(self) -> TaskRow | None:
        """The task the machine registered it from, None if a person did."""
        found = (one.task for one in self.reporters if one.task and one.task.outcome == "automatic")
        return next((task for task in found if task.checked_as != "attached"), None)  # those had another number

    @property
    def late_causes(self) -> list[str]:
        """Why decisions that belong to it came after the promise."""
        return list(dict.fromkeys(one.task.late_cause for one in self.reporters if one.task and one.task.late_cause))

    def checker(self, task: TaskRow) -> str:
        return self.staff.get(task.checked_by or 0, "")

    def is_overdue(self, now: datetime) -> bool:
        return is_overdue(self.appeal, now)


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called on the screen; a code that left the catalogue is shown itself."""

    catalogue: Catalogue
    language: str

    def service(self, code: str) -> str:
        return self.catalogue.service_name(code, self.language)

    def sphere(self, code: str) -> str:
        words = self.catalogue.spheres.get(code)
        return words.of(self.language) if words else code

    def executor(self, code: str) -> str:
        return self.catalogue.executor_name(code, self.language) if code else "—"

    def organisation(self, row: OrganisationRow) -> str:
        return {"kk": row.name_kk, "en": row.name_en}.get(self.language, row.name_ru) or row.name_ru


def is_overdue(appeal: AppealRow, now: datetime) -> bool:
    """Say whether the executor is late; exactly at the deadline is already late."""
    return appeal.status in RUNNING and appeal.deadline_at <= now


def read(session: Session, number: str, names: Names, *, is_executor: bool) -> Case:
    """Read an appeal; an executor is shown neither who the citizens are nor the talk with them.

    Raises:
        NotFoundError: no appeal has this number, or it is not an executor's business.
    """
    appeal = appeals.by_number(session, number)
    if appeal is None or appeal.id is None or (is_executor and appeal.status not in _EXECUTORS):
        raise NotFoundError(f"no appeal has the number {number}")
    return Case(
        appeal=appeal,
        into=appeals.live(session, appeal) if appeal.merged_into is not None else None,
        members=_members(session, appeal.id),
        names=names,
        reporters=_reporters(session, appeal.id, is_executor),
        letters=[] if is_executor else undelivered.of_appeal(session, appeal.id),
        history=_history(session, appeal.id, names),
        staff=people.names(session),
        organisation=organisations.by_code(session, appeal.organisation),
    )


def _members(session: Session, appeal_id: int) -> list[Member]:
    names = people.names(session)
    merged = [(row, merges.standing(session, row.id or 0)) for row in merges.members(session, appeal_id)]
    return [Member(row, how.merged_at, names.get(how.merged_by or 0, "")) for row, how in merged if how is not None]


def _reporters(session: Session, appeal_id: int, is_executor: bool) -> list[Reporter]:
    """Read all reporters with a fixed number of queries: a burst water main has eighty."""
    rows = appeals.reporters(session, appeal_id)
    said = mentions.by_ids(session, {row.mention_id for row in rows})
    conversations = mentions.conversations_by_ids(session, {row.conversation_id for row in rows})
    opened, files = tasks.of_mentions(session, said), attachments.of_mentions(session, list(said))
    talks = {} if is_executor else threads(session, list(said.values()))
    return [
        Reporter(
            row=row,
            mention=said[row.mention_id],
            conversation=conversations[row.conversation_id],
            task=opened.get(row.mention_id),
            files=files.get(row.mention_id, []),
            talk=talks.get(row.mention_id, []),
        )
        for row in rows
    ]


def _history(session: Session, appeal_id: int, names: Names) -> list[Step]:
    staff = people.names(session)
    return [
        Step(row.at, row.action, staff.get(row.actor_id or 0, ""), _about(row, names))
        for row in audit.of(session, "appeal", appeal_id)
    ]


def _about(row: AuditRow, names: Names) -> str:
    if row.action in _OF_ANOTHER:
        return f"№ {row.detail.get('number', '')}"
    if row.action == "reopened":
        return str(row.detail.get("round", ""))
    if "service" in row.detail:
        return names.service(str(row.detail["service"]))
    if "executor" in row.detail:
        return names.executor(str(row.detail["executor"]))
    if row.action == "moved":
        return str(row.detail["number"])
    return ""
