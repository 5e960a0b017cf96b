"""The figures of a range of days. Plain values with codes for names: what is sealed must not depend on a language.

Shares are left to who shows them: a count and what it is counted of can be added up over days, a share cannot.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slice:
    """Mentions of one channel, language or sphere (`code`, empty where nobody knows), by what became of them.

    `appeals` are numbers given, by a person, the machine or as an answer at once; `attached` went to one that existed.
    """

    code: str
    mentions: int = 0
    appeals: int = 0
    attached: int = 0
    dismissed: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """How many mentions in a day (`2026-11-22`) or an hour of the day (`07`), and how many of them were late."""

    code: str
    mentions: int
    late: int


@dataclass(frozen=True, slots=True)
class Flow:
    """What citizens said in the period: each mention once, by when it was said."""

    mentions: int
    by_channel: tuple[Slice, ...]
    by_language: tuple[Slice, ...]
    by_sphere: tuple[Slice, ...]
    by_day: tuple[Point, ...]
    by_hour: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How the promise was kept. `promised` are the mentions of the period but those certain to be no appeal.

    In time is before the promise ends: exactly 20 minutes is late. `median_min` and `p95_min` are whole minutes from
    the citizen's act to the decision, None where nothing was decided. `late_open` are still open after the promise.
    """

    promised: int
    within_target: int
    within_promise: int
    by_person: int
    by_machine: int
    within_by_person: int
    within_by_machine: int
    open: int
    late_open: int
    median_min: int | None
    p95_min: int | None
    incidents: int
    incidents_within: int


@dataclass(frozen=True, slots=True)
class Automatic:
    """What became of the machine's own registrations of the period."""

    registered: int
    confirmed: int
    corrected: int
    attached: int
    annulled: int
    unchecked: int


@dataclass(frozen=True, slots=True)
class Blind:
    """A channel that could not be read: for how many minutes of the period, in how many spells, what it hid."""

    channel: str
    minutes: int
    spells: int
    found_later: int


@dataclass(frozen=True, slots=True)
class Lateness:
    """Why decisions came after the promise: collector, desk, system, or still open."""

    collector: int
    desk: int
    system: int
    open: int
    system_minutes: int
    """For so long nobody looked at the ladder."""
    blind: tuple[Blind, ...]


@dataclass(frozen=True, slots=True)
class Dismissed:
    """One of a random sample of what people called no appeal, for a second pair of eyes. Never the citizen's words."""

    task: int
    channel: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Machine:
    """What the classifier said against what people chose in the period.

    `compared` are decisions with a service; `first` and `top3` of them agree. `shelved` were called certainly no appeal
    by the machine; people have looked through `shelved_seen` of them and found `shelved_wrong` to be appeals.
    """

    decisions: int
    compared: int
    first: int
    top3: int
    incidents: int
    incidents_heard: int
    incidents_missed: int
    incidents_false: int
    shelved: int
    shelved_seen: int
    shelved_wrong: int
    sample: tuple[Dismissed, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to appeals after their number, in the period and at its end.

    At the end: `open`, of these `yellow`, `red`, `waiting`, `long_term`, `incidents`. In the period: all others.
    `closed_late` were done after their deadline; `closed_late_ever` counts all of them since the beginning.
    """

    registered: int
    annulled: int
    answered: int
    returned: int
    reopened: int
    formal: int
    closed: int
    satisfied: int
    answered_at_once: int
    unreached: int
    closed_late: int
    closed_late_ever: int
    open: int
    yellow: int
    red: int
    waiting: int
    long_term: int
    incidents: int
    unheard: int = 0
    """Work of private organisations, closed by a supervisor without a citizen's word."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An area or a service (`code`), its appeals in the period and in the range before; `name` only where no list
    knows one."""

    code: str
    name: str
    appeals: int
    before: int


@dataclass(frozen=True, slots=True)
class Rating:
    """An executor or a curator by both keys: done in time, citizens satisfied; `score` is 0…1 (reports/ratings.py).

    `name` and its translations are those of an organisation; a kind of executor is named by the catalogue.
    """

    code: str
    name: str
    due: int
    on_time: int
    asked: int
    satisfied: int
    reopened: int
    red: int
    score: float
    name_kk: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What an inspector registered on one channel."""

    channel: str
    registered: int


@dataclass(frozen=True, slots=True)
class Work:
    """What one inspector did. `missed`: decided late through the desk, or held until the machine stepped in.

    `misassigned` are own registrations that were corrected, or returned by the executor as none of its work.
    """

    user: int
    name: str
    decided: int
    registered: int
    attached: int
    answered_at_once: int
    dismissed: int
    within_promise: int
    missed: int
    misassigned: int
    by_channel: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """The inspectors' work in the period and in the calendar month of its last day, up to that day."""

    work: tuple[Work, ...]
    month: tuple[Work, ...]
    month_from: str
    missed_by_nobody: int
    """What the machine had to register because nobody had taken it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything about a range of days, both ends included (`2026-11-22`)."""

    first: str
    last: str
    made_at: str
    flow: Flow
    kept: Kept
    automatic: Automatic
    lateness: Lateness
    machine: Machine
    course: Course
    areas: tuple[Ranked, ...]
    services: tuple[Ranked, ...]
    executors: tuple[Rating, ...]
    curators: tuple[Rating, ...]
    staff: Staff
