"""The list of what the machine registered, and the one key that confirms."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from intake109.model import Channel
from intake109.outbox import delivery
from intake109.queue import automatic
from intake109.review_ui.live.feed import Feed
from intake109.store import changes, checks, outbox
from intake109.store.tables import AppealRow, OutboxRow, TaskRow
from tests.city import RULES
from tests.review_ui.lines import ids
from tests.review_ui.workplace import Screen, Workplace, told

HEAT = {"service": "HEAT-001", "address": "Абая 10", "place_key": "абая 10", "reply": "", "language": "ru"}
LIST = "/?shelf=unchecked"


def registered(workplace: Workplace, text: str = "Яма, Абая 10") -> int:
    """Let the machine register what a citizen writes."""
    task_id = workplace.waits(text)
    with workplace.database.write() as session:
        automatic.register(session, task_id, RULES, workplace.clock.now())
    return task_id


def post(workplace: Workplace) -> None:
    """Let every letter leave."""
    with workplace.database.write() as session:
        for row in workplace.owed():
            leased = outbox.lease(session, Channel.TELEGRAM, row.not_before, delivery.LEASE)
            assert leased is not None
            outbox.settle(session, leased.id or 0, leased.attempts, workplace.clock.now(), "sent")


def was(page: str) -> dict[str, object]:
    """Return what the form is compared with."""
    found = re.search(r'data-check="([^"]*)"', page)
    assert found is not None
    values: dict[str, object] = json.loads(unescape(found[1]))
    return values


def submit(screen: Screen, task_id: int, what: str, **fields: str) -> str:
    """Send one of the three answers, as the form does."""
    return screen.send(f"/tasks/{task_id}/{what}", **{**HEAT, "shelf": "unchecked", **fields}).text


def test_the_list_shows_danger_first_and_when_the_machine_registered(workplace: Workplace) -> None:
    pit = registered(workplace)
    danger = registered(workplace, "Открытый люк")
    workplace.waits("Холодно дома")

    page = workplace.anna.page(LIST)

    assert ids(page) == [danger, pit]
    assert "машина, " in page
    assert 'data-stat="unchecked">2' in page


def test_one_key_confirms_and_opens_the_next(workplace: Workplace) -> None:
    first, second = registered(workplace), registered(workplace, "Холодно дома")

    answer = workplace.anna.send(f"/tasks/{first}/confirm", shelf="unchecked")

    assert told(answer)["checked"] == {"id": first, "check": "confirmed", "number": "2026-000001", "seconds": 10}
    assert f'data-task="{second}"' in answer.text
    assert answer.headers["hx-push-url"] == f"/tasks/{second}?shelf=unchecked"
    assert workplace.task(first).checked_by == workplace.office.staff["inspector"]


def test_the_last_one_says_that_all_is_checked(workplace: Workplace) -> None:
    assert "всё" in submit(workplace.anna, registered(workplace), "confirm").casefold()
    assert ids(workplace.anna.page(LIST)) == []


def test_the_next_is_one_nobody_else_reads(workplace: Workplace) -> None:
    first, second, third = (registered(workplace) for _ in range(3))
    workplace.bolat.send(f"/tasks/{second}/reading")

    answer = workplace.anna.send(f"/tasks/{first}/confirm", shelf="unchecked")

    assert f'data-task="{third}"' in answer.text


def test_the_detail_shows_what_the_machine_chose_and_the_letter(workplace: Workplace) -> None:
    page = workplace.anna.open(registered(workplace))

    assert "Зарегистрировала машина в" in page
    assert "уверенность 80 %" in page
    assert "2026-000001" in page
    assert "Дорожная служба" in page
    assert was(page) == {
        "service": "ROAD-001",
        "address": "Абая 10",
        "note": "",
        "is_incident": False,
        "told": False,
        "number": "2026-000001",
    }
    assert re.findall(r'data-send="(\w+)"', page) == ["confirm", "correct", "attach", "annul"]


def test_a_letter_that_has_left_makes_a_change_a_correction(workplace: Workplace) -> None:
    task_id = registered(workplace)
    post(workplace)

    assert was(workplace.anna.open(task_id))["told"] is True


def test_a_correction_routes_anew_and_tells_the_citizen(workplace: Workplace) -> None:
    task_id = registered(workplace)
    post(workplace)

    submit(workplace.anna, task_id, "correct")

    assert workplace.all(AppealRow, lambda row: getattr(row, "service", "")) == ["HEAT-001"]
    assert [row.purpose for row in workplace.owed()] == ["correction"]
    assert workplace.task(task_id).checked_as == "corrected"


def test_a_change_of_the_address_alone_writes_to_nobody(workplace: Workplace) -> None:
    task_id = registered(workplace)
    post(workplace)

    submit(workplace.anna, task_id, "correct", service="ROAD-001", address="Абая 12")

    assert workplace.owed() == []
    assert workplace.all(AppealRow, lambda row: getattr(row, "address", "")) == ["Абая 12"]


def test_what_is_no_appeal_is_annulled_with_a_reason(workplace: Workplace) -> None:
    task_id = registered(workplace)

    assert workplace.anna.send(f"/tasks/{task_id}/annul", reason="weather").status_code == 422
    submit(workplace.anna, task_id, "annul", reason="spam")

    assert workplace.task(task_id).reason == "spam"
    assert "номер аннулирован" in workplace.anna.page("/appeals/2026-000001")


@pytest.mark.parametrize("what", ["confirm", "correct", "annul"])
def test_the_second_person_learns_who_was_first(workplace: Workplace, what: str) -> None:
    task_id = registered(workplace)
    submit(workplace.anna, task_id, "confirm")

    answer = workplace.bolat.send(f"/tasks/{task_id}/{what}", **{**HEAT, "reason": "chat"})

    assert answer.status_code == 409
    assert "Уже проверено. Проверено: Inspector" in unescape(answer.text)


def test_what_an_inspector_was_typing_opens_as_the_correction(workplace: Workplace) -> None:
    task_id = workplace.waits("Яма, Абая 10")
    workplace.anna.open(task_id)
    workplace.anna.send(f"/tasks/{task_id}/draft", service="HEAT-001", note="код 12", address="")
    with workplace.database.write() as session:
        automatic.register(session, task_id, RULES, workplace.clock.now())

    page = workplace.anna.open(task_id)

    assert "открыт как исправление" in page
    assert "код 12" in page
    assert re.search(r'value="HEAT-001"[^>]*checked', page)
    assert 'name="address" value="Абая 10"' in page


def test_what_is_typed_after_the_machine_stepped_in_is_kept_too(workplace: Workplace) -> None:
    task_id = registered(workplace)

    workplace.anna.send(f"/tasks/{task_id}/draft", note="ждут во дворе")

    assert "ждут во дворе" in workplace.anna.open(task_id)


def test_a_register_that_came_too_late_leads_to_the_correction(workplace: Workplace) -> None:
    task_id = registered(workplace)

    answer = workplace.anna.decide(task_id)

    assert answer.status_code == 409
    assert "откроется как исправление" in answer.text


def test_why_it_was_late_stands_on_line_task_and_appeal(workplace: Workplace) -> None:
    task_id = registered(workplace)
    with workplace.database.write() as session:
        session.get_one(TaskRow, task_id).late_cause = "system"

    pages = [workplace.anna.page(LIST), workplace.anna.open(task_id), workplace.anna.page("/appeals/2026-000001")]

    assert ["система стояла" in page for page in pages] == [True] * 3


def test_who_may_not_decide_sees_that_nobody_has_checked_it(workplace: Workplace) -> None:
    task_id = registered(workplace)
    quality = workplace.office.desk("quality")

    page = quality.get(f"/tasks/{task_id}")

    assert "Человек ещё не проверил" in page
    assert 'data-send="confirm"' not in page
    assert quality.post(f"/tasks/{task_id}/confirm") == 403


def test_open_screens_hear_that_it_was_checked_and_by_whom(workplace: Workplace) -> None:
    feed = Feed(workplace.database, workplace.clock)
    task_id = registered(workplace)
    with workplace.database.read() as session:
        seen = changes.last_id(session)
    submit(workplace.anna, task_id, "confirm")

    (before,) = json.loads(feed.missed(0).data)["tasks"]
    after = json.loads(feed.missed(seen).data)

    assert before["check"] == "confirmed"
    assert (after["tasks"][0]["unchecked"], after["tasks"][0]["checker_name"]) == (False, "Inspector")
    assert after["counts"]["unchecked"] == 0


def test_the_list_is_read_on_from_its_last_line(workplace: Workplace) -> None:
    waiting = [registered(workplace, f"Яма {n}") for n in range(31)]
    danger = registered(workplace, "Открытый люк")

    page = workplace.anna.page(LIST)
    more = re.search(r'hx-get="(/queue/rows\?[^"]*)"', page)
    assert more is not None
    rest = workplace.anna.page(unescape(more[1]))

    assert ids(page) + ids(rest) == [danger, *waiting]
    with workplace.database.read() as session:
        assert len(checks.unchecked(session)) == 32
    assert len(workplace.all(OutboxRow, lambda row: row)) == 32


def known(workplace: Workplace) -> str:
    """Let an inspector register the same pit by hand; return its number."""
    task_id = workplace.waits("Яма, Абая 10")
    workplace.anna.open(task_id)
    workplace.anna.send(f"/tasks/{task_id}/register", **{**HEAT, "service": "ROAD-001", "reply": "№ {number}"})
    return str(workplace.all(AppealRow, lambda row: getattr(row, "number", ""))[-1])


def test_a_known_problem_is_offered_and_attached(workplace: Workplace) -> None:
    number = known(workplace)
    task_id = registered(workplace)
    post(workplace)
    page = workplace.anna.open(task_id)

    answer = workplace.anna.send(f"/tasks/{task_id}/known", **{**HEAT, "number": f"№ {number}", "shelf": "unchecked"})

    assert f'data-attach="{number}"' in page
    assert told(answer)["checked"]["check"] == "attached"
    assert workplace.task(task_id).checked_as == "attached"
    assert "номер 2026-000002 аннулирован" in workplace.owed()[0].text
    old, other = workplace.anna.page("/appeals/2026-000002"), workplace.anna.page(f"/appeals/{number}")
    assert "Заявители переведены на номер" in old
    assert number in old
    assert "2 заявителя" in other
    assert "Зарегистрировала машина" not in other


def test_a_number_that_cannot_be_taken_is_refused_in_words(workplace: Workplace) -> None:
    task_id = registered(workplace)

    answer = workplace.anna.send(f"/tasks/{task_id}/known", **{**HEAT, "number": "2026-000001"})

    assert answer.status_code == 422
    assert "Выберите другое обращение" in unescape(answer.text)
    assert workplace.task(task_id).checked_at is None


def test_a_check_is_taken_back_and_opens_again(workplace: Workplace) -> None:
    task_id = registered(workplace)
    workplace.anna.send(f"/tasks/{task_id}/annul", **{**HEAT, "reason": "chat"})

    answer = workplace.anna.send(f"/tasks/{task_id}/undo")

    assert told(answer)["undone"] == {"id": task_id, "check": True}
    assert answer.headers["hx-push-url"] == f"/tasks/{task_id}?shelf=unchecked"
    assert "data-check" in answer.text
    assert workplace.task(task_id).checked_at is None
    assert workplace.bolat.send(f"/tasks/{task_id}/undo").status_code == 409


def test_what_an_executor_is_to_hear_stands_with_what_waits_for_a_person(workplace: Workplace) -> None:
    task_id = registered(workplace)
    workplace.anna.send(f"/tasks/{task_id}/annul", **{**HEAT, "reason": "chat"})
    with workplace.database.write() as session:
        row = session.get_one(OutboxRow, workplace.owed()[-1].id)
        row.state = "by_hand"

    page = workplace.office.desk("supervisor").get("/outbox")

    assert "Исполнителю" in page
    assert "Дорожная служба" in page
    assert "Обращение 2026-000001 отозвано" in page
