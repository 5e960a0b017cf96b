"""Channels, quarantine, undelivered messages: who sees them, what they say, what their buttons do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from intake109.clock import MovedClock
from intake109.review_ui.office.raw_json import pretty
from intake109.store import events, undelivered
from intake109.store.tables import AuditRow, ConversationRow, LookupRow, MessageRow, OutboxRow
from tests.review_ui.office import Office, empty_database, fail, open_office, quarantine

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


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
