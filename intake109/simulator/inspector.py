"""One modelled inspector: works off the queue, rests, is distracted, errs, clicks twice, and goes home."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from intake109.model import Kind
from intake109.simulator.agenda import Agenda
from intake109.simulator.desk import LOST, Desk, Item
from intake109.simulator.habits import Act, Habits
from intake109.simulator.said import Said

_TYPES_EVERY_S = 25.0
_SHELF_EVERY_S = 3600.0


@dataclass(slots=True)
class Tally:
    """What the modelled people know of themselves; the rest stands in the tables."""

    overtaken: int = 0
    """Work that was in vain: somebody else or the machine was first."""
    double_clicks: int = 0
    undone: int = 0
    asked: int = 0
    duty_s: float = 0.0
    """Time on duty of all together, breaks left out."""


@dataclass(slots=True)
class World:
    """What all inspectors share. `told` is called when the queue changed, `asked` when a citizen is asked something."""

    agenda: Agenda
    desk: Desk
    habits: Habits
    codes: list[str]
    sure: float
    is_night: Callable[[], bool]
    told: Callable[[], None]
    asked: Callable[[Said], None]
    tally: Tally = field(default_factory=Tally)


class Inspector:
    """A person with an account. `wake` is called whenever something new may wait."""

    def __init__(self, user_id: int, world: World, random: Random) -> None:
        self.user_id = user_id
        self.is_on_duty = False
        self.is_on_break = False
        self._world = world
        self._random = random
        self._is_busy = False
        self._is_leaving = False
        self._is_woken = False
        self._break_at_s: list[float] = []
        self._rest_s = 0.0
        self._since = world.agenda.clock.now()
        self._looked_at_shelf = world.agenda.clock.now()

    @property
    def is_present(self) -> bool:
        """Whether this person is at the desk."""
        return self.is_on_duty and not self.is_on_break

    def come(self, until_s: float) -> None:
        """Begin a shift of so many seconds."""
        world = self._world
        world.desk.take_over(self.user_id)
        self.is_on_duty, self.is_on_break, self._is_leaving = True, False, False
        self._since = world.agenda.clock.now()
        at_s, number = world.habits.break_every_s * self._random.uniform(0.6, 1.1), 0
        while at_s < until_s - world.habits.break_every_s / 3:
            number += 1
            rest_s = world.habits.meal_s if number == 3 else world.habits.break_s
            world.agenda.after(at_s, lambda rest_s=rest_s: self._want_rest(rest_s))  # type: ignore[misc]
            at_s += world.habits.break_every_s
        world.agenda.after(until_s, self._want_home)
        world.agenda.after(world.habits.looks_every_s, self._look_around)
        self._next()

    def wake(self) -> None:
        """Notice that something may wait."""
        if self._is_busy or self._is_woken or not self.is_present:
            return
        habits = self._world.habits
        self._is_woken = True
        reaction_s = habits.reaction_at_night_s if self._world.is_night() else habits.reaction_s
        self._world.agenda.after(habits.about(reaction_s, self._random), self._look)

    def call_back(self) -> None:
        """Be called from a break: something is alerted."""
        if self.is_on_break and self._rest_s > self._world.habits.called_back_s:
            self._rest_s = 0.0
            self._world.agenda.after(
                self._world.habits.about(self._world.habits.called_back_s, self._random), self._back
            )

    def acknowledge(self, alert_id: int) -> None:
        """Press the button under an alert, if still here."""
        if self.is_present:
            self._world.desk.acknowledge(self.user_id, alert_id)

    def stop(self) -> None:
        """Count the time up to now: the simulation ends."""
        if self.is_present:
            self._count()

    def _look_around(self) -> None:
        if self.is_on_duty:
            self.wake()
            self._world.agenda.after(self._world.habits.looks_every_s, self._look_around)

    def _look(self) -> None:
        self._is_woken = False
        self._next()

    def _next(self) -> None:
        """Take what is most urgent; else what the machine registered; else, every hour, what it takes for no appeal."""
        if self._is_busy or not self.is_present:
            return
        if self._is_leaving:
            self._go_home()
        elif self._rest_s:
            self._rest()
        elif (item := self._world.desk.take_next(self.user_id)) is not None:
            self._begin(item)
        elif (item := self._world.desk.pick_unchecked(self._random)) is not None:
            self._begin_check(item)
        elif (item := self._shelved()) is not None:
            self._begin(item)

    def _shelved(self) -> Item | None:
        now = self._world.agenda.clock.now()
        if (now - self._looked_at_shelf).total_seconds() < _SHELF_EVERY_S:
            return None
        item = self._world.desk.take_shelved(self.user_id)
        if item is None:
            self._looked_at_shelf = now
        return item

    def _begin(self, item: Item) -> None:
        act = self._choose(item)
        left_s = self._world.habits.seconds(act, self._random)
        is_distracted = self._random.random() < self._world.habits.distracted
        self._is_busy = True
        self._work(item, act, left_s, away_s=self._away_s() if is_distracted else 0.0)

    def _away_s(self) -> float:
        return self._world.habits.about(self._world.habits.distraction_s, self._random)

    def _choose(self, item: Item) -> Act:
        truth, random = item.said.truth, self._random
        if truth.kind is not Kind.APPEAL:
            return Act.DISMISS
        if self._world.desk.number_of(item.said):
            return Act.ATTACH
        if truth.is_question:
            return Act.ANSWER
        if not truth.is_incident and item.said.key.endswith(":1") and random.random() < self._world.habits.asks:
            return Act.ASK
        return Act.AGREE if item.probability >= self._world.sure and item.proposed == truth.service else Act.REGISTER

    def _work(self, item: Item, act: Act, left_s: float, away_s: float = 0.0) -> None:
        """Type for a while, which renews the lease, until it is done. A distraction types nothing."""
        if left_s > _TYPES_EVERY_S or away_s:
            step_s = min(left_s, _TYPES_EVERY_S)
            self._world.agenda.after(step_s + away_s, lambda: self._type(item, act, left_s - step_s))
        else:
            self._world.agenda.after(left_s, lambda: self._finish(item, act))

    def _type(self, item: Item, act: Act, left_s: float) -> None:
        self._world.desk.renew(self.user_id, item.task_id)
        self._work(item, act, left_s)

    def _finish(self, item: Item, act: Act) -> None:
        world, service = self._world, self._service(item)
        if act is Act.ATTACH and not world.desk.number_of(item.said):
            act = Act.REGISTER  # it was annulled meanwhile
        try:
            world.desk.decide(self.user_id, item, act, service)
        except LOST:
            world.tally.overtaken += 1
            world.desk.forget(item.said)
            world.desk.release(self.user_id, item.task_id)
        else:
            self._afterwards(item, act, service)
        self._is_busy = False
        world.told()
        world.agenda.after(world.habits.about(world.habits.pause_s, self._random), self._next)

    def _afterwards(self, item: Item, act: Act, service: str) -> None:
        world, random = self._world, self._random
        if act is Act.ASK:
            world.tally.asked += 1
            world.desk.release(self.user_id, item.task_id)
            world.asked(item.said)
            return
        if random.random() < world.habits.clicks_twice:
            world.tally.double_clicks += 1
            with suppress(*LOST):
                world.desk.decide(self.user_id, item, act, service)
        if random.random() < world.habits.undoes:
            world.agenda.after(random.uniform(1, 8), lambda: self._undo(item))

    def _undo(self, item: Item) -> None:
        try:
            self._world.desk.undo(self.user_id, item)
        except LOST:
            return
        self._world.tally.undone += 1
        self._world.told()

    def _service(self, item: Item) -> str:
        """Return the service this person chooses: the right one, but for slips, where the machine's is taken over."""
        if self._random.random() >= self._world.habits.wrong_service:
            return item.said.truth.service
        return item.proposed if item.proposed != item.said.truth.service else self._random.choice(self._world.codes)

    def _begin_check(self, item: Item) -> None:
        self._is_busy = True
        service = item.said.truth.service
        self._world.agenda.after(
            self._world.habits.seconds(Act.CHECK, self._random), lambda: self._finish_check(item, service)
        )

    def _finish_check(self, item: Item, service: str) -> None:
        try:
            self._world.desk.check(self.user_id, item, service)
        except LOST:
            self._world.tally.overtaken += 1
        self._is_busy = False
        self._next()

    def _want_rest(self, rest_s: float) -> None:
        self._rest_s = rest_s
        self._next()

    def _rest(self) -> None:
        self._world.desk.switch(self.user_id, "break")
        self._count()
        self.is_on_break = True
        self._world.agenda.after(self._rest_s, self._back)

    def _back(self) -> None:
        if not self.is_on_break:
            return
        self._world.desk.switch(self.user_id, "on")
        self.is_on_break, self._rest_s = False, 0.0
        self._since = self._world.agenda.clock.now()
        self._next()

    def _want_home(self) -> None:
        self._is_leaving = True
        if self.is_on_break:
            self._back()
        else:
            self._next()

    def _go_home(self) -> None:
        self._world.desk.hand_over(self.user_id)
        self._count()
        self.is_on_duty = False
        self._world.told()

    def _count(self) -> None:
        self._world.tally.duty_s += (self._world.agenda.clock.now() - self._since).total_seconds()
