"""What is rare in a delivery and must still reach the queue."""

from __future__ import annotations

import json
from datetime import timedelta

from intake109.catalogue.current import CurrentCatalogue
from intake109.clock import MovedClock
from intake109.config import City
from intake109.dialogue.commands import Setting
from intake109.model import Author, Channel, Event, Message, Press
from intake109.pipeline import Pipeline
from intake109.queue import asking, decisions
from intake109.store import events
from intake109.store.database import Database
from intake109.store.tables import ConversationRow, MentionRow
from tests.city import CATALOGUE, PROMISE, RULES, Street, hire, said
from tests.test_pipeline import MINUTE, rows


def test_letters_no_database_takes_do_not_keep_an_appeal_from_the_queue(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)

    def parse(event: Event) -> tuple[Message, ...]:
        return (said("1", json.loads(event.payload)["text"], clock.now()),)

    pipeline = Pipeline(
        database, clock, {"street": parse}, street.judge, PROMISE, Setting(City(), CurrentCatalogue(CATALOGUE))
    )
    payload = r'{"text": "Яма\u0000 на дороге \ud83d \ud83d\ude00"}'
    with database.write() as session:
        events.save_batch(session, [Event(Channel.TELEGRAM, "1", payload, "street")], clock.now())

    pipeline.handle(1)

    assert rows(database, MentionRow)[0].text == "Яма на дороге ? 😀"


def test_a_pressed_button_opens_the_window_for_free_text_again(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    street.hear(said("1", "/start", clock.now()))
    clock.advance(timedelta(hours=25))

    street.hear(Press("p", "asel", Author("asel"), "language:kk", clock.now(), "{}"))

    assert rows(database, ConversationRow)[0].last_incoming_at == clock.now()


def test_news_after_an_answered_question_are_a_mention_of_their_own(database: Database, clock: MovedClock) -> None:
    street = Street(database, clock)
    user_id = hire(database, clock)
    street.hear(said("1", "нет воды", clock.now()))
    with database.write() as session:
        asking.ask(session, 1, user_id, decisions.Form("", reply="Какой адрес?"), RULES, clock.now())
    clock.advance(MINUTE)
    street.hear(said("2", "Абая 10", clock.now()))
    with database.write() as session:
        decisions.register(session, 1, user_id, decisions.Form("HEAT-001", reply="№ {number}"), RULES, clock.now())
    clock.advance(timedelta(hours=5))

    street.hear(said("3", "и мусор не вывозят", clock.now()))

    assert [row.text for row in rows(database, MentionRow)] == ["нет воды\nАбая 10", "и мусор не вывозят"]
