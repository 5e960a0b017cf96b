"""The moments of the promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from intake109.config import Promise
from intake109.queue.times import Urgency, times, urgency
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
PROMISE = Promise()
moments = st.timedeltas(timedelta(0), timedelta(days=7300)).map(lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since)
spans = st.timedeltas(timedelta(0), timedelta(days=8))


@given(moments, spans)
def test_the_citizens_clock_runs_from_the_citizens_act(mentioned_at: datetime, lag: timedelta) -> None:
    found = times(mentioned_at, mentioned_at + lag, PROMISE)

    assert found.target_at - mentioned_at == 15 * MINUTE
    assert found.promise_at - mentioned_at == 20 * MINUTE


@given(moments, spans)
def test_the_desk_always_gets_its_least_time_and_never_more_than_it_needs(at: datetime, lag: timedelta) -> None:
    due_at = times(at, at + lag, PROMISE).due_at

    assert due_at == max(at + 17 * MINUTE, at + lag + 5 * MINUTE)
    assert due_at - (at + lag) >= 5 * MINUTE


@given(moments, spans)
def test_a_platform_whose_clock_runs_ahead_gains_nobody_time(received_at: datetime, ahead: timedelta) -> None:
    assert times(received_at + ahead, received_at, PROMISE) == times(received_at, received_at, PROMISE)


@given(moments, spans, spans)
def test_hearing_later_never_makes_anything_due_sooner(at: datetime, lag: timedelta, more: timedelta) -> None:
    assert times(at, at + lag + more, PROMISE).due_at >= times(at, at + lag, PROMISE).due_at


@given(moments, moments, spans)
def test_urgency_never_falls_while_time_passes(due_at: datetime, now: datetime, step: timedelta) -> None:
    order = [Urgency.CALM, Urgency.DUE, Urgency.LATE]
    before, after = (urgency(due_at, moment, 5 * MINUTE) for moment in (now, now + step))

    assert order.index(after) >= order.index(before)


def test_each_boundary_belongs_to_the_worse_colour() -> None:
    tick = timedelta(microseconds=1)

    colours = [urgency(NOON, NOON - left, 5 * MINUTE) for left in (5 * MINUTE + tick, 5 * MINUTE, tick, 0 * MINUTE)]

    assert colours == [Urgency.CALM, Urgency.DUE, Urgency.DUE, Urgency.LATE]
