"""What an inspector decides, and everything that must be written with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from intake109.appeals import registration
from intake109.clock import MovedClock
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.queue.decisions import Dismissal, Form
from intake109.store import appeals, audit, tasks
from intake109.store.database import Database
from intake109.store.tables import AppealRow, ExampleRow, MentionRow, OutboxRow
from tests.city import CATALOGUE, RULES
from tests.desk import MINUTE, SECOND, Desk
from tests.race import race


def test_registering_gives_a_number_a_deadline_and_owes_the_acknowledgement(desk: Desk) -> None:
    task_id = desk.waits()
    desk.claim(task_id)

    appeal = desk.register(task_id)

    (owed,) = desk.rows(OutboxRow)
    task = desk.task(task_id)
    assert (appeal.number, appeal.status, appeal.address) == ("2026-000001", "forwarded", "Абая 10")
    assert appeal.deadline_at > desk.clock.now()
    assert (owed.text, owed.state, owed.appeal_id) == ("Ваш номер 2026-000001", "owed", appeal.id)
    assert owed.not_before == desk.clock.now() + 10 * SECOND
    assert (task.outcome, task.decided_by, task.appeal_id) == ("registered", desk.anna, appeal.id)
    assert task.lease_until is None


def test_all_that_a_reply_may_name_is_filled_in_the_citizens_language(desk: Desk) -> None:
    task_id = desk.waits()

    desk.register(task_id, form=Form("ROAD-001", reply="{ number } {service} {executor} {deadline}", language="kk"))

    assert desk.rows(OutboxRow)[0].text == "2026-000001 Яма Жол қызметі 27.11.2026"


@pytest.mark.parametrize("reply", ["Номер {numer}", "{ nomer }", "{}", "{number} {адрес}"])
def test_a_citizen_never_reads_a_placeholder(desk: Desk, reply: str) -> None:
    task_id = desk.waits()

    with pytest.raises(RefusedError) as refusal:
        desk.register(task_id, form=Form("ROAD-001", reply=reply))

    assert refusal.value.field == "reply"
    assert desk.task(task_id).decided_at is None
    assert desk.rows(AppealRow) == []


def test_a_refused_decision_uses_up_no_number(desk: Desk) -> None:
    first, second = desk.waits(), desk.waits()
    with pytest.raises(RefusedError):
        desk.register(first, form=Form("ROAD-001", reply="{nothing}"))

    appeal = desk.register(second)

    assert appeal.number == "2026-000001"


@pytest.mark.parametrize("reply", ["", "  \n"])
def test_nobody_is_registered_without_being_told_the_number(desk: Desk, reply: str) -> None:
    first, second = desk.waits(), desk.waits()
    appeal = desk.register(first)

    with pytest.raises(RefusedError, match="number"):
        desk.register(second, form=Form("ROAD-001", reply=reply))
    with pytest.raises(RefusedError, match="number"):
        desk.attach(second, appeal.number, Form("", reply=reply))


def test_an_unknown_service_is_refused(desk: Desk) -> None:
    task_id = desk.waits()

    with pytest.raises(RefusedError) as refusal:
        desk.register(task_id, form=Form("NO-SUCH", reply="{number}"))

    assert refusal.value.field == "service"


def test_an_unknown_language_is_refused_before_it_can_block_the_outbox(desk: Desk) -> None:
    task_id = desk.waits()

    with pytest.raises(RefusedError) as refusal:
        desk.register(task_id, form=Form("ROAD-001", reply="{number}", language="xx"))

    assert refusal.value.field == "language"


@pytest.mark.parametrize("reply", ["Звоните 87011234567", "ИИН 960101300123"])
def test_a_public_reply_with_personal_data_is_refused(desk: Desk, reply: str) -> None:
    task_id = desk.waits(is_public=True)

    with pytest.raises(RefusedError) as refusal:
        desk.register(task_id, form=Form("ROAD-001", reply=reply))

    assert refusal.value.field == "reply"
    assert desk.rows(OutboxRow) == []


def test_a_private_reply_may_hold_a_telephone_number(desk: Desk) -> None:
    task_id = desk.waits()

    desk.register(task_id, form=Form("ROAD-001", reply="Звоните 87011234567"))

    assert len(desk.rows(OutboxRow)) == 1


def test_one_mention_never_gets_two_numbers(desk: Desk) -> None:
    task_id = desk.waits()
    desk.register(task_id)

    with pytest.raises(ConflictError):
        desk.register(task_id, desk.bolat)

    assert len(desk.rows(AppealRow)) == 1


def test_a_mention_with_a_number_is_refused_another_even_without_its_task(desk: Desk) -> None:
    task_id = desk.waits()
    desk.register(task_id)
    case = registration.Case(CATALOGUE.services["ROAD-001"], is_incident=False)

    with pytest.raises(ConflictError), desk.database.write() as session:  # noqa: PT012
        mention = session.get_one(MentionRow, desk.task(task_id).mention_id)
        registration.register(session, mention, case, "ru", desk.anna, RULES.terms, desk.clock.now())


def test_of_two_inspectors_who_decide_at_once_exactly_one_wins(desk: Desk) -> None:
    task_id = desk.waits()

    done = race([partial(desk.register, task_id, user) for user in (desk.anna, desk.bolat)], ConflictError)

    assert len([one for one in done if isinstance(one, ConflictError)]) == 1
    assert [row.number for row in desk.rows(AppealRow)] == ["2026-000001"]
    assert len(desk.rows(OutboxRow)) == 1


def test_numbers_have_no_gaps_however_many_register_at_once(desk: Desk) -> None:
    waiting = [desk.waits() for _ in range(24)]
    refused = Form("ROAD-001", reply="{nothing}")

    def work(mine: list[int]) -> None:
        for task_id in mine:
            with pytest.raises(RefusedError):
                desk.register(task_id, form=refused)
            desk.register(task_id)

    race([partial(work, waiting[one::8]) for one in range(8)])

    assert sorted(row.number for row in desk.rows(AppealRow)) == [f"2026-{one:06d}" for one in range(1, 25)]


def test_the_year_of_a_number_is_the_citys(desk: Desk) -> None:
    last_minute = datetime(2026, 12, 31, 18, 59, tzinfo=UTC)  # 23:59 in the city
    desk.clock.advance(last_minute - desk.clock.now())
    old, new = desk.waits(), desk.waits()

    before = desk.register(old).number
    desk.clock.advance(MINUTE)
    after = desk.register(new).number

    assert (before, after) == ("2026-000001", "2027-000001")


def test_danger_seen_by_the_inspector_shortens_five_working_days_to_a_day(desk: Desk) -> None:
    task_id = desk.waits()

    appeal = desk.register(task_id, form=Form("ROAD-001", reply="{number}", is_incident=True))

    assert (appeal.is_incident, appeal.norm) == (True, "24h")
    assert appeal.deadline_at == desk.clock.now() + timedelta(hours=24)


def test_danger_never_lengthens_a_shorter_deadline(desk: Desk) -> None:
    task_id = desk.waits()

    appeal = desk.register(task_id, form=Form("GAS-003", reply="{number}", is_incident=True))

    assert appeal.deadline_at == desk.clock.now() + timedelta(hours=3)


def test_an_answered_question_is_numbered_closed_and_forwarded_to_nobody(desk: Desk) -> None:
    task_id = desk.waits("Когда каток откроется?")

    appeal = desk.answer(task_id, Form("ROAD-001", reply="№ {number}: в пятницу"))

    with desk.database.read() as session:
        acts = [row.action for row in audit.of(session, "appeal", appeal.id or 0)]
    assert (appeal.status, appeal.closed_as, appeal.closed_at) == ("closed", "answered", desk.clock.now())
    assert (acts, desk.rows(OutboxRow)[0].purpose) == (["registered"], "answer")


def test_an_answer_without_words_is_refused(desk: Desk) -> None:
    task_id = desk.waits()

    with pytest.raises(RefusedError):
        desk.answer(task_id, Form("ROAD-001", reply="  "))

    assert desk.task(task_id).decided_at is None


def test_a_citizen_told_to_turn_elsewhere_is_told_where(desk: Desk) -> None:
    task_id = desk.waits()

    with pytest.raises(RefusedError):
        desk.dismiss(task_id, Dismissal.NOT_OURS)
    desk.dismiss(task_id, Dismissal.NOT_OURS, "Обратитесь в ЦОН")

    task = desk.task(task_id)
    assert (task.outcome, task.reason, task.appeal_id) == ("dismissed", "not_ours", None)
    assert desk.rows(OutboxRow)[0].text == "Обратитесь в ЦОН"


@pytest.mark.parametrize("reason", [one for one in Dismissal if one is not Dismissal.NOT_OURS])
def test_other_dismissals_need_no_words(desk: Desk, reason: Dismissal) -> None:
    task_id = desk.waits()

    desk.dismiss(task_id, reason)

    assert desk.rows(OutboxRow) == []
    assert desk.rows(AppealRow) == []


def test_a_question_to_the_citizen_leaves_the_task_open_and_its_clock_running(desk: Desk) -> None:
    task_id = desk.waits()
    promised = desk.task(task_id).promise_at

    desk.ask(task_id)

    task = desk.task(task_id)
    (owed,) = desk.rows(OutboxRow)
    assert (task.decided_at, task.asked_at, task.promise_at) == (None, desk.clock.now(), promised)
    assert (owed.purpose, owed.not_before) == ("question", desk.clock.now())


def test_a_second_question_is_a_second_letter(desk: Desk) -> None:
    task_id = desk.waits()

    desk.ask(task_id)
    desk.ask(task_id, "А подъезд?")

    assert [row.text for row in desk.rows(OutboxRow)] == ["Какой адрес?", "А подъезд?"]


def test_nobody_asks_or_decides_over_a_colleagues_shoulder(desk: Desk) -> None:
    task_id = desk.waits()
    assert desk.claim(task_id, desk.bolat)

    with pytest.raises(ConflictError):
        desk.ask(task_id, user_id=desk.anna)
    with pytest.raises(ConflictError):
        desk.register(task_id, desk.anna)
    desk.clock.advance(120 * SECOND)

    assert desk.register(task_id, desk.anna).number == "2026-000001"


def test_a_task_that_never_was_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        desk.register(4711)


def test_attaching_owes_the_first_appeals_number_to_the_second_citizen(desk: Desk) -> None:
    first, second = desk.waits(), desk.waits("И у нас яма")
    appeal = desk.register(first)

    attached = desk.attach(second, f" {appeal.number} ")

    with desk.database.read() as session:
        reporters = appeals.reporters(session, appeal.id or 0)
    assert attached.id == appeal.id
    assert len(reporters) == 2
    assert desk.rows(OutboxRow)[1].text == "Ваш номер 2026-000001"
    assert len(desk.rows(AppealRow)) == 1


def test_attaching_teaches_the_service_of_the_appeal_not_what_stood_in_the_form(desk: Desk) -> None:
    first, second = desk.waits(), desk.waits()
    appeal = desk.register(first, form=Form("HEAT-001", reply="{number}", is_incident=True))

    desk.attach(second, appeal.number, Form("", reply="{number}"))

    assert [(row.service, row.is_incident) for row in desk.rows(ExampleRow)] == [("HEAT-001", True)] * 2


def test_one_attaches_neither_to_nothing_nor_to_an_annulled_number(desk: Desk) -> None:
    first, second = desk.waits(), desk.waits()
    appeal = desk.register(first)
    desk.undo(first)

    with pytest.raises(NotFoundError):
        desk.attach(second, "2026-999999")
    with pytest.raises(ConflictError):
        desk.attach(second, appeal.number)

    assert desk.task(second).decided_at is None


def test_every_decision_is_in_the_audit_with_who_and_what(desk: Desk) -> None:
    task_id = desk.waits()
    appeal = desk.register(task_id)
    desk.undo(task_id)

    with desk.database.read() as session:
        of_task = [(row.action, row.actor_id) for row in audit.of(session, "task", task_id)]
        of_appeal = [row.action for row in audit.of(session, "appeal", appeal.id or 0)]
    assert of_task == [("registered", desk.anna), ("undone", desk.anna)]
    assert of_appeal == ["registered", "forwarded", "annulled"]


def test_a_decision_teaches_what_was_said_and_what_was_chosen(desk: Desk) -> None:
    wrong, thanks, elsewhere = desk.waits(), desk.waits("Спасибо"), desk.waits()

    desk.register(wrong, form=Form("HEAT-001", reply="{number}"))
    desk.dismiss(thanks, Dismissal.THANKS)
    desk.dismiss(elsewhere, Dismissal.NOT_OURS, "Обратитесь в ЦОН")

    lessons = [(row.said["service"], row.kind, row.service) for row in desk.rows(ExampleRow)]
    assert lessons == [("ROAD-001", "appeal", "HEAT-001"), ("ROAD-001", "thanks", ""), ("ROAD-001", "appeal", "")]


def test_news_of_danger_come_before_older_news(database: Database, clock: MovedClock) -> None:
    desk = Desk(database, clock)
    calm, worse = desk.waits(author="oleg"), desk.waits(author="asel")
    for task_id in (calm, worse):
        desk.ask(task_id)
        desk.register(task_id)
    clock.advance(MINUTE)
    desk.waits("Абая 10", author="oleg")
    with database.write() as session:
        row = tasks.by_id(session, worse)
        assert row is not None
        row.is_incident, row.news_at = True, clock.now() + MINUTE

    with database.read() as session:
        assert [row.id for row in tasks.with_news(session)] == [worse, calm]
