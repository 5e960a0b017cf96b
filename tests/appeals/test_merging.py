"""Several numbers, one case: merged and split at any time, everybody keeps the number they quote."""

from __future__ import annotations

import pytest

from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.model import Channel
from intake109.store import appeals, audit
from intake109.store.tables import AppealRow, MergeRow, OutboxRow, ReporterRow
from tests.appeals.cases import (
    DARK,
    MANHOLE,
    appeal,
    citizens,
    close,
    heard,
    letters,
    merge,
    part,
    registered,
    split,
)
from tests.desk import MINUTE, PIT, Desk
from tests.race import race


def test_citizens_of_a_merged_appeal_belong_to_the_other_and_quote_their_own_number(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    heard(desk)

    root = merge(desk, second, first)

    assert root.number == first
    assert citizens(desk, first) == [1, 2]
    assert (appeal(desk, second).merged_into, appeal(desk, second).status) == (root.id, "merged")
    assert [row.appeal_id for row in desk.rows(ReporterRow)] == [1, 2]


def test_who_was_told_a_number_hears_which_counts_and_that_their_own_stays_valid(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    heard(desk)

    merge(desk, second, first)

    assert letters(desk, 1) == [f"Ваш номер {first}"]
    told = letters(desk, 2)
    assert told[0] == f"Ваш номер {second}"
    assert f"Ваше обращение {second} объединено с обращением {first}" in told[1]


def test_who_has_not_been_told_yet_is_told_the_number_that_counts_alone(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)

    merge(desk, second, first)

    (told,) = letters(desk, 2)
    assert f"присоединено к номеру {first}" in told


def test_the_executor_hears_that_a_second_order_is_not_wanted(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)

    merge(desk, second, first)

    (row,) = [row for row in desk.rows(OutboxRow) if row.purpose == "withdrawal"]
    assert (row.address, row.channel) == ("road_service", Channel.MANUAL.value)
    assert second in row.text
    assert first in row.text


def test_a_case_comes_due_with_the_earliest_and_danger_stays_danger(desk: Desk) -> None:
    manhole = registered(desk, "Открытый люк", MANHOLE)
    pit = registered(desk)
    heard(desk)

    merge(desk, manhole, pit)

    case = appeal(desk, pit)
    assert case.is_incident
    assert case.deadline_at == appeal(desk, manhole).deadline_at
    assert case.service == "ROAD-001"
    assert "Уточняем по вашему обращению" in letters(desk, 2)[-1]


def test_a_split_restores_service_term_danger_number_and_citizens(desk: Desk) -> None:
    manhole, pit = registered(desk, "Открытый люк", MANHOLE), registered(desk)
    heard(desk)
    before = {number: appeal(desk, number) for number in (manhole, pit)}
    merge(desk, manhole, pit)
    desk.clock.advance(60 * 24 * 30 * MINUTE)

    split(desk, manhole)

    for number, was in before.items():
        now = appeal(desk, number)
        assert now.model_dump() == was.model_dump()
    assert (citizens(desk, manhole), citizens(desk, pit)) == ([1], [2])


def test_a_merge_that_nobody_has_heard_of_is_taken_back_without_a_word(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    merge(desk, second, first)

    split(desk, second)

    assert [letters(desk, one) for one in (1, 2)] == [[f"Ваш номер {first}"], [f"Ваш номер {second}"]]
    assert all(row.state == "cancelled" for row in desk.rows(OutboxRow) if row.purpose == "withdrawal")


def test_after_a_split_those_who_had_heard_of_the_merge_hear_of_it(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    heard(desk)
    merge(desk, second, first)
    heard(desk)

    split(desk, second)

    assert len(letters(desk, 1)) == 1
    assert f"Ваше обращение {second} снова рассматривается отдельно" in letters(desk, 2)[-1]
    assert [row.purpose for row in desk.rows(OutboxRow) if row.channel == "manual"] == ["withdrawal", "renewal"]


def test_merging_into_a_merged_one_goes_to_the_case_that_counts(desk: Desk) -> None:
    first, second, third = registered(desk), registered(desk), registered(desk)
    merge(desk, second, first)

    root = merge(desk, third, second)

    assert root.number == first
    assert [row.merged_into for row in desk.rows(AppealRow)] == [None, 1, 1]


def test_what_an_appeal_brought_with_it_goes_with_it_again(desk: Desk) -> None:
    first, second, third = registered(desk), registered(desk), registered(desk)
    merge(desk, third, second)
    merge(desk, second, first)
    assert [row.merged_into for row in desk.rows(AppealRow)] == [None, 1, 1]

    split(desk, second)

    assert [row.merged_into for row in desk.rows(AppealRow)] == [None, None, 2]
    assert (citizens(desk, first), citizens(desk, second)) == ([1], [2, 3])


def test_terms_are_right_whatever_the_order_of_splits(desk: Desk) -> None:
    pit, manhole = registered(desk), registered(desk, "Открытый люк", MANHOLE)
    desk.clock.advance(MINUTE)
    later = registered(desk, "Открытый люк", MANHOLE)
    own = appeal(desk, pit).deadline_at
    merge(desk, manhole, pit)
    merge(desk, later, pit)

    split(desk, manhole)
    between = appeal(desk, pit)
    split(desk, later)

    assert (between.deadline_at, between.is_incident) == (appeal(desk, later).deadline_at, True)
    after = appeal(desk, pit)
    assert (after.deadline_at, after.is_incident, after.own_deadline_at) == (own, False, None)


def test_attaching_to_a_merged_number_attaches_to_the_case(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    merge(desk, second, first)

    found = desk.attach(desk.waits(), second)

    assert found.number == first
    assert citizens(desk, first) == [1, 2, 3]
    assert letters(desk, 3) == [f"Ваш номер {first}"]


def test_who_joined_since_stays_unless_they_are_taken_along(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    merge(desk, second, first)
    desk.clock.advance(MINUTE)
    desk.attach(desk.waits(), second)
    desk.attach(desk.waits(), first)
    heard(desk)

    split(desk, second, taking=[3])

    assert (citizens(desk, first), citizens(desk, second)) == ([1, 4], [2, 3])
    assert desk.task(3).appeal_id == 2
    assert f"(было {first}) теперь свой номер: {second}" in letters(desk, 3)[-1]


def test_one_citizen_gets_an_appeal_of_its_own(desk: Desk) -> None:
    first = registered(desk)
    desk.attach(desk.waits("Не работает лифт"), first)
    heard(desk)

    own = part(desk, first, 2, "LIFT-006", "Абая 12")

    assert (own.number, own.service, own.address) == ("2026-000002", "LIFT-006", "Абая 12")
    assert (citizens(desk, first), citizens(desk, own.number)) == ([1], [2])
    assert desk.task(2).appeal_id == own.id
    assert f"(было {first}) теперь свой номер: {own.number}" in letters(desk, 2)[-1]


def test_the_only_citizen_cannot_leave(desk: Desk) -> None:
    first = registered(desk)

    with pytest.raises(RefusedError):
        part(desk, first, 1)


def test_what_cannot_be_one_case_is_refused(desk: Desk) -> None:
    first, second, third = registered(desk), registered(desk), registered(desk)
    merge(desk, second, first)
    close(desk, third)

    with pytest.raises(RefusedError):
        merge(desk, first, first)
    with pytest.raises(RefusedError):
        merge(desk, first, second)
    with pytest.raises(RefusedError):
        merge(desk, first, third)
    with pytest.raises(ConflictError):
        merge(desk, second, third)
    with pytest.raises(ConflictError):
        split(desk, first)
    with pytest.raises(NotFoundError):
        merge(desk, first, "2026-999999")


def test_a_closed_appeal_may_join_one_that_runs_and_does_not_hurry_it(desk: Desk) -> None:
    first, second = registered(desk, "Открытый люк", MANHOLE), registered(desk)
    close(desk, first)
    due = appeal(desk, second).deadline_at

    merge(desk, first, second)
    split(desk, first)

    assert appeal(desk, second).deadline_at == due
    assert appeal(desk, first).status == "closed"


def test_a_citizen_with_two_appeals_hears_of_a_merge_once(desk: Desk) -> None:
    first = registered(desk)
    second = registered(desk, "Яма на Абая 10", author="bota", thread="bota")
    third = desk.waits("Нет электричества", author="bota", thread="bota")
    if desk.task(third).decided_at is None:
        desk.attach(third, second)
    heard(desk)

    merge(desk, second, first)

    told = [row for row in desk.rows(OutboxRow) if row.purpose == "correction" and row.state == "owed"]
    assert len(told) == 1


def test_taking_back_a_registration_that_was_merged_leaves_the_case_alone(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    merge(desk, second, first)

    desk.undo(2)

    assert citizens(desk, first) == [1]
    assert appeal(desk, second).status == "merged"


def test_two_who_merge_crosswise_make_one_case(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)

    done = race(
        [lambda: merge(desk, first, second, desk.anna), lambda: merge(desk, second, first, desk.bolat)],
        (ConflictError, RefusedError),  # type: ignore[arg-type]
    )

    assert sum(isinstance(one, AppealRow) for one in done) == 1
    assert len(desk.rows(MergeRow)) == 1
    assert sorted(row.status for row in desk.rows(AppealRow)) == ["forwarded", "merged"]


def test_many_merges_at_once_never_make_a_chain(desk: Desk) -> None:
    one, two, three = (registered(desk) for _ in range(3))

    race(
        [lambda: merge(desk, one, two), lambda: merge(desk, two, three), lambda: merge(desk, three, one)],
        (ConflictError, RefusedError),  # type: ignore[arg-type]
    )

    rows = {row.id: row for row in desk.rows(AppealRow)}
    assert all(rows[row.merged_into].merged_into is None for row in rows.values() if row.merged_into)


def test_nobody_is_lost_who_is_attached_while_an_appeal_is_merged(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    task = desk.waits()

    done = race(
        [lambda: merge(desk, second, first), lambda: desk.attach(task, second, user_id=desk.bolat)], ConflictError
    )

    joined = isinstance(done[1], AppealRow)
    assert citizens(desk, first) == ([1, 2, 3] if joined else [1, 2])


def test_history_tells_of_both_sides(desk: Desk) -> None:
    first, second = registered(desk, form=DARK), registered(desk, form=PIT)
    merge(desk, second, first)
    split(desk, second)

    with desk.database.read() as session:
        told = [[row.action for row in audit.of(session, "appeal", one)][-2:] for one in (1, 2)]
        counted = appeals.count_reporters(session, [1, 2])

    assert told == [["took over", "gave back"], ["merged", "split off"]]
    assert counted == {1: 1, 2: 1}


def test_status_of_a_merged_number_tells_of_the_case_that_counts(desk: Desk) -> None:
    first = registered(desk)
    second = registered(desk, "Яма у дома", author="bota", thread="bota")
    merge(desk, second, first)
    heard(desk)

    for wanted in (second, first):
        desk.clock.advance(MINUTE)
        desk.waits(f"/status {wanted}", author="bota", thread="bota")

    asked, other = [row.text for row in desk.rows(OutboxRow) if row.purpose == "dialogue"]
    assert asked.startswith(f"Обращение {second} объединено с обращением {first}: передано исполнителю")
    assert other.startswith(f"Обращение {first}: передано исполнителю")
