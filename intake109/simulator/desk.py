"""What an inspector does to the queue, each in one transaction: the same calls that the pages make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from sqlalchemy.orm import Session

from intake109.alerts import raising
from intake109.clock import Clock
from intake109.errors import ConflictError, NotFoundError
from intake109.model import Kind
from intake109.outbox.texts import spoken, template
from intake109.queue import asking, checking, claims, decisions, following, shifts
from intake109.queue.decisions import Dismissal, Form
from intake109.queue.rules import Rules
from intake109.simulator.habits import Act
from intake109.simulator.said import Said
from intake109.store import alerts, checks, handovers, people, tasks
from intake109.store.database import Database
from intake109.store.tables import AppealRow, MentionRow, TaskRow

_LOOKS_AT = 10
_ESCALATED = (raising.Kind.ESCALATION, raising.Kind.UNANSWERED)
_REASONS = {Kind.THANKS: Dismissal.THANKS, Kind.SPAM: Dismissal.SPAM}


@dataclass(frozen=True, slots=True)
class Item:
    """A task as the inspector has it on the screen: what was said, and what the machine proposes."""

    task_id: int
    said: Said
    proposed: str
    probability: float


class Desk:
    """The queue as it is used. Whoever comes second gets a `ConflictError`, as on the pages."""

    def __init__(self, database: Database, clock: Clock, rules: Callable[[], Rules], said: Mapping[str, Said]) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules
        self._said = said
        self._numbers: dict[str, str] = {}

    def take_next(self, user_id: int) -> Item | None:
        """Claim the most urgent task; None if nothing waits."""
        now = self._clock.now()
        with self._database.write() as session:
            people.seen(session, user_id, now)
            task_id = claims.claim_next(session, user_id, self._rules().promise, now)
            return self._item(session, task_id) if task_id is not None else None

    def take_shelved(self, user_id: int) -> Item | None:
        """Claim something of what the machine takes for no appeal; None if nothing is there."""
        now = self._clock.now()
        with self._database.write() as session:
            for task in tasks.open_page(session, "no_appeal", limit=_LOOKS_AT):
                if task.id is not None and claims.claim(session, task.id, user_id, self._rules().promise, now):
                    return self._item(session, task.id)
        return None

    def pick_unchecked(self, random: Random) -> Item | None:
        """Open one of the machine's registrations, nobody is kept from opening the same; None if all are checked."""
        with self._database.read() as session:
            found = checks.unchecked(session, limit=_LOOKS_AT)
            return self._item(session, random.choice(found).id or 0) if found else None

    def number_of(self, said: Said) -> str:
        """Return the number this problem has already, as inspectors remember it, empty if it has none."""
        return self._numbers.get(said.truth.story, "")

    def renew(self, user_id: int, task_id: int) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            people.seen(session, user_id, now)
            claims.renew(session, task_id, user_id, self._rules().promise, now)

    def release(self, user_id: int, task_id: int) -> None:
        with self._database.write() as session:
            claims.release(session, task_id, user_id, self._clock.now())

    def decide(self, user_id: int, item: Item, act: Act, service: str) -> None:
        """Decide a task, or ask about it.

        Raises:
            ConflictError: somebody else, or the machine, was first.
        """
        rules, now = self._rules(), self._clock.now()
        with self._database.write() as session:
            people.seen(session, user_id, now)
            if act is Act.ASK:
                form = Form("", reply="?", language=spoken(item.said.language.value))
                asking.ask(session, item.task_id, user_id, form, rules, now)
                return
            form, number = self._end(session, user_id, item, act, service, rules)
            following.decide_too(session, item.task_id, form, rules, user_id, now)
        if number:
            self._remember(item.said, number)

    def _end(
        self, session: Session, user_id: int, item: Item, act: Act, service: str, rules: Rules
    ) -> tuple[Form, str]:
        """End a task and return what was sent, and the number if a new one was given."""
        said, now = item.said, self._clock.now()
        match act:
            case Act.ATTACH:
                form = self._form(said, service, "attached")
                decisions.attach(session, item.task_id, user_id, self.number_of(said), form, rules, now)
                return form, ""
            case Act.ANSWER:
                form = self._form(said, service, "answer")
                return form, decisions.answer(session, item.task_id, user_id, form, rules, now).number
            case Act.DISMISS:
                self._dismiss(session, user_id, item, rules)
                return Form(""), ""
            case _:
                form = self._form(said, service, "incident" if said.truth.is_incident else "acknowledgement")
                return form, decisions.register(session, item.task_id, user_id, form, rules, now).number

    def undo(self, user_id: int, item: Item) -> None:
        """Take one's decision back.

        Raises:
            ConflictError: too late.
        """
        with self._database.write() as session:
            decisions.undo(session, item.task_id, user_id, self._clock.now())
        self.forget(item.said)

    def forget(self, said: Said) -> None:
        """Forget the number of a problem: it turned out to be void."""
        for story in (said.truth.story, f"of {said.author}"):
            self._numbers.pop(story, None)

    def check(self, user_id: int, item: Item, service: str) -> None:
        """Confirm, correct or annul what the machine registered.

        Raises:
            ConflictError: somebody was first.
        """
        said, rules, now = item.said, self._rules(), self._clock.now()
        with self._database.write() as session:
            people.seen(session, user_id, now)
            if said.truth.kind is not Kind.APPEAL:
                reason = _REASONS.get(said.truth.kind, Dismissal.CHAT)
                form = Form("", language=spoken(said.language.value))
                checking.annul(session, item.task_id, user_id, reason, form, rules, now)
                return
            appeal = _appeal_is(session, item.task_id)
            if appeal == (service, said.truth.is_incident):
                number = checking.confirm(session, item.task_id, user_id, rules, now).number
            else:
                form = self._form(said, service, "")
                number = checking.correct(session, item.task_id, user_id, form, rules, now).number
        self._remember(said, number)

    def answer_escalations(self, user_id: int) -> list[int]:
        """Acknowledge everything the supervisors are told, and return the tasks, the most urgent first."""
        now = self._clock.now()
        with self._database.write() as session:
            people.seen(session, user_id, now)
            told = alerts.live(session, user_id, "supervisor")
            escalated = [row for row in told if raising.Kind(row.kind) in _ESCALATED]
            raising.acknowledge_gathered(session, escalated, user_id, now)
            found = tasks.by_ids(session, [row.task_id for row in escalated if row.task_id is not None])
        return [task.id for task in sorted(found, key=lambda task: (task.rank, task.turn)) if task.id is not None]

    def is_escalated(self) -> bool:
        """Say whether the supervisors are told anything."""
        with self._database.read() as session:
            told = alerts.live(session, 0, "supervisor")
        return any(raising.Kind(row.kind) in _ESCALATED for row in told)

    def take_of(self, user_id: int, task_ids: list[int]) -> Item | None:
        """Claim the first of these that nobody holds and nobody has decided; None if there is none such."""
        now = self._clock.now()
        with self._database.write() as session:
            people.seen(session, user_id, now)
            for task_id in task_ids:
                task = tasks.by_id(session, task_id)
                is_free = task is not None and (task.lease_until is None or task.lease_until <= now)
                if is_free and claims.claim(session, task_id, user_id, self._rules().promise, now):
                    return self._item(session, task_id)
        return None

    def insisting(self) -> list[int]:
        """Return the alerts that repeat until somebody acknowledges them."""
        with self._database.read() as session:
            rows = alerts.live(session, 0, "inspector")
        return [row.id for row in rows if row.id is not None and raising.Kind(row.kind).is_insistent]

    def is_called(self) -> bool:
        """Say whether anything is alerted that all inspectors hear."""
        with self._database.read() as session:
            return bool(alerts.live(session, 0, "inspector", limit=1))

    def acknowledge(self, user_id: int, alert_id: int) -> None:
        with self._database.write() as session:
            raising.acknowledge(session, alert_id, user_id, self._clock.now())

    def switch(self, user_id: int, state: str) -> None:
        """Be on duty, on a break or off."""
        now = self._clock.now()
        with self._database.write() as session:
            people.seen(session, user_id, now)
            shifts.switch(session, user_id, state, now)

    def hand_over(self, user_id: int) -> None:
        """Leave, and sign what is left."""
        with self._database.write() as session:
            shifts.hand_over(session, user_id, "", self._clock.now(), is_leaving=True)

    def take_over(self, user_id: int) -> None:
        """Come, and sign what was left by others."""
        now = self._clock.now()
        with self._database.write() as session:
            people.seen(session, user_id, now)
            shifts.switch(session, user_id, "on", now)
            for row in handovers.unsigned(session):
                if row.id is not None and row.outgoing_id != user_id:
                    shifts.take_over(session, row.id, user_id, now)

    def _item(self, session: Session, task_id: int) -> Item:
        task = session.get_one(TaskRow, task_id)
        mention = session.get_one(MentionRow, task.mention_id)
        best = mention.verdict["services"][0]
        return Item(task_id, self._said[mention.key], str(best["code"]), float(best["probability"]))

    def _dismiss(self, session: Session, user_id: int, item: Item, rules: Rules) -> None:
        reason = _REASONS.get(item.said.truth.kind, Dismissal.CHAT)
        language = spoken(item.said.language.value)
        reply = template("thanks", language) if reason is Dismissal.THANKS else ""
        form = Form("", reply=reply, language=language)
        decisions.dismiss(session, item.task_id, user_id, reason, form, rules, self._clock.now())

    def _form(self, said: Said, service: str, letter: str) -> Form:
        language = spoken(said.language.value)
        reply = template(letter, language) if letter else ""
        return Form(service, address=said.address, is_incident=said.truth.is_incident, reply=reply, language=language)

    def _remember(self, said: Said, number: str) -> None:
        for story in {said.truth.story, f"of {said.author}"} - {""}:
            self._numbers.setdefault(story, number)


def _appeal_is(session: Session, task_id: int) -> tuple[str, bool] | None:
    task = session.get_one(TaskRow, task_id)
    appeal = session.get(AppealRow, task.appeal_id) if task.appeal_id is not None else None
    return (appeal.service, appeal.is_incident) if appeal else None


LOST = (ConflictError, NotFoundError)
"""What an inspector is told who comes too late."""
