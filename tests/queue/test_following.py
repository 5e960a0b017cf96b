"""The same message of several people: one line, one number, an answer to each; and nothing lost when it was another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from intake109.clock import MovedClock
from intake109.errors import ConflictError, RefusedError
from intake109.model import Channel, Point
from intake109.queue import checking, decisions, following
from intake109.queue.decisions import Dismissal, Form
from intake109.store import marks, tasks
from intake109.store.database import Database
from intake109.store.tables import AlertRow, AppealRow, MentionRow, OutboxRow, ReporterRow, TaskRow
from tests.city import RULES, said
from tests.desk import MINUTE, PIT, SECOND, Desk
from tests.promise import Keeper
from tests.race import race

WORDS = "На Абая 10 третий день нет света во всём подъезде"
SLIP = "на абая 10 третий день нет свта во всем подъезде!!!"


def register(desk: Desk, task_id: int, form: Form = PIT) -> AppealRow:
    """Register as the desk does it: the followers in the same transaction."""
    with desk.database.write() as session:
        appeal = decisions.register(session, task_id, desk.anna, form, RULES, desk.clock.now())
        following.decide_too(session, task_id, form, RULES, desk.anna, desk.clock.now())
        return appeal


def dismiss(desk: Desk, task_id: int, reason: Dismissal) -> None:
    with desk.database.write() as session:
        decisions.dismiss(session, task_id, desk.anna, reason, Form(""), RULES, desk.clock.now())
        following.decide_too(session, task_id, Form(""), RULES, desk.anna, desk.clock.now())


def separate(desk: Desk, task_id: int, user_id: int = 0) -> None:
    with desk.database.write() as session:
        following.separate(session, task_id, user_id or desk.anna, RULES, desk.clock.now())


def join(desk: Desk, task_id: int, other_id: int, user_id: int = 0) -> None:
    with desk.database.write() as session:
        following.join(session, task_id, other_id, user_id or desk.anna, RULES, desk.clock.now())


def lines(desk: Desk) -> list[int | None]:
    """Return the lines of the queue."""
    with desk.database.read() as session:
        return [row.id for row in tasks.open_page(session, "queue")]


def edit(desk: Desk, key: str, text: str, author: str) -> None:
    now = desk.clock.now()
    desk.street.hear(said(key, text, now, author=author, edited_at=now))


@pytest.mark.parametrize("text", [WORDS, SLIP, "#свет " + WORDS.upper() + " 😡"])
def test_the_same_message_of_another_citizen_is_no_second_line(desk: Desk, text: str) -> None:
    first = desk.waits(WORDS)

    second = desk.waits(text)

    assert lines(desk) == [first]
    assert (desk.task(second).follows_id, desk.task(second).shelf) == (first, "joined")
    assert desk.rows(MentionRow)[1].original_id == 1


def test_all_are_decided_at_once_with_one_number_and_a_letter_each(desk: Desk) -> None:
    first, second, third = desk.waits(WORDS), desk.waits(SLIP), desk.waits(WORDS)

    register(desk, first)

    assert [row.number for row in desk.rows(AppealRow)] == ["2026-000001"]
    assert [row.mention_id for row in desk.rows(ReporterRow)] == [1, 2, 3]
    assert [desk.task(one).outcome for one in (first, second, third)] == ["registered", "attached", "attached"]
    assert [row.conversation_id for row in desk.rows(OutboxRow)] == [1, 2, 3]


def test_what_a_person_finds_to_be_spam_is_spam_in_every_copy(desk: Desk) -> None:
    first, second = desk.waits(WORDS), desk.waits(WORDS)

    dismiss(desk, first, Dismissal.SPAM)

    assert (desk.task(second).outcome, desk.task(second).reason) == ("dismissed", "spam")
    assert desk.rows(AppealRow) == []


@pytest.mark.parametrize(
    "text",
    [
        "На Абая 12 третий день нет света во всём подъезде",
        "На Абая 10 третий день нет света на этаже",
        "На Абая 10 третий день есть света во всём подъезде",
        WORDS + ", и воды тоже нет",
        WORDS + ", подъезд 3",
    ],
)
def test_what_differs_in_what_matters_is_a_line_of_its_own_and_only_suggested(desk: Desk, text: str) -> None:
    first = desk.waits(WORDS)

    second = desk.waits(text)

    assert lines(desk) == [first, second]
    mention = desk.rows(MentionRow)[1]
    assert (mention.original_id, mention.original_why) == (1, "near")


def test_equal_words_without_a_place_may_be_about_two_houses(desk: Desk) -> None:
    text = "В подъезде третий день нет света, примите меры"
    first = desk.waits(text)

    second = desk.waits(text)

    assert lines(desk) == [first, second]
    assert desk.rows(MentionRow)[1].original_why == "copy"


@pytest.mark.parametrize(("north", "is_one"), [(0.0001, True), (0.01, False)])
def test_a_point_on_the_map_is_a_place_too(desk: Desk, north: float, is_one: bool) -> None:
    text = "В подъезде третий день нет света, примите меры"
    first = desk.waits(text, point=Point(49.80, 73.10))

    second = desk.waits(text, point=Point(49.80 + north, 73.10))

    assert lines(desk) == ([first] if is_one else [first, second])


def test_the_same_post_forwarded_by_two_is_one_message_whatever_it_says(desk: Desk) -> None:
    first = desk.waits("Нет воды", origin="-1001:55")

    second, other = desk.waits("Нет воды", origin="-1001:55"), desk.waits("Нет воды", origin="Асель")

    assert desk.task(second).follows_id == first
    assert lines(desk) == [first, other]


def test_danger_never_waits_with_what_nobody_takes_for_danger(desk: Desk) -> None:
    text = "Открытый люк во дворе дома Абая 10"
    first = desk.waits(text)
    with desk.database.write() as session:
        session.execute(update(TaskRow).values(is_incident=False))

    second = desk.waits(text)

    assert lines(desk) == [first, second]


def test_a_copy_of_danger_alerts_nobody_again(desk: Desk) -> None:
    text = "Открытый люк во дворе дома Абая 10"
    desk.waits(text)

    desk.waits(text)

    assert [row.task_id for row in desk.rows(AlertRow)] == [1]


def test_copies_of_a_false_alarm_do_not_remain_alarms(desk: Desk) -> None:
    text = "Открытый люк во дворе дома Абая 10"
    first, second = desk.waits(text), desk.waits(text)

    register(desk, first, PIT)

    assert desk.task(second).outcome == "attached"


def test_a_copy_of_a_registered_message_is_attached_at_once_and_told_the_number(desk: Desk) -> None:
    first = desk.waits(WORDS)
    register(desk, first)
    desk.clock.advance(30 * MINUTE)

    second = desk.waits(WORDS)

    task = desk.task(second)
    assert (task.outcome, task.decided_by, task.follows_id, task.late_cause) == ("attached", None, first, "")
    assert "присоединено к номеру 2026-000001" in desk.rows(OutboxRow)[1].text


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_copy_of_what_is_over_is_looked_at_by_a_person(desk: Desk, is_closed: bool) -> None:
    first = desk.waits(WORDS)
    if is_closed:
        register(desk, first)
        with desk.database.write() as session:
            session.execute(update(AppealRow).values(closed_at=desk.clock.now(), status="closed"))
    else:
        dismiss(desk, first, Dismissal.CHAT)

    second = desk.waits(WORDS)

    assert lines(desk) == [second]


def test_one_key_takes_a_waiting_message_apart(desk: Desk) -> None:
    first, second = desk.waits(WORDS), desk.waits(WORDS)

    separate(desk, second)

    assert sorted(lines(desk), key=str) == [first, second]
    assert (desk.task(second).claimed_by, desk.task(second).follows_id) == (desk.anna, None)
    with pytest.raises(ConflictError):
        separate(desk, second)


def test_one_key_takes_an_attached_message_off_the_appeal_and_cancels_its_letter(desk: Desk) -> None:
    first, second = desk.waits(WORDS), desk.waits(WORDS)
    appeal = register(desk, first)

    separate(desk, second)

    assert [row.removed_at is None for row in desk.rows(ReporterRow)] == [True, False]
    assert [row.state for row in desk.rows(OutboxRow)] == ["owed", "cancelled"]
    assert (desk.task(second).decided_at, desk.task(second).shelf) == (None, "queue")
    assert desk.rows(AppealRow)[0].annulled_at is None
    assert register(desk, second).number != appeal.number


def test_a_message_taken_apart_late_still_gives_the_desk_its_time(desk: Desk, keeper: Keeper) -> None:
    first, second = desk.waits(WORDS), desk.waits(WORDS)
    register(desk, first)
    keeper.at(60)

    separate(desk, second)
    keeper.at(64)

    assert desk.task(second).decided_at is None
    keeper.at(80)
    assert desk.task(second).outcome == "automatic"


def test_undoing_the_leader_lets_the_followers_wait_again(desk: Desk) -> None:
    first, second = desk.waits(WORDS), desk.waits(WORDS)
    register(desk, first)
    desk.clock.advance(5 * SECOND)
    third = desk.waits(WORDS)

    desk.undo(first)

    assert [desk.task(one).decided_at for one in (first, second, third)] == [None, None, None]
    assert [desk.task(one).follows_id for one in (second, third)] == [first, first]
    assert desk.rows(AppealRow)[0].status == "annulled"
    assert {row.state for row in desk.rows(OutboxRow)} == {"cancelled"}


def test_with_nobody_at_the_desk_all_are_in_time_under_one_number(desk: Desk, keeper: Keeper) -> None:
    first = desk.waits(WORDS)
    keeper.at(9)
    second = desk.waits(WORDS)

    keeper.at(17)

    assert [row.number for row in desk.rows(AppealRow)] == ["2026-000001"]
    assert [(desk.task(one).outcome, desk.task(one).late_cause) for one in (first, second)] == [
        ("automatic", ""),
        ("attached", ""),
    ]


def test_a_follower_whose_clock_began_earlier_hurries_its_leader(desk: Desk, keeper: Keeper) -> None:
    first = desk.waits(WORDS)
    early = desk.clock.now() - 11 * MINUTE
    desk.street.hear(said("early", WORDS, early, author="early"))

    keeper.at(7)

    assert [(row.outcome, row.late_cause) for row in desk.rows(TaskRow)] == [("automatic", ""), ("attached", "")]
    assert desk.task(first).due_at < desk.task(first).promise_at


def test_an_edit_that_names_another_house_stands_alone(desk: Desk) -> None:
    first = desk.waits(WORDS)
    second = desk.waits(WORDS, author="oleg")

    edit(desk, "m2", WORDS.replace("10", "44"), "oleg")

    assert lines(desk) == [first, second]


def test_followers_of_what_now_says_something_else_stand_alone(desk: Desk) -> None:
    first = desk.waits(WORDS, author="asel")
    second = desk.waits(WORDS)

    edit(desk, "m1", WORDS.replace("10", "44"), "asel")

    assert lines(desk) == [first, second]


def test_what_the_first_citizen_adds_takes_nobody_apart(desk: Desk) -> None:
    first = desk.waits(WORDS, author="asel")
    desk.waits(WORDS)
    desk.clock.advance(MINUTE)

    desk.street.hear(said("more", "И ещё воды нет с утра", desk.clock.now(), author="asel"))

    assert lines(desk) == [first]


def test_a_person_joins_what_is_only_alike(desk: Desk) -> None:
    first, second = desk.waits(WORDS), desk.waits(WORDS + ", и воды тоже нет")
    third = desk.waits(WORDS + ", и воды тоже нет")

    join(desk, second, first)

    assert desk.task(third).follows_id == first
    assert lines(desk) == [first]


def test_nothing_follows_in_a_ring_or_a_chain(desk: Desk) -> None:
    first, second, third = desk.waits(WORDS), desk.waits("Яма на дороге"), desk.waits("Лужа во дворе")
    join(desk, second, first)

    with pytest.raises(RefusedError):
        join(desk, first, second)
    with pytest.raises(RefusedError):
        join(desk, third, third)
    join(desk, third, second)

    assert [desk.task(one).follows_id for one in (first, second, third)] == [None, first, first]


def test_a_person_cannot_join_danger_to_what_is_harmless(desk: Desk) -> None:
    first, danger = desk.waits(WORDS), desk.waits("Открытый люк")

    with pytest.raises(RefusedError):
        join(desk, danger, first)


def test_joining_a_decided_one_attaches_and_answers(desk: Desk) -> None:
    first, second = desk.waits(WORDS), desk.waits("Света нет")
    register(desk, first)

    join(desk, second, first)

    assert (desk.task(second).outcome, desk.task(second).decided_by) == ("attached", desk.anna)


def test_joining_a_leader_with_followers_to_a_decided_one_attaches_all_of_them(desk: Desk) -> None:
    decided, leader, follower = desk.waits("Света нет"), desk.waits(WORDS), desk.waits(WORDS)
    register(desk, decided)

    join(desk, leader, decided)

    assert [desk.task(one).outcome for one in (leader, follower)] == ["attached", "attached"]
    assert [desk.task(one).follows_id for one in (leader, follower)] == [decided, decided]


def test_what_waited_as_no_appeal_climbs_once_it_is_joined(desk: Desk, keeper: Keeper) -> None:
    first, thanks = desk.waits(WORDS), desk.waits("Спасибо большое")

    join(desk, thanks, first)
    keeper.at(17)

    assert (desk.task(first).outcome, desk.task(thanks).outcome) == ("automatic", "attached")


@pytest.mark.parametrize(("waits", "letters"), [(0, ["cancelled"] * 2), (5, ["sent", "sent", "owed", "owed"])])
def test_what_is_annulled_at_the_check_is_annulled_for_its_copies_and_comes_back_with_them(
    desk: Desk, keeper: Keeper, waits: int, letters: list[str]
) -> None:
    first, second = desk.waits(WORDS), desk.waits(WORDS)
    keeper.at(17)
    if waits:
        with desk.database.write() as session:
            session.execute(update(OutboxRow).values(state="sent", attempts=1))
    now = desk.clock.now()

    with desk.database.write() as session:
        checking.annul(session, first, desk.anna, Dismissal.CHAT, Form(""), RULES, now)

    assert desk.rows(AppealRow)[0].annulled_at == now
    assert [row.state for row in desk.rows(OutboxRow) if row.mention_id is not None] == letters
    assert desk.task(second).appeal_id is None
    with desk.database.write() as session:
        checking.undo(session, first, desk.anna, now)
    assert desk.rows(AppealRow)[0].annulled_at is None
    assert [row.removed_at for row in desk.rows(ReporterRow)] == [None, None]
    assert desk.task(second).appeal_id == desk.task(first).appeal_id


def test_a_redelivered_copy_joins_once(desk: Desk) -> None:
    desk.waits(WORDS)
    message = said("copy", WORDS, desk.clock.now(), author="oleg")
    desk.street.hear(message)

    desk.street.hear(message)

    assert [row.follows_id for row in desk.rows(TaskRow)] == [None, 1]


def test_copies_that_two_workers_bring_at_once_are_one_line(database: Database, clock: MovedClock) -> None:
    desk = Desk(database, clock)
    brought = [
        desk.street.deliver(said(f"c{number}", WORDS, clock.now(), author=f"c{number}"), channel=Channel.TELEGRAM)
        for number in range(4)
    ]

    race([lambda event=event: desk.street.pipeline.handle(event) for event in brought])  # type: ignore[misc]

    assert len(lines(desk)) == 1
    assert len([row for row in desk.rows(TaskRow) if row.follows_id]) == 3


def test_a_copy_that_comes_while_the_first_is_decided_is_never_forgotten(database: Database, clock: MovedClock) -> None:
    desk = Desk(database, clock)
    first = desk.waits(WORDS)
    event = desk.street.deliver(said("late", WORDS, clock.now(), author="late"))

    race([lambda: register(desk, first), lambda: desk.street.pipeline.handle(event)])

    Keeper(database, clock).at(18)
    assert [row.outcome for row in desk.rows(TaskRow)] == ["registered", "attached"]
    assert len(desk.rows(AppealRow)) == 1


def test_marks_are_forgotten_after_the_window(sqlite: Database, clock: MovedClock) -> None:
    desk = Desk(sqlite, clock)
    desk.waits(WORDS)
    clock.advance(timedelta(days=4))

    with sqlite.write() as session:
        removed = marks.sweep(session, clock.now() - timedelta(days=3), clock.now() - timedelta(days=14))

    assert removed == 12
