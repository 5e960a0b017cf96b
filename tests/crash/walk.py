"""Cases after their number, walked step by step through the product's own functions, each repeatable as in life.

What set a step off comes again after a death: the registry sends its answer again, the platform its press, a chore
looks again, and a person sees on the page whether it was done.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from intake109.appeals import merging
from intake109.appeals.executors import rerouting
from intake109.appeals.work import answers, incidents, judging, shelving, sightings
from intake109.appeals.work.answers import Enclosed, Judgement, Said
from intake109.appeals.work.incidents import Seen
from intake109.appeals.work.shelving import Folder
from intake109.appeals.work.sightings import How
from intake109.clock import MovedClock
from intake109.errors import ConflictError
from intake109.jobs.delivering import Delivering
from intake109.jobs.loop import Threads
from intake109.jobs.shelves import Shelves
from intake109.jobs.voice import Voices
from intake109.model import Author, Channel, Outgoing, Press, Receipt
from intake109.queue import checking
from intake109.queue.decisions import Form
from intake109.store.database import Database
from intake109.store.tables import (
    AnswerRow,
    AppealRow,
    AuditRow,
    CallRow,
    ExampleRow,
    MergeRow,
    OutboxRow,
    ReporterRow,
    RoundRow,
    StepRow,
    TaskRow,
    UserRow,
    WordRow,
)
from tests.appeals.cases import DARK, MANHOLE
from tests.city import CATALOGUE, RULES, Street
from tests.desk import Desk
from tests.promise import Keeper

_FIRST, _SECOND, _DARK, _MACHINES = 1, 2, 3, 4
"""The appeals by their ids: danger that comes back, what is merged into it, one put aside, one the machine made."""
_TODAY = date(2026, 11, 20)
_TWO_EXECUTORS = replace(
    RULES,
    catalogue=replace(
        CATALOGUE,
        services=CATALOGUE.services | {"HEAT-001": replace(CATALOGUE.services["HEAT-001"], executor="heat_company")},
    ),
)
_DONE = Said("Люк закрыт бригадой", acted_on=_TODAY, files=(Enclosed("a" * 64, "image/jpeg"),))


class Letterbox:
    """What citizens and executors got, in a file that outlives the process: one line a letter, by its key."""

    channel = Channel.TELEGRAM

    def __init__(self, path: Path) -> None:
        self.path = path

    async def send(self, message: Outgoing) -> Receipt:
        """Keep the letter before it is said to be taken, as a platform does."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([message.to, message.text]) + "\n")
        return Receipt("")

    def got(self) -> Counter[str]:
        """Return how often each letter came."""
        return Counter(self.path.read_text(encoding="utf-8").splitlines()) if self.path.exists() else Counter()


