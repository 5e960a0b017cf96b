"""Events that share a transaction, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from intake109.clock import MovedClock
from intake109.store import events
from intake109.store.database import Database
from intake109.store.tables import EventRow, MentionRow, TaskRow
from tests.city import RuleJudge, Street, said
from tests.race import race


def texts(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.execute(select(col(MentionRow.text)).order_by(col(MentionRow.id))).scalars())


def waiting(database: Database, clock: MovedClock) -> list[int]:
    with database.read() as session:
        return events.waiting(session, clock.now(), 99)


def test_events_handled_together_keep_their_order_and_are_judged_at_once(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock, judge := RuleJudge())
    ids = [street.deliver(said(str(n), f"яма номер {n}", clock.now(), author=f"citizen-{n}")) for n in range(5)]

    street.pipeline.handle_all(ids)

    assert texts(database) == [f"яма номер {n}" for n in range(5)]
    assert waiting(database, clock) == []
    assert len(judge.judged) == 5


def test_a_continuation_among_them_joins_what_it_continues(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock, judge := RuleJudge())
    ids = [street.deliver(said(str(n), text, clock.now())) for n, text in enumerate(("яма", "Абая 10"))]

    street.pipeline.handle_all(ids)

    assert texts(database) == ["яма\nАбая 10"]
    assert judge.judged[-1] == "яма\nАбая 10"


def test_the_same_post_told_by_two_ways_under_two_names_of_its_author_is_one_mention(
    database: Database, clock: MovedClock
) -> None:
    street = Street(database, clock, judge := RuleJudge())
    ids = [street.deliver(said("post", "яма на Абая", clock.now(), author=name)) for name in ("178414", "asel")]

    street.pipeline.handle_all(ids)

    assert texts(database) == ["яма на Абая"]
    assert judge.judged == ["яма на Абая"], "they were not handled together"


def test_a_citizen_who_goes_on_under_another_name_is_no_stranger_any_more(
    database: Database, clock: MovedClock
) -> None:
    street = Street(database, clock)
    second = said("2", "Абая 10", clock.now(), author="KZ.1", thread="77010000001")
    second = replace(second, author=replace(second.author, aliases=("77010000001",)))
    ids = [street.deliver(said("1", "яма", clock.now(), author="77010000001")), street.deliver(second)]

    street.pipeline.handle_all(ids)

    assert texts(database) == ["яма\nАбая 10"]


def test_one_bad_event_is_put_off_and_blocks_none_of_its_company(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    ids = [street.deliver(said(str(n), f"яма номер {n}", clock.now(), author=f"citizen-{n}")) for n in range(3)]
    street.forget(ids[1])

    street.pipeline.handle_all(ids)

    assert texts(database) == ["яма номер 0", "яма номер 2"]
    assert waiting(database, clock) == []
    with database.read() as session:
        row = session.get(EventRow, ids[1])
    assert row is not None
    assert (row.handled_at, row.attempts) == (None, 1)


def test_two_workers_with_the_same_events_make_every_task_once(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    ids = [
        street.deliver(said(str(n), f"яма номер {n}", clock.now() + timedelta(hours=n), author=f"citizen-{n % 3}"))
        for n in range(6)
    ]

    race([lambda: street.pipeline.handle_all(ids)] * 3)

    with database.read() as session:
        assert session.execute(select(func.count()).select_from(TaskRow)).scalar_one() == 6
    assert waiting(database, clock) == []
