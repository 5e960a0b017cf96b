"""What happens to events, in order: read, parse, recall, decide, judge — then one short transaction.

Called by `jobs` for what waits, a few events at a time. Everything slow is done before the transaction; inside it the
decision is taken again, and only what changed meanwhile (or within the events themselves: "яма" and its address) is
judged a second time there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from intake109.clock import Clock
from intake109.collectors.base import Parser
from intake109.collectors.payload import storable
from intake109.config import Promise
from intake109.dedup.fingerprint import text_hash
from intake109.dialogue import commands, entry, executors, hearing, presses, voice
from intake109.dialogue.meaning import Decision, Known, Meaning, decide
from intake109.dialogue.recall import Strangers, later_wording, recall
from intake109.errors import IntakeError
from intake109.model import (
    Channel,
    Deletion,
    DeliveryStatus,
    Event,
    Incoming,
    Lookup,
    Message,
    Press,
    Reachability,
    Span,
    Unreadable,
    Verdict,
)
from intake109.outbox import statuses
from intake109.queue import pressing
from intake109.queue.rules import Rules
from intake109.store import events, lookups, mentions
from intake109.store.database import Database, take_turns
from intake109.store.tables import EventRow, MentionRow

_ANSWER_WITHIN = timedelta(hours=72)
_WAITS_FOR_MESSAGE = 3
"""How often a deletion waits for its message (10, 20, 40 s): WhatsApp promises no order. Then it never was ours."""
_UNJUDGED = {Meaning.KNOWN, Meaning.COMMAND, Meaning.OVERHEARD, Meaning.VOICE, Meaning.EXECUTOR}
_EXTENDING = {Meaning.ALBUM_PART, Meaning.CONTINUATION, Meaning.ANSWER, Meaning.REPEAT, Meaning.EDIT}


class Judge(Protocol):
    """Says what a text is; the classifier, or a stand-in in tests."""

    def classify(self, text: str) -> Verdict: ...

    def classify_many(self, texts: Sequence[str]) -> list[Verdict]: ...

    def explain(self, text: str, code: str) -> list[Span]: ...


class EarlyDeletionError(IntakeError):
    """A deletion was delivered before the message it takes back."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Events with their parts, and the verdicts on what their mentions will probably say, by that text."""

    events: list[tuple[EventRow, tuple[Incoming, ...]]]
    verdicts: dict[str, Verdict]

    def messages(self) -> Iterator[tuple[Channel, Message]]:
        for row, parts in self.events:
            yield from ((Channel(row.channel), part) for part in parts if isinstance(part, Message))