@dataclass(frozen=True, slots=True)
class Walk:
    """The product at one moment, at one database."""

    database: Database
    clock: MovedClock
    letterbox: Letterbox
    inspector: int

    def answer(self, said: Said, key: str, appeal_id: int = _FIRST) -> None:
        """Let the registry send an executor's answer."""
        with self.database.write() as session:
            answers.receive(session, appeal_id, replace(said, external_key=key), RULES.setting, self.clock.now())

    def accept(self) -> None:
        """Let the quality inspector accept what waits for judgement."""
        with self.database.read() as session:
            waiting = [row.id or 0 for row in session.execute(select(AnswerRow)).scalars() if row.judged_at is None]
        for one in waiting:
            with self.database.write() as session:
                judging.judge(session, one, Judgement.ACCEPTED, self.inspector, RULES.setting, self.clock.now())

    def press(self, reporter_id: int, number_of_round: int, word: str) -> None:
        """Let the platform hand over a citizen's press, and carry what waits."""
        author, key = f"citizen{reporter_id}", f"press-{reporter_id}-{number_of_round}-{word}"
        data, street = f"solved:{reporter_id}:{number_of_round}:{word}", Street(self.database, self.clock)
        press = Press(key, author, Author(author), data, self.clock.now(), json.dumps({"to": author}))
        with contextlib.suppress(IndexError):  # stored and handled before: nothing waits
            street.pipeline.handle(street.deliver(press, key=key))

    def merge(self) -> None:
        """Merge the second number into the first, unless the page shows that it is."""
        with self.database.write() as session, contextlib.suppress(ConflictError):
            numbers = [session.get_one(AppealRow, one).number for one in (_SECOND, _FIRST)]
            merging.merge(session, numbers[0], numbers[1], self.inspector, RULES.setting, self.clock.now())

    def split(self) -> None:
        """Take the second number off again."""
        with self.database.write() as session, contextlib.suppress(ConflictError):
            number = session.get_one(AppealRow, _SECOND).number
            merging.split(session, number, self.inspector, RULES.setting, self.clock.now())

    def see(self) -> None:
        """Look that the danger is over."""
        with self.database.write() as session:
            if not sightings.is_seen_safe(session, session.get_one(AppealRow, _FIRST)):
                seen = Seen(How.CAMERA, is_safe=True, note="видно по камере")
                incidents.see(session, _FIRST, seen, self.inspector, RULES.setting, self.clock.now())

    def shelve(self) -> None:
        """Put an appeal into the long-term folder until tomorrow."""
        folder = Folder("ждём весны", self.inspector, _TODAY + timedelta(days=1))
        with self.database.write() as session, contextlib.suppress(ConflictError):
            shelving.shelve(session, _DARK, folder, self.inspector, RULES.setting, self.clock.now())

    def give_back(self, appeal_id: int) -> None:
        """Let the registry give an appeal back as not theirs."""
        with self.database.write() as session, contextlib.suppress(ConflictError):
            key = f"back-{appeal_id}"
            answers.give_back(session, appeal_id, "не наше", None, self.clock.now(), external_key=key)

    def reroute(self) -> None:
        """Give it to another, where the page shows it as given back."""
        with self.database.write() as session:
            if session.get_one(AppealRow, _DARK).status == "returned":
                service, now = CATALOGUE.services["HEAT-001"], self.clock.now()
                rerouting.reroute(session, _DARK, service, "heat_company", self.inspector, RULES.setting, now)

    def check(self) -> None:
        """Correct what the machine registered, on the check shelf."""
        form = Form("HEAT-001", address="Абая 14")
        with self.database.write() as session, contextlib.suppress(ConflictError):
            task = next(row for row in session.execute(select(TaskRow)).scalars() if row.appeal_id == _MACHINES)
            checking.correct(session, task.id or 0, self.inspector, form, _TWO_EXECUTORS, self.clock.now())

    def news(self) -> None:
        """Tell what changed, and ask or call whom that concerns, as the chores do."""
        with _threads() as threads:
            voices = Voices(lambda: RULES.setting, self.database, self.clock, threads)
            voices.tell()
            voices.keep()

    def come_back(self) -> None:
        """Bring back what was put aside until now, as the chore does."""
        with _threads() as threads:
            Shelves(lambda: RULES.setting, self.database, self.clock, threads).bring_back()

    def send(self) -> None:
        """Deliver all that is due."""
        with _threads() as threads:
            line = Delivering(Channel.TELEGRAM, self.letterbox, "", self.database, self.clock, threads)
            while asyncio.run(line.step()):
                continue


