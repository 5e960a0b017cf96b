"""Simulated hours: the figures come from the real queue, and would tell if it failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.engine import URL
from sqlmodel import col

from intake109.errors import IntakeError
from intake109.simulator.habits import Habits
from intake109.simulator.outcome import Figures, Outcome
from intake109.simulator.simulation import Simulation
from intake109.simulator.trouble import Absence, Trouble
from intake109.store.rows import insert_one
from intake109.store.tables import AppealRow, MessageRow, ReporterRow, TaskRow
from tests.simulator.town import MINUTE, hours, town

CLUMSY = Habits(clicks_twice=0.3, undoes=0.1, asks=0.1, distracted=0.1, wrong_service=0.1, break_every_s=1500)
STORM = hours(1, 70)


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.configure(**before)


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> str:
    """Where the hours are kept: empty for a file, or the address of a PostgreSQL server."""
    if request.param == "sqlite":
        return ""
    url: URL = request.getfixturevalue("postgres_url")
    return url.render_as_string(hide_password=False)


def told(outcome: Outcome) -> dict[str, object]:
    return outcome.shown() | {"seconds": 0}


@pytest.fixture(scope="module")
def calm(quiet: None) -> dict[str, object]:
    """An hour on SQLite, as told."""
    with town(hours(1, 10)) as one:
        return told(one.run())


def test_the_same_seed_gives_the_same_hours_and_another_one_others(calm: dict[str, object]) -> None:
    outcomes = []
    for seed in (1, 2):
        with town(hours(1, 10), seed=seed) as one:
            outcomes.append(told(one.run()))

    assert outcomes[0] == calm
    assert outcomes[1] | {"seed": 1} != calm


def test_with_two_inspectors_people_register_and_not_the_machine() -> None:
    with town(hours(1, 24)) as one:
        figures = one.run().figures

    assert figures.mentions > 10
    assert (figures.registered_within_20, figures.automatic, figures.lost, figures.doubled) == (1.0, 0, 0, 0)
    assert 0 < figures.wait_s.p50 < 15 * 60
    assert figures.alerts_per_inspector_hour is not None


@pytest.fixture(scope="module")
def empty_desk(quiet: None) -> Iterator[tuple[Simulation, Figures]]:
    """An hour with nobody at the desk: how it went, and its tables, which one test spoils afterwards."""
    with town(hours(1, 20), inspectors=0) as one:
        yield one, one.run().figures


def test_with_nobody_at_the_desk_the_machine_registers_everything_in_time(
    empty_desk: tuple[Simulation, Figures],
) -> None:
    _, figures = empty_desk

    assert (figures.registered_within_20, figures.automatic_share, figures.lost) == (1.0, 1.0, 0)
    assert figures.automatic == figures.automatic_unchecked == figures.promised
    assert figures.automatic_wrong_service + figures.automatic_to_be_clarified > 0
    assert figures.alerts_per_inspector_hour is None
    assert 17 * 60 <= figures.wait_s.max < 18 * 60


def test_blindness_makes_late_ones_that_nobody_is_charged_with() -> None:
    scenario = hours(1, 20, blind=(timedelta(hours=9, minutes=5), 40 * MINUTE))

    with town(scenario) as one:
        figures = one.run().figures

    assert figures.late_by_cause == {"collector": figures.late}
    assert figures.late > 0
    assert figures.registered_within_20 < 1
    assert figures.lost == figures.doubled == 0


def test_while_no_worker_lives_the_promise_breaks_and_the_figures_say_so() -> None:
    dead = Trouble(absences=(Absence(0, 20 * MINUTE, 55 * MINUTE),))

    with town(hours(1, 15), inspectors=0, trouble=dead) as one:
        figures = one.run().figures

    assert figures.late_by_cause["system"] > 0
    assert figures.registered_within_20 < 1
    assert figures.lost == 0


def test_in_a_storm_what_waits_is_told_as_one_and_rarely(storm: Outcome) -> None:
    figures = storm.figures

    assert figures.automatic > 20
    assert figures.told.alerts_worst_hour <= 12 + 2 * figures.incidents
    assert 0 < figures.told.chat_messages <= figures.alerts
    assert figures.told.chat_changes > 0
    assert figures.told.mails == figures.told.chat_messages


def test_in_a_storm_those_people_serve_at_all_do_not_wait_till_the_last_minute(storm: Outcome) -> None:
    figures = storm.figures

    assert (figures.registered_within_20, figures.lost, figures.doubled) == (1.0, 0, 0)
    assert figures.registered_within_15 > 0.5
    assert figures.wait_s.p50 < 15 * 60


def test_a_supervisor_lends_a_hand_when_called(storm: Outcome) -> None:
    with town(STORM, inspectors=1, supervisors=1) as one:
        helped = one.run().figures

    assert helped.automatic < storm.figures.automatic


def test_on_postgresql_the_same_hours_pass_and_nothing_is_left_behind(
    postgres_url: URL, calm: dict[str, object]
) -> None:
    url = postgres_url.render_as_string(hide_password=False)

    with town(hours(1, 10), url=url) as one:
        on_postgresql = told(one.run())

    assert on_postgresql == calm
    engine = create_engine(url)
    with engine.connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM pg_database WHERE datname LIKE 'intake109_sim%'"))
        assert left.scalar_one() == 0
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite:///x", "nonsense", "postgresql://nobody@127.0.0.1:1/x"])
def test_an_address_that_is_no_server_is_one_readable_error(url: str) -> None:
    with pytest.raises(IntakeError, match="--url"), town(hours(1), url=url):
        pass


@pytest.fixture(scope="module")
def storm(quiet: None) -> Outcome:
    """An hour of a storm one inspector cannot carry, and nobody who helps."""
    with town(STORM, inspectors=1, supervisors=0) as one:
        return one.run()


def _lose_a_message(one: Simulation) -> None:
    with one.house.database.write() as session:
        kept = session.execute(select(col(MessageRow.id))).scalars().all()[-1]
        session.execute(update(MessageRow).where(col(MessageRow.id) == kept).values(key="another"))


def _double_a_number(one: Simulation) -> None:
    with one.house.database.write() as session:
        appeals = session.execute(select(AppealRow)).scalars().all()
        reporter = session.execute(select(ReporterRow)).scalars().all()[0]
        other = next(row.id for row in appeals if row.id != reporter.appeal_id and row.annulled_at is None)
        values = {name: getattr(reporter, name) for name in ("mention_id", "conversation_id", "language", "added_at")}
        insert_one(session, ReporterRow, values | {"appeal_id": other})


def _delay_a_decision(one: Simulation) -> None:
    with one.house.database.write() as session:
        task = session.execute(select(TaskRow).where(col(TaskRow.shelf) == "queue")).scalars().all()[0]
        task.decided_at = task.promise_at


def test_what_is_lost_doubled_or_late_would_be_counted(empty_desk: tuple[Simulation, Figures]) -> None:
    one, before = empty_desk

    for spoil in (_lose_a_message, _double_a_number, _delay_a_decision):
        spoil(one)

    after = one.reckon().figures
    assert (before.lost, before.doubled, before.late) == (0, 0, 0)
    assert (after.lost, after.doubled, after.late) == (1, 1, 1)
    assert after.registered_within_20 < 1


absences = st.builds(
    lambda worker, begins, lasts: Absence(worker, begins * MINUTE, (begins + lasts) * MINUTE),
    st.just(1),  # the first worker lives
    st.integers(0, 60),
    st.integers(1, 60),
)
jumps = st.lists(st.tuples(st.integers(1, 90), st.integers(1, 45)), max_size=5, unique_by=lambda jump: jump[0]).map(
    lambda found: tuple((minute * MINUTE, timedelta(seconds=ahead)) for minute, ahead in sorted(found))
)
troubles = st.builds(
    Trouble,
    workers=st.just(2),
    crashes=st.sampled_from([0.0, 0.003, 0.01]),
    absences=st.lists(absences, max_size=4).map(tuple),
    jumps=jumps,
)


@settings(
    max_examples=2,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # each example takes a second: shrinking would take minutes
)
@given(seed=st.integers(1, 10_000), inspectors=st.integers(0, 3), trouble=troubles)
def test_while_one_worker_lives_nothing_is_late_lost_or_doubled(
    server: str, seed: int, inspectors: int, trouble: Trouble
) -> None:
    with town(hours(1, 12), inspectors, seed, CLUMSY, trouble, url=server) as one:
        figures = one.run().figures

        with one.house.database.read() as session:
            sequences = list(session.execute(select(col(AppealRow.sequence)).order_by(col(AppealRow.id))).scalars())
    assert (figures.lost, figures.doubled) == (0, 0)
    assert (figures.late, figures.registered_within_20) == (0, 1.0)
    assert sequences == list(range(1, len(sequences) + 1))


def test_a_process_that_dies_while_it_only_reads_looks_again(postgres_url: URL) -> None:
    url = postgres_url.render_as_string(hide_password=False)

    with town(hours(1, 3), inspectors=0, trouble=Trouble(workers=1, crashes=0.01), url=url) as one:
        outcome = one.run()

    assert outcome.died > 3
    assert (outcome.figures.promised > 0, outcome.figures.late) == (True, 0)


def test_processes_do_die_in_a_simulation_of_crashes() -> None:
    trouble = Trouble(workers=2, crashes=0.01)

    with town(hours(1, 15), habits=replace(CLUMSY, break_every_s=9000), trouble=trouble) as one:
        outcome = one.run()

    assert outcome.died > 3
    assert outcome.double_clicks > 0
