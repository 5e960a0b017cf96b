"""What happens to a task by itself, minute by minute, on both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from intake109.config import Promise
from intake109.queue import claims
from intake109.queue.decisions import Dismissal
from intake109.store.tables import AlertRow, AppealRow, AuditRow, ExampleRow, MentionRow, OutboxRow, StopRow, TaskRow
from tests.city import said
from tests.desk import MINUTE, SECOND, Desk
from tests.promise import Keeper, told
from tests.race import race

NIGHT = timedelta(hours=12)


def test_with_nobody_at_the_desk_it_is_registered_in_time(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("Яма, Абая 10")

    for minute in (8, 11, 14, 16.99):
        keeper.at(minute)
    assert desk.rows(AppealRow) == []
    keeper.at(17)

    (appeal,) = desk.rows(AppealRow)
    task = desk.task(task_id)
    assert (appeal.number, appeal.service, appeal.status, appeal.registered_by) == (
        "2026-000001",
        "ROAD-001",
        "forwarded",
        None,
    )
    assert (appeal.place_key, appeal.address) == ("абая 10", "Абая 10")
    assert (task.outcome, task.decided_by, task.late_cause, task.rung_at) == ("automatic", None, "", None)
    assert told(desk) == [("waiting", "role:inspector"), ("escalation", "role:supervisor")]
    assert {row.ended_why for row in desk.rows(AlertRow)} == {"registered"}


def test_the_citizen_gets_the_number_in_the_own_language_and_ten_seconds_later(desk: Desk, keeper: Keeper) -> None:
    desk.waits("Жолда шұңқыр бар")

    keeper.at(17)

    (letter,) = [row for row in desk.rows(OutboxRow) if row.purpose == "acknowledgement"]
    assert letter.text.startswith("Сәлеметсіз бе! Өтінішіңіз 2026-000001 нөмірімен тіркелді")
    assert letter.not_before == desk.clock.now() + 10 * SECOND
    assert "Жол қызметі" in letter.text


def test_what_the_machine_registers_teaches_nothing_and_is_in_the_audit(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits()

    keeper.at(17)

    assert desk.rows(ExampleRow) == []
    noted = [row for row in desk.rows(AuditRow) if row.subject == "task" and row.subject_id == task_id]
    assert [row.action for row in noted] == ["automatic", "registered automatically"]
    assert noted[1].detail == {"service": "ROAD-001", "probability": 0.8, "appeal": 1}


def test_an_unsure_service_becomes_one_to_be_clarified(desk: Desk) -> None:
    desk.waits()
    sure = Keeper(desk.database, desk.clock, promise=Promise(automatic_certainty=0.81))

    sure.at(17)

    assert desk.rows(AppealRow)[0].service == "OTHER-001"


def test_a_photo_without_a_word_is_registered_too(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("")
    with desk.database.write() as session:
        mention = session.get(MentionRow, desk.task(task_id).mention_id)
        assert mention is not None
        mention.verdict = {**mention.verdict, "services": []}

    keeper.at(17)

    assert desk.rows(AppealRow)[0].service == "OTHER-001"


def test_who_holds_it_is_reminded_and_nobody_else_hears(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits()
    desk.clock.advance(7 * MINUTE)
    desk.claim(task_id)

    keeper.at(8)

    assert told(desk) == [("reminder", f"user:{desk.anna}")]


def test_giving_a_task_back_alerts_at_once_if_it_is_time(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits()
    desk.clock.advance(10 * MINUTE)
    desk.claim(task_id)
    keeper.at(11.5)
    assert "waiting" not in [kind for kind, _ in told(desk)]

    with desk.database.write() as session:
        claims.release(session, task_id, desk.anna, desk.clock.now())
    keeper.now()

    assert told(desk)[-1] == ("waiting", "role:inspector")


def test_somebody_typing_has_grace_and_then_the_draft_is_a_correction(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits()
    for minute in (16, 17, 18, 18.99):
        keeper.at(minute)
        assert desk.claim(task_id)
        keeper.now()

    keeper.at(19)

    assert desk.task(task_id).outcome == "automatic"
    assert desk.task(task_id).late_cause == ""
    assert not desk.claim(task_id)


def test_a_lease_that_idles_out_in_the_grace_is_not_waited_for(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits()
    keeper.at(16)
    desk.claim(task_id)

    keeper.at(17)
    assert desk.task(task_id).decided_at is None
    keeper.at(18)

    assert desk.task(task_id).outcome == "automatic"


def test_danger_alerts_everybody_the_moment_it_is_recognised(desk: Desk) -> None:
    task_id = desk.waits("Открытый люк")

    assert told(desk) == [("incident", "everybody")]
    assert desk.task(task_id).due_at == desk.clock.now() + 8 * MINUTE


def test_danger_that_somebody_took_and_left_sounds_again_when_the_lease_ends(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("Открытый люк")
    keeper.at(3.5)
    desk.claim(task_id)
    taken = {row.ended_why for row in desk.rows(AlertRow)}

    keeper.at(5)
    silent = [row.kind for row in desk.rows(AlertRow) if row.ended_at is None]
    keeper.at(5.5)

    assert (taken, silent) == ({"taken"}, [])
    assert "incident" in [row.kind for row in desk.rows(AlertRow) if row.ended_at is None]


def test_danger_somebody_works_on_stays_silent(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("Открытый люк")
    for minute in (0.5, 2, 3.5, 5):
        keeper.at(minute)
        desk.claim(task_id)

    keeper.at(6)

    assert [row.kind for row in desk.rows(AlertRow) if row.ended_at is None and row.kind == "incident"] == []


def test_danger_in_a_second_message_alerts_at_once_and_leaves_the_desk_its_time(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("Яма", author="asel")
    keeper.at(6)

    desk.street.hear(said("more", "там открытый люк", desk.clock.now(), author="asel"))
    keeper.now()

    assert told(desk)[0] == ("incident", "everybody")
    assert desk.task(task_id).due_at == desk.clock.now() + 5 * MINUTE
    keeper.at(11)
    assert desk.rows(AppealRow)[0].is_incident


def test_danger_in_what_was_decided_alerts_too(desk: Desk) -> None:
    task_id = desk.waits("Спасибо", author="asel")
    desk.ask(task_id)
    desk.dismiss(task_id, Dismissal.THANKS)

    desk.street.hear(said("more", "там открытый люк", desk.clock.now(), author="asel"))

    assert [kind for kind, _ in told(desk)] == ["incident"]


def test_an_incident_nobody_took_is_registered_and_alerted_until_somebody_has_seen_it(
    desk: Desk, keeper: Keeper
) -> None:
    desk.waits("Открытый люк")

    keeper.at(3)
    keeper.at(8)

    (appeal,) = desk.rows(AppealRow)
    assert (appeal.service, appeal.is_incident, appeal.norm) == ("SEWER-001", True, "24h")
    assert [row.kind for row in desk.rows(AlertRow)] == ["incident", "unanswered", "dispatch"]
    assert [row.ended_at is None for row in desk.rows(AlertRow)] == [False, False, True]
    rounds = []
    for minute in range(9, 60):
        before = desk.rows(AlertRow)[2].rounds
        keeper.at(minute)
        rounds += [minute] if desk.rows(AlertRow)[2].rounds > before else []
    assert rounds == [9, 11, 15, 23, 38, 53]


def test_an_incident_of_no_certain_service_goes_to_the_duty_dispatcher(desk: Desk) -> None:
    desk.waits("Открытый люк")
    unsure = Keeper(desk.database, desk.clock, promise=Promise(automatic_certainty=0.9, duty_dispatcher="road_service"))

    unsure.at(8)

    (appeal,) = desk.rows(AppealRow)
    assert (appeal.service, appeal.executor, appeal.is_incident) == ("OTHER-001", "road_service", True)
    assert "dispatch" in [row.kind for row in desk.rows(AlertRow)]


def test_what_reached_us_late_keeps_the_desks_time_and_is_the_collectors_fault(desk: Desk, keeper: Keeper) -> None:
    desk.street.hear(said("old", "Яма", desk.clock.now() - 30 * MINUTE))

    keeper.at(0)
    assert told(desk) == [("escalation", "everybody")]
    keeper.at(4.99)
    assert desk.rows(AppealRow) == []
    keeper.at(5)

    (task,) = desk.rows(TaskRow)
    assert (task.outcome, task.late_cause) == ("automatic", "collector")


def test_after_a_stop_danger_comes_first_and_the_system_is_to_blame(desk: Desk, keeper: Keeper) -> None:
    keeper.at(0)
    ordinary = desk.waits("Яма")
    danger = desk.waits("Открытый люк")

    again = Keeper(desk.database, desk.clock)
    again.at(45)

    first, second = desk.rows(AppealRow)
    assert (first.is_incident, second.is_incident) == (True, False)
    assert [desk.task(one).late_cause for one in (ordinary, danger)] == ["system", "system"]
    (stop,) = desk.rows(StopRow)
    assert stop.ended_at - stop.began_at == 45 * MINUTE
    assert [kind for kind, _ in told(desk)] == ["incident", "dispatch"]


def test_a_late_decision_with_everything_running_is_the_desks(desk: Desk) -> None:
    task_id = desk.waits()
    desk.clock.advance(20 * MINUTE)

    desk.register(task_id)

    assert desk.task(task_id).late_cause == "desk"


def test_a_decision_at_the_last_moment_keeps_the_promise_and_an_undone_one_climbs_on(
    desk: Desk, keeper: Keeper
) -> None:
    task_id = desk.waits()
    desk.clock.advance(17 * MINUTE - SECOND)
    desk.register(task_id)
    assert desk.task(task_id).late_cause == ""
    keeper.at(17)
    assert desk.task(task_id).outcome == "registered"

    desk.undo(task_id)
    keeper.now()

    assert desk.task(task_id).outcome == "automatic"
    assert [row.number for row in desk.rows(AppealRow)] == ["2026-000001", "2026-000002"]


def test_what_is_certainly_no_appeal_never_climbs(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("Спасибо большое")

    keeper.at(60)

    assert desk.task(task_id).decided_at is None
    assert told(desk) == []


def test_at_night_the_person_on_duty_is_alerted_sooner(desk: Desk) -> None:
    desk.clock.advance(NIGHT)
    desk.waits()
    keeper = Keeper(desk.database, desk.clock)

    keeper.at(6)

    assert told(desk) == [("waiting", "role:inspector")]


def test_two_workers_register_once(desk: Desk, keeper: Keeper) -> None:
    waiting = [desk.waits() for _ in range(12)]
    other = Keeper(desk.database, desk.clock)
    desk.clock.advance(17 * MINUTE)

    race([partial(one.now) for one in (keeper, other)])

    assert sorted(row.number for row in desk.rows(AppealRow)) == [f"2026-{one:06d}" for one in range(1, 13)]
    assert all(desk.task(one).outcome == "automatic" for one in waiting)


def test_an_inspector_and_the_machine_never_both_register(desk: Desk, keeper: Keeper) -> None:
    from intake109.errors import ConflictError

    for _ in range(6):
        task_id = desk.waits()
        desk.clock.advance(17 * MINUTE)
        keeper_again = Keeper(desk.database, desk.clock)

        def by_hand(task_id: int = task_id) -> None:
            desk.register(task_id)

        race([by_hand, keeper_again.now], ConflictError)

    assert len(desk.rows(AppealRow)) == len(desk.rows(TaskRow)) == 6


def test_one_task_that_cannot_be_registered_holds_up_nobody(desk: Desk, keeper: Keeper) -> None:
    broken, sound = desk.waits(), desk.waits()
    with desk.database.write() as session:
        mention = session.get(MentionRow, desk.task(broken).mention_id)
        assert mention is not None
        mention.verdict = {"services": [{"code": "ROAD-001", "probability": "x"}]}

    keeper.at(17)

    assert (desk.task(broken).outcome, desk.task(sound).outcome) == ("", "automatic")
    rung_at = desk.task(broken).rung_at
    assert rung_at is not None
    assert rung_at - desk.clock.now() == 10 * SECOND


@pytest.mark.parametrize("text", ["Яма", "Открытый люк"])
def test_nothing_is_alerted_twice_however_often_the_job_runs(desk: Desk, keeper: Keeper, text: str) -> None:
    desk.waits(text)

    for half_minute in range(40):
        keeper.at(half_minute / 2)
        keeper.now()

    keys = [row.key for row in desk.rows(AlertRow)]
    assert len(keys) == len(set(keys)) <= 3


def test_what_is_no_appeal_does_not_climb_after_an_undo_either(desk: Desk, keeper: Keeper) -> None:
    task_id = desk.waits("Спасибо большое")
    desk.dismiss(task_id, Dismissal.THANKS)
    desk.undo(task_id)

    keeper.at(60)

    assert desk.task(task_id).decided_at is None


def test_danger_that_reached_us_late_is_alerted_once_and_gets_the_desks_time(desk: Desk, keeper: Keeper) -> None:
    desk.street.hear(said("old", "Открытый люк", desk.clock.now() - 30 * MINUTE))

    keeper.at(4.99)
    assert told(desk) == [("incident", "everybody")]
    assert desk.rows(AppealRow) == []
    keeper.at(5)

    assert desk.rows(AppealRow)[0].is_incident
