"""One question a citizen and round of the case that counts, and it is about that case's work."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest

from intake109.appeals import registration
from intake109.appeals.voice import satisfaction
from intake109.appeals.voice.satisfaction import Heard
from intake109.config import Voice
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.store import appeals, asked
from intake109.store.tables import AppealRow, MentionRow, WordRow
from tests.appeals.cases import SETTING, appeal, merge, registered, split
from tests.appeals.cases import heard as leave
from tests.appeals.voices import answered, owed, reporters, say
from tests.desk import MINUTE, Desk


def questions(desk: Desk) -> list[tuple[str, str]]:
    """Return the questions that stand, by whom they are for and how they stand."""
    return [(row.idempotency_key, row.state) for row in owed(desk, "satisfaction")]


def look(desk: Desk) -> None:
    """Ask who joined, as the chore does."""
    now = desk.clock.now()
    with desk.database.read() as session:
        found = asked.to_look_at(session, now - Voice().silence, 100)
    for one in found:
        with desk.database.write() as session:
            satisfaction.ask(session, appeals.lock_live(session, one), SETTING, now)


def test_the_citizen_of_a_merged_answered_appeal_is_asked_of_the_work_that_counts(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    answered(desk, second, "Засыпано щебнем")
    leave(desk)
    merge(desk, second, first)

    answered(desk, first, "Заасфальтировано 20 ноября")

    texts = [row.text for row in owed(desk, "satisfaction") if row.mention_id == 2]
    assert len(texts) == 2
    assert "Заасфальтировано" in texts[-1]


def test_an_unsent_question_about_the_merged_work_never_leaves(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    answered(desk, second, "Засыпано щебнем")

    merge(desk, second, first)

    assert questions(desk) == []


def test_who_joins_an_answered_case_by_a_merge_is_asked_of_it(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    answered(desk, first, "Заасфальтировано 20 ноября")
    answered(desk, second, "Засыпано щебнем")
    leave(desk)
    merge(desk, second, first)

    look(desk)
    look(desk)

    assert questions(desk) == [("ask:1:1", "sent"), ("ask:2:1", "sent"), ("ask:2:1-1", "owed")]


def test_a_yes_to_the_merged_work_is_no_yes_to_the_other(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    answered(desk, first)
    answered(desk, second, "Засыпано щебнем")
    leave(desk)
    merge(desk, second, first)

    heard = say(desk, 2, is_solved=True, number_of_round=1)

    assert heard is Heard.STALE
    look(desk)
    assert say(desk, 2, is_solved=True, number_of_round=1) is Heard.YES


def test_who_was_satisfied_before_the_merge_is_left_in_peace(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    desk.attach(desk.waits("И у меня"), second)
    answered(desk, second)
    leave(desk)
    say(desk, 2, is_solved=True)
    merge(desk, second, first)

    answered(desk, first)

    assert [row.mention_id for row in owed(desk, "satisfaction") if row.state == "owed"] == [1, 3]


def test_a_split_puts_the_question_again_that_the_merge_held_back(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    answered(desk, second, "Засыпано щебнем")
    merge(desk, second, first)

    split(desk, second)

    assert appeal(desk, second).status == "answered"
    assert questions(desk) == [("ask:2:1", "owed")]


def test_a_split_takes_the_question_of_the_other_case_back(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    merge(desk, second, first)
    answered(desk, first)

    split(desk, second)

    assert questions(desk) == [("ask:1:1", "owed")]
    assert say(desk, 1, is_solved=True) is Heard.YES
    assert appeal(desk, first).status == "closed"


def test_who_was_asked_of_both_is_waited_for_in_its_own_case_after_a_split(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    answered(desk, second, "Засыпано щебнем")
    leave(desk)
    merge(desk, second, first)
    answered(desk, first)
    leave(desk)

    split(desk, second)

    assert sorted(key for key, _ in questions(desk)) == ["ask:1:1", "ask:2:1", "ask:2:1-1"]
    assert say(desk, 2, is_solved=True, number_of_round=1) is Heard.YES
    assert appeal(desk, second).closed_as == "satisfied"


def test_a_second_no_after_a_merge_is_answered_too(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    answered(desk, second)
    say(desk, 2, is_solved=False)
    leave(desk)
    merge(desk, second, first)
    answered(desk, first)

    say(desk, 2, is_solved=False)

    assert [row.idempotency_key for row in owed(desk, "news")] == ["heard:2:1:no", "heard:2:1-1:no"]


def test_who_joined_the_case_and_leaves_with_the_appeal_is_not_asked_of_the_case(desk: Desk) -> None:
    first, second = registered(desk), registered(desk, "И здесь яма")
    merge(desk, second, first)
    desk.clock.advance(MINUTE)
    desk.attach(desk.waits("И у меня"), first)
    answered(desk, first, "Заасфальтировано 20 ноября")

    split(desk, second, taking=[3])
    answered(desk, second, "Засыпано щебнем")

    assert [
        row.text for row in owed(desk, "satisfaction") if row.mention_id == 3 and "Заасфальтировано" in row.text
    ] == []
    assert questions(desk) == [("ask:1:1", "owed"), ("ask:2:1", "owed"), ("ask:3:1", "owed")]


def test_what_a_citizen_said_comes_back_with_the_citizen(desk: Desk) -> None:
    first, second = registered(desk), registered(desk)
    leaving = desk.waits("И у нас яма")
    desk.attach(leaving, second)
    answered(desk, second)
    say(desk, 3, is_solved=False)
    with desk.database.write() as session:
        row = session.get_one(AppealRow, 2)
        registration.withdraw(session, row, 3, desk.anna, "", desk.clock.now())
    merge(desk, second, first)
    desk.clock.advance(MINUTE)
    with desk.database.write() as session:
        mention = session.get_one(MentionRow, 3)
        registration.attach(session, session.get_one(AppealRow, 1), mention, "ru", desk.anna, desk.clock.now())

    split(desk, second, taking=[4])

    assert [(row.reporter_id, row.said) for row in desk.rows(WordRow)] == [(4, "no")]


def asked_of(desk: Desk) -> Counter[tuple[int | None, str, int | None]]:
    """Count the questions that stand by their talk and the case and round they are about."""
    found: Counter[tuple[int | None, str, int | None]] = Counter()
    for row in owed(desk, "satisfaction"):
        _, reporter_id, about = row.idempotency_key.split(":")[:3]
        case, _, number_of_round = about.rpartition("-")
        (own,) = [one.appeal_id for one in reporters(desk) if one.id == int(reporter_id)]
        found[row.conversation_id, case or str(own), int(number_of_round)] += 1
    return found


def some_act(desk: Desk, chance: random.Random, numbers: list[str]) -> None:
    """Do something that may be impossible just now."""
    number, other = chance.choice(numbers), chance.choice(numbers)
    (person, is_solved) = chance.choice(reporters(desk)), chance.random() < 0.5
    acts: list[Callable[[], object]] = [
        lambda: merge(desk, number, other),
        lambda: split(desk, number),
        lambda: answered(desk, number) if appeal(desk, number).merged_into is None else None,
        lambda: say(desk, person.id or 0, is_solved=is_solved),
        lambda: leave(desk),
        lambda: look(desk),
    ]
    with suppress(ConflictError, RefusedError, NotFoundError):
        chance.choice(acts)()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_merged_split_answered_and_said_nobody_is_asked_twice_or_forgotten(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    numbers = [registered(desk, f"Яма {number}", author=f"citizen{number % 4}") for number in range(5)]
    for _ in range(40):
        some_act(desk, chance, numbers)
        desk.clock.advance(MINUTE)
    look(desk)

    assert [what for what, count in asked_of(desk).items() if count > 1] == []
    with desk.database.read() as session:
        for row in appeals.by_ids(session, range(1, 6)).values():
            people = appeals.reporters(session, row.id or 0)
            if row.status == "answered":
                are_asked = [(one.asked_of, one.asked_round) == (row.id, row.round) for one in people]
                assert all(is_asked or one.said == "yes" for is_asked, one in zip(are_asked, people, strict=True))
            if row.status == "closed" and row.closed_as == "satisfied":
                assert all(one.said == "yes" for one in people), row.number