class Pipeline:
    """Carries events to the queue. Safe to run in several workers: each event is taken once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        parsers: Mapping[str, Parser],
        judge: Judge,
        promise: Promise,
        setting: commands.Setting,
    ) -> None:
        self._database = database
        self._clock = clock
        self._parsers = parsers
        self._judge = judge
        self._promise = promise
        self._setting = setting

    def handle(self, event_id: int) -> None:
        """Handle one event; an event that another worker has handled is left alone."""
        self._handle([event_id])

    def handle_all(self, event_ids: Sequence[int]) -> None:
        """Handle events that wait, in order, in one transaction: they share the price of a commit.

        All of them are handled or none. If anything fails, each has a transaction of its own, and only what fails
        by itself is put off.
        """
        try:
            self._handle(event_ids)
        except Exception:  # one bad event must never block its company; by itself it is put off with its error
            for event_id in event_ids:
                self.handle_or_keep(event_id)

    def handle_or_keep(self, event_id: int) -> bool:
        """Handle one event; on failure put it off, at last quarantine it. Return whether it was handled."""
        try:
            self.handle(event_id)
        except Exception as error:  # one bad event must never block the ones behind it
            with self._database.write() as session:
                events.put_off(session, event_id, f"{type(error).__name__}: {error}", self._clock.now())
            return False
        return True

    def _handle(self, event_ids: Sequence[int]) -> None:
        prepared = self._prepare(event_ids)
        with self._database.write() as session:
            self._write(session, prepared)

    def _prepare(self, event_ids: Sequence[int]) -> _Prepared:
        with self._database.read() as session:
            prepared = _Prepared([(row, self._parse(row)) for row in events.still_waiting(session, event_ids)], {})
            strangers = Strangers(session, prepared.messages())
            expected = [self._expect(session, channel, message, strangers) for channel, message in prepared.messages()]
        texts = list(dict.fromkeys(text for text in expected if text is not None))
        prepared.verdicts.update(zip(texts, self._judge.classify_many(texts), strict=True))
        return prepared

    def _parse(self, row: EventRow) -> tuple[Incoming, ...]:
        parser = self._parsers.get(row.source)
        if parser is None:
            return (Unreadable("source", f"nothing here reads {row.source}; enable its channel, then replay"),)
        return parser(
            Event(
                Channel(row.channel),
                row.key,
                storable(row.payload),
                row.source,
                row.version,
                received_at=row.received_at,
            )
        )

    def _expect(self, session: Session, channel: Channel, message: Message, strangers: Strangers) -> str | None:
        """Return the text that will have to be judged as far as can be told now; None if there is nothing to judge."""
        decision = self._decide(session, channel, message, strangers)
        if decision.meaning in _UNJUDGED:
            return None
        return self._text(session, message, decision)

    def _decide(self, session: Session, channel: Channel, message: Message, strangers: Strangers) -> Decision:
        known = Known() if strangers.include(channel, message) else recall(session, channel, message)
        continuation = timedelta(minutes=self._promise.continuation_minutes)
        decision = decide(message, known, continuation, _ANSWER_WITHIN, self._setting.voice.reopening)
        if _is_harmless_only(decision, message, known) and self._judge.classify(message.text).incident.flag:
            decision = Decision(Meaning.MENTION)  # danger never hides in the answer to a closed question
        return executors.instead(session, message, decision) if strangers.are_at_work(channel, message) else decision

    def _text(self, session: Session, message: Message, decision: Decision) -> str:
        """Return what to judge: the mention as it will read, and the parent's text where that is not our own."""
        parent = message.parent.text if message.parent and not message.parent.is_ours else ""
        own = message.text
        if decision.meaning in _EXTENDING and decision.mention_id is not None:
            rows = mentions.messages_of_mention(session, decision.mention_id)
            mention = session.get(MentionRow, decision.mention_id)
            parent = parent or (str(mention.parent.get("text", "")) if mention else "")
            own = later_wording([row for row in rows if row.key != message.key], message, decision)
        return "\n".join(text.strip() for text in (own, parent) if text.strip())

    def _write(self, session: Session, prepared: _Prepared) -> None:
        now = self._clock.now()
        take_turns(session, *(name for found in prepared.messages() for name in _turns(*found)))
        taken = events.take(session, [event_id_of(row) for row, _ in prepared.events], now)
        strangers = Strangers(session, prepared.messages())
        for read, parts in prepared.events:
            row = taken.get(event_id_of(read))
            if row is None:
                continue
            for part in sorted(parts, key=_turn):
                self._write_part(session, row, part, prepared.verdicts, strangers, now)
            unreadable = [f"{part.where}: {part.reason}" for part in parts if isinstance(part, Unreadable)]
            if unreadable:
                events.quarantine(row, "; ".join(unreadable), now)

    def _write_part(
        self,
        session: Session,
        row: EventRow,
        part: Incoming,
        verdicts: Mapping[str, Verdict],
        strangers: Strangers,
        now: datetime,
    ) -> None:
        channel = Channel(row.channel)
        match part:
            case Message() as message:
                self._write_message(session, row, channel, message, verdicts, strangers, now)
                strangers.meet(channel, message)
            case Deletion(key=key, deleted_at=deleted_at):
                is_known = entry.mark_deleted(session, channel, key, deleted_at, now)
                if not is_known and row.attempts < _WAITS_FOR_MESSAGE:
                    raise EarlyDeletionError("no message with this key yet; looked for again")
            case Press() as press:
                self._write_press(session, channel, press, now)
            case DeliveryStatus() as status:
                statuses.note(session, channel, status, now)
            case Reachability() as change:
                conversation = mentions.conversation(session, channel, change.author, change.thread)
                if conversation is not None:
                    conversation.can_be_written_to = change.can_be_written_to
            case Lookup() as lookup:
                lookups.add(session, channel, lookup, now)
            case _:
                pass

    def _write_message(
        self,
        session: Session,
        row: EventRow,
        channel: Channel,
        message: Message,
        verdicts: Mapping[str, Verdict],
        strangers: Strangers,
        now: datetime,
    ) -> None:
        decision, rules = self._decide(session, channel, message, strangers), self._rules
        if decision.meaning is Meaning.COMMAND:
            commands.answer(session, channel, message, self._setting, now)
        elif decision.meaning is Meaning.VOICE:
            hearing.take_word(session, channel, message, rules.setting, now)
        elif decision.meaning is Meaning.EXECUTOR:
            executors.take(session, message, now)
        elif decision.meaning is Meaning.MENTION:
            verdict = self._verdict(session, message, decision, verdicts)
            arrived = entry.Arrived(event_id_of(row), row.received_at, entry.mentioned_at(message, row))
            is_stranger = strangers.include(channel, message)
            entry.open_mention(session, arrived, channel, message, verdict, rules, now, is_stranger=is_stranger)
        elif decision.meaning in _EXTENDING and decision.mention_id is not None:
            verdict = self._verdict(session, message, decision, verdicts)
            entry.extend_mention(session, decision.mention_id, channel, message, decision.meaning, verdict, rules, now)

    @property
    def _rules(self) -> Rules:
        """What decisions depend on, with the catalogue as it is now."""
        return self._setting.rules(self._promise)

    def _verdict(
        self, session: Session, message: Message, decision: Decision, verdicts: Mapping[str, Verdict]
    ) -> Verdict:
        text = self._text(session, message, decision)
        return verdicts.get(text) or self._judge.classify(text)

    def _write_press(self, session: Session, channel: Channel, press: Press, now: datetime) -> None:
        if pressing.is_for_staff(press):
            pressing.answer(session, channel, press, self._promise, now)
        else:
            presses.answer(session, channel, press, self._setting, self._rules.setting, now)


def event_id_of(row: EventRow) -> int:
    """Return the id of a stored event."""
    assert row.id is not None
    return row.id


def _is_harmless_only(decision: Decision, message: Message, known: Known) -> bool:
    """Whether this is heard as an answer only while it tells of no danger; "нет, люк открыт" of a manhole may."""
    if decision.meaning is Meaning.VOICE and known.question is not None:
        return bool(message.text.strip()) and not (known.question.is_incident and voice.said(message.text) is False)
    return decision.meaning is Meaning.ANSWER and not known.is_open


def _turns(channel: Channel, message: Message) -> tuple[str, ...]:
    """Name what only one transaction at a time may decide about: the citizen's thread, and these very words."""
    thread = f"{channel.value}:{message.album or message.thread}:{message.author.id}"
    return thread, f"words:{text_hash(message.text) or message.origin or thread}"


def _turn(part: Incoming) -> tuple[int, float]:
    """Order the parts of one delivery by when the citizen acted: platforms do not promise any order."""
    if isinstance(part, Message):
        return 0, (part.edited_at or part.mentioned_at).timestamp()
    return 1, 0.0
