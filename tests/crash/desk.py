"""An inspector who never tires: claims, decides, asks, undoes, checks, through the same functions as the pages."""

from __future__ import annotations

import random
import threading
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from intake109.bootstrap import House
from intake109.errors import ConflictError
from intake109.queue import checking, claims
from intake109.queue.asking import ask
from intake109.queue.decisions import Dismissal, Form, answer, attach, dismiss, register, undo
from intake109.store import checks, people, tasks
from intake109.store.tables import AppealRow, MentionRow, TaskRow, UserRow

log = structlog.get_logger(__name__)
_PAUSE_S = 0.03
_EVERY_LEFT = 6
_EVERY_UNCHECKED = 4
_MOST_LISTED = 10_000


class Desk:
    """One inspector. Two of them take turns from life to life, so that a dead one's claim must run out.

    Every sixth task is claimed and left lying, for the machine to register. One who `is_thorough` leaves only what the
    machine would have registered by now, so that everything comes to an end.
    """

    def __init__(self, house: House, login: str, chance: random.Random, *, is_rash: bool, is_thorough: bool) -> None:
        self._house = house
        self._database = house.database
        self._promise = house.config.promise
        self._chance = chance
        self._is_rash = is_rash
        self._is_thorough = is_thorough
        self._user_id = _hired(house, login)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    def open(self) -> None:
        """Begin to work in a thread."""
        self._thread.start()

    def close(self) -> None:
        """Finish what is under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(_PAUSE_S):
            try:
                self._take_one()
            except Exception as error:
                log.exception("desk failed", problem=type(error).__name__)

    def _take_one(self) -> None:
        with self._database.write() as session:
            now = self._house.clock.now()
            task_id = claims.claim_next(session, self._user_id, self._promise, now)
            shelved = [] if task_id else tasks.open_page(session, "no_appeal", limit=1)
            if shelved and shelved[0].id and claims.claim(session, shelved[0].id, self._user_id, self._promise, now):
                task_id = shelved[0].id
            is_left = task_id is not None and self._leaves(session.get_one(TaskRow, task_id), now)
        if is_left or self._stopping.wait(self._chance.uniform(0.0, 0.1)):
            return
        try:
            if task_id is None:
                self._check_one()
            elif self._decide(task_id):
                with self._database.write() as session:
                    undo(session, task_id, self._user_id, self._house.clock.now())
        except ConflictError as error:
            log.warning("desk was refused", problem=str(error))

    def _leaves(self, task: TaskRow, now: datetime) -> bool:
        is_chosen = (task.id or 0) % _EVERY_LEFT == 0 and task.shelf == "queue"
        return is_chosen and (task.due_at <= now or not self._is_thorough)

    def _check_one(self) -> None:
        """Check something the machine registered: confirm it, correct it, or find that it is no appeal."""
        roll = self._chance.random()
        with self._database.write() as session:
            now, rules, user = self._house.clock.now(), self._house.rules, self._user_id
            task_id = next(iter(to_be_checked(session)), None)
            if task_id is None:
                return
            if roll < 0.4:
                checking.confirm(session, task_id, user, rules, now)
            elif roll < 0.7:
                checking.correct(session, task_id, user, Form("HEAT-001"), rules, now)
            else:
                checking.annul(session, task_id, user, Dismissal.CHAT, Form(""), rules, now)

    def _decide(self, task_id: int) -> bool:
        """Decide somehow; True if it was rash and shall be undone."""
        roll = self._chance.random()
        with self._database.write() as session:
            now, rules, user = self._house.clock.now(), self._house.rules, self._user_id
            task = session.get(TaskRow, task_id)
            assert task is not None
            mention = session.get(MentionRow, task.mention_id)
            assert mention is not None
            form = Form(
                task.service,
                is_incident=task.is_incident,
                reply=f"Обращение {{number}} принято, задача {task_id}.",
            )
            if task.shelf == "no_appeal":
                dismiss(session, task_id, user, Dismissal.THANKS, Form(""), rules, now)
            elif roll < 0.06 and task.asked_at is None:
                ask(session, task_id, user, Form("", reply=f"Где это? Вопрос к задаче {task_id}."), rules, now)
                claims.release(session, task_id, user, now)
            elif roll < 0.12:
                reply = f"Это не к нам, задача {task_id}: обратитесь к дежурному."
                dismiss(session, task_id, user, Dismissal.NOT_OURS, Form("", reply=reply), rules, now)
            elif roll < 0.24 and (number := _live_number(self._house, task)):
                attach(session, task_id, user, number, form, rules, now)
            elif roll < 0.32:
                answer(session, task_id, user, form, rules, now)
            else:
                register(session, task_id, user, form, rules, now)
                return self._is_rash or roll > 0.85
        return False


def to_be_checked(session: Session) -> list[int]:
    """Return what this desk checks of the machine's registrations; every fourth task stays unchecked for ever."""
    listed = [one.id for one in checks.unchecked(session, limit=_MOST_LISTED) if one.id is not None]
    return [task_id for task_id in listed if task_id % _EVERY_UNCHECKED]


def _live_number(house: House, task: TaskRow) -> str:
    """Return the number of some appeal to attach to, empty if there is none."""
    with house.database.read() as session:
        for appeal_id in range(max(1, (task.id or 1) // 2), (task.id or 1)):
            appeal = session.get(AppealRow, appeal_id)
            if appeal is not None and appeal.annulled_at is None:
                return appeal.number
    return ""


def _hired(house: House, login: str) -> int:
    with house.database.write() as session:
        row = people.by_login(session, login)
        if row is None:
            row = UserRow(login=login, name=login, password_hash="x", role="inspector", created_at=house.clock.now())
            session.add(row)
            session.flush()
        assert row.id is not None
        return row.id
