"""From a delivery to the queue, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import SQLModel

from intake109.clock import MovedClock
from intake109.model import (
    Attachment,
    AttachmentKind,
    Author,
    Channel,
    Deletion,
    DeliveryState,
    DeliveryStatus,
    Event,
    Parent,
    Press,
    Unreadable,
)
from intake109.queue import asking, decisions
from intake109.store import events, mentions, tasks
from intake109.store.database import Database
from intake109.store.tables import (
    AttachmentRow,
    ConversationRow,
    EventRow,
    MentionRow,
    MessageRow,
    OutboxRow,
    TaskRow,
)
from tests.city import PROMISE, RULES, RuleJudge, Street, hire, said

MINUTE = timedelta(minutes=1)


Row = TypeVar("Row", bound=SQLModel)


def rows(database: Database, kind: type[Row]) -> list[Row]:
    with database.read() as session:
        return list(session.execute(select(kind).order_by(*kind.__table__.primary_key)).scalars())  # type: ignore[attr-defined]


def test_a_message_becomes_a_mention_with_a_task_and_its_moments(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)

    street.hear(said("1", "Яма на дороге", clock.now() - MINUTE))

    (task,) = rows(database, TaskRow)
    (mention,) = rows(database, MentionRow)
    assert (task.mention_id, task.service, task.shelf) == (mention.id, "ROAD-001", "queue")
    assert task.promise_at == mention.mentioned_at + PROMISE.promise
    assert task.due_at == mention.mentioned_at + timedelta(minutes=17)


def test_a_redelivered_event_is_stored_once(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "Яма", clock.now()))

    with database.write() as session:
        again = events.save_batch(session, [as_event(row) for row in rows(database, EventRow)], clock.now())

    assert again == 0


def as_event(row: EventRow) -> Event:
    return Event(Channel(row.channel), row.key, row.payload, row.source, row.version)


def test_the_same_message_in_another_delivery_changes_nothing(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "Яма на дороге", clock.now()))

    street.hear(said("1", "Яма на дороге", clock.now()))

    assert len(rows(database, TaskRow)) == 1
    assert len(rows(database, MessageRow)) == 1


def test_a_pit_then_its_address_then_its_photo_are_one_mention(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    photo = Attachment(AttachmentKind.PHOTO, '{"file_id": "p"}')

    street.hear(said("1", "яма", clock.now()))
    clock.advance(2 * MINUTE)
    street.hear(said("2", "Абая 10", clock.now()))
    clock.advance(2 * MINUTE)
    street.hear(said("3", "", clock.now(), attachments=(photo,)))

    (mention,) = rows(database, MentionRow)
    assert mention.text == "яма\nАбая 10"
    assert mention.verdict["place"]["key"] == "абая 10"
    assert len(rows(database, AttachmentRow)) == 1


def test_two_messages_of_one_delivery_may_continue_each_other(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock, judge := RuleJudge())

    street.hear(said("1", "яма", clock.now()), said("2", "Абая 10", clock.now() + timedelta(seconds=3)))

    (mention,) = rows(database, MentionRow)
    assert mention.text == "яма\nАбая 10"
    assert judge.judged[-1] == "яма\nАбая 10"


def test_after_ten_minutes_it_is_a_new_mention(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "яма", clock.now()))
    start = clock.now()

    street.hear(said("2", "адрес", start + 10 * MINUTE))
    street.hear(said("3", "другое", start + 20 * MINUTE + timedelta(seconds=1)))

    assert [row.text for row in rows(database, MentionRow)] == ["яма\nадрес", "другое"]


def test_danger_in_a_continuation_makes_the_task_an_incident(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "у нас проблема", clock.now()))

    street.hear(said("2", "открытый люк у школы", clock.now()))

    (task,) = rows(database, TaskRow)
    assert (task.is_incident, task.rank) == (True, 0)


def test_danger_once_seen_is_not_edited_away(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "открытый люк", clock.now()))

    street.hear(said("1", "уже ничего", clock.now(), edited_at=clock.now() + MINUTE))

    (task,) = rows(database, TaskRow)
    assert task.is_incident


def test_an_edit_rewords_its_mention_and_keeps_the_earlier_wording(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "яма", clock.now()))

    street.hear(said("1", "яма, Абая 10", clock.now(), edited_at=clock.now() + MINUTE))

    (mention,) = rows(database, MentionRow)
    (message,) = rows(database, MessageRow)
    (task,) = rows(database, TaskRow)
    assert (mention.text, message.versions[0]["text"]) == ("яма, Абая 10", "яма")
    assert task.news_at is not None


def test_an_edit_within_the_same_second_counts(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "яма", clock.now()))

    street.hear(said("1", "яма, Абая 10", clock.now(), edited_at=clock.now()))

    assert rows(database, MentionRow)[0].text == "яма, Абая 10"


def test_edits_out_of_order_keep_the_newest_wording(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "первое", clock.now()))

    street.hear(said("1", "третье", clock.now(), edited_at=clock.now() + 2 * MINUTE))
    street.hear(said("1", "второе", clock.now(), edited_at=clock.now() + MINUTE))

    assert rows(database, MentionRow)[0].text == "третье"


def test_an_album_is_one_mention_whatever_the_order(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    first = Attachment(AttachmentKind.PHOTO, '{"file_id": "1"}')
    second = Attachment(AttachmentKind.PHOTO, '{"file_id": "2"}')

    street.hear(said("2", "", clock.now(), attachments=(second,), album="a"))
    street.hear(said("1", "Мусор не вывозят", clock.now(), attachments=(first,), album="a"))

    (mention,) = rows(database, MentionRow)
    assert mention.text == "Мусор не вывозят"
    assert len(rows(database, AttachmentRow)) == 2


def test_a_deletion_is_marked_and_the_words_stay(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "Яма на дороге", clock.now()))

    street.hear(Deletion("1", clock.now()))

    (mention,) = rows(database, MentionRow)
    assert (mention.text, mention.deleted_at) == ("Яма на дороге", clock.now())


def test_a_deletion_delivered_before_its_message_is_marked_all_the_same(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    deletion = street.deliver(Deletion("1", clock.now()))
    assert not street.pipeline.handle_or_keep(deletion)

    street.hear(said("1", "Яма на дороге", clock.now()))
    clock.advance(timedelta(seconds=10))

    assert street.pipeline.handle_or_keep(deletion)
    (mention,) = rows(database, MentionRow)
    assert mention.deleted_at is not None


def test_a_deletion_of_what_we_never_heard_ends_without_a_complaint(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    deletion = street.deliver(Deletion("1", clock.now()))

    tried = [street.pipeline.handle_or_keep(deletion) for _ in range(4)]

    assert tried == [False, False, False, True]
    (event,) = rows(database, EventRow)
    assert event.quarantined_at is None


def test_the_parent_is_judged_with_a_bare_tag(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    parent = Parent("post", "Возле школы открытый люк", "Новости города", "https://t.me/news/1")

    street.hear(said("1", "@city109_bot смотрите", clock.now(), parent=parent, is_public=True, thread="group"))

    (task,) = rows(database, TaskRow)
    (mention,) = rows(database, MentionRow)
    assert task.is_incident
    assert mention.parent["author"] == "Новости города"


def test_the_same_words_again_while_waiting_make_no_second_task(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "На Абая 10 третий день нет света", clock.now()))
    clock.advance(30 * MINUTE)

    street.hear(said("2", "На Абая 10 третий день нет света!!!", clock.now()))

    assert len(rows(database, TaskRow)) == 1
    assert [row.role for row in rows(database, MessageRow)] == ["mention", "repeat"]


def test_a_forwarded_copy_by_somebody_else_has_its_own_task_and_names_its_original(
    database: Database, clock: MovedClock
) -> None:
    street = Street(database, clock)
    street.hear(said("1", "На Абая 10 третий день нет света", clock.now()))

    street.hear(said("2", "На Абая 10 третий день нет света", clock.now(), author="oleg", origin="user:asel"))

    copy = rows(database, MentionRow)[1]
    assert (copy.original_id, copy.original_why) == (rows(database, MentionRow)[0].id, "forward")
    assert len(rows(database, TaskRow)) == 2


def test_thanks_go_to_their_own_shelf_and_a_photo_alone_to_the_queue(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    photo = Attachment(AttachmentKind.PHOTO, '{"file_id": "p"}')

    street.hear(said("1", "Спасибо, яму засыпали", clock.now()))
    street.hear(said("2", "", clock.now(), author="oleg", attachments=(photo,)))

    assert [task.shelf for task in rows(database, TaskRow)] == ["no_appeal", "queue"]


def test_start_is_answered_and_is_no_mention(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)

    street.hear(said("1", "/start", clock.now()))
    street.hear(said("1", "/start", clock.now()))

    (owed,) = rows(database, OutboxRow)
    assert "контакт-центр 109" in owed.text
    assert [label for label, _ in owed.details["buttons"]] == ["Қазақша", "Русский", "English"]
    assert rows(database, TaskRow) == []


def test_a_chosen_language_stays_chosen(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "/start", clock.now()))

    street.hear(Press("p", "asel", Author("asel"), "language:kk", clock.now(), "{}"))
    street.hear(said("2", "яма на дороге", clock.now()))

    (conversation,) = rows(database, ConversationRow)
    assert (conversation.language, conversation.language_is_chosen) == ("kk", True)


def test_an_answer_to_our_question_comes_back_to_its_task(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    user_id = hire(database, clock)
    street.hear(said("1", "нет воды", clock.now()))
    with database.write() as session:
        asking.ask(session, 1, user_id, decisions.Form("", reply="Какой адрес?"), RULES, clock.now())
    clock.advance(40 * MINUTE)

    street.hear(said("2", "Абая 10", clock.now()))

    (mention,) = rows(database, MentionRow)
    assert mention.text == "нет воды\nАбая 10"
    assert [row.role for row in rows(database, MessageRow)] == ["mention", "answer"]


def test_danger_in_an_answer_to_a_closed_question_is_a_mention_of_its_own(
    database: Database, clock: MovedClock
) -> None:
    street = Street(database, clock)
    user_id = hire(database, clock)
    street.hear(said("1", "нет воды", clock.now()))
    with database.write() as session:
        asking.ask(session, 1, user_id, decisions.Form("", reply="Какой адрес?"), RULES, clock.now())
        decisions.register(session, 1, user_id, decisions.Form("HEAT-001", reply="№ {number}"), RULES, clock.now())
    clock.advance(40 * MINUTE)

    street.hear(said("2", "а ещё люк открыт", clock.now()))

    assert [task.is_incident for task in rows(database, TaskRow)] == [False, True]


def test_an_unreadable_part_is_quarantined_and_its_sibling_goes_on(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)

    street.hear(Unreadable("messages[0]", "no id"), said("1", "Яма", clock.now()))

    (event,) = rows(database, EventRow)
    assert (event.quarantined_at, event.error) == (clock.now(), "messages[0]: no id")
    assert len(rows(database, TaskRow)) == 1


def test_a_replayed_event_makes_no_second_task(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(Unreadable("messages[0]", "no id"), said("1", "Яма", clock.now()))
    with database.write() as session:
        events.give_back(session)

    street.pipeline.handle(1)

    assert len(rows(database, TaskRow)) == 1


def test_an_event_that_keeps_failing_is_quarantined_and_blocks_nobody(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    broken = street.deliver()
    street.forget(broken)

    for _ in range(events.MOST_ATTEMPTS):
        assert not street.pipeline.handle_or_keep(broken)

    with database.read() as session:
        assert [row.id for row in events.quarantined(session, 9)] == [broken]


def test_delivery_statuses_never_go_back(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "/start", clock.now()))
    with database.write() as session:
        owed = session.get(OutboxRow, 1)
        assert owed is not None
        owed.external_id, owed.state = "m1", "sent"

    street.hear(DeliveryStatus("m1", DeliveryState.READ, clock.now()))
    street.hear(DeliveryStatus("m1", DeliveryState.DELIVERED, clock.now()))

    assert rows(database, OutboxRow)[0].delivery == "read"


def test_what_is_said_near_us_is_not_said_to_us(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)

    street.hear(said("1", "кто идёт на футбол", clock.now(), is_addressed=False, is_public=True, thread="group"))

    assert rows(database, TaskRow) == []
    with database.read() as session:
        assert mentions.by_key(session, Channel.TELEGRAM, "1") is None
        assert tasks.counts(session, clock.now())["queue"] == 0
