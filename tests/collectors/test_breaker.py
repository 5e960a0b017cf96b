"""When a platform is asked again."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from intake109.collectors.breaker import OPEN_AFTER, retry_at, state
from intake109.errors import Backoff, ChannelError
from tests.conftest import NOON

classes = st.sampled_from(Backoff)
asked = st.none() | st.timedeltas(timedelta(0), timedelta(days=1))
rows = st.integers(1, 10_000)


@given(classes, asked, rows)
def test_one_never_asks_sooner_than_the_platform_wants(backoff: Backoff, wish: timedelta | None, failures: int) -> None:
    found = retry_at(ChannelError("x", backoff=backoff, retry_after=wish), failures, NOON)

    assert found >= NOON + (wish or timedelta(seconds=1))
    assert found <= NOON + max(timedelta(hours=1), wish or timedelta(0))


@given(classes, asked, rows)
def test_pauses_never_shrink_while_it_fails(backoff: Backoff, wish: timedelta | None, failures: int) -> None:
    error = ChannelError("x", backoff=backoff, retry_after=wish)

    assert retry_at(error, failures + 1, NOON) >= retry_at(error, failures, NOON)


@given(st.integers(0, 100), st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_the_breaker_is_closed_exactly_when_all_is_well(failures: int, until: timedelta | None) -> None:
    found = state(failures, NOON + until if until is not None else None, NOON)

    assert (found == "closed") == (failures == 0)
    assert (found in {"open", "trial"}) == (failures >= OPEN_AFTER)
    assert (found == "open") == (failures >= OPEN_AFTER and until is not None and until > timedelta(0))
