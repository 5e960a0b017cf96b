"""The Telegram of the demo city: messages by chat, the bot's queue, who blocked it, what it may send."""

import copy
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake109.demo.standin.asked import Json
from intake109.demo.standin.ground import Ground
from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.people import Chat, Citizen
from intake109.demo.standin.telegram import errors, shapes
from intake109.demo.standin.telegram.errors import BotError
from intake109.demo.standin.telegram.queue import Update, UpdateQueue

FIRST_UPDATE = 369_518_001
_FILE_LIMIT = 20 * 1024 * 1024
_LINK_LIFE = timedelta(hours=1)


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed to; an empty url means that the bot polls."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str = ""
    attempt: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A chat as the bot addresses it: a citizen's private one, or a group or channel."""

    chat_id: int
    shown: Json
    citizen: Citizen | None
    place: Chat | None


class Telegram:
    """State of the one bot of the city. Callers hold the ground's lock."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.queue = UpdateQueue(FIRST_UPDATE + ground.serial)
        self.webhook = Webhook()
        self.messages: dict[tuple[int, int], Json] = {}
        self.forwards: dict[int, tuple[int, int]] = {}
        self.met: set[str] = set()
        self.blocked: set[str] = set()
        self.left: set[str] = set()
        self.commands: dict[str, list[object]] = {}
        self.callbacks: dict[str, datetime] = {}
        self.guests: dict[str, int] = {}
        self._paths: dict[str, tuple[int, str, datetime, int]] = {}
        self._sent: dict[int, deque[datetime]] = {}

    # -- updates -------------------------------------------------------------------------------------------------

    def push(self, kind: str, body: Json, entry: Entry | None, now: datetime) -> Update | None:
        """Put an update into the queue as it is now: a later edit must not change what was said."""
        return self.queue.push(kind, copy.deepcopy(body), entry.seq if entry else None, now)

    def expire(self, now: datetime) -> None:
        """Drop updates that waited for a day."""
        for update in self.queue.expire(now, self.ground.settings.update_life):
            self.ground.ledger.expired(update.seq, now)

    def confirm(self, offset: int, now: datetime) -> None:
        """Do what an offset does; what a negative one skips counts as seen by nobody, yet is gone."""
        for update in self.queue.confirm(offset):
            if offset > 0:
                self.ground.ledger.confirmed(update.seq, now)
            else:
                self.ground.ledger.expired(update.seq, now)

    def hand_out(self, limit: int, now: datetime) -> list[Json]:
        """Show the oldest updates and note that they were shown."""
        self.expire(now)
        updates = self.queue.first(limit)
        for update in updates:
            self.ground.ledger.delivered(update.seq, now)
        return [update.as_json() for update in updates]

    def forget_all(self, now: datetime) -> None:
        """Drop everything that waits, as asked by `drop_pending_updates`."""
        for update in self.queue.clear():
            self.ground.ledger.expired(update.seq, now)

    # -- chats and messages --------------------------------------------------------------------------------------

    def next_message_id(self, target: Target) -> int:
        """Number a message: supergroups and channels count by themselves, all private chats together."""
        return self.ground.next(f"tg:{target.chat_id}" if target.place else "tg:private")

    def of_citizen(self, citizen: Citizen) -> Target:
        """Address the private chat of a citizen."""
        shown = shapes.private_chat(citizen)
        return Target(int(str(shown["id"])), shown, citizen, None)

    def of_place(self, place: Chat) -> Target:
        """Address a group or channel."""
        return Target(place.chat_id, shapes.chat(place), None, place)

    def find(self, given: str) -> Target:
        """Find the chat that a call names by id or by @username of a public chat.

        Raises:
            BotError: no such chat, or the bot may not write there.
        """
        people = self.ground.people
        for place in people.chats.values():
            if given in {str(place.chat_id), f"@{place.username}"}:
                if place.id in self.left:
                    raise BotError(errors.KICKED)
                if place.bot == "none" or place.kind == "foreign":
                    raise BotError(errors.NO_CHAT)
                return self.of_place(place)
        for citizen in people.citizens.values():
            if citizen.telegram is not None and given == str(citizen.telegram.user_id):
                if citizen.id in self.blocked:
                    raise BotError(errors.BLOCKED)
                if citizen.id not in self.met:
                    raise BotError(errors.NEVER_MET)
                return self.of_citizen(citizen)
        raise BotError(errors.NO_CHAT)

    def keep(self, target: Target, message: Json) -> str:
        """Store a message and give its business key."""
        message_id = int(str(message["message_id"]))
        self.messages[target.chat_id, message_id] = message
        return f"{target.chat_id}:{message_id}"

    def at_key(self, key: str) -> Json | None:
        """Find a message by its business key."""
        chat_id, _, message_id = key.partition(":")
        return self.messages.get((int(chat_id), int(message_id))) if message_id else None

    def sent_by(self, message: Json) -> Citizen | None:
        """Find the citizen who wrote a message; None for the bot, channels and accounts unknown."""
        sender = message.get("from")
        wanted = sender.get("id") if isinstance(sender, dict) else None
        for citizen in self.ground.people.citizens.values():
            if citizen.telegram is not None and citizen.telegram.user_id == wanted:
                return citizen
        return None

    # -- limits --------------------------------------------------------------------------------------------------

    def spend(self, target: Target, now: datetime) -> None:
        """Count a sent message against the limits.

        Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this

        Raises:
            BotError: one of them is reached; says for how long.
        """
        if not self.ground.settings.flood_limits:
            return
        window, most = (60, 20) if target.place else (1, 1)
        self._count(target.chat_id, window, most, now)
        self._count(0, 1, 30, now)

    def _count(self, who: int, window: int, most: int, now: datetime) -> None:
        sent = self._sent.setdefault(who, deque())
        while sent and now - sent[0] >= timedelta(seconds=window):
            sent.popleft()
        if len(sent) >= most:
            left = timedelta(seconds=window) - (now - sent[0])
            raise BotError(errors.flood(max(1, round(left.total_seconds() + 0.5))))
        sent.append(now)

    # -- files ---------------------------------------------------------------------------------------------------

    def file_path(self, given: str, now: datetime) -> Json:
        """Answer getFile: a path that works for an hour.

        Raises:
            BotError: the id is none, or the file is larger than a bot may fetch.
        """
        found = shapes.file_number(given)
        stored = self.ground.files.at(found[0]) if found else None
        if found is None or stored is None:
            raise errors.bad_request("wrong file_id or the file is temporarily unavailable")
        if stored.size > _FILE_LIMIT:
            raise errors.bad_request("file is too big")
        suffix = stored.name.rpartition(".")[2]
        path = f"{stored.kind}s/file_{stored.number}{found[1]}_{self.ground.files.epoch}.{suffix}"
        self._paths[path] = (stored.number, found[1], now + _LINK_LIFE, self.ground.files.epoch)
        return {
            "file_id": given,
            "file_unique_id": shapes.unique_id(stored, found[1]),
            "file_size": stored.size,
            "file_path": path,
        }

    def file_bytes(self, path: str, now: datetime) -> bytes | None:
        """Give a file by its path; None when the path is unknown or no longer good."""
        number, _size, until, epoch = self._paths.get(path, (0, "", now, 0))
        stored = self.ground.files.at(number)
        return stored.data if stored and now < until and epoch == self.ground.files.epoch else None
