"""Owing a message to a citizen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from intake109.errors import RefusedError
from intake109.model import Language
from intake109.outbox import buttons
from intake109.store import changes
from intake109.store.tables import MentionRow, OutboxRow

_GAP = r"[\s().\-–—]{0,4}"
_LOCAL = "|".join(  # after 8 or +7: a mobile number or a city's, the code in 3, 4 or 5 digits; 8 800 is nobody's own
    rf"{code}{_GAP}{rest}"
    for code, rest in (
        (r"7\d\d", rf"\d{{3}}{_GAP}\d\d{_GAP}\d\d"),
        (r"7\d{3}", rf"\d\d{_GAP}\d\d{_GAP}\d\d"),
        (r"7\d{4}", rf"\d{_GAP}\d\d{_GAP}\d\d"),
    )
)
_LANDLINE = rf"(?:\+?7|8){_GAP}(?=7[12])(?:{_LOCAL})(?!\d)"
_LETTER = "[а-яёәғқңөұүһі]"
_OFFICES = (
    rf"(?<!{_LETTER})(?:(?:диспетчер|авари|горяч{_LETTER}+ лини|при[её]мн|канцеляри|служб|водоканал|теплосет|горгаз|"
    "горсвет|электросет|контакт-центр|колл-центр|call-центр|центр|акимат|управлени|департамент|отдел|инспекци|полици|"
    "больниц|поликлиник|школ|детсад|собес|кезекші|апат|жедел|қабылдау|кеңсе|қызмет|су арнасы|жылу желі|орталы|әкімдік|"
    "әкімші|басқарма|бөлім|аурухана|емхана|мектеп|балабақша)|(?:цон|оси|кск|пик|тоо|ао|гкп|кгп|рэс|жшс|хқко|миб)"
    rf"(?!{_LETTER}))"
)
_UP_TO_IT = r"(?:[^.!?\n\d]|тел\.|т\.){0,50}?"
OFFICIAL = re.compile(rf"{_OFFICES}{_UP_TO_IT}{_LANDLINE}(?:[\s,;/]{{1,3}}{_LANDLINE})*", re.IGNORECASE)
"""An office and its landline, which everybody may read. A landline that no office stands before is somebody's home."""
PERSONAL = {
    "phone": re.compile(
        rf"(?<!\d)(?<!\d-)(?:(?:\+?7|8){_GAP}(?:{_LOCAL})|7[047]\d{_GAP}\d{{3}}{_GAP}\d\d{_GAP}\d\d)(?!\d)"
    ),
    "iin": re.compile(r"(?<!\d)\d{12}(?!\d)"),
    "email": re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}"),
    "card": re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)"),
}
"""What no public reply may hold. The screen warns by the same patterns, so they must mean the same in JavaScript."""
_PLACEHOLDER = re.compile(r"\{\s*(\w*)\s*\}")


class Purpose(StrEnum):
    """Why a message is owed."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    QUESTION = "question"
    REFUSAL = "refusal"
    DIALOGUE = "dialogue"
    CORRECTION = "correction"
    """What the machine had registered was put right by a person."""
    OUTAGE = "outage"
    """An announced interruption about which the citizen asked moved or ended."""
    FORWARD = "forward"
    """To an executor: an appeal is its work now."""
    LETTER = "letter"
    """To a private organisation, which is written to again and again."""
    REMINDER = "reminder"
    """To an executor: an appeal is still waited for."""
    SATISFACTION = "satisfaction"
    """The question whether it is solved."""
    NEWS = "news"
    """What changed for the citizen of an appeal, and what is said to the citizen's word."""
    OVERDUE = "overdue"
    """To the superior of an executor: an appeal is past its deadline."""
    WITHDRAWAL = "withdrawal"
    """To the executor: what was forwarded is none of its work any more."""
    RENEWAL = "renewal"
    """To an executor: an appeal that was withdrawn or closed is wanted again."""
    ALERT = "alert"
    """To the staff, not to a citizen."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A text for one citizen. `key` makes it unique: owing the same letter twice is an error of the caller."""

    purpose: Purpose
    key: str
    text: str
    language: str
    task_id: int | None = None
    appeal_id: int | None = None
    details: dict[str, Any] | None = None


def fill(text: str, values: dict[str, str]) -> str:
    """Put values in place of `{name}`.

    Raises:
        RefusedError: a placeholder is unknown; a citizen must never read one.
    """
    unknown = sorted({name for name in _PLACEHOLDER.findall(text) if name not in values})
    if unknown:
        raise RefusedError("reply", f"unknown placeholder {{{unknown[0]}}}; known are {', '.join(sorted(values))}")
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def personal_data(text: str) -> list[str]:
    """Return what kinds of personal data a text holds: `phone`, `iin`, `email`, `card`.

    The landline of an office that is named before it is none.
    """
    bare = OFFICIAL.sub(" ", text)
    return [name for name, pattern in PERSONAL.items() if pattern.search(bare)]


def withheld(text: str) -> str:
    """Return a citizen's words for those who have no need to know who it is: without numbers of persons."""
    kept = list(OFFICIAL.finditer(text))

    def instead(match: re.Match[str]) -> str:
        return match[0] if any(one.start() <= match.start() < one.end() for one in kept) else "[…]"

    for pattern in PERSONAL.values():
        text = pattern.sub(instead, text)
        kept = list(OFFICIAL.finditer(text))
    return text


def _details(session: Session, mention: MentionRow, letter: Letter) -> dict[str, Any]:
    details = dict(letter.details or {})
    if letter.purpose is Purpose.ACKNOWLEDGEMENT and "buttons" not in details:
        details["buttons"] = buttons.of_appeal(session, mention, letter.appeal_id, letter.text, letter.language)
    return details


def owe(session: Session, mention: MentionRow, letter: Letter, not_before: datetime, now: datetime) -> OutboxRow:
    """Owe a letter to the citizen of a mention, in the thread where the citizen wrote.

    Raises:
        RefusedError: everybody could read it and it holds personal data, or its language is none of ours.
    """
    if letter.language not in {one.value for one in Language}:
        raise RefusedError("language", "choose the language of the reply")
    found = personal_data(letter.text) if mention.is_public else []
    if found:
        raise RefusedError("reply", f"the reply is public and holds personal data: {', '.join(found)}; take it out")
    row = OutboxRow(
        idempotency_key=letter.key,
        purpose=letter.purpose.value,
        channel=mention.channel,
        conversation_id=mention.conversation_id,
        mention_id=mention.id,
        task_id=letter.task_id,
        appeal_id=letter.appeal_id,
        address=mention.reply_to,
        text=letter.text,
        language=letter.language,
        is_public=mention.is_public,
        details=_details(session, mention, letter),
        not_before=not_before,
        created_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    changes.tell(session, changes.Topic.OUTBOX, row.id, now)
    return row
