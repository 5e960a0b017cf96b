"""A clerk who presses "Reply" is heard: once, whatever breaks off, and nothing that comes is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake109.appeals.work import replies as taking
from intake109.clock import MovedClock
from intake109.errors import ChannelError, ConflictError
from intake109.outbox.links import GOOD_FOR
from intake109.store import answers, organisations
from intake109.store.database import Database
from intake109.store.tables import AnswerRow, AppealRow, OutboxRow, ReplyRow
from tests.imap import ImapServer
from tests.jobs.mailing import OURS, PHOTO, RULES_HERE, KilledError, Office
from tests.organisations import ADDRESS


@pytest.fixture
def server() -> Iterator[ImapServer]:
    found = ImapServer()
    yield found
    found.close()


@pytest.fixture
def office(database: Database, clock: MovedClock, server: ImapServer, tmp_path: Path) -> Office:
    return Office(database, clock, server, tmp_path, 200_000)


def test_a_reply_with_a_photo_answers_the_appeal(office: Office) -> None:
    letter = office.reply("Яма заделана 20.11, фото приложено\n\nМастер Иванов\n\n№ 2026-000001 · Абая 10\n\nСрок")
    letter.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="яма.jpg")
    uid = office.server.bring(letter)

    office.look()

    (answer,) = office.rows(AnswerRow)
    assert (answer.text, answer.via) == ("Яма заделана 20.11, фото приложено\n\nМастер Иванов", "email")
    with office.desk.database.read() as session:
        assert [file.file_name for file in answers.files(session, [answer.id or 0])[answer.id or 0]] == ["яма.jpg"]
    assert (office.status(), answer.judgement, office.left()) == ("answered", "accepted", [])
    assert office.server.seen() == [uid]


def test_the_letter_says_how_to_reply_and_how_to_give_back(office: Office) -> None:
    text = next(row.text for row in office.rows(OutboxRow) if row.purpose == "forward")

    assert "ответить на это сообщение" in text
    assert "жауап беруге болады" in text
    assert "Это не наше" in text
    assert re.search(rf"/x/{re.escape(office.token)}", text)


def test_what_is_read_twice_is_one_answer(office: Office) -> None:
    office.server.bring(office.reply())
    office.look()
    office.server.bring(office.reply())
    office.look()
    office.server.validity = 8  # the server has numbered its letters anew
    office.look()

    assert len(office.rows(AnswerRow)) == 1
    assert len(office.rows(ReplyRow)) == 1


@pytest.mark.parametrize("dies_at", ["STORE", "BODY.PEEK", "RFC822.SIZE", "SEARCH", "SELECT"])
def test_a_connection_that_breaks_off_loses_and_doubles_nothing(office: Office, dies_at: str) -> None:
    uid = office.server.bring(office.reply())
    office.server.dies_at = dies_at
    with pytest.raises(ChannelError):
        office.look()
    office.look()

    assert len(office.rows(AnswerRow)) == 1
    assert office.server.seen() == [uid]


def test_a_crash_before_the_commit_leaves_the_letter_unseen_and_it_is_read_again(office: Office) -> None:
    uid = office.server.bring(office.reply())

    with pytest.raises(KilledError):
        office.look(is_killed=True)
    seen_before, kept_before = office.server.seen(), office.rows(ReplyRow)
    office.look()

    assert (seen_before, kept_before) == ([], [])
    assert len(office.rows(AnswerRow)) == 1
    assert office.server.seen() == [uid]


def test_a_letter_somebody_has_opened_before_us_is_read_all_the_same(office: Office) -> None:
    office.server.bring(office.reply(name="first"))
    office.look()
    office.server.bring(office.reply("Ещё фото", name="second"), r"\Seen")

    office.look()

    assert len(office.rows(AnswerRow)) == 2


def test_a_token_in_the_quoted_link_is_enough(office: Office) -> None:
    quoted = f"Яма заделана 20.11\n\n> {ADDRESS}/x/{office.token}\n"

    office.server.bring(office.reply(quoted, In_Reply_To="<other@x>"))
    office.look()

    assert len(office.rows(AnswerRow)) == 1


def test_what_is_no_answer_waits_for_a_person(office: Office) -> None:
    forged = office.token[:-2] + ("AA" if office.token[-2:] != "AA" else "BB")
    for letter in (
        office.reply(name="1", In_Reply_To="<nothing@x>"),
        office.reply(name="2", In_Reply_To=OURS.format(token=forged)),
        office.reply(name="3", sender="somebody@else.kz"),
        office.reply(name="4", Auto_Submitted="auto-replied"),
        office.reply(" ", name="5"),
        office.reply("я" * 150_000, name="6"),
        b"From: roads@example.kz\r\nMessage-ID: <7@x>\r\nIn-Reply-To: "
        + OURS.format(token=office.token).encode()
        + b"\r\nContent-Type: text/plain; charset=x-none\r\n\r\n"
        + "Сделано".encode("cp1251"),
        b"From: roads@example.kz\r\nMessage-ID: <8@x>\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--r\r\nx",
    ):
        office.server.bring(letter)

    office.look()

    assert office.rows(AnswerRow) == []
    assert office.left()[::-1] == [
        "no_token",
        "no_token",
        "stranger",
        "automatic",
        "empty",
        "too_big",
        "charset",
        "broken",
    ]
    assert len(office.server.seen()) == 8


def test_a_reply_to_an_appeal_that_is_somebody_elses_by_now_waits_for_a_person(office: Office) -> None:
    with office.desk.database.write() as session:
        session.get_one(AppealRow, office.appeal.id).organisation = ""
    office.server.bring(office.reply())

    office.look()

    assert (office.rows(AnswerRow), office.left()) == ([], ["moved"])


def test_a_token_that_is_too_old_is_none(office: Office) -> None:
    office.server.bring(office.reply())
    office.desk.clock.advance(office.appeal.deadline_at - office.desk.clock.now() + GOOD_FOR)

    office.look()

    assert office.left() == ["no_token"]


def test_a_file_that_is_not_kept_is_told_of_and_the_words_count(office: Office) -> None:
    letter = office.reply()
    letter.add_attachment(b"PK\x03\x04zip", maintype="application", subtype="zip", filename="фото.zip")
    office.server.bring(letter)

    office.look()

    assert (len(office.rows(AnswerRow)), office.left()) == (1, ["files"])
    assert next(iter(office.rows(ReplyRow))).left_out == ["фото.zip"]


def test_a_letter_that_came_back_is_shown_where_undelivered_ones_are(office: Office) -> None:
    letter = next(row for row in office.rows(OutboxRow) if row.purpose == "forward")
    with office.desk.database.write() as session:
        row = session.get_one(OutboxRow, letter.id)
        row.state, row.external_id = "sent", "<ours@109>"
    bounce = (
        b"From: MAILER-DAEMON@mx\r\nMessage-ID: <b@mx>\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nNo such mailbox here\r\n"
        b"--x\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n"
        b"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@109>\r\n\r\n--x--\r\n"
    )
    office.server.bring(bounce)

    office.look()

    letter = next(row for row in office.rows(OutboxRow) if row.purpose == "forward")
    assert (letter.state, "No such mailbox here" in letter.last_error) == ("by_hand", True)
    assert (office.rows(AnswerRow), office.left()) == ([], [])


@pytest.mark.parametrize(
    ("settings", "says"), [({"password": "wrong"}, "refuses the password"), ({"folder": "Nowhere"}, "no folder")]
)
def test_a_mailbox_that_cannot_be_read_says_why(office: Office, settings: dict[str, object], says: str) -> None:
    with pytest.raises(ChannelError, match=says):
        office.look(settings)


def test_a_person_says_which_appeal_a_letter_answers_once(office: Office) -> None:
    office.server.bring(office.reply(sender="ivan@home.kz"))
    office.look()
    (row,) = office.rows(ReplyRow)
    now, setting = office.desk.clock.now(), RULES_HERE.setting

    with office.desk.database.write() as session:
        taking.take_as_answer(session, row.id or 0, office.appeal.number, office.desk.anna, setting, now)

    assert (office.status(), office.left()) == ("answered", [])
    with pytest.raises(ConflictError), office.desk.database.write() as session:
        taking.take_as_answer(session, row.id or 0, office.appeal.number, office.desk.bolat, setting, now)


def test_who_replies_for_whom_is_known_by_the_organisations_own_address_only(office: Office) -> None:
    with office.desk.database.write() as session:
        row = organisations.by_code(session, "roads-1")
        assert row is not None
        row.address = "new@example.kz"
    office.server.bring(office.reply())

    office.look()

    assert office.left() == ["stranger"]
