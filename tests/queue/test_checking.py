"""A person checks what the machine registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from intake109.appeals.voice import telling
from intake109.appeals.work import answers
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.model import Channel
from intake109.outbox import delivery
from intake109.queue import checking
from intake109.queue.decisions import Dismissal, Form
from intake109.queue.rules import Rules
from intake109.store import checks, examples, outbox, steps
from intake109.store.tables import AlertRow, AppealRow, AuditRow, ExampleRow, OutboxRow
from tests.appeals.cases import SETTING
from tests.city import CATALOGUE, RULES
from tests.desk import PIT, SECOND, Desk
from tests.promise import Keeper
from tests.race import race

_HEATED = replace(CATALOGUE.services["HEAT-001"], executor="heat_company")
TWO_EXECUTORS = replace(RULES, catalogue=replace(CATALOGUE, services=CATALOGUE.services | {"HEAT-001": _HEATED}))
HEAT = Form("HEAT-001", address="Абая 10", language="ru")


@pytest.fixture
def registered(desk: Desk, keeper: Keeper) -> int:
    """A task the machine has registered; its letter has not left yet."""
    task_id = desk.waits("Яма, Абая 10")
    keeper.at(17)
    return task_id


def post(desk: Desk) -> None:
    """Let every letter leave."""
    desk.clock.advance(11 * SECOND)
    while True:
        with desk.database.write() as session:
            row = outbox.lease(session, Channel.TELEGRAM, desk.clock.now(), delivery.LEASE)
            if row is None or row.id is None:
                return
            outbox.settle(session, row.id, row.attempts, desk.clock.now(), "sent")


def confirm(desk: Desk, task_id: int) -> AppealRow:
    with desk.database.write() as session:
        return checking.confirm(session, task_id, desk.anna, RULES, desk.clock.now())


def correct(desk: Desk, task_id: int, form: Form = HEAT, rules: Rules = RULES) -> AppealRow:
    with desk.database.write() as session:
        return checking.correct(session, task_id, desk.anna, form, rules, desk.clock.now())


def annul(desk: Desk, task_id: int, reason: Dismissal = Dismissal.CHAT, reply: str = "") -> None:
    with desk.database.write() as session:
        checking.annul(session, task_id, desk.anna, reason, Form("", reply=reply), RULES, desk.clock.now())


def letters(desk: Desk) -> list[tuple[str, str]]:
    return [(row.purpose, row.state) for row in desk.rows(OutboxRow) if row.mention_id is not None]


def test_it_waits_on_a_list_until_somebody_has_checked_it(desk: Desk, registered: int) -> None:
    with desk.database.read() as session:
        before = [row.id for row in checks.unchecked(session)], checks.count_unchecked(session)

    confirm(desk, registered)

    with desk.database.read() as session:
        assert before == ([registered], 1)
        assert (checks.unchecked(session), checks.count_unchecked(session)) == ([], 0)


def test_the_list_goes_on_after_the_last_one_seen(desk: Desk, keeper: Keeper) -> None:
    waiting = [desk.waits() for _ in range(3)]
    keeper.at(17)

    with desk.database.read() as session:
        first = checks.unchecked(session, limit=1)[0]
        assert first.decided_at is not None
        rest = checks.unchecked(session, after=(first.is_incident, first.decided_at, first.id or 0))

    assert [first.id, *(row.id for row in rest)] == waiting


def test_a_confirmation_teaches_and_changes_nothing_for_the_citizen(desk: Desk, registered: int) -> None:
    before = letters(desk)

    confirm(desk, registered)

    (example,) = desk.rows(ExampleRow)
    assert (example.service, example.decided_by) == ("ROAD-001", desk.anna)
    assert (desk.task(registered).checked_as, desk.task(registered).outcome) == ("confirmed", "automatic")
    assert letters(desk) == before


def test_a_correction_gives_another_service_executor_and_term_from_the_registration(
    desk: Desk, registered: int
) -> None:
    registered_at = desk.rows(AppealRow)[0].registered_at
    post(desk)

    appeal = correct(desk, registered, replace(HEAT, is_incident=True))

    assert (appeal.number, appeal.service, appeal.sphere, appeal.norm) == ("2026-000001", "HEAT-001", "heating", "24h")
    assert (appeal.deadline_at - registered_at).total_seconds() == 24 * 3600
    assert desk.task(registered).checked_as == "corrected"
    assert desk.rows(ExampleRow)[0].service == "HEAT-001"
    assert desk.rows(ExampleRow)[0].said["service"] == "ROAD-001"
    noted = [row for row in desk.rows(AuditRow) if row.action == "corrected" and row.subject == "appeal"]
    assert noted[0].detail == {"before": "ROAD-001", "service": "HEAT-001"}


def test_a_citizen_who_has_the_number_is_told_what_changed(desk: Desk, registered: int) -> None:
    post(desk)

    correct(desk, registered)

    assert letters(desk) == [("acknowledgement", "sent"), ("correction", "owed")]
    text = desk.rows(OutboxRow)[-1].text
    assert text.startswith("Уточняем по вашему обращению 2026-000001. Услуга: Нет тепла.")


def test_a_letter_that_has_not_left_is_replaced_not_corrected(desk: Desk, registered: int) -> None:
    correct(desk, registered)

    assert letters(desk) == [("acknowledgement", "cancelled"), ("acknowledgement", "owed")]
    assert "Услуга: Нет тепла" in desk.rows(OutboxRow)[-1].text


def test_the_inspectors_own_words_go_to_the_citizen(desk: Desk, registered: int) -> None:
    post(desk)

    correct(desk, registered, replace(HEAT, reply="Ошиблись: {service}, № {number}"))

    assert desk.rows(OutboxRow)[-1].text == "Ошиблись: Нет тепла, № 2026-000001"


def test_a_better_address_alone_is_a_confirmation_and_no_letter(desk: Desk, registered: int) -> None:
    post(desk)

    appeal = correct(desk, registered, Form("ROAD-001", address="Абая 10, двор"))

    assert appeal.address == "Абая 10, двор"
    assert desk.task(registered).checked_as == "confirmed"
    assert letters(desk) == [("acknowledgement", "sent")]


def test_every_reporter_is_told_in_the_own_language(desk: Desk, registered: int) -> None:
    second = desk.waits("Жолда шұңқыр бар")
    desk.attach(second, "2026-000001", replace(PIT, language="kk"))
    post(desk)

    correct(desk, registered)

    texts = [row.text for row in desk.rows(OutboxRow) if row.purpose == "correction"]
    assert [text.split()[0] for text in texts] == ["Уточняем", "2026-000001"]


def test_what_was_no_appeal_is_annulled_visibly_and_teaches_so(desk: Desk, registered: int) -> None:
    post(desk)

    annul(desk, registered)

    (appeal,) = desk.rows(AppealRow)
    task = desk.task(registered)
    assert (appeal.status, appeal.annulled_why) == ("annulled", "no appeal: chat")
    assert (task.outcome, task.checked_as, task.reason) == ("automatic", "annulled", "chat")
    assert letters(desk) == [("acknowledgement", "sent"), ("correction", "owed")]
    with desk.database.read() as session:
        assert [(one.kind, one.service) for one in examples.learnable(session)] == [("chat", "")]


@pytest.mark.parametrize(("reason", "reply", "owed"), [(Dismissal.CHAT, "", 0), (Dismissal.CHAT, "Спасибо", 1)])
def test_who_never_got_the_number_is_told_only_what_the_inspector_writes(
    desk: Desk, registered: int, reason: Dismissal, reply: str, owed: int
) -> None:
    annul(desk, registered, reason, reply)

    assert [state for _, state in letters(desk)] == ["cancelled"] + ["owed"] * owed


def test_spam_is_not_answered(desk: Desk, registered: int) -> None:
    post(desk)

    annul(desk, registered, Dismissal.SPAM)

    assert letters(desk) == [("acknowledgement", "sent")]


def test_checking_answers_the_alert(desk: Desk, keeper: Keeper) -> None:
    danger = desk.waits("Открытый люк")
    keeper.at(8)

    confirm(desk, danger)

    assert all(row.ended_at is not None for row in desk.rows(AlertRow))
    assert desk.rows(AlertRow)[-1].acknowledged_by == desk.anna


def test_nothing_is_checked_twice(desk: Desk, registered: int) -> None:
    works: list[Callable[[], object]] = [partial(one, desk, registered) for one in (confirm, correct, annul)]

    outcome = race(works, ConflictError)

    assert sum(isinstance(one, ConflictError) for one in outcome) == 2
    assert len(desk.rows(ExampleRow)) == 1


def test_only_what_the_machine_registered_is_checked(desk: Desk, registered: int) -> None:
    by_hand = desk.waits()
    desk.register(by_hand)

    with pytest.raises(ConflictError, match="not registered by the machine"):
        confirm(desk, by_hand)
    with pytest.raises(NotFoundError):
        confirm(desk, 4711)
    with pytest.raises(RefusedError):
        correct(desk, registered, Form("NONE-001"))
    assert desk.task(registered).checked_at is None


def told(desk: Desk) -> None:
    """Let the news of the appeals' steps be owed."""
    with desk.database.write() as session:
        telling.catch_up(session, SETTING, desk.clock.now(), 10)


