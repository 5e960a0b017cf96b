"""What the machine registered and nobody has checked yet: its choice, the letter it owed, the form to correct it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.outbox.letters import Purpose
from intake109.outbox.texts import spoken
from intake109.store import checks, outbox, readers
from intake109.store.tables import AppealRow, ConversationRow, MentionRow, OutboxRow, TaskRow

_LOOKED_AT = 20
_TYPED = ("service", "address", "note", "reply", "language")


@dataclass(frozen=True, slots=True)
class Choice:
    """The machine's registration. `probability` is 0 where it took "to be clarified"; `letter` None: none was owed."""

    appeal: AppealRow
    probability: float
    letter: OutboxRow | None
    language: str

    @property
    def is_told(self) -> bool:
        """Whether the citizen has, or may have, read the number: from then on a change is a correction."""
        return self.letter is not None and self.letter.state != "owed"

    @property
    def form(self) -> dict[str, str]:
        """The fields as the machine would have filled them; there is nothing to write to the citizen yet."""
        return {
            "service": self.appeal.service,
            "address": self.appeal.address,
            "place_key": self.appeal.place_key,
            "note": self.appeal.note,
            "is_incident": "1" if self.appeal.is_incident else "",
            "reply": "",
            "language": self.language,
            "mode": "confirm",
            "number": "",
            "reason": "",
        }

    @property
    def was(self) -> dict[str, object]:
        """What the scripts compare the form with, to say what a correction changes for the citizen."""
        kept: dict[str, object] = {name: self.form[name] for name in ("service", "address", "note")}
        return kept | {"is_incident": self.appeal.is_incident, "told": self.is_told, "number": self.appeal.number}

    def continued(self, draft: Mapping[str, object]) -> dict[str, str]:
        """Return the form with what an inspector had typed when the machine stepped in.

        What the inspector had left empty stays as the machine chose it; danger is the inspector's word only together
        with a service.
        """
        typed = {name: str(draft.get(name, "")) for name in _TYPED}
        values = self.form | {name: text for name, text in typed.items() if text}
        if typed["address"]:
            values["place_key"] = str(draft.get("place_key", ""))
        if typed["service"]:
            values["is_incident"] = str(draft.get("is_incident", ""))
        return values


def choice(
    session: Session, task: TaskRow, mention: MentionRow, conversation: ConversationRow, appeal: AppealRow | None
) -> Choice | None:
    """Return what is to be checked of a task; None if a person decided it, or has checked it."""
    if appeal is None or task.id is None or not checks.is_unchecked(task):
        return None
    letters = [
        row
        for row in outbox.of_task(session, task.id)
        if row.purpose == Purpose.ACKNOWLEDGEMENT.value and row.state != "cancelled"
    ]
    guesses = mention.verdict.get("services", [])
    probability = next((float(one["probability"]) for one in guesses if one["code"] == appeal.service), 0.0)
    language = spoken(conversation.language or mention.language)
    return Choice(appeal, probability, letters[-1] if letters else None, language)


def next_unchecked(session: Session, user_id: int, now: datetime) -> int | None:
    """Return the task to be checked next: the first one nobody else is reading, else the first."""
    found = [row.id for row in checks.unchecked(session, limit=_LOOKED_AT) if row.id is not None]
    reading = readers.of(session, found, now)
    free = [one for one in found if not [reader for reader in reading.get(one, []) if reader != user_id]]
    return next(iter(free or found), None)
