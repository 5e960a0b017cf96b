"""How the modelled inspectors are: how long things take them, how often they err, when they rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Act(StrEnum):
    """What an inspector does with a task, or with what the machine registered."""

    REGISTER = "register"
    AGREE = "agree"
    """Register with the service the machine proposed and was sure of."""
    ATTACH = "attach"
    ANSWER = "answer"
    DISMISS = "dismiss"
    ASK = "ask"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Habits:
    """Medians of lognormal times in seconds, and probabilities 0…1.

    Nobody has measured them in a centre: they are assumptions, stated here and in docs/simulator.md to be judged.
    """

    register_s: float = 95
    agree_s: float = 60
    attach_s: float = 35
    answer_s: float = 70
    dismiss_s: float = 10
    ask_s: float = 40
    check_s: float = 20
    spread: float = 0.45
    pause_s: float = 3
    reaction_s: float = 8
    reaction_at_night_s: float = 60
    wrong_service: float = 0.03
    asks: float = 0.05
    clicks_twice: float = 0.04
    undoes: float = 0.012
    distracted: float = 0.015
    distraction_s: float = 220
    break_every_s: float = 7800
    break_s: float = 660
    meal_s: float = 1800
    called_back_s: float = 100
    supervisor_s: float = 90
    looks_every_s: float = 240
    """So often somebody looks at the queue who was not told of anything."""

    def seconds(self, act: Act, random: Random) -> float:
        """Draw how long something takes."""
        return self.about(float(getattr(self, f"{act.value}_s")), random)

    def about(self, median_s: float, random: Random) -> float:
        """Draw a time around a median."""
        return random.lognormvariate(math.log(median_s), self.spread)
