"""What an executor replies in Telegram is an answer; what is no reply is neither an answer nor a citizen's mention."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.collectors.base import Download
from intake109.errors import ChannelError, MediaError
from intake109.jobs.loop import Threads
from intake109.jobs.replying import Replying
from intake109.media.files import FileStore
from intake109.model import Attachment, AttachmentKind, Author, Channel, Message
from intake109.queue import decisions
from intake109.store import answers, replies
from intake109.store.database import Database
from intake109.store.tables import AnswerRow, AppealRow, MentionRow, OutboxRow, ReplyRow
from tests.city import RULES
from tests.desk import PIT, Desk
from tests.organisations import ADDRESS, city_wide

CHAT = "-100777"
LETTER = f"{CHAT}:55"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
RULES_HERE = replace(RULES, address=ADDRESS)


class Photos:
    """A platform's files by reference; one that is an error is raised."""

    channel = Channel.TELEGRAM

    def __init__(self) -> None:
        self.files: dict[str, bytes | MediaError | ChannelError] = {}

    @asynccontextmanager
    async def open(self, reference: str) -> AsyncIterator[Download]:
        found = self.files[reference]
        if not isinstance(found, bytes):
            raise found

        async def chunks() -> AsyncIterator[bytes]:
            yield found

        yield Download(chunks())


class Chat:
    """A chat of an organisation, into which one letter has gone."""

    def __init__(self, database: Database, clock: MovedClock, folder: Path, threads: Threads) -> None:
        self.desk, self.clock = Desk(database, clock), clock
        self.photos = Photos()
        city_wide(database, clock, way="telegram", address=CHAT)
        task_id = self.desk.waits()
        with database.write() as session:
            self.appeal = decisions.register(session, task_id, self.desk.anna, PIT, RULES_HERE, clock.now())
        (letter,) = (row for row in self.desk.rows(OutboxRow) if row.purpose == "forward")
        with database.write() as session:
            row = session.get_one(OutboxRow, letter.id)
            row.state, row.external_id = "sent", LETTER
        sources = {Channel.TELEGRAM: self.photos}
        setting = RULES_HERE.setting
        self.job = Replying(sources, FileStore(folder, 2**20), lambda: setting, database, clock, threads)
        self._said = 100

    def say(self, text: str = "", *, quotes: str = LETTER, photo: str = "", **more: object) -> Message:
        self._said += 1
        message = Message(
            key=f"{CHAT}:{self._said}",
            thread=CHAT,
            author=Author("5", "Мастер"),
            text=text,
            mentioned_at=self.clock.now(),
            reply_to=json.dumps({"chat_id": int(CHAT), "message_id": self._said}),
            attachments=(Attachment(AttachmentKind.PHOTO, photo),) if photo else (),
            quotes=quotes,
            is_public=True,
            **more,  # type: ignore[arg-type]
        )
        self.desk.street.hear(message)
        return message

    def work(self) -> None:
        """Do what the job finds to do."""
        while asyncio.run(self.job.step()):
            pass

    def mentions(self) -> int:
        return len(self.desk.rows(MentionRow)) - 1

    def left(self) -> list[str]:
        with self.desk.database.read() as session:
            return [row.why or row.state for row, _ in replies.waiting_for_a_person(session)]

    def hints(self) -> int:
        return sum(row.purpose == "dialogue" for row in self.desk.rows(OutboxRow))


@pytest.fixture
def chat(database: Database, clock: MovedClock, tmp_path: Path) -> Iterator[Chat]:
    threads = Threads()
    yield Chat(database, clock, tmp_path, threads)
    threads.close()


