"""The chain of sealed days, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from intake109.clock import MovedClock
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.reports import archive, seal
from intake109.reports.period import Period
from intake109.reports.reading import Rule
from intake109.reports.seal import Fault
from intake109.store import audit, seals
from intake109.store.database import Database
from intake109.store.tables import SealRow
from tests.city import ZONE, hire
from tests.race import race
from tests.reports.made import of_day

DAYS = ("2026-11-17", "2026-11-18", "2026-11-19")


@pytest.fixture
def sealed(database: Database, clock: MovedClock) -> Database:
    with database.write() as session:
        for day in DAYS:
            seal.seal(session, of_day(day), clock.now())
    return database


def faults(database: Database) -> list[Fault]:
    with database.read() as session:
        return list(seal.verify(session))


def tamper(database: Database, day: str, **values: object) -> None:
    with database.write() as session:
        session.execute(update(SealRow).where(SealRow.day == day).values(**values))  # type: ignore[arg-type]


def test_a_chain_that_nobody_touched_holds(sealed: Database) -> None:
    with sealed.read() as session:
        rows = list(seals.each(session))

    assert [row.day for row in rows] == list(DAYS)
    assert [row.previous for row in rows] == ["", rows[0].digest, rows[1].digest]
    assert faults(sealed) == []


def test_a_figure_that_was_changed_names_its_day(sealed: Database) -> None:
    with sealed.read() as session:
        content = seals.of_day(session, DAYS[1])[0].content

    tamper(sealed, DAYS[1], content=content.replace('"mentions":5', '"mentions":4'))

    assert [(one.day, one.revision) for one in faults(sealed)] == [(DAYS[1], 1)]


def test_every_other_part_of_a_link_is_sealed_too(sealed: Database, clock: MovedClock) -> None:
    for values in ({"reason": "так вышло"}, {"sealed_at": clock.now() + timedelta(days=1)}, {"changes": [{"a": 1}]}):
        with sealed.read() as session:
            row = seals.of_day(session, DAYS[2])[0]
            before = {name: getattr(row, name) for name in values}
        tamper(sealed, DAYS[2], **values)

        assert [one.day for one in faults(sealed)] == [DAYS[2]]

        tamper(sealed, DAYS[2], **before)


def test_a_day_that_was_taken_out_breaks_the_chain_at_the_next(sealed: Database) -> None:
    with sealed.write() as session:
        session.execute(delete(SealRow).where(SealRow.day == DAYS[1]))  # type: ignore[arg-type]

    assert [one.day for one in faults(sealed)] == [DAYS[2]]


def test_a_chain_reckoned_anew_no_longer_has_the_mailed_digest(sealed: Database, clock: MovedClock) -> None:
    with sealed.read() as session:
        mailed = seals.of_day(session, DAYS[2])[0].digest
    with sealed.write() as session:
        session.execute(delete(SealRow))
        for day in DAYS:
            seal.seal(session, of_day(day, mentions=4), clock.now())

    with sealed.read() as session:
        found = seals.by_digest(session, mailed)

    assert faults(sealed) == []
    assert found is None


def test_a_sealed_day_is_not_sealed_again(sealed: Database, clock: MovedClock) -> None:
    with pytest.raises(ConflictError), sealed.write() as session:
        seal.seal(session, of_day(DAYS[0], 9), clock.now())


def test_a_correction_is_a_new_link_with_its_reason_and_what_changed(sealed: Database, clock: MovedClock) -> None:
    user = hire(sealed, clock)
    with sealed.write() as session:
        seal.correct(session, of_day(DAYS[0], 9), " журнал\nпришёл позже ", user, clock.now())

    with sealed.read() as session:
        first, second = seals.of_day(session, DAYS[0])
        (line,) = audit.of(session, "report", second.id or 0)
        figures, chain = archive.sealed(session, DAYS[0]) or pytest.fail("not sealed")

    assert (second.revision, second.reason, second.sealed_by) == (2, "журнал пришёл позже", user)
    assert second.changes == [{"figure": "flow.mentions", "was": 5, "now": 9}]
    assert first.digest != second.digest
    assert (figures.flow.mentions, [one.revision for one in chain]) == (9, [1, 2])
    assert (line.action, line.detail["day"]) == ("corrected", DAYS[0])
    assert faults(sealed) == []


def test_a_correction_needs_a_reason_a_sealed_day_and_a_difference(sealed: Database, clock: MovedClock) -> None:
    with pytest.raises(RefusedError), sealed.write() as session:
        seal.correct(session, of_day(DAYS[0], 9), " ", None, clock.now())
    with pytest.raises(NotFoundError), sealed.write() as session:
        seal.correct(session, of_day("2026-01-01"), "x", None, clock.now())
    with pytest.raises(ConflictError), sealed.write() as session:
        seal.correct(session, of_day(DAYS[0]), "x", None, clock.now())


def test_two_who_seal_at_once_make_one_chain(database: Database, clock: MovedClock) -> None:
    def one(day: str) -> None:
        with database.write() as session:
            seal.seal(session, of_day(day), clock.now())

    race([lambda day=day: one(day) for day in DAYS])  # type: ignore[misc]

    assert faults(database) == []
    with database.read() as session:
        assert len(list(seals.each(session))) == len(DAYS)


def test_a_sealed_day_is_shown_as_it_was_sealed(sealed: Database, clock: MovedClock) -> None:
    day = Period(date.fromisoformat(DAYS[0]), date.fromisoformat(DAYS[0]), ZONE)
    with sealed.read() as session:
        figures, chain = archive.report(session, day, Rule(), clock.now())
        live, none = archive.report(session, Period(day.first, date(2026, 11, 20), ZONE), Rule(), clock.now())

    assert (figures.flow.mentions, len(chain)) == (5, 1)
    assert (live.flow.mentions, none) == (0, ())


def test_days_missed_by_a_long_stop_are_sealed_afterwards(database: Database, clock: MovedClock) -> None:
    with database.read() as session:
        assert archive.unsealed(session, clock.now(), ZONE) == [date(2026, 11, 19)]
    with database.write() as session:
        seal.seal(session, of_day(DAYS[0]), clock.now())

    with database.read() as session:
        assert archive.unsealed(session, clock.now(), ZONE) == [date(2026, 11, 18), date(2026, 11, 19)]
        late = archive.unsealed(session, clock.now() + timedelta(days=90), ZONE)
    assert len(late) == archive.MOST_MISSED_DAYS
