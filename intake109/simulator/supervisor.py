"""The modelled supervisor: hears escalations after a while, answers for them, and works them off with the others."""

from __future__ import annotations

from random import Random

from intake109.simulator.inspector import Inspector, World


class Supervisor(Inspector):
    """A person by day who otherwise does something else: takes nothing from the queue that was not escalated."""

    def __init__(self, user_id: int, world: World, random: Random) -> None:
        super().__init__(user_id, world, random)
        self._called: list[int] = []

    def hear(self) -> None:
        """Be told of what is escalated; who is at it already needs no second call."""
        if self._is_busy or self._is_woken or not self.is_present:
            return
        self._is_woken = True
        habits = self._world.habits
        self._world.agenda.after(habits.about(habits.supervisor_s, self._random), self._look)

    def wake(self) -> None:
        """Let what waits be the inspectors' matter."""

    def _next(self) -> None:
        """Answer for all that is escalated, then take of it what nobody holds, the most urgent first."""
        if self._is_busy or not self.is_present:
            return
        if self._is_leaving:
            self._go_home()
            return
        if self._rest_s:
            self._rest()
            return
        self._called = self._called + self._world.desk.answer_escalations(self.user_id)
        item = self._world.desk.take_of(self.user_id, self._called)
        if item is None:
            self._called = []
        else:
            self._begin(item)

    def _count(self) -> None:
        """Count no hours: how many alerts an hour has is counted for inspectors."""
