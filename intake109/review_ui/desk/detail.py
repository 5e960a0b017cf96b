"""Everything an inspector sees of one task, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.config import Outages
from intake109.dedup.whereabouts import corrected
from intake109.errors import NotFoundError
from intake109.outbox.texts import read as read_text
from intake109.outbox.texts import spoken
from intake109.queue.rules import Rules
from intake109.queue.times import Urgency, urgency
from intake109.review_ui.desk import cards
from intake109.review_ui.desk.highlight import Piece, pieces
from intake109.review_ui.desk.likeness import Candidate, Sought, candidates, where_of
from intake109.review_ui.desk.machine_choice import Choice, choice
from intake109.review_ui.desk.returning import Returned, besides, returned
from intake109.review_ui.desk.rows import warn_before
from intake109.review_ui.desk.same import Same, same
from intake109.review_ui.desk.storms import Gathering, gathering
from intake109.review_ui.desk.thread import Line, lines
from intake109.review_ui.desk.told import Told
from intake109.review_ui.outages.shown import Known, known
from intake109.store import alerts, appeals, attachments, mentions, people, readers, tasks
from intake109.store.tables import AppealRow, AttachmentRow, BlindSpellRow, ConversationRow, MentionRow, TaskRow

FIELDS = ("service", "address", "place_key", "note", "is_incident", "reply", "language", "mode", "number", "reason")
"""What a draft keeps, and the decision's form sends."""


@dataclass(frozen=True, slots=True)
class OtherDraft:
    """Somebody else's draft."""

    user_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form is filled with. `by` names a predecessor whose draft it is; `at` is None for a fresh form.

    `newer` is a draft of somebody else that is younger than one's own and may be taken instead.
    """

    values: dict[str, str]
    by: str = ""
    at: datetime | None = None
    newer: OtherDraft | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Who of the staff has acknowledged what a task alerted of, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Detail:
    """One task with all that belongs to it."""

    task: TaskRow
    mention: MentionRow
    conversation: ConversationRow
    own: list[Piece]
    parent: list[Piece]
    files: list[AttachmentRow]
    parent_files: list[AttachmentRow]
    thread: list[Line]
    earlier: list[AppealRow]
    suggestions: list[cards.Suggestion]
    candidates: list[Candidate]
    returned: list[Returned]
    gathering: Gathering | None
    same: Same
    draft: Draft
    holder: str
    is_mine: bool
    decider: str
    appeal: AppealRow | None
    urgency: Urgency
    told: Told
    readers: list[str]
    spell: BlindSpellRow | None
    heard: Heard | None
    choice: Choice | None
    checker: str
    outages: list[Known]

    @property
    def place(self) -> dict[str, Any]:
        """The place recognised in the text."""
        found: dict[str, Any] = self.mention.verdict.get("place", {})
        return found

    @property
    def reasons(self) -> list[str]:
        """The words that speak for danger."""
        text = str(self.mention.verdict.get("text", ""))
        spans = self.mention.verdict.get("incident", {}).get("reasons", [])
        return list(dict.fromkeys(text[span["start"] : span["end"]] for span in spans if span["end"] > span["start"]))

    @property
    def is_held_by_other(self) -> bool:
        return bool(self.holder) and not self.is_mine


def detail(
    session: Session,
    task_id: int,
    user_id: int,
    language: str,
    rules: Rules,
    sure: float,
    times: Outages,
    now: datetime,
    draft_of: int = 0,
) -> Detail:
    """Read a task.

    Args:
        draft_of: whose draft fills the form; 0: one's own, else the newest.
        language: of the screen.
        sure: the probability from which the best suggestion is chosen beforehand.
        times: when an announced outage explains what a citizen writes.

    Raises:
        NotFoundError: there is no such task.
    """
    task, mention, conversation = _read(session, task_id)
    names = people.names(session)
    files, parent_files = _files(session, task.mention_id)
    appeal = session.get(AppealRow, task.appeal_id) if task.appeal_id else None
    chosen = choice(session, task, mention, conversation, appeal)
    fresh = chosen.form if chosen else _fresh(session, task, mention, conversation, sure)
    draft = _draft(session, task_id, fresh, chosen, user_id, draft_of, names)
    began_at = chosen.appeal.registered_at if chosen else now  # a correction's term is counted from the registration
    sought = Sought(task, mention, draft.values["service"], corrected(draft.values["place_key"], where_of(task)))
    own, parent = pieces(mention.text, str(mention.parent.get("text", "")), mention.verdict)
    is_held = task.claimed_by is not None and task.lease_until is not None and task.lease_until > now
    earlier = appeals.of_citizen(session, mentions.conversations_of_author(session, conversation))
    back = returned(session, sought, rules, now)
    return Detail(
        task=task,
        mention=mention,
        conversation=conversation,
        own=own,
        parent=parent,
        files=files,
        parent_files=parent_files,
        thread=lines(session, mention),
        earlier=[one for one in earlier if one.id != task.appeal_id],
        suggestions=cards.suggestions(mention.verdict, draft.values["service"], rules, language, began_at),
        candidates=besides(candidates(session, sought, earlier, rules, now), back),
        returned=back,
        gathering=gathering(session, sought, rules, user_id, names, now),
        same=same(session, task, mention, names),
        draft=draft,
        holder=names.get(task.claimed_by or 0, "") if is_held else "",
        is_mine=is_held and task.claimed_by == user_id,
        decider=names.get(task.decided_by or 0, ""),
        appeal=appeal,
        urgency=urgency(task.promise_at, now, warn_before(task)),
        told=Told(rules, language),
        readers=_readers(session, task, user_id, names, now),
        spell=session.get(BlindSpellRow, task.blind_spell_id) if task.blind_spell_id else None,
        heard=_heard(session, task_id, names),
        choice=chosen,
        checker=names.get(task.checked_by or 0, ""),
        outages=known(session, task_id, rules, times, language, now),
    )


def _heard(session: Session, task_id: int, names: dict[int, str]) -> Heard | None:
    found = [row for row in alerts.of_task(session, task_id) if row.acknowledged_at is not None]
    last = max(found, key=lambda row: row.id or 0, default=None)
    if last is None or last.acknowledged_at is None:
        return None
    return Heard(names.get(last.acknowledged_by or 0, ""), last.acknowledged_at)


def _readers(session: Session, task: TaskRow, user_id: int, names: dict[int, str], now: datetime) -> list[str]:
    """Name those who read the task beside its holder and the viewer."""
    assert task.id is not None
    found = readers.of(session, [task.id], now).get(task.id, [])
    return [names.get(one, "") for one in found if one not in (user_id, task.claimed_by)]


def _read(session: Session, task_id: int) -> tuple[TaskRow, MentionRow, ConversationRow]:
    task = tasks.by_id(session, task_id)
    if task is None:
        raise NotFoundError(f"there is no task {task_id}")
    mention = session.get(MentionRow, task.mention_id)
    assert mention is not None
    conversation = session.get(ConversationRow, mention.conversation_id)
    assert conversation is not None
    return task, mention, conversation


def _files(session: Session, mention_id: int) -> tuple[list[AttachmentRow], list[AttachmentRow]]:
    """Read the citizen's files, and those of the post the citizen wrote under."""
    files = attachments.of_mention(session, mention_id)
    return [file for file in files if not file.is_parents], [file for file in files if file.is_parents]


