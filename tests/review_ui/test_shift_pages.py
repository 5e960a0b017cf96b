"""The foot of the queue, presence, the page of the shift, pauses and the ledger, as the screens show them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake109.queue import blindness
from intake109.review_ui.live.feed import Feed
from intake109.review_ui.office.blindness import ledger, shown
from intake109.store import changes, duties, health, people, spells
from intake109.store.tables import HandoverRow, PauseRow, TaskRow
from tests.city import ZONE
from tests.conftest import NOON
from tests.review_ui.office import CHEAP
from tests.review_ui.workplace import Workplace

MINUTE = timedelta(minutes=1)


def blind(workplace: Workplace, since: timedelta = 30 * MINUTE) -> None:
    now = workplace.clock.now()
    with workplace.database.write() as session:
        row = health.of(session, "instagram.tags", "instagram")
        row.last_good_at, row.errors_in_row = now - since, 5
        blindness.keep(session, now)


def foot(page: str) -> str:
    found = re.search(r'<footer class="desk-line.*?</footer>', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_the_foot_is_always_there_so_that_nothing_moves_when_a_channel_goes_blind(workplace: Workplace) -> None:
    calm = foot(workplace.anna.page("/"))
    blind(workplace)

    seen = foot(workplace.anna.page("/"))

    assert "Все каналы видны" in calm
    assert "Instagram: отметки: не видно с 11:30" in seen


def test_an_unusual_quiet_is_a_warning_and_no_blindness(workplace: Workplace) -> None:
    calm = workplace.anna.page("/")
    with workplace.database.write() as session:
        row = health.of(session, "whatsapp", "whatsapp")
        row.last_event_at = row.last_good_at = row.quiet_since = workplace.clock.now() - 90 * MINUTE

    page, office = workplace.anna.page("/"), workplace.office.desk("supervisor").get("/health")

    assert re.search("WhatsApp[^<]*: необычно тихо с 10:30, проверьте вебхук", foot(page))
    assert re.findall(r'data-sign="([^"]*)"', foot(calm)) != re.findall(r'data-sign="([^"]*)"', foot(page))
    assert "Необычно тихо с 10:30" in office
    assert 'class="vital warn"' in office
    with workplace.database.read() as session:
        assert (shown(session, workplace.clock.now()), spells.going_on(session)) == ([], [])


def test_everybody_reads_why_a_channel_is_paused_and_only_a_supervisor_pauses(workplace: Workplace) -> None:
    refused = workplace.anna.send("/channels/instagram/pause", reason="так")
    workplace.bolat.send("/channels/instagram/pause", reason="меняем <пароль>")

    page = workplace.anna.page("/")
    unknown = workplace.bolat.send("/channels/manual/pause", reason="так")
    silent = workplace.bolat.send("/channels/telegram/pause", reason=" ")

    assert refused.status_code == 403
    assert "Instagram на паузе: меняем &lt;пароль&gt;" in foot(page)
    assert (unknown.status_code, silent.status_code) == (404, 422)
    assert workplace.all(PauseRow, lambda row: row.channel) == ["instagram"]  # type: ignore[attr-defined]

    workplace.bolat.send("/channels/instagram/resume")
    assert "Все каналы видны" in foot(workplace.anna.page("/"))


def test_the_health_page_draws_the_day_and_counts_overlapping_spells_once(workplace: Workplace) -> None:
    with workplace.database.write() as session:
        spells.note(session, "instagram.tags", "instagram", NOON - 60 * MINUTE, NOON - 30 * MINUTE, "errors")
        spells.note(session, "instagram.webhook", "instagram", NOON - 45 * MINUTE, NOON - 20 * MINUTE, "unsubscribed")
        spells.note(session, "instagram.tags", "instagram", NOON - 13 * 60 * MINUTE, NOON - 11 * 60 * MINUTE, "errors")

    with workplace.database.read() as session:
        today, yesterday, before = ledger(session, 3, ZONE, NOON)["instagram"]
    page = workplace.anna.page("/health")

    assert [(part.start, part.width) for part in today.stretches] == [(0.0, 60.0), (660.0, 30.0), (675.0, 25.0)]
    assert (today.minutes, yesterday.minutes, before.minutes, today.until) == (100, 60, 0, 720.0)
    assert '<rect class="unseen errors" x="660.0" width="30.0"' in page
    assert "11:00–11:30" in page
    assert "платформа перестала нас звать" in page


def test_what_the_ledger_does_not_hold_yet_is_told_all_the_same(workplace: Workplace) -> None:
    with workplace.database.write() as session:
        row = health.of(session, "telegram", "telegram")
        row.last_good_at, row.rhythm_s = NOON - 10 * MINUTE, 120.0

    with workplace.database.read() as session:
        found = shown(session, NOON)

    assert [(one.name, one.since, one.reason) for one in found] == [("telegram", NOON - 10 * MINUTE, "silence")]


def test_what_was_found_late_says_so_on_line_and_task(workplace: Workplace) -> None:
    task_id = workplace.waits()
    with workplace.database.write() as session:
        spells.note(session, "telegram", "telegram", NOON - 27 * MINUTE, NOON, "errors")
        task = session.get_one(TaskRow, task_id)
        task.blind_spell_id = spells.hiding(session, "telegram", NOON - MINUTE, NOON)

    page = workplace.anna.page("/")
    opened = workplace.anna.open(task_id)

    assert "пришло поздно" in page
    assert "Telegram не было видно 11:33–12:00. На счёт инспекторов не идёт." in opened


def test_a_reader_is_shown_to_others_not_to_the_reader(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.bolat.send(f"/tasks/{task_id}/reading")

    shown_to_anna = workplace.anna.open(task_id)
    shown_to_bolat = workplace.bolat.part(f"/tasks/{task_id}").text
    lines = workplace.anna.page("/")
    workplace.bolat.send(f"/tasks/{task_id}/left")

    names = re.compile(r'id="readers"[^>]*?( hidden)?>.*?<span>(.*?)</span>', re.DOTALL)
    assert names.findall(shown_to_anna) == [("", "Supervisor")]
    assert names.findall(shown_to_bolat) == [(" hidden", "")]
    assert "<span>у вас, Supervisor</span>" in lines
    assert names.findall(workplace.anna.part(f"/tasks/{task_id}").text) == [(" hidden", "")]


def test_a_page_that_beats_on_writes_no_hints(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.bolat.send(f"/tasks/{task_id}/reading")
    with workplace.database.read() as session:
        seen = changes.last_id(session)

    workplace.clock.advance(timedelta(seconds=15))
    workplace.bolat.send(f"/tasks/{task_id}/reading")

    with workplace.database.read() as session:
        assert changes.last_id(session) == seen


def test_the_feed_tells_who_reads_and_who_was_given_what(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.send("/shift/duty", state="on")
    workplace.bolat.send(f"/tasks/{task_id}/reading")
    workplace.bolat.send(f"/tasks/{task_id}/give", to=str(workplace.office.staff["inspector"]))

    news = Feed(workplace.database, workplace.clock).missed(0).data

    supervisor = workplace.office.staff["supervisor"]
    assert f'"readers": [[{supervisor}, "Supervisor"]]' in news
    assert '"given_by": "Supervisor"' in news


def test_only_a_supervisor_gives_and_the_person_finds_it_at_the_foot(workplace: Workplace) -> None:
    task_id = workplace.waits()
    anna = str(workplace.office.staff["inspector"])
    refused = workplace.anna.send(f"/tasks/{task_id}/give", to=anna)
    absent = workplace.bolat.send(f"/tasks/{task_id}/give", to=anna)
    workplace.anna.send("/shift/duty", state="on")

    choice = workplace.bolat.part(f"/tasks/{task_id}/give").text
    given = workplace.bolat.send(f"/tasks/{task_id}/give", to=anna)
    told = workplace.anna.part("/desk-line").text
    workplace.anna.open(task_id)

    assert (refused.status_code, absent.status_code) == (403, 422)
    assert "Inspector" in choice
    assert "Inspector читает" in given.text
    assert "Supervisor передаёт вам задачу" in told
    assert "передаёт вам задачу" not in workplace.anna.part("/desk-line").text


def test_a_newer_draft_of_somebody_else_is_offered_and_can_be_taken(workplace: Workplace) -> None:
    task_id = workplace.waits()
    workplace.anna.send(f"/tasks/{task_id}/draft", note="моё")
    workplace.clock.advance(MINUTE)
    workplace.bolat.send(f"/tasks/{task_id}/draft", note="чужое")

    own = workplace.anna.part(f"/tasks/{task_id}").text
    taken = workplace.anna.part(f"/tasks/{task_id}?draft={workplace.office.staff['supervisor']}").text

    assert ">моё</textarea>" in own
    assert "Supervisor писал(а) здесь позже вас" in own
    assert ">чужое</textarea>" in taken


@pytest.mark.parametrize(("role", "state"), [("inspector", "on"), ("supervisor", "off")])
def test_logging_in_begins_an_inspectors_shift_and_logging_out_ends_it(
    workplace: Workplace, role: str, state: str
) -> None:
    user_id, screen = workplace.office.staff[role], workplace.anna
    with workplace.database.write() as session:
        people.log_out_everywhere(session, user_id)
        user = people.by_login(session, role)
        assert user is not None
        user.password_hash = CHEAP.hash("correct horse")
    screen.client.cookies.clear()

    screen.client.post("/login", data={"login": role, "password": "correct horse"})
    with workplace.database.read() as session:
        begun = duties.state_of(session, user_id)
    csrf = re.search(r'data-csrf="(.*?)"', screen.page("/shift"))
    assert csrf is not None
    screen.client.post("/logout", data={"csrf": csrf[1]})

    with workplace.database.read() as session:
        assert (begun, duties.state_of(session, user_id)) == (state, "off")


def test_a_shift_is_handed_over_on_paper_too(workplace: Workplace) -> None:
    workplace.waits("Открытый люк")
    workplace.anna.send("/shift/duty", state="on")
    answer = workplace.anna.send("/shift/handover", note="<b>Ждём</b>", leaving="yes")
    address = answer.headers["location"].partition("?")[0]

    waiting = workplace.bolat.page("/shift")
    own = workplace.anna.send(f"{address}/sign")
    workplace.bolat.send(f"{address}/sign")
    sheet = workplace.anna.page(address)

    assert "Inspector сдаёт смену" in waiting
    assert own.status_code == 409
    assert "&lt;b&gt;Ждём&lt;/b&gt;" in sheet
    assert "Открытый люк" in sheet
    assert "data-print" in sheet
    with workplace.database.read() as session:
        (row,) = session.execute(select(HandoverRow)).scalars()
        assert duties.state_of(session, row.incoming_id or 0) == "on"
        assert duties.state_of(session, row.outgoing_id) == "off"
    assert workplace.anna.client.get("/shift/99").status_code == 404
