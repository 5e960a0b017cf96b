"""The staff of a simulated house: accounts, shifts by day and night, and who hears what is alerted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from intake109.simulator.inspector import Inspector, World
from intake109.simulator.scenario import Scenario
from intake109.simulator.supervisor import Supervisor
from intake109.store.database import Database
from intake109.store.tables import SessionRow, UserRow

_SHIFTS = ((8, 12), (20, 12))
"""When shifts begin, in the city's hours, and how many hours they last."""
_LATE_HOURS = 2
"""Who does not stay for the night goes so many hours after its beginning."""
_NOBODYS = "-"
"""Nobody logs in with it: no hash looks so."""
_ANSWERS_S = (8.0, 40.0)


@dataclass(frozen=True, slots=True)
class Duty:
    """One person's stretch of work. `team` is by day or by night, `seat` counts within it."""

    team: int
    seat: int
    begins_at: datetime
    lasts: timedelta


def roster(scenario: Scenario, inspectors: int, begins_at: datetime, days: int) -> Iterator[Duty]:
    """Plan who works when; who is at work at the beginning is there from its first moment.

    Args:
        begins_at: the first moment, in the city's zone.
    """
    ends_at = begins_at + timedelta(days=days)
    staying = inspectors if scenario.is_all_night else max(1, math.ceil(inspectors / 2))
    midnight = begins_at.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(-1, days + 1):
        for team, (hour, hours) in enumerate(_SHIFTS):
            since = midnight + timedelta(days=day, hours=hour)
            for seat in range(inspectors):
                lasts = timedelta(hours=hours if team == 0 or seat < staying else _LATE_HOURS)
                comes_at = max(since, begins_at)
                if comes_at < since + lasts and comes_at < ends_at and _is_needed(scenario, comes_at):
                    yield Duty(team, seat, comes_at, since + lasts - comes_at)


def _is_needed(scenario: Scenario, comes_at: datetime) -> bool:
    return any(scenario.per_hour[(comes_at + timedelta(hours=hour)).hour] for hour in range(2))


class Office:
    """Everybody of the staff. With no inspectors there is nobody, and the machine does it all."""

    def __init__(
        self,
        inspectors: int,
        supervisors: int,
        world: World,
        database: Database,
        seed: int,
        account: Callable[[str, str], int] | None = None,
    ) -> None:
        """`account` gives the id of the account with a login and a role; by default one is opened for each."""
        self._world = world
        self._hire = account or self._open
        self._database = database
        self._random = Random(f"{seed}:office")
        self._answered: set[int] = set()
        self._people: dict[tuple[int, int], Inspector] = {}
        for team in range(len(_SHIFTS)):
            for seat in range(inspectors):
                user_id = self._hire(f"inspector{team + 1}{seat + 1}", "inspector")
                self._people[team, seat] = Inspector(user_id, world, Random(f"{seed}:{team}:{seat}"))
        self._supervisors = [
            Supervisor(self._hire(f"supervisor{seat + 1}", "supervisor"), world, Random(f"{seed}:supervisor:{seat}"))
            for seat in range(supervisors)
        ]

    def plan(self, duties: Iterator[Duty]) -> None:
        """Let everybody come to work when they should."""
        for duty in duties:
            person = self._people[duty.team, duty.seat]
            lasts_s = duty.lasts.total_seconds()
            self._world.agenda.at(duty.begins_at, lambda person=person, lasts_s=lasts_s: person.come(lasts_s))  # type: ignore[misc]

    def plan_supervisors(self, duties: Iterator[Duty]) -> None:
        """Let the supervisors come by day; at night nobody of them is there."""
        for duty in duties:
            if duty.team == 0 and duty.seat < len(self._supervisors):
                person, lasts_s = self._supervisors[duty.seat], duty.lasts.total_seconds()
                self._world.agenda.at(duty.begins_at, lambda person=person, lasts_s=lasts_s: person.come(lasts_s))  # type: ignore[misc]

    def wake(self) -> None:
        """Let everybody notice that something may wait."""
        for person in self._people.values():
            person.wake()

    def hear(self) -> None:
        """Let an alert be heard: who rests comes back, and somebody at the desk answers what insists."""
        if self._supervisors and self._world.desk.is_escalated():
            for supervisor in self._supervisors:
                supervisor.hear()
        if not self._people or not self._world.desk.is_called():
            return
        for person in self._people.values():
            person.call_back()
        present = [person for person in self._people.values() if person.is_present]
        for alert_id in self._world.desk.insisting():
            if present and alert_id not in self._answered:
                self._answered.add(alert_id)
                self._answer(self._random.choice(present), alert_id)

    def count_present(self) -> int:
        """Return how many are at the desk now."""
        return sum(person.is_present for person in self._people.values())

    def stop(self) -> None:
        """End the simulation for everybody."""
        for person in self._people.values():
            person.stop()

    def _answer(self, person: Inspector, alert_id: int) -> None:
        def answer() -> None:
            if person.is_present:
                person.acknowledge(alert_id)
            else:
                self._answered.discard(alert_id)

        self._world.agenda.after(self._random.uniform(*_ANSWERS_S), answer)

    def _open(self, login: str, role: str) -> int:
        now = self._world.agenda.clock.now()
        with self._database.write() as session:
            return _account(session, login, role, now)


def _account(session: Session, login: str, role: str, now: datetime) -> int:
    row = UserRow(login=login, name=login, password_hash=_NOBODYS, role=role, created_at=now)
    session.add(row)
    session.flush()
    assert row.id is not None
    session.add(
        SessionRow(token_hash=login, user_id=row.id, csrf="-", created_at=now, expires_at=now + timedelta(days=3650))
    )
    return row.id