def test_a_reply_with_a_photo_answers_the_appeal_and_is_nobodys_mention(chat: Chat) -> None:
    chat.photos.files["p1"] = PNG
    chat.say("Яма заделана 20.11, фото", photo="p1")

    chat.work()

    (answer,) = chat.desk.rows(AnswerRow)
    assert (answer.text, answer.via, answer.judgement) == ("Яма заделана 20.11, фото", "telegram", "accepted")
    with chat.desk.database.read() as session:
        assert [file.mime for file in answers.files(session, [answer.id or 0])[answer.id or 0]] == ["image/png"]
    assert (chat.mentions(), chat.left(), chat.hints()) == (0, [], 0)
    assert [row.status for row in chat.desk.rows(AppealRow)] == ["answered"]


def test_the_parts_of_an_album_are_one_answer(chat: Chat) -> None:
    chat.photos.files |= {"p1": PNG, "p2": PNG + b"2"}
    chat.say("Яма заделана 20.11", photo="p1", album="a")
    chat.work()
    chat.say(photo="p2", album="a")
    chat.clock.advance(timedelta(seconds=11))

    chat.work()

    (answer,) = chat.desk.rows(AnswerRow)
    with chat.desk.database.read() as session:
        assert len(answers.files(session, [answer.id or 0])[answer.id or 0]) == 2


def test_what_is_said_to_the_bot_without_replying_waits_for_a_person_and_is_told_how(chat: Chat) -> None:
    chat.say("сделали яму", quotes="")

    chat.work()

    assert (chat.mentions(), chat.left(), chat.hints()) == (0, ["not_a_reply"], 1)
    assert chat.desk.rows(AnswerRow) == []


def test_what_colleagues_say_to_each_other_is_let_be(chat: Chat) -> None:
    chat.say("кто на смене?", quotes="", is_addressed=False)
    chat.say("я", quotes=f"{CHAT}:101", is_addressed=False)

    chat.work()

    assert (chat.mentions(), chat.left(), chat.hints(), chat.desk.rows(ReplyRow)) == (0, [], 0, [])


def test_another_word_on_what_was_answered_is_looked_at_by_a_person(chat: Chat) -> None:
    first = chat.say("Яма заделана")
    chat.work()
    chat.desk.street.hear(replace(first, text="Яма не заделана", edited_at=chat.clock.now()))
    chat.work()

    assert (len(chat.desk.rows(AnswerRow)), chat.left(), chat.mentions()) == (1, ["edited"], 0)


def test_a_photo_that_is_gone_does_not_hold_back_the_words(chat: Chat) -> None:
    chat.photos.files["p1"] = MediaError("gone", permanent=True)
    chat.say("Яма заделана 20.11", photo="p1")

    chat.work()

    assert (len(chat.desk.rows(AnswerRow)), chat.left()) == (1, ["files"])


def test_a_platform_that_is_away_is_asked_again_and_at_last_a_person_is(chat: Chat) -> None:
    chat.photos.files["p1"] = ChannelError("away")
    chat.say("Яма заделана 20.11", photo="p1")
    chat.work()
    assert (chat.desk.rows(AnswerRow), chat.left()) == ([], [])

    for _ in range(20):
        chat.clock.advance(timedelta(minutes=16))
        chat.work()

    assert (chat.desk.rows(AnswerRow), chat.left()) == ([], ["failed"])


def test_a_reply_after_the_appeal_went_to_another_is_looked_at_by_a_person(chat: Chat) -> None:
    with chat.desk.database.write() as session:
        session.get_one(AppealRow, chat.appeal.id).organisation = ""
    chat.say("Яма заделана 20.11")

    chat.work()

    assert (chat.desk.rows(AnswerRow), chat.left()) == ([], ["moved"])


def test_the_same_reply_delivered_twice_is_one_answer(chat: Chat) -> None:
    message = chat.say("Яма заделана 20.11")
    chat.work()
    chat.desk.street.hear(message)
    chat.work()

    assert (len(chat.desk.rows(AnswerRow)), chat.left()) == (1, [])


def test_in_other_chats_a_reply_to_anything_stays_a_citizens(chat: Chat) -> None:
    before = chat.mentions()
    chat.desk.waits("Яма у школы", quotes=LETTER)

    assert (chat.mentions() - before, chat.desk.rows(ReplyRow)) == (1, [])
