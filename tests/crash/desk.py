"""An inspector who never tires: claims, decides, asks, undoes, through the same functions as the pages."""

from __future__ import annotations

import random
import threading

import structlog

from intake109.bootstrap import House
from intake109.errors import ConflictError
from intake109.queue import claims
from intake109.queue.decisions import Dismissal, Form, answer, ask, attach, dismiss, register, undo
from intake109.store import people, tasks
from intake109.store.tables import AppealRow, MentionRow, TaskRow, UserRow

log = structlog.get_logger(__name__)
_PAUSE_S = 0.03


class Desk:
    """One inspector. Two of them take turns from life to life, so that a dead one's claim must run out."""

    def __init__(self, house: House, login: str, chance: random.Random, *, is_rash: bool = False) -> None:
        self._house = house
        self._database = house.database
        self._promise = house.config.promise
        self._chance = chance
        self._is_rash = is_rash
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
        if task_id is None or self._stopping.wait(self._chance.uniform(0.0, 0.1)):
            return
        try:
            is_to_be_undone = self._decide(task_id)
            if is_to_be_undone:
                with self._database.write() as session:
                    undo(session, task_id, self._user_id, self._house.clock.now())
        except ConflictError as error:
            log.warning("desk was refused", problem=str(error))

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
