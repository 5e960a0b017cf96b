"""Reconciling what the product kept with what the city knows it said and heard."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.world import World
from intake109.dialogue.recall import wording
from intake109.outbox.letters import Purpose
from intake109.queue.checking import Check
from intake109.queue.decisions import Outcome
from intake109.store.tables import MessageRow, OutboxRow, TaskRow
from tests.crash.citizens import is_spoken
from tests.crash.kept import Kept, got, opened, read_all

_LINES_SHOWN = 60
_MOST_SHOWN = 5
_TELLING_EXECUTORS = (Purpose.WITHDRAWAL, Purpose.RENEWAL)
"""Told by a person."""
_TELLING_A_NUMBER = (Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What was found; `problems` is empty if nothing was lost, doubled, torn or stuck."""

    messages: int
    mentions: int
    numbers: int
    annulled: int
    automatic: int
    unchecked: int
    sent: int
    doubles: int
    files: int
    problems: tuple[str, ...]

    def with_problems(self, more: list[str]) -> Reckoning:
        """Add what somebody else found."""
        return replace(self, problems=(*self.problems, *more))


def reckon(url: str, folder: Path, world: World, posts: Set[tuple[str, str]]) -> Reckoning:
    """Compare everything. `posts` are the keys of the webhook posts that the product took."""
    with opened(url) as session:
        kept = read_all(session)
        broken = _integrity(session)
    doubles, unheard = _sending(kept, world)
    problems = [
        *broken,
        *_events(kept, world, posts),
        *_messages(kept, world),
        *_mentions(kept),
        *_numbers(kept),
        *_decisions(kept),
        *_automatic(kept),
        *unheard,
        *_files(kept, world, folder / "media"),
        *_log(folder / "product.log"),
    ]
    return Reckoning(
        messages=sum(is_spoken(one) for one in world.ground.ledger),
        mentions=len(kept.mentions),
        numbers=len(kept.appeals),
        annulled=sum(one.annulled_at is not None for one in kept.appeals),
        automatic=sum(one.outcome == Outcome.AUTOMATIC for one in kept.tasks),
        unchecked=len(kept.unchecked),
        sent=len(got(world)),
        doubles=doubles,
        files=len({one.sha256 for one in kept.attachments}),
        problems=tuple(problems),
    )


