"""Channels, quarantine, undelivered messages: who sees them, what they say, what their buttons do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlmodel import col

from intake109.clock import MovedClock
from intake109.config import Channels, Config, Website
from intake109.model import Channel, Event
from intake109.review_ui import vitals
from intake109.review_ui.app import create_app
from intake109.review_ui.raw_json import pretty
from intake109.store import audit, events, figures, health, undelivered
from intake109.store.database import Database
from intake109.store.tables import AuditRow, ConversationRow, EventRow, HealthRow, LookupRow, MessageRow, OutboxRow
from tests.city import said
from tests.conftest import NOON
from tests.review_ui.office import Office, empty_database, open_office, parts_of

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def quarantine(office: Office, key: str, payload: str, error: str = "unknown field") -> int:
    with office.database.write() as session:
        events.save_batch(session, [Event(Channel.WHATSAPP, key, payload, "whatsapp.webhook")], office.clock.now())
        row = session.execute(select(EventRow).order_by(col(EventRow.id).desc())).scalars().first()
        assert row is not None
        assert row.id is not None
        row.handled_at = office.clock.now()
        events.quarantine(row, error, office.clock.now())
        return row.id


def fail(office: Office, state: str = "by_hand", error: str = "the citizen has blocked the bot") -> int:
    """Register an appeal whose acknowledgement cannot be delivered."""
    office.register("1", "Яма", address="Абая 10")
    with office.database.write() as session:
        row = session.execute(select(OutboxRow)).scalars().one()
        row.state, row.last_error, row.settled_at, row.attempts = state, error, office.clock.now(), 1
        assert row.id is not None
        return row.id


def letter(office: Office, row_id: int) -> OutboxRow:
    with office.database.read() as session:
        row = session.get(OutboxRow, row_id)
    assert row is not None
    return row


def acts(office: Office, subject: str) -> list[tuple[str, int | None]]:
    with office.database.read() as session:
        rows = session.execute(select(AuditRow)).scalars().all()
    return [(row.action, row.actor_id) for row in rows if row.subject == subject]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/health", {"inspector", "supervisor", "administrator"}),
        ("/quarantine", {"supervisor", "administrator"}),
        ("/outbox", {"supervisor", "administrator"}),
        ("/operations/badge", {"supervisor", "administrator"}),
        ("/staff", {"administrator"}),
        ("/appeals", {"inspector", "supervisor", "quality", "executor", "administrator"}),
    ],
)
def test_each_page_opens_for_its_roles_only(office: Office, address: str, allowed: set[str]) -> None:
    statuses = {role: office.desk(role).status(address) for role in office.staff}

    assert statuses == {role: 200 if role in allowed else 403 for role in office.staff}


def test_nobody_sees_them_without_a_login(office: Office) -> None:
    client = TestClient(office.app, follow_redirects=False)

    answers = [client.get(page) for page in ("/health", "/quarantine", "/outbox", "/appeals", "/staff")]

    assert {answer.status_code for answer in answers} == {303}
    assert all(answer.headers["Location"].startswith("/login") for answer in answers)


def test_no_button_works_from_a_foreign_site(office: Office) -> None:
    event, message = quarantine(office, "k", "{}"), fail(office)
    boss = office.desk("administrator")

    statuses = [
        boss.forge(address)
        for address in (
            f"/quarantine/{event}/replay",
            "/quarantine/replay",
            "/quarantine/lookups/1/retry",
            f"/outbox/{message}/sent",
            f"/outbox/{message}/again",
            "/staff",
            "/staff/1",
            "/staff/1/access",
            "/staff/1/password",
            "/staff/1/logout",
        )
    ]

    assert set(statuses) == {403}
    assert letter(office, message).state == "by_hand"


def test_no_button_works_for_an_inspector(office: Office) -> None:
    event, message = quarantine(office, "k", "{}"), fail(office)
    inspector = office.desk("inspector")

    statuses = [
        inspector.post(address)
        for address in (f"/quarantine/{event}/replay", "/quarantine/replay", f"/outbox/{message}/sent", "/staff")
    ]

    assert set(statuses) == {403}


def test_the_health_page_says_what_to_do(office: Office) -> None:
    with office.database.write() as session:
        row = health.of(session, "instagram.tags", "instagram")
        row.errors_in_row, row.backoff, row.last_error = 7, "auth_lost", f"code 190 {HOSTILE}"
        row.retry_at = office.clock.now() + timedelta(minutes=5)
        health.count_rejected(session, "whatsapp", "whatsapp", office.clock.now())

    page = office.desk("inspector").get("/health")

    assert "Instagram: отметки" in page
    assert "Токен или сессия больше не действует" in page
    assert "7 ошибок подряд" in page
    assert HOSTILE not in page
    assert "Подпись не сошлась" in page


def test_a_collector_is_judged_by_its_breaker_and_its_token() -> None:
    def tone(**values: object) -> tuple[str, str]:
        found = vitals.vital(HealthRow(name="x", channel="x", last_good_at=NOON, **values), NOON)  # type: ignore[arg-type]
        return found.state, found.tone

    later = NOON + timedelta(minutes=5)
    assert tone() == ("closed", "good")
    assert tone(errors_in_row=1, retry_at=later) == ("waiting", "warn")
    assert tone(errors_in_row=9, retry_at=later) == ("open", "bad")
    assert tone(errors_in_row=9, retry_at=NOON) == ("trial", "bad")
    assert tone(credentials_expire_at=NOON) == ("closed", "bad")
    assert tone(credentials_expire_at=NOON + timedelta(days=6)) == ("closed", "warn")
    assert tone(credentials_expire_at=NOON + timedelta(days=8)) == ("closed", "good")


def test_an_enabled_channel_that_was_never_heard_is_shown_and_no_good_one_above_a_bad_one() -> None:
    config = Config(channels=Channels(website=Website(enabled=True)))
    rows = [
        HealthRow(name="a", channel="telegram", last_good_at=NOON),
        HealthRow(name="b", channel="whatsapp", errors_in_row=6),
        HealthRow(name="job.carrying", channel="system", errors_in_row=1),
    ]

    found = vitals.collectors(rows, config, NOON)

    assert [(one.row.name, one.tone) for one in found] == [("b", "bad"), ("website", "idle"), ("a", "good")]
    assert [one.row.name for one in vitals.jobs(rows, NOON)] == ["job.carrying"]


def test_the_probe_answers_without_a_login(office: Office) -> None:
    well = TestClient(office.app).get("/healthz")

    assert (well.status_code, well.json()) == (200, {"database": "ok", "disk": "ok"})


def test_the_probe_fails_when_the_database_does_not_answer(clock: MovedClock, tmp_path: Path) -> None:
    lost = Database("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1")

    answer = TestClient(create_app(parts_of(lost, clock, tmp_path))).get("/healthz")
    lost.close()

    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_figures_are_for_this_machine_and_for_administrators(office: Office) -> None:
    quarantine(office, "k", "{}")
    fail(office)
    near = TestClient(office.app, client=("127.0.0.1", 5000))
    far = TestClient(office.app, client=("203.0.113.5", 5000), follow_redirects=False)

    text = near.get("/metrics").text

    assert 'intake109_events_stored_total{channel="whatsapp"} 1.0' in text
    assert 'intake109_events_quarantined{channel="whatsapp"} 1.0' in text
    assert 'intake109_outbox_messages{state="by_hand"} 1.0' in text
    assert "intake109_tasks_oldest_wait_seconds 0.0" in text
    assert far.get("/metrics").status_code == 303
    assert near.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}, follow_redirects=False).status_code == 303
    assert office.desk("administrator").status("/metrics") == 200
    assert office.desk("supervisor").status("/metrics") == 403


def test_the_oldest_wait_counts_from_the_citizens_words(office: Office) -> None:
    office.street.hear(said("9", "Яма", office.clock.now() - timedelta(minutes=3)))

    with office.database.read() as session:
        found = figures.waiting_tasks(session)

    assert (found.count, found.oldest) == (1, office.clock.now() - timedelta(minutes=3))


def test_a_hostile_delivery_is_shown_as_text(office: Office) -> None:
    event = quarantine(office, "k", json.dumps({"text": HOSTILE, "words": "Қар"}), error=HOSTILE)
    boss = office.desk("supervisor")

    pages = boss.get("/quarantine") + boss.get(f"/quarantine/{event}")

    assert HOSTILE not in pages
    assert "&lt;script&gt;" in pages
    assert "Қар" in pages


@pytest.mark.parametrize(
    "payload", ["", "no json", "[" * 100_000, '{"a": "\\ud83d"}', '{"photo": "' + "A" * 300_000 + '"}']
)
def test_any_payload_can_be_shown_and_is_never_endless(payload: str) -> None:
    shown = pretty(payload)

    assert len(shown) <= 210_000
    shown.encode()


def test_replay_gives_one_event_back_and_is_written_down(office: Office) -> None:
    first, second = quarantine(office, "a", "{}"), quarantine(office, "b", "{}")
    boss = office.desk("supervisor")

    answers = [boss.post(f"/quarantine/{first}/replay"), boss.post(f"/quarantine/{first}/replay")]

    assert answers == [303, 409]
    with office.database.read() as session:
        assert events.waiting(session, office.clock.now(), 9) == [first]
        assert [row.id for row in events.quarantined(session, 9)] == [second]
    assert acts(office, "event") == [("replayed", office.staff["supervisor"])]


def test_replay_of_a_channel_leaves_the_others(office: Office) -> None:
    quarantine(office, "a", "{}")
    boss = office.desk("supervisor")

    other = boss.post("/quarantine/replay", channel="telegram")
    with office.database.read() as session:
        before = events.quarantined_by_channel(session)
    own = boss.post("/quarantine/replay", channel="whatsapp")
    unknown = boss.post("/quarantine/replay", channel="viber")

    with office.database.read() as session:
        assert (before, events.quarantined_by_channel(session)) == ({"whatsapp": 1}, {})
    assert (other, own, unknown) == (303, 303, 404)


def test_quarantine_is_paged_without_gaps(office: Office) -> None:
    ids = [quarantine(office, str(number), "{}") for number in range(35)]
    boss = office.desk("supervisor")

    first, second = boss.get("/quarantine"), boss.get(f"/quarantine?before={ids[5]}")

    assert all(f'"/quarantine/{one}"' in first for one in ids[5:])
    assert f'"/quarantine/{ids[4]}"' not in first
    assert all(f'"/quarantine/{one}"' in second for one in ids[:5])


def test_a_failed_look_up_can_be_asked_for_again(office: Office) -> None:
    with office.database.write() as session:
        row = LookupRow(
            channel="instagram",
            key="m:1",
            state="failed",
            reason=HOSTILE,
            attempts=5,
            next_attempt_at=office.clock.now(),
        )
        session.add(row)
        session.flush()
        lookup_id = row.id
    boss = office.desk("supervisor")

    page = boss.get("/quarantine")
    answers = [boss.post(f"/quarantine/lookups/{lookup_id}/retry") for _ in range(2)]

    assert ("m:1" in page, HOSTILE in page, answers) == (True, False, [303, 409])
    with office.database.read() as session:
        found = session.get(LookupRow, lookup_id)
    assert found is not None
    assert (found.state, found.attempts) == ("waiting", 0)


def test_what_could_not_be_delivered_is_shown_with_reason_and_ways_to_answer(office: Office) -> None:
    fail(office, error=f"blocked {HOSTILE}")
    with office.database.write() as session:
        citizen = session.execute(select(ConversationRow)).scalars().one()
        citizen.username, citizen.phone, citizen.name = 'x" onclick="alert(1)', "+7 701 555 01 99", HOSTILE

    page = office.desk("supervisor").get("/outbox")

    assert "2026-000001" in page
    assert "https://t.me/x%22%20onclick%3D%22alert%281%29" in page
    assert HOSTILE not in page


def test_a_post_with_a_dangerous_address_gets_no_link(office: Office) -> None:
    office.register("1", "Яма", permalink="javascript:alert(1)")
    with office.database.write() as session:
        session.execute(select(OutboxRow)).scalars().one().state = "failed"

    assert "javascript:" not in office.desk("supervisor").get("/outbox")


def test_sent_by_hand_counts_as_sent_stands_in_the_talk_and_is_written_down(office: Office) -> None:
    row_id = fail(office)
    boss = office.desk("supervisor")

    answers = [boss.post(f"/outbox/{row_id}/sent"), boss.post(f"/outbox/{row_id}/sent"), boss.post("/outbox/999/sent")]

    row = letter(office, row_id)
    assert answers == [303, 409, 404]
    assert (row.state, row.delivery, row.settled_at) == ("sent", "sent", office.clock.now())
    assert acts(office, "outbox") == [("sent by hand", office.staff["supervisor"])]
    with office.database.read() as session:
        ours = session.execute(select(MessageRow)).scalars().all()
        assert [message.text for message in ours if message.is_ours] == [row.text]
        assert undelivered.count(session) == 0


def test_try_again_owes_the_message_at_once(office: Office) -> None:
    row_id = fail(office, state="unknown")
    office.clock.advance(timedelta(hours=2))

    status = office.desk("supervisor").post(f"/outbox/{row_id}/again")

    row = letter(office, row_id)
    assert (status, row.state, row.not_before) == (303, "owed", office.clock.now())
    assert acts(office, "outbox") == [("tried again", office.staff["supervisor"])]


def test_the_bar_counts_what_calls_for_somebody(office: Office) -> None:
    quarantine(office, "a", "{}")
    fail(office)

    assert office.desk("supervisor").get("/operations/badge") == "2"


def test_an_empty_house_says_so(office: Office) -> None:
    boss = office.desk("administrator")

    assert "В карантине пусто" in boss.get("/quarantine")
    assert "Всё доставлено" in boss.get("/outbox")
    assert boss.get("/operations/badge") == ""


def test_a_done_note_from_a_foreign_link_says_nothing_of_its_own(office: Office) -> None:
    page = office.desk("supervisor").get(f"/quarantine?done={HOSTILE}&n=999999999999")

    assert HOSTILE not in page


def test_acts_keep_their_order(office: Office) -> None:
    event = quarantine(office, "a", "{}")
    office.desk("supervisor").post(f"/quarantine/{event}/replay")

    with office.database.read() as session:
        assert [row.action for row in audit.of(session, "event", event)] == ["replayed"]
