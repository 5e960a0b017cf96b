"""The night's report: sealing the days that are over, sending them, and making what was asked for in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import structlog

from intake109.catalogue.services import Catalogue
from intake109.clock import Clock
from intake109.config import Config
from intake109.errors import ConflictError
from intake109.jobs.chores import Chore, daily
from intake109.jobs.loop import Threads
from intake109.media.files import FileStore
from intake109.reports import archive, mailing, seal
from intake109.reports.composing import Sealed, compose
from intake109.reports.figures import Figures
from intake109.reports.formats import Format, written
from intake109.reports.formats.record import canonical
from intake109.reports.period import Period
from intake109.reports.reading import Rule, read
from intake109.store import outbox, report_orders, seals, subscribers
from intake109.store.database import Database
from intake109.store.tables import ReportOrderRow, SealRow, SubscriberRow

log = structlog.get_logger(__name__)
_SENT_FOR = timedelta(hours=36)
"""A link is sent for so long after it was sealed: what lay longer would arrive as old news after a long stop."""
_LEASE = timedelta(minutes=5)
_MOST_ATTEMPTS = 3
_ORDERS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One link to one subscriber."""

    row: SubscriberRow
    link: SealRow


class Reporting:
    """Seals, sends and makes reports. Repeating any step changes nothing: what is sealed or owed is not again."""

    def __init__(
        self,
        config: Config,
        catalogue: Callable[[], Catalogue],
        files: FileStore,
        database: Database,
        clock: Clock,
        threads: Threads,
    ) -> None:
        """`catalogue` gives the catalogue as it is at that moment."""
        self._config = config
        self._catalogue = catalogue
        self._files = files
        self._database = database
        self._clock = clock
        self._threads = threads

    @property
    def _zone(self) -> ZoneInfo:
        return self._config.city.zone

    def chores(self) -> list[Chore]:
        """Return the night's chore, or none if there is no time for it."""
        at = self._config.reports.time
        return [Chore("report", self.night, daily(at, self._zone), waits_first=True)] if at is not None else []

    async def night(self) -> None:
        """Seal every day that is over and not sealed, then send what is new to whoever subscribes."""
        await self._threads.run(self._sweep)
        days = await self._threads.run(self._unsealed)
        for day in days:
            await self._threads.run(lambda day=day: self._seal(day))  # type: ignore[misc]
        await self.send()

    async def send(self) -> None:
        """Owe the newest links to those who have not got them; each language is written once."""
        letters = await self._threads.run(self._letters)
        made: dict[tuple[int | None, str], tuple[str, list[mailing.File]]] = {}
        for letter in letters:
            key = (letter.link.id, letter.row.language)
            if key not in made:
                made[key] = await self._write(letter.link.day, letter.row.language)
            said, files = made[key]
            await self._threads.run(lambda letter=letter, said=said, files=files: self._owe(letter, said, files))  # type: ignore[misc]

    async def step(self) -> bool:
        """Make the oldest report that was asked for; False if none was."""
        return await self._threads.run(self.make)

    def make(self) -> bool:
        """Make the oldest report that was asked for, telling how far it is; False if there is none."""
        now = self._clock.now()
        with self._database.read() as session:
            if not report_orders.has_waiting(session, now):
                return False
        with self._database.write() as session:
            order = report_orders.take(session, now, _LEASE)
        if order is not None:
            self._make(order)
        return order is not None

    def _make(self, order: ReportOrderRow) -> None:
        assert order.id is not None
        order_id, attempt = order.id, order.attempts
        content, problem = "", ""
        if attempt > _MOST_ATTEMPTS:
            problem = "broken off too often"
        else:
            period = Period(date.fromisoformat(order.first), date.fromisoformat(order.last), self._zone)
            with self._database.read() as session:
                found = read(
                    session, period, self._rule(), self._clock.now(), lambda share: self._tell(order_id, attempt, share)
                )
            content = canonical(found)
        with self._database.write() as session:
            now = self._clock.now()
            report_orders.finish(session, order_id, attempt, now, content=content, problem=problem)
        log.info("report made", order=order_id, problem=problem)

    def _tell(self, order_id: int, attempt: int, share: float) -> None:
        with self._database.write() as session:
            report_orders.tell(session, order_id, attempt, share, self._clock.now() + _LEASE)

    def _rule(self) -> Rule:
        return Rule(self._catalogue().curator_of)

    def _sweep(self) -> None:
        with self._database.write() as session:
            report_orders.sweep(session, self._clock.now() - _ORDERS_KEPT)

    def _unsealed(self) -> list[date]:
        with self._database.read() as session:
            return archive.unsealed(session, self._clock.now(), self._zone)

    def _seal(self, day: date) -> None:
        now = self._clock.now()
        with self._database.read() as session:
            figures = read(session, Period(day, day, self._zone), self._rule(), now)
        try:
            with self._database.write() as session:
                row = seal.seal(session, figures, now)
        except ConflictError:  # another process was first, and said the same
            return
        log.info("day sealed", day=row.day, digest=row.digest)

    def _letters(self) -> list[_Letter]:
        since = self._clock.now() - _SENT_FOR
        with self._database.read() as session:
            links = [link for link in seals.newest_days(session, archive.MOST_MISSED_DAYS) if link.sealed_at >= since]
            found = [_Letter(row, link) for link in reversed(links) for row in subscribers.all_of(session)]
            return [
                one
                for one in found
                if mailing.wants(one.row, one.link) and not outbox.is_owed(session, mailing.key_of(one.row, one.link))
            ]

    async def _write(self, day: str, language: str) -> tuple[str, list[mailing.File]]:
        figures, chain = await self._threads.run(lambda: self._sealed(day))
        said = mailing.text(figures, chain, language, self._config.server.address)
        files = []
        for name in self._config.reports.attach:
            fmt = Format(name)
            content = await self._threads.run(lambda fmt=fmt: self._file(fmt, figures, chain, language))  # type: ignore[misc]
            stored = await self._files.put(_one(content))
            files.append(mailing.File(stored.sha256, f"109-{day}.{fmt}", fmt.mime))
        return said, files

    def _sealed(self, day: str) -> tuple[Figures, tuple[Sealed, ...]]:
        with self._database.read() as session:
            found = archive.sealed(session, day)
        assert found is not None
        return found

    def _file(self, fmt: Format, figures: Figures, chain: Sequence[Sealed], language: str) -> bytes:
        paper = compose(figures, self._catalogue(), language, self._config.city.centre, self._zone, chain)
        return written(fmt, paper, figures, chain)

    def _owe(self, letter: _Letter, said: str, files: Sequence[mailing.File]) -> None:
        with self._database.write() as session:
            mailing.owe(session, letter.row, letter.link, said, files, self._clock.now())


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content