def _integrity(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name != "sqlite":
        return
    for pragma, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
        found = [tuple(row) for row in session.execute(text(f"PRAGMA {pragma}"))]
        if found != good:
            yield f"{pragma}: {found[:_MOST_SHOWN]}"


def _events(kept: Kept, world: World, posts: Set[tuple[str, str]]) -> Iterator[str]:
    told = [one for one in world.ground.ledger if one.direction == "from_citizen" and not one.note.startswith("unseen")]
    unconfirmed = [one.seq for one in told if one.confirmed_at is None and one.act != "tag"]  # those are asked for
    if unconfirmed:
        yield f"never confirmed to the platform: {unconfirmed[:_MOST_SHOWN]}"
    updates = sum(one.channel == "telegram" for one in told)
    stored = sum(one.channel == "telegram" for one in kept.events)
    if stored != updates:
        yield f"{updates} updates were handed out, {stored} are stored"
    keys = {(one.channel, one.key) for one in kept.events if one.source.endswith(".webhook")}
    if keys != posts:
        yield f"{len(posts)} posts were taken, {len(keys)} are stored, {len(posts - keys)} of those taken are lost"
    for row in kept.events:
        if row.handled_at is None or row.quarantined_at is not None or row.error:
            yield f"event {row.id} of {row.channel}: {row.error or 'never handled'}"
    for lookup in kept.lookups:
        if lookup.state != "done":
            yield f"look-up {lookup.key} is {lookup.state}: {lookup.reason}"


def _messages(kept: Kept, world: World) -> Iterator[str]:
    spoken = {(one.channel, _key(one)): one for one in world.ground.ledger if is_spoken(one)}
    rows: dict[tuple[str, str], list[MessageRow]] = defaultdict(list)
    for row in kept.messages:
        if not row.is_ours:
            rows[row.channel, row.key].append(row)
    for key, entry in spoken.items():
        found = rows.pop(key, [])
        if len(found) != 1:
            yield f"{_named(entry)} stands in {len(found)} messages"
        elif found[0].mention_id is None:
            yield f"{_named(entry)} is in no mention"
        elif entry.text.replace("@", "") not in found[0].text.replace("@", ""):
            yield f"{_named(entry)} reads otherwise than the citizen left it (edited {entry.edited_at})"
    yield from (f"message {key} was never said" for key in rows)


def _mentions(kept: Kept) -> Iterator[str]:
    parts: dict[int, list[MessageRow]] = defaultdict(list)
    for row in sorted(kept.messages, key=lambda row: (row.at, row.id)):
        if row.mention_id is not None and not row.is_ours:
            parts[row.mention_id].append(row)
    tasks = Counter(one.mention_id for one in kept.tasks)
    for mention in kept.mentions:
        assert mention.id is not None
        if not parts[mention.id]:
            yield f"mention {mention.id} has no message"
        if tasks[mention.id] != 1:
            yield f"mention {mention.id} has {tasks[mention.id]} tasks"
        if mention.text != wording(parts[mention.id]):
            yield f"mention {mention.id} does not read as its messages do"
    albums = Counter((one.channel, one.album) for one in kept.mentions if one.album)
    yield from (f"album {album} is {count} mentions" for album, count in albums.items() if count > 1)


def _numbers(kept: Kept) -> Iterator[str]:
    last = {one.year: one.last for one in kept.numbers}
    given: dict[int, list[int]] = defaultdict(list)
    for appeal in kept.appeals:
        given[appeal.year].append(appeal.sequence)
    for year, sequences in given.items():
        if sorted(sequences) != list(range(1, last.get(year, 0) + 1)):
            yield f"numbers of {year} have gaps: {len(sequences)} appeals, the last is {last.get(year)}"
    reporters = [one for one in kept.reporters if one.removed_at is None]
    twice = [mention for mention, count in Counter(one.mention_id for one in reporters).items() if count > 1]
    if twice:
        yield f"mentions with two numbers: {twice[:_MOST_SHOWN]}"
    with_reporters = {one.appeal_id for one in reporters}
    for appeal in kept.appeals:
        if (appeal.annulled_at is None) != (appeal.id in with_reporters):
            yield f"appeal {appeal.number} is {appeal.status} and has reporters: {appeal.id in with_reporters}"


def _decisions(kept: Kept) -> Iterator[str]:
    reporters = {(one.mention_id, one.appeal_id) for one in kept.reporters if one.removed_at is None}
    taught = Counter(one.task_id for one in kept.examples if one.withdrawn_at is None)
    letters: dict[int | None, list[OutboxRow]] = defaultdict(list)
    for row in kept.outbox:
        if row.state == "sent" and row.purpose != Purpose.CORRECTION:
            letters[row.mention_id].append(row)
    numbers = {one.id: one.number for one in kept.appeals}
    for task in kept.tasks:
        if task.decided_at is None:
            yield f"task {task.id} is not decided; held by {task.claimed_by} until {task.lease_until}"
            continue
        if taught[task.id or 0] != (0 if _is_unchecked(task) else 1):
            checked = f", {task.checked_as or 'unchecked'}" if task.outcome == Outcome.AUTOMATIC else ""
            yield f"task {task.id} ({task.outcome}{checked}) taught {taught[task.id or 0]} times"
        if task.appeal_id is None:
            continue
        if (task.mention_id, task.appeal_id) not in reporters:
            yield f"task {task.id} has number {numbers[task.appeal_id]} and its citizen is no reporter"
        told = [one for one in letters[task.mention_id] if numbers[task.appeal_id] in one.text]
        if len(told) != 1:
            yield f"task {task.id}: {len(told)} acknowledgements of {numbers[task.appeal_id]} were sent"


def _automatic(kept: Kept) -> Iterator[str]:
    """Find what the machine registered otherwise than once, or what does not wait for a person though it should."""
    acts = [(one.action, one.subject_id) for one in kept.audit if one.subject == "task"]
    by_machine = Counter(task_id for action, task_id in acts if action == "registered automatically")
    checks = Counter(task_id for action, task_id in acts if action in set(Check))
    listed = set(kept.unchecked)
    void = Counter(one.mention_id for one in kept.outbox if one.state == "sent" and one.purpose == Purpose.CORRECTION)
    told = Counter(one.mention_id for one in kept.outbox if one.state == "sent" and one.purpose in _TELLING_A_NUMBER)
    for task in kept.tasks:
        assert task.id is not None
        is_automatic = task.outcome == Outcome.AUTOMATIC
        if by_machine[task.id] != int(is_automatic):
            yield f"task {task.id} ({task.outcome}) was registered by the machine {by_machine[task.id]} times"
        if checks[task.id] > 1:
            yield f"task {task.id} was checked {checks[task.id]} times"
        if (task.id in listed) != (is_automatic and not checks[task.id]):
            yield f"task {task.id} ({task.outcome}) was checked {checks[task.id]} times; is listed: {task.id in listed}"
        if is_automatic and (task.appeal_id is None) != (task.checked_as == Check.ANNULLED):
            yield f"task {task.id} was registered by the machine, is {task.checked_as} and has appeal {task.appeal_id}"
        if task.checked_as == Check.ANNULLED and void[task.mention_id] != told[task.mention_id]:
            yield f"task {task.id}: {told[task.mention_id]} numbers were told and {void[task.mention_id]} taken back"


def _is_unchecked(task: TaskRow) -> bool:
    return task.outcome == Outcome.AUTOMATIC and task.checked_at is None


def _sending(kept: Kept, world: World) -> tuple[int, list[str]]:
    """Compare what was owed with what citizens got: at least once each, and nothing that was not owed."""
    people = world.ground.people.citizens.values()
    ids = {str(one.telegram.user_id): one.id for one in people if one.telegram}
    ids |= {one.whatsapp.bsuid: one.id for one in people if one.whatsapp}
    ids |= {name: one.id for one in people if (who := one.instagram) for name in (who.username, who.scoped_id)}
    citizens = {one.id: ids.get(one.author_id, one.author_id) for one in kept.conversations}
    owed = Counter((one.channel, citizens.get(one.conversation_id), one.text) for one in kept.outbox if _is_sent(one))
    heard = Counter((one.channel, one.citizen, one.text) for one in got(world))
    problems = [f"{key[1]} was never told: {key[2][:60]!r}" for key, count in owed.items() if heard[key] < count]
    problems += [f"{key[1]} was told what was not owed: {key[2][:60]!r}" for key in heard if key not in owed]
    for row in kept.outbox:
        if row.state not in ("sent", "cancelled") and not (
            row.purpose in _TELLING_EXECUTORS and row.state == "by_hand"
        ):
            problems.append(f"message {row.id} ({row.purpose}) is {row.state}: {row.last_error}")
    starts = Counter(one.citizen for one in world.ground.ledger if one.act == "start")
    answers = Counter(citizens.get(one.conversation_id) for one in kept.outbox if one.purpose == "dialogue")
    if starts != answers:
        problems.append(f"/start was sent {starts.total()} times and answered {answers.total()} times")
    return sum((heard - owed).values()), problems


def _is_sent(row: OutboxRow) -> bool:
    return row.state == "sent"


def _files(kept: Kept, world: World, folder: Path) -> Iterator[str]:
    shown = sum(len(one.media) for one in world.ground.ledger if is_spoken(one))
    noted = sum(not one.is_parents for one in kept.attachments)
    if shown != noted:
        yield f"{shown} photos were sent, {noted} are noted"
    expected: set[Path] = set()
    for row in kept.attachments:
        if row.state != "stored":
            yield f"file {row.id} is {row.state}: {row.reason}"
            continue
        path = folder / row.sha256[:2] / row.sha256
        expected |= {path, path.with_name(f"{row.sha256}.thumbnail.webp")}
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
            yield f"file {row.id} is not whole"
    found = {one for one in folder.rglob("*") if one.is_file()}
    if found != expected:
        strange = [one.name for one in sorted(found ^ expected)]
        yield f"{len(strange)} files too many or missing: {strange[:_MOST_SHOWN]}"


def _log(log: Path) -> Iterator[str]:
    """Return what the product itself complained of; what the network did when somebody died is no news."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    wrong = [
        n for n, line in enumerate(lines) if re.search(r"job failed|desk failed|Traceback|database is locked", line)
    ]
    if wrong:
        first = "\n".join(lines[wrong[0] : wrong[0] + _LINES_SHOWN])
        yield f"{len(wrong)} complaints in the log, the first: {first}"


def _key(entry: Entry) -> str:
    """Return by what the product knows a message; the Graph API also drops the "@" of names in texts."""
    prefixes = {"tag": "media:", "comment": "comment:"}
    return f"{prefixes.get(entry.act, '')}{entry.key}"


def _named(entry: Entry) -> str:
    return f"{entry.channel} {entry.act} {entry.seq} of {entry.citizen}"