def given_back(desk: Desk, appeal_id: int = 1) -> None:
    with desk.database.write() as session:
        answers.give_back(session, appeal_id, "не наш участок", None, desk.clock.now())


def test_what_the_executor_gave_back_goes_on_once_the_check_finds_whose_it_is(desk: Desk, registered: int) -> None:
    given_back(desk)

    row = correct(desk, registered, rules=TWO_EXECUTORS)

    assert (row.status, row.executor) == ("forwarded", "heat_company")
    with desk.database.read() as session:
        assert [step.after for step in steps.of_appeal(session, 1)] == ["forwarded", "returned", "forwarded"]


def test_what_was_given_back_stays_so_while_it_is_with_the_same_executor(desk: Desk, registered: int) -> None:
    given_back(desk)

    row = correct(desk, registered, PIT)

    assert row.status == "returned"


def test_another_executor_has_not_begun_because_the_former_had(desk: Desk, registered: int) -> None:
    with desk.database.write() as session:
        answers.take(session, 1, None, desk.clock.now())
        session.get_one(AppealRow, 1).promised_at = desk.clock.now()

    row = correct(desk, registered, rules=TWO_EXECUTORS)

    assert (row.status, row.promised_at) == ("forwarded", None)


def test_a_check_taken_back_leaves_what_was_given_back_as_it_was(desk: Desk, registered: int) -> None:
    given_back(desk)
    correct(desk, registered, rules=TWO_EXECUTORS)

    with desk.database.write() as session:
        checking.undo(session, registered, desk.anna, desk.clock.now())

    row = desk.rows(AppealRow)[0]
    assert (row.status, row.executor) == ("returned", "road_service")
    with desk.database.read() as session:
        assert [(step.after, step.why) for step in steps.of_appeal(session, 1)][-1] == ("returned", "undone")


def test_citizens_hear_once_that_a_check_has_given_it_to_another(desk: Desk, registered: int) -> None:
    post(desk)
    told(desk)
    given_back(desk)
    correct(desk, registered, rules=TWO_EXECUTORS)
    desk.clock.advance(20 * SECOND)

    told(desk)

    assert [row.purpose for row in desk.rows(OutboxRow) if row.conversation_id][-1] == "correction"
