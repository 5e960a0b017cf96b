"""How simulated days went, in figures: what `intake109 simulate` prints and what its JSON holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

SAMPLED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sample:
    """The queue at a moment: what waits, of it dangers, of it past the promise; and how many are at the desk."""

    at: datetime
    waiting: int
    incidents: int
    late: int
    present: int


@dataclass(frozen=True, slots=True)
class Waits:
    """How long citizens waited for the decision, in seconds on their own clock."""

    p50: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, waits_s: Sequence[float]) -> Waits:
        """Return the percentiles, each the least wait that so many did not exceed; zeros if nobody waited."""
        ordered = sorted(waits_s) or [0.0]

        def at(share: float) -> float:
            return round(ordered[max(0, -int(-share * len(ordered) // 1) - 1)], 1)

        return cls(at(0.5), at(0.95), at(0.99), at(1))


@dataclass(frozen=True, slots=True)
class Told:
    """What the staff was told.

    Attributes:
        alerts_worst_hour: the most rounds in one hour of the clock that all inspectors hear.
        chat_messages: what the staff's chat was told anew, and `chat_changes` what was silently put right there.
        mails: what the mailboxes of the staff got.
    """

    alerts_worst_hour: int
    chat_messages: int
    chat_changes: int
    mails: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted. Shares are 0…1 of `promised`: what waits on the shelf of the certain no-appeals is not promised.

    Attributes:
        mentions: what citizens said, each counted once; what they added to it is part of it.
        lost: mentions that are in no table, or whose delivery is in quarantine.
        doubled: mentions with two live numbers or two acknowledgements, and numbers given twice.
        late: decided after the promise, or still open then.
        automatic_wrong_service: the machine chose a service, and a careful person would not have.
        automatic_to_be_clarified: the machine knew no service.
        automatic_unchecked: what no person has looked at by the end.
        incidents_without_dispatcher: dangers the machine registered with neither the duty dispatcher nor the right
            executor, and which no person has acknowledged or checked.
        appeals_shelved: appeals the machine took for certainly none.
        alerts_per_inspector_hour: what one inspector hears in an hour on duty; None without inspectors.
    """

    mentions: int
    promised: int
    registered_within_15: float
    registered_within_20: float
    automatic_share: float
    automatic: int
    lost: int
    doubled: int
    late: int
    late_by_cause: dict[str, int]
    wait_s: Waits
    incident_wait_s: Waits
    incidents: int
    alerts: int
    alerts_per_inspector_hour: float | None
    told: Told
    automatic_wrong_service: int
    automatic_to_be_clarified: int
    automatic_unchecked: int
    incidents_without_dispatcher: int
    appeals_shelved: int
    wrong_service_by_people: int
    annulled_numbers: int
    most_waiting: int
    busiest_hour: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures with what they were made from."""

    scenario: str
    inspectors: int
    days: int
    seed: int
    figures: Figures
    overtaken: int
    double_clicks: int
    undone: int
    asked: int
    died: int
    seconds: float
    samples: tuple[Sample, ...]

    def shown(self) -> dict[str, Any]:
        """Return everything but the samples as one JSON object."""
        made_from = {name: getattr(self, name) for name in ("scenario", "inspectors", "days", "seed")}
        people = {name: getattr(self, name) for name in ("overtaken", "double_clicks", "undone", "asked", "died")}
        figures = asdict(self.figures)
        told: dict[str, Any] = figures.pop("told")
        return made_from | figures | told | people | {"seconds": round(self.seconds, 2)}
