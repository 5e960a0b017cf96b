"""Reading what executors reply by mail, every minute.

A letter is kept in the transaction that also remembers how far the mailbox has been read; only then is it marked as
seen. Whatever breaks off in between, it is read again and known by its Message-ID.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import structlog

from intake109.appeals.news import Setting
from intake109.appeals.work import replies
from intake109.appeals.work.answers import Enclosed
from intake109.appeals.work.replies import Mail, Why
from intake109.clock import Clock
from intake109.collectors import mailbox
from intake109.collectors.mailbox import Came, Fault, Open
from intake109.collectors.mailbox.imap import Position
from intake109.errors import MediaError
from intake109.jobs.chores import Chore, every
from intake109.jobs.loop import Threads
from intake109.media.files import PICTURES, FileStore, kind_of
from intake109.store import events
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_NAME = "executors.mailbox"
_PAUSE = timedelta(minutes=1)
_MOST_AT_ONCE = 50
"""Letters of one look; the rest is read a minute later."""
_MOST_FILES = 6
KEPT = PICTURES | {"image/heic", "application/pdf"}
"""What an answer takes."""


class Replies:
    """Asks the mailbox. `setting` gives what decisions depend on as it is at that moment."""

    def __init__(
        self,
        box: mailbox.Mailbox,
        limit_bytes: int,
        setting: Callable[[], Setting],
        files: FileStore,
        database: Database,
        clock: Clock,
        threads: Threads,
    ) -> None:
        self._box = box
        self._limit_bytes = limit_bytes
        self._setting = setting
        self._files = files
        self._database = database
        self._clock = clock
        self._threads = threads
        self._has_looked = False

    def chore(self) -> Chore:
        """Return the chore and its times."""
        return Chore("executors_mailbox", self.work, every(_PAUSE), at_once=True)

    async def work(self) -> None:
        """Read what is new.

        Raises:
            ChannelError: the mailbox could not be asked; what was read before stays read.
        """
        box = await self._threads.run(self._box.open)
        try:
            position = await self._threads.run(self._position)
            if not self._has_looked and position is not None and position.validity == box.validity:
                await self._threads.run(lambda: box.mark_seen(position.uid))  # we may have died before we did
            self._has_looked = True
            waiting = await self._threads.run(lambda: box.waiting(position, self._clock.now()))
            for uid in waiting[:_MOST_AT_ONCE]:
                await self._read(box, uid)
        finally:
            await self._threads.run(box.close)

    async def _read(self, box: Open, uid: int) -> None:
        size = await self._threads.run(lambda: box.size_of(uid))
        is_big = size is not None and size > self._limit_bytes
        raw = await self._threads.run(lambda: box.fetch(uid, head_only=is_big))
        if raw is not None:
            read = mailbox.read_head if is_big else mailbox.read
            came = await self._threads.run(lambda: read(raw))
            mail = await self._mail(came, is_big=is_big)
            await self._threads.run(lambda: self._keep(mail, Position(box.validity, uid)))
            await self._threads.run(lambda: box.mark_seen(uid))

    async def _mail(self, came: Came, *, is_big: bool) -> Mail:
        kept: list[Enclosed] = []
        left_out: list[str] = []
        for file in came.files:
            try:
                if len(kept) >= _MOST_FILES or kind_of(file.content[:64]) not in KEPT:
                    raise MediaError("an answer takes pictures and PDFs", permanent=True)
                stored = await self._files.put(_whole(file.content), stated_bytes=len(file.content))
                kept.append(Enclosed(stored.sha256, stored.mime, file.name))
            except MediaError:
                left_out.append(file.name)
        trouble = _trouble(came, is_big=is_big)
        return Mail(
            key=came.key,
            sender=came.sender,
            subject=came.subject,
            text=came.text,
            refers=came.refers,
            quoted=came.quoted,
            files=tuple(kept),
            left_out=tuple(left_out),
            trouble=trouble,
            is_final=came.is_final,
        )

    def _position(self) -> Position | None:
        with self._database.read() as session:
            return Position.of(events.cursor(session, _NAME))

    def _keep(self, mail: Mail, position: Position) -> None:
        try:
            self._write(mail, position)
        except Exception as error:  # one letter must not hold up all behind it: shown with next to nothing in it
            log.error("letter could not be kept whole", problem=type(error).__name__)
            self._write(Mail(mail.key, mail.sender, "", "", trouble=Why.BROKEN), position)

    def _write(self, mail: Mail, position: Position) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            row = replies.take_mail(session, mail, self._setting(), now)
            events.save_cursor(session, _NAME, str(position), now)
            log.info("letter read", state=row.state, why=row.why)


def _trouble(came: Came, *, is_big: bool) -> Why | None:
    """Return what keeps a letter from being an answer, whatever it says; a machine's letter is told first."""
    if came.is_bounce:
        return Why.BOUNCE
    if came.is_automatic:
        return Why.AUTOMATIC
    if is_big:
        return Why.TOO_BIG
    if Fault.BROKEN in came.faults:
        return Why.BROKEN
    return Why.CHARSET if Fault.CHARSET in came.faults else None


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
