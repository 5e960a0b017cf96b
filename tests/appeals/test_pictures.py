"""The executor's pictures go with the question whether it is solved."""

from __future__ import annotations

from dataclasses import replace

from intake109.appeals.work.answers import Enclosed
from intake109.model import Channel
from intake109.outbox import delivery
from intake109.store.tables import MentionRow, OutboxRow
from tests.appeals.cases import registered
from tests.appeals.voices import owed
from tests.appeals.work import DONE, PHOTO, answer
from tests.desk import Desk

PICTURES = tuple(replace(PHOTO, sha256=letter * 64) for letter in "abcd")


def outgoing(desk: Desk, row: OutboxRow, kept: dict[str, bytes]) -> list[bytes]:
    """Return the pictures that go with a message, where only these files are kept."""

    def fetch(sha256: str) -> bytes:
        if sha256 not in kept:
            raise FileNotFoundError(sha256)
        return kept[sha256]

    with desk.database.read() as session:
        return [one.content for one in delivery.outgoing(session, row, "", desk.clock.now(), fetch).photos]


def test_three_pictures_of_the_answer_go_with_the_question_and_no_document(desk: Desk) -> None:
    number = registered(desk)
    act = Enclosed("f" * 64, "application/pdf", "акт.pdf")

    answer(desk, number, replace(DONE, files=(act, *PICTURES)))

    (question,) = owed(desk, "satisfaction")
    kept = {one.sha256: one.sha256[:1].encode() for one in PICTURES}
    assert outgoing(desk, question, kept) == [b"a", b"b", b"c"]


def test_a_picture_that_is_gone_holds_nothing_back(desk: Desk) -> None:
    number = registered(desk)

    answer(desk, number, replace(DONE, files=PICTURES[:2]))

    (question,) = owed(desk, "satisfaction")
    assert outgoing(desk, question, {"b" * 64: b"b"}) == [b"b"]


def test_before_everybody_there_are_no_pictures(desk: Desk) -> None:
    number = registered(desk)
    with desk.database.write() as session:
        session.get_one(MentionRow, 1).is_public = True

    answer(desk, number)

    (question,) = owed(desk, "satisfaction")
    assert "photos" not in question.details


def test_a_template_of_whatsapp_goes_without(desk: Desk) -> None:
    number = registered(desk)
    with desk.database.write() as session:
        session.get_one(MentionRow, 1).channel = Channel.WHATSAPP.value
    answer(desk, number)
    (question,) = owed(desk, "satisfaction")

    desk.clock.advance(delivery._WHATSAPP_WINDOW)

    assert question.details["photos"]
    assert outgoing(desk, question, {PHOTO.sha256: b"a"}) == []
