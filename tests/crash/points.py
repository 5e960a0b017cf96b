"""Where the product can be killed. A named point is hit exactly, without a change to the product.

Three ways: a fuse inside the process goes off at an SQL statement or commit; a trap on the platforms' side springs at a
request; a moment is only a length of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """What the product is doing when it dies."""

    STARTING = "starting"
    RECEIVING = "receiving"
    STORING = "storing"
    CONFIRMING = "confirming"
    CARRYING = "carrying"
    FETCHING = "fetching"
    DECIDING = "deciding"
    SENDING = "sending"
    ANY = "any moment"


class At(StrEnum):
    """Which side of a statement or of the commit of its transaction."""

    BEFORE = "before"
    AFTER = "after"
    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"


class On(StrEnum):
    """Which moment of a request to a platform, or of a platform's post to us (the last two)."""

    ASKED = "asked"
    """It has arrived; the platform has done nothing yet."""
    DONE = "done"
    """The platform has done it; the answer has not left."""
    HALFWAY = "halfway"
    """Half of the answer has left."""
    ANSWERED = "answered"
    POSTED = "posted"
    """The product has been posted to and has not answered."""
    TAKEN = "taken"
    """The product has answered 200; the platform does not learn of it."""


@dataclass(frozen=True, slots=True)
class Fuse:
    """Goes off at the nth statement that begins so (a regular expression), or at its transaction's commit."""

    statement: str
    at: At
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Trap:
    """Springs at a request whose path ends so (a regular expression). `body` must be found in what was asked or said.

    `is_new` lets a request pass whose body was seen before: only a new `getUpdates` offset confirms anything.
    """

    path: str
    on: On
    body: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """So many seconds after the process was made, at the latest."""

    longest_s: float


@dataclass(frozen=True, slots=True)
class Point:
    """A named point. `stir` is what a citizen does to bring the product there; `is_rash` makes inspectors undo."""

    phase: Phase
    name: str
    where: Fuse | Trap | Moment
    stir: str = "telegram"
    is_rash: bool = False


_EVENTS = r"INSERT INTO events"
_TAKEN = r"UPDATE events SET handled_at"
_CLAIM = r"UPDATE tasks SET claimed_by"
_OWED = r"INSERT INTO outbox"
_LEASED = r"UPDATE outbox SET lease_until"
_SETTLED = r"UPDATE outbox SET (external_id|state|delivery)"
_STORED = r"UPDATE attachments SET .*sha256"
_SENDS = r"/(sendMessage|messages|replies|mentions)"

FIRST_START = Point(Phase.STARTING, "half-way through the first migration", Fuse(r"\s*CREATE TABLE tasks", At.AFTER))
"""Only an empty database can be killed there."""

POINTS = (
    Point(Phase.STARTING, "before it is ready", Moment(0.7)),
    Point(Phase.RECEIVING, "updates not yet handed over", Trap(r"/getUpdates", On.DONE, r'"update_id"')),
    Point(Phase.RECEIVING, "updates handed over", Trap(r"/getUpdates", On.ANSWERED, r'"update_id"')),
    Point(Phase.RECEIVING, "a post without an answer", Trap(r"/relay/whatsapp", On.POSTED), "whatsapp"),
    Point(Phase.RECEIVING, "tagged posts not yet handed over", Trap(r"/tags", On.DONE, "permalink"), "tag"),
    Point(Phase.STORING, "before the events are written", Fuse(_EVENTS, At.BEFORE)),
    Point(Phase.STORING, "events written, cursor not", Fuse(_EVENTS, At.AFTER)),
    Point(Phase.STORING, "before the events are committed", Fuse(_EVENTS, At.BEFORE_COMMIT), "whatsapp"),
    Point(Phase.CONFIRMING, "events committed, nobody told", Fuse(_EVENTS, At.AFTER_COMMIT)),
    Point(Phase.CONFIRMING, "post committed, no answer", Fuse(_EVENTS, At.AFTER_COMMIT), "whatsapp"),
    Point(Phase.CONFIRMING, "new offset on its way", Trap(r"/getUpdates", On.ASKED, r"offset", is_new=True)),
    Point(Phase.CONFIRMING, "200 that never arrives", Trap(r"/relay/whatsapp", On.TAKEN), "whatsapp"),
    Point(Phase.CARRYING, "event taken", Fuse(_TAKEN, At.AFTER)),
    Point(Phase.CARRYING, "mention without a task", Fuse(r"INSERT INTO mentions", At.AFTER)),
    Point(Phase.CARRYING, "files noted", Fuse(r"INSERT INTO attachments", At.AFTER), "photo"),
    Point(Phase.CARRYING, "before the mention is committed", Fuse(_TAKEN, At.BEFORE_COMMIT), "album"),
    Point(Phase.CARRYING, "part of an album committed", Fuse(_TAKEN, At.AFTER_COMMIT), "album"),
    Point(Phase.CARRYING, "before a look-up is committed", Fuse(r"INSERT INTO lookups", At.BEFORE_COMMIT), "comment"),
    Point(
        Phase.FETCHING, "mention looked up, not kept", Fuse(r"UPDATE lookups SET state", At.BEFORE_COMMIT), "comment"
    ),
    Point(Phase.FETCHING, "file asked for", Trap(r"/(getFile|cdn/.*)", On.ASKED), "photo"),
    Point(Phase.FETCHING, "half a file", Trap(r"/(file/.*|cdn/.*)", On.HALFWAY), "photo"),
    Point(Phase.FETCHING, "file here, not noted", Fuse(_STORED, At.BEFORE_COMMIT), "photo"),
    Point(Phase.DECIDING, "task claimed", Fuse(_CLAIM, At.AFTER_COMMIT)),
    Point(Phase.DECIDING, "number raised", Fuse(r"UPDATE numbers", At.AFTER)),
    Point(Phase.DECIDING, "appeal without a reporter", Fuse(r"INSERT INTO appeals", At.AFTER)),
    Point(Phase.DECIDING, "before the decision is committed", Fuse(r"INSERT INTO examples", At.BEFORE_COMMIT)),
    Point(Phase.DECIDING, "decided, nothing sent", Fuse(r"INSERT INTO examples", At.AFTER_COMMIT)),
    Point(Phase.DECIDING, "before the undo is committed", Fuse(r"UPDATE examples", At.BEFORE_COMMIT), is_rash=True),
    Point(Phase.SENDING, "message leased", Fuse(_LEASED, At.AFTER_COMMIT)),
    Point(Phase.SENDING, "message on its way", Trap(_SENDS, On.ASKED)),
    Point(Phase.SENDING, "message sent, no answer", Trap(_SENDS, On.DONE)),
    Point(Phase.SENDING, "message sent on WhatsApp, no answer", Trap(r"/messages", On.DONE), "whatsapp"),
    Point(Phase.SENDING, "message answered", Trap(_SENDS, On.ANSWERED)),
    Point(Phase.SENDING, "before the sending is committed", Fuse(_SETTLED, At.BEFORE_COMMIT)),
    Point(Phase.SENDING, "sending committed", Fuse(_SETTLED, At.AFTER_COMMIT)),
    Point(Phase.ANY, "any moment", Moment(3.0), "any"),
)

_WRITTEN = r"\s*(INSERT|UPDATE|DELETE)"
FOLLOWING = Fuse(_WRITTEN, At.BEFORE_COMMIT), Fuse(_WRITTEN, At.AFTER_COMMIT)
"""Where each step after the number is killed (tests/crash/walk.py): before each of its commits, and after the last."""
