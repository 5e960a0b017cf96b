"""A channel that only calls us is missed when it falls silent, and an ordinary week raises no alarm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest

from intake109.clock import MovedClock
from intake109.queue import blindness, quiet
from intake109.queue.quiet import WEEK, Rhythm
from intake109.store import changes, health, rhythms
from intake109.store.database import Database
from intake109.store.rhythms import SLOT
from intake109.store.tables import BlindSpellRow, EventRow, HealthRow, StopRow
from tests.city import ZONE
from tests.conftest import NOON

HOUR = timedelta(hours=1)
MONDAY = datetime.combine(NOON.astimezone(ZONE).date() - timedelta(days=4), time(0), ZONE)
BY_HOUR = (1, 1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 11, 10, 11, 11, 10, 10, 11, 12, 11, 9, 7, 4, 2)
"""How citizens write over a day: a twelfth as much at night."""
WEEKEND = 0.6


@dataclass(frozen=True, slots=True)
class Town:
    """Citizens whose number of messages a day, and how much days differ, is known."""

    a_day: int
    unrest: float = 0.25

    def writes(self, chance: Random, begin: datetime, days: int, share: float = 1.0) -> list[datetime]:
        """Return when deliveries arrive: some days are livelier, and a message brings up to four, with its files."""
        found = []
        for day in range(days):
            midnight = begin + timedelta(days=day)
            mood = math.exp(chance.gauss(0, self.unrest)) * (WEEKEND if midnight.weekday() >= 5 else 1.0) * share
            for hour, weight in enumerate(BY_HOUR):
                expected = self.a_day * mood * weight / sum(BY_HOUR)
                at = chance.expovariate(expected)
                while at < 1:
                    arrived = midnight + (hour + at) * HOUR
                    found += [arrived + timedelta(seconds=30 * nth) for nth in range(chance.randint(1, 4))]
                    at += chance.expovariate(expected)
        return sorted(found)


def slots(arrived: list[datetime]) -> set[datetime]:
    return {one.replace(minute=one.minute - one.minute % 10, second=0, microsecond=0) for one in arrived}


def learnt(town: Town, chance: Random, weeks: int = 8) -> set[datetime]:
    return slots(town.writes(chance, MONDAY - weeks * WEEK, 7 * weeks))


def alarms(past: set[datetime], week: list[datetime]) -> int:
    """Count the silences of a week that would be warned of, looked at every five minutes until the next delivery."""
    found = quiet.rhythm(past, MONDAY, ZONE)
    assert found is not None
    found = Rhythm(found.rates, found.active | slots(week), ZONE)
    count = 0
    for heard_at, following in pairwise(week):
        looks = int((following - heard_at) / timedelta(minutes=5))
        count += any(
            quiet.is_unusual(found, heard_at, heard_at + n * timedelta(minutes=5)) for n in range(6, looks + 1)
        )
    return count


@pytest.mark.parametrize("a_day", [15, 60, 250, 1000])
def test_ten_ordinary_weeks_raise_no_alarm(a_day: int) -> None:
    town, chance = Town(a_day), Random(a_day)
    past = learnt(town, chance)

    found = [alarms(past, town.writes(Random(seed), MONDAY, 7)) for seed in range(10)]

    assert sum(found) == 0


@pytest.mark.parametrize("a_day", [60, 250, 1000])
def test_a_holiday_with_a_fifth_of_the_messages_is_rarely_an_alarm(a_day: int) -> None:
    town = Town(a_day)
    past = learnt(town, Random(a_day))
    weeks = []
    for seed in range(10):
        chance = Random(seed)
        before = town.writes(chance, MONDAY, 2)
        holiday = town.writes(chance, MONDAY + timedelta(days=2), 1, share=0.2)
        weeks.append(before + holiday + town.writes(chance, MONDAY + timedelta(days=3), 1))

    found = [alarms(past, week) for week in weeks]

    assert sum(found) <= 1


@pytest.mark.parametrize(("a_day", "within"), [(1000, HOUR), (250, 2 * HOUR), (60, 7 * HOUR)])
def test_a_lost_webhook_is_noticed_within_hours(a_day: int, within: timedelta) -> None:
    town = Town(a_day)
    past = learnt(town, Random(1))
    noon = MONDAY + timedelta(days=1, hours=12)
    waited = []
    for seed in range(10):
        week = [one for one in town.writes(Random(seed), MONDAY, 2) if one < noon]
        found = quiet.rhythm(past, MONDAY, ZONE)
        assert found is not None
        heard = Rhythm(found.rates, found.active | slots(week), ZONE)
        looks = (noon + n * timedelta(minutes=5) for n in range(400))
        waited.append(next(at for at in looks if quiet.is_unusual(heard, week[-1], at)) - noon)

    assert sorted(waited)[8] <= within


def test_what_is_not_known_for_three_weeks_is_not_guessed() -> None:
    known = {MONDAY - n * timedelta(hours=1) for n in range(20 * 24)}

    assert quiet.rhythm(known, MONDAY, ZONE) is None
    assert quiet.rhythm(set(), MONDAY, ZONE) is None


def store(database: Database, arrived: set[datetime], channel: str = "whatsapp") -> None:
    with database.write() as session:
        session.add_all(
            EventRow(channel=channel, key=f"{channel}{nth}", payload="{}", source="x", received_at=at)
            for nth, at in enumerate(sorted(arrived))
        )


def usual(database: Database, clock: MovedClock) -> None:
    """Let WhatsApp speak every ten minutes for four weeks until now, and let its health know."""
    store(database, {NOON - n * SLOT for n in range(1, 4 * 7 * 144)})
    with database.write() as session:
        health.heard(session, "whatsapp", "whatsapp", clock.now())


def keep(database: Database, clock: MovedClock) -> datetime | None:
    with database.write() as session:
        quiet.keep(session, ZONE, clock.now())
    with database.read() as session:
        return session.get_one(HealthRow, "whatsapp").quiet_since


def test_it_is_told_once_and_ends_with_the_next_delivery(database: Database, clock: MovedClock) -> None:
    usual(database, clock)
    early = keep(database, clock)
    clock.advance(2 * HOUR)

    late = [keep(database, clock) for _ in range(2)]
    with database.write() as session:
        told = changes.last_id(session)
        blindness.heard(session, "whatsapp", "whatsapp", clock.now())

    with database.read() as session:
        assert (early, late) == (None, [NOON, NOON])
        assert session.get_one(HealthRow, "whatsapp").quiet_since is None
        assert (told, changes.last_id(session)) == (1, 2)
        assert session.query(BlindSpellRow).count() == 0


def test_a_stop_of_our_own_is_no_silence(database: Database, clock: MovedClock) -> None:
    usual(database, clock)
    clock.advance(2 * HOUR)
    with database.write() as session:
        session.add(StopRow(began_at=NOON, ended_at=clock.now()))

    assert keep(database, clock) is None


def test_a_channel_that_is_asked_too_has_its_own_measure(database: Database, clock: MovedClock) -> None:
    usual(database, clock)
    with database.write() as session:
        health.of(session, "whatsapp.poll", "whatsapp").rhythm_s = 60.0
    clock.advance(2 * HOUR)

    assert keep(database, clock) is None


def test_only_the_ten_minutes_count_in_which_something_arrived(database: Database) -> None:
    moments = {NOON, NOON + timedelta(minutes=9, seconds=59), NOON + timedelta(minutes=31), NOON - WEEK}
    store(database, moments)
    store(database, {NOON + HOUR}, "telegram")

    with database.read() as session:
        assert rhythms.active(session, "whatsapp", NOON - HOUR) == {NOON, NOON + 3 * SLOT}
