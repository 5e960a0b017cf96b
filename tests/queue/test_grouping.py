"""Who tells of one problem stands together: by family and place, whatever the words."""

from __future__ import annotations

from sqlalchemy import event

from intake109.queue.arrival import RANK_INCIDENT, RANK_MANY, RANK_ORDINARY
from intake109.store import neighbourhood, together
from intake109.store.tables import TaskRow
from tests.desk import MINUTE, PIT, Desk

CUT = "Нет электричества, Михайловка"


def groups(desk: Desk) -> list[str]:
    return [row.group_key for row in desk.rows(TaskRow)]


def storms(desk: Desk, least: int = 3) -> list[together.Storm]:
    with desk.database.read() as session:
        return together.storms(session, least)


def test_a_district_told_in_other_words_and_with_a_house_is_one_group(desk: Desk) -> None:
    desk.waits(CUT)
    desk.waits("Электричество отключили! Кривогуза 57, Михайловка")

    assert groups(desk) == ["power|михайловк"] * 2


def test_a_street_lies_where_others_say_it_lies_whoever_comes_first(desk: Desk) -> None:
    before = desk.waits("Электричества нет, Кривогуза 61")
    alone = desk.task(before).group_key
    desk.waits("Нет электричества. Михайловка, Кривогуза 57")
    after = desk.waits("Кривогуза 63 без электричества")

    assert alone == "power|кривогуз"
    assert [desk.task(one).group_key for one in (before, after)] == ["power|михайловк"] * 2


def test_a_lift_stays_at_its_house_though_the_street_lies_in_a_district(desk: Desk) -> None:
    desk.waits("Лифт стоит, Кривогуза 61")
    desk.waits("Нет электричества. Михайловка, Кривогуза 57")

    assert groups(desk) == ["lift|кривогуз 61", "power|михайловк"]


def test_three_citizens_make_a_storm_and_one_who_writes_thrice_does_not(desk: Desk) -> None:
    for number in range(3):
        desk.waits(f"{CUT}, {number}", author="asel", thread=f"chat-{number}")
    alone = storms(desk)
    desk.waits("Михайловка, электричества нет совсем")
    desk.waits("А когда дадут электричество? Михайловка")

    assert alone == []
    assert storms(desk) == [together.Storm("power|михайловк", 3, 5, 1)]


def test_danger_is_no_part_of_a_storm_of_the_harmless(desk: Desk) -> None:
    for text in ("", " уже час", " весь вечер"):
        desk.waits(CUT + text)
    danger = desk.waits(f"{CUT}, столб искрит")

    assert desk.task(danger).group_key == "!power|михайловк"
    assert [storm.messages for storm in storms(desk)] == [3]


def test_a_storm_goes_before_what_one_citizen_tells_and_after_danger(desk: Desk) -> None:
    pit = desk.waits("Яма")
    desk.clock.advance(MINUTE)
    storm = [desk.waits(CUT + text) for text in ("", " уже час", " весь вечер")]
    manhole = desk.waits("Открытый люк")

    assert [desk.task(one).rank for one in (manhole, *storm, pit)] == [RANK_INCIDENT, *[RANK_MANY] * 3, RANK_ORDINARY]
    assert [desk.claim_next(desk.anna) for _ in range(3)] == [manhole, storm[0], pit]


def test_the_messages_of_a_storm_are_not_handed_to_a_second_inspector(desk: Desk) -> None:
    storm = [desk.waits(CUT + text) for text in ("", " уже час", " весь вечер")]

    assert desk.claim_next(desk.anna) == storm[0]
    assert desk.claim_next(desk.bolat) is None


def test_what_is_no_appeal_is_no_part_of_a_storm(desk: Desk) -> None:
    desk.waits(f"Спасибо! {CUT}")

    assert groups(desk) == [""]


def test_an_address_told_later_brings_a_message_to_its_group(desk: Desk) -> None:
    task = desk.waits("Нет электричества", author="asel")
    before = desk.task(task).group_key
    desk.clock.advance(MINUTE)
    desk.waits("Михайловка", author="asel")

    assert before == ""
    assert desk.task(task).group_key == "power|михайловк"


def test_an_appeal_knows_where_it_is(desk: Desk) -> None:
    first, second = desk.waits("Лифт стоит, Михайловка, Кривогуза 61"), desk.waits("Лифт стоит, Кривогуза 63")

    own = desk.register(first, form=PIT.__class__("LIFT-006", reply="{number}"))
    other = desk.register(second, form=PIT.__class__("LIFT-006", place_key="абая 10", reply="{number}"))

    assert (own.place_key, own.street_key, own.area_key) == ("кривогуз 61", "кривогуз", "михайловк")
    assert (other.place_key, other.street_key, other.area_key) == ("абая 10", "абая", "")


def test_storms_and_neighbours_are_looked_up_in_their_indexes(desk: Desk) -> None:
    if not desk.database.is_sqlite:
        return
    asked: list[tuple[str, tuple[object, ...]]] = []
    with desk.database.read() as session:

        @event.listens_for(session.connection().engine, "before_cursor_execute")
        def note(_c: object, _k: object, statement: str, values: tuple[object, ...], *_rest: object) -> None:
            asked.append((statement, values))

        together.storms(session, 3)
        together.members(session, "power|михайловк")
        neighbourhood.area_of_street(session, "кривогуз")
        neighbourhood.open_near(session, {"cell": ["1:1"], "place_key": ["x"]}, desk.clock.now(), 0)
        plans = [
            str(session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values).all())
            for one, values in list(asked)
        ]

    wanted = ["group", "group", "open_street_key", "open_cell", "open_place_key"]
    for name, plan in zip(wanted, plans, strict=True):
        assert f"ix_tasks_{name}" in plan, plan
