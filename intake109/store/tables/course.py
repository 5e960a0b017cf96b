"""What happens to an appeal after its number: statuses, executors' answers, calls to citizens, checks of danger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, maybe_moment, moment

_UNJUDGED = sql("judged_at IS NULL")
_OPEN = sql("closed_at IS NULL")


class StepRow(SQLModel, table=True):
    """One change of an appeal's status (appeals/course.py). `actor_id` empty: the system, or somebody without a login.

    `why` is a code or a name, never a citizen's words.
    """

    __tablename__ = "steps"
    __table_args__ = (Index("ix_steps_at", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id", index=True)
    round: int
    before: str
    after: str
    at: datetime = moment()
    actor_id: int | None = Field(default=None, foreign_key="users.id")
    why: str = long_text()


class AnswerRow(SQLModel, table=True):
    """What an executor says of its work. `via`: desk, page, link, email, telegram or registry.

    `doubts` are codes of what makes it look formal; the quality inspector's word is `judgement`: accepted or formal
    (with the reason in words in `judged_why`), empty while nobody has judged it. What needs no judging is promised,
    returned, replaced or noted (appeals/work/answers.py). `acted_on` is the day of the work, `promised_on` the day it
    is promised for, both of the city. `external_key` makes an answer that comes twice one answer.
    """

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_unjudged", "at", sqlite_where=_UNJUDGED, postgresql_where=_UNJUDGED),
        Index("ix_answers_external_key", "external_key", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id", index=True)
    round: int
    at: datetime = moment()
    via: str
    by_user: int | None = Field(default=None, foreign_key="users.id")
    executor: str
    text: str = long_text()
    acted_on: str = ""
    promised_on: str = ""
    doubts: list[str] = document(list)
    judgement: str = ""
    judged_at: datetime | None = maybe_moment()
    judged_by: int | None = Field(default=None, foreign_key="users.id")
    judged_why: str = long_text()
    external_key: str | None = None


class AnswerFileRow(SQLModel, table=True):
    """A picture or document of an executor's answer; the bytes lie in the content-addressed store."""

    __tablename__ = "answer_files"

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answers.id", index=True)
    sha256: str
    mime: str
    file_name: str = ""


class CallRow(SQLModel, table=True):
    """Who must be called. `why` is silent (asked whether it is solved, no answer) or unreachable (no way to write).

    `result` is solved, unsolved or unreached once it is closed, or reopened: there was nothing to ask any more.
    """

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_open", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id", index=True)
    reporter_id: int = Field(foreign_key="reporters.id", index=True)
    round: int
    why: str
    opened_at: datetime = moment()
    due_at: datetime = moment()
    closed_at: datetime | None = maybe_moment()
    closed_by: int | None = Field(default=None, foreign_key="users.id")
    result: str = ""


class WordRow(SQLModel, table=True):
    """What a citizen said to the question whether it is solved: yes or no. Never changed; the last of a round holds.

    `appeal_id` is the case that was asked about, `executor` and `organisation` are who had done the work. `by_user` is
    who was told it on the telephone.
    """

    __tablename__ = "words"
    __table_args__ = (Index("ix_words_at", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id", index=True)
    round: int
    reporter_id: int = Field(foreign_key="reporters.id", index=True)
    conversation_id: int = Field(foreign_key="conversations.id")
    said: str
    at: datetime = moment()
    by_user: int | None = Field(default=None, foreign_key="users.id")
    executor: str = ""
    organisation: str = ""


class CallAttemptRow(SQLModel, table=True):
    """One attempt to call. `outcome`: talked, no_answer, wrong_number or refused."""

    __tablename__ = "call_attempts"

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="calls.id", index=True)
    at: datetime = moment()
    by_user: int = Field(foreign_key="users.id")
    outcome: str
    note: str = long_text()


class SightingRow(SQLModel, table=True):
    """Somebody has seen that a danger is over: `how` is camera or spot; `sha256` is the picture, empty for none."""

    __tablename__ = "sightings"

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeals.id", index=True)
    round: int
    at: datetime = moment()
    by_user: int = Field(foreign_key="users.id")
    how: str
    is_safe: bool
    note: str = long_text()
    sha256: str = ""
