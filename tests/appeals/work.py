"""An executor who answers, and a quality inspector who judges, in tests."""

from __future__ import annotations

from datetime import date, timedelta

from intake109.appeals.work import answers, incidents, judging, shelving
from intake109.appeals.work.answers import Enclosed, Judgement, Said
from intake109.appeals.work.incidents import Seen
from intake109.appeals.work.shelving import Folder, Question
from intake109.appeals.work.sightings import How
from intake109.store import steps
from intake109.store.tables import AnswerRow, SightingRow
from tests.appeals.cases import SETTING, appeal
from tests.desk import Desk

TODAY = date(2026, 11, 20)
PHOTO = Enclosed("a" * 64, "image/jpeg")
DONE = Said("Яма заасфальтирована бригадой", acted_on=TODAY, files=(PHOTO,))
EMPTY = Said("Меры приняты.")
PROMISE = Said("Отремонтируем, ждём асфальт", promised_on=TODAY + timedelta(days=4))


def answer(desk: Desk, number: str, said: Said = DONE) -> AnswerRow:
    with desk.database.write() as session:
        return answers.receive(session, appeal(desk, number).id or 0, said, SETTING, desk.clock.now())


def judge(
    desk: Desk,
    row: AnswerRow,
    judgement: Judgement,
    why: str = "нет фото",
    folder: Folder | None = None,
    user_id: int = 0,
) -> AnswerRow:
    with desk.database.write() as session:
        now = desk.clock.now()
        return judging.judge(session, row.id or 0, judgement, user_id or desk.anna, SETTING, now, why, folder)


def undo(desk: Desk, number: str, user_id: int = 0) -> None:
    with desk.database.write() as session:
        judging.undo(session, appeal(desk, number).id or 0, user_id or desk.anna, SETTING, desk.clock.now())


def wait(desk: Desk, number: str, days: int = 3, text: str = "Уточните подъезд") -> None:
    with desk.database.write() as session:
        question = Question(text, days)
        shelving.wait(session, appeal(desk, number).id or 0, question, desk.anna, SETTING, desk.clock.now())


def shelve(desk: Desk, number: str, folder: Folder) -> None:
    with desk.database.write() as session:
        shelving.shelve(session, appeal(desk, number).id or 0, folder, desk.anna, SETTING, desk.clock.now())


def chore(desk: Desk) -> list[bool]:
    """Bring back what is due, as the chore does."""
    now = desk.clock.now()
    with desk.database.read() as session:
        due = shelving.due(session, now)
    found = []
    for one in due:
        with desk.database.write() as session:
            found.append(shelving.bring_back(session, one, SETTING, now))
    return found


def see(desk: Desk, number: str, *, is_safe: bool, note: str = "видно по камере 14") -> SightingRow:
    with desk.database.write() as session:
        seen = Seen(How.CAMERA, is_safe, note)
        return incidents.see(session, appeal(desk, number).id or 0, seen, desk.anna, SETTING, desk.clock.now())


def course_of(desk: Desk, number: str) -> list[str]:
    """Return the statuses an appeal went through."""
    with desk.database.read() as session:
        return [step.after for step in steps.of_appeal(session, appeal(desk, number).id or 0)]
