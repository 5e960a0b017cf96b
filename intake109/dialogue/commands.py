"""Commands and buttons: what the citizen asks of the bot itself, answered at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.appeals.terms.calendar import WorkingCalendar, shipped_calendar
from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.services import Catalogue
from intake109.config import City, Deadlines, Promise, Voice
from intake109.dedup.problem import Problems, shipped_problems
from intake109.dialogue import standing
from intake109.dialogue.meaning import command
from intake109.model import Channel, Message
from intake109.outbox.letters import Purpose, fill
from intake109.outbox.texts import read, spoken
from intake109.queue.rules import Rules
from intake109.store import appeals, mentions
from intake109.store.rows import insert_new
from intake109.store.tables import AppealRow, ConversationRow, OutboxRow

LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """The city: what replies to commands depend on, and how its problems spread."""

    city: City
    current: CurrentCatalogue
    problems: Problems = field(default_factory=shipped_problems)
    voice: Voice = field(default_factory=Voice)
    calendar: WorkingCalendar = field(default_factory=shipped_calendar)
    deadlines: Deadlines = field(default_factory=Deadlines)
    address: str = ""
    """Ours, under which executors open a link."""
    reads_replies: bool = False
    """Whether executors may reply to letters by e-mail."""

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue as it is now."""
        return self.current.catalogue

    @property
    def zone(self) -> ZoneInfo:
        return self.city.zone

    def rules(self, promise: Promise) -> Rules:
        """Return what decisions depend on, with the catalogue as it is now."""
        return Rules(
            self.catalogue,
            promise,
            self.zone,
            self.problems,
            voice=self.voice,
            calendar=self.calendar,
            deadlines=self.deadlines,
            address=self.address,
            reads_replies=self.reads_replies,
        )


def answer(session: Session, channel: Channel, message: Message, setting: Setting, now: datetime) -> None:
    """Answer a message that is a command."""
    found = command(message)
    assert found is not None
    row = mentions.meet(session, channel, message, now)
    text, with_languages = reply(session, row, *found, setting)
    owe_reply(session, row, f"{channel.value}:{message.key}:command", text, now, with_languages=with_languages)


def reply(session: Session, row: ConversationRow, name: str, argument: str, setting: Setting) -> tuple[str, bool]:
    """Return the answer to a command, and whether the language buttons go with it."""
    language = spoken(row.language)
    if name == "language":
        return read(session, "choose_language", language), True
    if name in {"my", "status"} and row.is_public:
        return read(session, "in_private", language), False
    if name == "my":
        return _mine(session, row, language, setting), False
    if name == "status" and argument:
        return _status(session, row, argument, language, setting), False
    if name == "status":
        return _mine(session, row, language, setting), False
    city = setting.city
    values = {"centre": city.centre, "city": {"kk": city.name_kk, "en": city.name_en}.get(language, city.name_ru)}
    return fill(read(session, "start", language), values), name == "start"


def choose_language(session: Session, row: ConversationRow, data: str) -> str | None:
    """Take the pressed language over and return the confirmation; None if the button is not one of these."""
    prefix, _, chosen = data.partition(":")
    if prefix != "language" or chosen not in LANGUAGES:
        return None
    row.language, row.language_is_chosen = chosen, True
    return read(session, "language", chosen)


def owe_reply(
    session: Session,
    row: ConversationRow,
    key: str,
    text: str,
    now: datetime,
    *,
    with_languages: bool,
    callback: str = "",
) -> None:
    """Owe an answer of the bot; the same command delivered twice is answered once.

    `callback` belongs to the button that was pressed; the platform is told that the press has arrived.
    """
    buttons = [[label, f"language:{code}"] for code, label in LANGUAGES.items()] if with_languages else []
    values = {
        "idempotency_key": key,
        "purpose": Purpose.DIALOGUE.value,
        "channel": row.channel,
        "conversation_id": row.id,
        "address": row.reply_to,
        "text": text,
        "language": spoken(row.language),
        "is_public": row.is_public,
        "details": {"buttons": buttons, "callback": callback},
        "state": "owed",
        "not_before": now,
        "attempts": 0,
        "last_error": "",
        "external_id": "",
        "delivery": "",
        "created_at": now,
    }
    insert_new(session, OutboxRow, [values])


def _mine(session: Session, row: ConversationRow, language: str, setting: Setting) -> str:
    found = _own_appeals(session, row)
    if not found:
        return read(session, "no_appeals", language)
    return "\n\n".join(
        standing.line(session, appeal, language, setting.catalogue, setting.zone) for appeal in found[:_MOST_SHOWN]
    )


def _status(session: Session, row: ConversationRow, argument: str, language: str, setting: Setting) -> str:
    wanted = argument.strip().lstrip("№#").strip()
    own = _own_appeals(session, row)
    cases = appeals.lives(session, own)
    for appeal in (*own, *cases.values()):  # the number that counts was told in the letter of the merge
        if appeal.number == wanted or appeal.number.endswith(f"-{wanted.zfill(6)}"):
            return standing.line(session, appeal, language, setting.catalogue, setting.zone)
    return read(session, "status_unknown", language)


def _own_appeals(session: Session, row: ConversationRow) -> list[AppealRow]:
    return appeals.of_citizen(session, mentions.conversations_of_author(session, row), limit=50)
