"""Whatever is merged and split in whatever order: no chain, nobody lost, every number leads to one live case."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake109.appeals.terms.calendar import shipped_calendar
from intake109.appeals.terms.deadlines import deadline
from intake109.clock import MovedClock
from intake109.store import appeals, merges
from intake109.store.tables import AppealRow
from tests.appeals.cases import MANHOLE, attempt, merge, part, registered, split
from tests.city import ZONE
from tests.conftest import NOON
from tests.desk import PIT, Desk
from tests.review_ui.office import empty_database

_COUNT = 3
_ONE = st.integers(0, _COUNT - 1)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), _ONE, _ONE),
        st.tuples(st.just("split"), _ONE, _ONE),
        st.tuples(st.just("attach"), _ONE, _ONE),
        st.tuples(st.just("part"), _ONE, st.integers(1, 8)),
    ),
    max_size=10,
)


def due(row: AppealRow) -> datetime:
    """Return the term an appeal has by itself, from its norm alone."""
    return deadline(row.norm, row.registered_at, ZONE, shipped_calendar())


def check(desk: Desk, numbers: list[str], people: int) -> None:
    """Say that all is as it must be."""
    with desk.database.read() as session:
        rows = {row.id: row for row in desk.rows(AppealRow)}
        for row in rows.values():
            assert row.merged_into is None or rows[row.merged_into].merged_into is None
            assert (row.status == "merged") is (row.merged_into is not None)
            assert (merges.standing(session, row.id or 0) is None) is (row.merged_into is None)
        told = [appeals.of_mention(session, mention) for mention in range(1, people + 1)]
        assert all(len(one) == 1 and one[0].merged_into is None for one in told)
        live = [row for row in rows.values() if row.merged_into is None]
        everybody = [one.mention_id for row in live for one in appeals.reporters(session, row.id or 0)]
        assert sorted(everybody) == list(range(1, people + 1))
        for number in numbers:
            found = appeals.by_number(session, number)
            assert found is not None
            assert appeals.live(session, found).merged_into is None
        for row in live:
            case = [row, *merges.members(session, row.id or 0)]
            assert row.deadline_at == min(due(one) for one in case)
            assert row.is_incident is any(one.service == "SEWER-001" for one in case)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_no_order_of_merges_and_splits_breaks_a_case(sqlite_template: Path, steps: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        database = empty_database(sqlite_template, Path(folder))
        desk = Desk(database, MovedClock(NOON))
        numbers = [registered(desk, f"Яма {one}", MANHOLE if one == 1 else PIT) for one in range(_COUNT)]
        people = _COUNT
        for what, one, other in steps:
            desk.clock.advance(timedelta(seconds=30))
            if what == "merge":
                attempt(partial(merge, desk, numbers[one], numbers[other]))
            elif what == "split":
                attempt(partial(split, desk, numbers[one]))
            elif what == "attach":
                desk.attach(desk.waits(f"И у нас яма {people}"), numbers[one])
                people += 1
            else:
                found = attempt(partial(part, desk, numbers[one], other))
                numbers += [found.number] if found is not None else []
            check(desk, numbers, people)
        database.close()