Step = Callable[[Walk], None]
STEPS: tuple[tuple[str, Step], ...] = (
    ("an empty answer comes", lambda walk: walk.answer(Said("Меры приняты."), "first")),
    ("it is accepted", lambda walk: walk.accept()),
    ("the question is sent", lambda walk: walk.send()),
    ("one says no", lambda walk: walk.press(1, 1, "no")),
    ("the reopening is told", lambda walk: walk.send()),
    ("the work is answered again", lambda walk: walk.answer(_DONE, "second")),
    ("the other number is answered", lambda walk: walk.answer(_DONE, "other", _SECOND)),
    ("both are accepted", lambda walk: walk.accept()),
    ("it is merged", lambda walk: walk.merge()),
    ("who joined is asked", lambda walk: walk.news()),
    ("it is split off", lambda walk: walk.split()),
    ("it is merged again", lambda walk: walk.merge()),
    ("who joined is asked again", lambda walk: walk.news()),
    ("the questions are sent", lambda walk: walk.send()),
    ("one says yes", lambda walk: walk.press(1, 2, "yes")),
    ("somebody looks", lambda walk: walk.see()),
    ("the other says yes", lambda walk: walk.press(2, 2, "yes")),
    ("one is given back", lambda walk: walk.give_back(_DARK)),
    ("another gets it", lambda walk: walk.reroute()),
    ("it is put aside", lambda walk: walk.shelve()),
    ("the machine's is given back", lambda walk: walk.give_back(_MACHINES)),
    ("the check finds whose it is", lambda walk: walk.check()),
    ("what changed is told", lambda walk: walk.news()),
    ("what was aside comes back", lambda walk: walk.come_back()),
    ("its citizens hear of it", lambda walk: walk.news()),
    ("all is sent", lambda walk: walk.send()),
)


def at(step: int, began_at: datetime) -> datetime:
    """Return when a step is made: minutes apart, so that nothing can be undone any more; the folder's a day later."""
    is_next_day = step >= next(number for number, (name, _) in enumerate(STEPS) if name.startswith("what was aside"))
    return began_at + timedelta(hours=1, minutes=2 * step, days=1 if is_next_day else 0)


def prepare(database: Database, clock: MovedClock) -> int:
    """Register what the walk is about, let all of it be told, and return the inspector."""
    keeper, desk = Keeper(database, clock), Desk(database, clock)
    for words, form in (("Открытый люк", MANHOLE), ("Люк без крышки", MANHOLE), ("Нет света", DARK)):
        desk.register(desk.waits(words), form=form)
    desk.waits("Яма, Абая 14")
    keeper.at(17)
    clock.advance(timedelta(minutes=1))
    with database.write() as session:
        session.get_one(UserRow, desk.anna).role = "quality"
    with _threads() as threads:
        Voices(lambda: RULES.setting, database, clock, threads).tell()
    return desk.anna


def standing(session: Session) -> dict[str, Counter[tuple[object, ...]]]:
    """Return all that matters of how everything stands, without what a death may rightly change."""

    def every(table: type[SQLModel], *names: str) -> Counter[tuple[object, ...]]:
        return Counter(tuple(getattr(row, name) for name in names) for row in session.execute(select(table)).scalars())

    return {
        "appeals": every(
            AppealRow, *("number", "status", "round", "closed_as", "merged_into", "executor", "is_incident")
        ),
        "reporters": every(ReporterRow, "id", "appeal_id", "asked_of", "asked_round", "said", "removed_at"),
        "words": every(WordRow, "appeal_id", "round", "reporter_id", "said", "executor"),
        "rounds": every(RoundRow, "appeal_id", "round", "status", "undone_at"),
        "merges": every(MergeRow, "appeal_id", "into_id", "status", "split_by"),
        "steps": every(StepRow, "appeal_id", "round", "before", "after", "why"),
        "answers": every(AnswerRow, "appeal_id", "round", "judgement", "external_key"),
        "calls": every(CallRow, "reporter_id", "round", "why", "result"),
        "letters": every(OutboxRow, "purpose", "channel", "address", "text", "state"),
        "examples": every(ExampleRow, "task_id", "service"),
        "audit": Counter(
            (row.subject, row.action, row.subject_id if row.subject in ("appeal", "task") else 0)
            for row in session.execute(select(AuditRow)).scalars()
        ),
    }


@contextlib.contextmanager
def _threads() -> Iterator[Threads]:
    threads = Threads()
    try:
        yield threads
    finally:
        threads.close()
