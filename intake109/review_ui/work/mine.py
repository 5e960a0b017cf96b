"""One appeal as its organisation sees it: what, where, by when, what was said; not who said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals.course import WITH_EXECUTOR, Status
from intake109.errors import NotFoundError
from intake109.outbox.letters import withheld
from intake109.store import answers, appeals, attachments, mentions, organisations
from intake109.store.tables import AnswerFileRow, AnswerRow, AppealRow, AttachmentRow, OrganisationRow

_SAID_SHOWN = 5
_CLOSED_TO_ALL = frozenset({Status.REGISTERED})


@dataclass(frozen=True, slots=True)
class Answer:
    """Something the organisation said, with its files."""

    row: AnswerRow
    files: list[AnswerFileRow]

    @property
    def state(self) -> str:
        return self.row.judgement or "open"


@dataclass(frozen=True, slots=True)
class Work:
    """An appeal for those who do it. `said` are citizens' words without numbers of persons."""

    appeal: AppealRow
    organisation: OrganisationRow
    said: list[str]
    reporters: int
    files: list[AttachmentRow]
    answers: list[Answer]

    @property
    def can_act(self) -> bool:
        """Whether something is waited for from the organisation."""
        return self.appeal.status in WITH_EXECUTOR

    @property
    def can_take(self) -> bool:
        return self.appeal.status == Status.FORWARDED

    @property
    def can_answer(self) -> bool:
        return self.can_act or self.appeal.status == Status.ANSWERED

    @property
    def is_past(self) -> bool:
        """Whether no work is wanted any more."""
        return self.appeal.status in (Status.ANNULLED, Status.MERGED)

    def is_late(self, now: datetime) -> bool:
        return self.can_act and self.appeal.deadline_at <= now


def mine(session: Session, organisation: str, number: str) -> Work:
    """Return an appeal of an organisation by its number.

    Raises:
        NotFoundError: no appeal has this number, or it is another organisation's. Nobody learns which.
    """
    appeal = appeals.by_number(session, number)
    if not organisation or appeal is None or appeal.organisation != organisation:
        raise NotFoundError(f"there is no appeal {number}")
    return work(session, appeal)


def work(session: Session, appeal: AppealRow) -> Work:
    """Return an appeal as its organisation sees it.

    Raises:
        NotFoundError: it has none.
    """
    assert appeal.id is not None
    organisation = organisations.by_code(session, appeal.organisation)
    if organisation is None or appeal.status in _CLOSED_TO_ALL:
        raise NotFoundError(f"the appeal {appeal.number} is with no organisation")
    reporters = appeals.reporters(session, appeal.id)
    said = mentions.by_ids(session, {one.mention_id for one in reporters})
    texts = [withheld(str(row.text or row.parent.get("text") or "").strip()) for _, row in sorted(said.items())]
    files = attachments.of_mentions(session, list(said))
    stored = [one for _, rows in sorted(files.items()) for one in rows if one.state == "stored"]
    own = [one for one in answers.of_appeal(session, appeal.id) if one.executor == organisation.code]
    enclosed = answers.files(session, [one.id or 0 for one in own])
    return Work(
        appeal=appeal,
        organisation=organisation,
        said=[text for text in dict.fromkeys(texts) if text][:_SAID_SHOWN],
        reporters=len(reporters),
        files=list({one.sha256: one for one in stored}.values()),
        answers=[Answer(one, enclosed.get(one.id or 0, [])) for one in reversed(own)],
    )