def _draft(
    session: Session,
    task_id: int,
    fresh: dict[str, str],
    chosen: Choice | None,
    user_id: int,
    draft_of: int,
    names: dict[int, str],
) -> Draft:
    kept = tasks.drafts(session, task_id)
    wanted = draft_of or user_id
    row = next((one for one in kept if one.user_id == wanted), kept[0] if kept else None)
    if row is None:
        return Draft(fresh)
    typed = {name: str(row.content.get(name, fresh[name])) for name in FIELDS}
    values = chosen.continued(row.content) if chosen else fresh | typed
    first = kept[0]
    is_newer = row.user_id == user_id and first.user_id != user_id and first.updated_at > row.updated_at
    newer = OtherDraft(first.user_id, names.get(first.user_id, ""), first.updated_at) if is_newer else None
    return Draft(values, "" if row.user_id == user_id else names.get(row.user_id, ""), row.updated_at, newer)


def _fresh(
    session: Session, task: TaskRow, mention: MentionRow, conversation: ConversationRow, sure: float
) -> dict[str, str]:
    guesses = mention.verdict.get("services", [])
    is_sure = bool(guesses) and float(guesses[0]["probability"]) >= sure
    language = spoken(conversation.language or mention.language)
    return dict.fromkeys(FIELDS, "") | {
        "service": str(guesses[0]["code"]) if is_sure else "",
        "is_incident": "1" if task.is_incident else "",
        "language": language,
        "mode": "register",
        "reply": read_text(session, "incident" if task.is_incident else "acknowledgement", language),
    }
