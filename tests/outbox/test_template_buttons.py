"""Outside WhatsApp's 24 hours a press counts, too, where the template was approved with yes and no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.errors import RefusedError
from intake109.model import Channel
from intake109.outbox import delivery, texts, wording
from intake109.store.database import Database
from intake109.store.tables import ConversationRow, MentionRow
from tests.appeals.cases import registered
from tests.appeals.voices import answered, owed
from tests.city import hire
from tests.desk import Desk


def name_template(database: Database, clock: MovedClock, name: str, buttons: str, template: str = "solved_v1") -> None:
    who = hire(database, clock, f"admin-{name}-{buttons}", "administrator")
    with database.write() as session:
        content = dict(texts.shipped()[name])
        wording.save(session, name, content, template, 0, who, "", clock.now(), template_buttons=buttons)


def sent(desk: Desk) -> tuple[str, list[str], list[str]]:
    """Return the template of the question a day later, what its buttons send back, and the question's own buttons."""
    number = registered(desk)
    with desk.database.write() as session:
        session.get_one(MentionRow, 1).channel = Channel.WHATSAPP.value
        session.get_one(ConversationRow, 1).channel = Channel.WHATSAPP.value
    answered(desk, number, "Яма заделана " * 60)
    (question,) = owed(desk, "satisfaction")
    desk.clock.advance(timedelta(hours=25))
    with desk.database.read() as session:
        message = delivery.outgoing(session, question, "appeal_update", desk.clock.now())
    assert message.must_use_template
    return message.template, [one.data for one in message.template_buttons], [one.data for one in message.buttons]


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


def test_the_question_goes_with_what_its_buttons_send_back(desk: Desk) -> None:
    name_template(desk.database, desk.clock, "solved", "yes_no")

    template, choices, _ = sent(desk)

    assert (template, choices) == ("solved_v1", ["solved:1:1:yes", "solved:1:1:no"])


def test_a_template_without_buttons_gets_none(desk: Desk) -> None:
    name_template(desk.database, desk.clock, "solved", "")

    template, choices, _ = sent(desk)

    assert (template, choices) == ("solved_v1", [])


def test_the_common_template_gets_none(desk: Desk) -> None:
    template, choices, own = sent(desk)

    assert (template, choices) == ("appeal_update", [])
    assert own == ["solved:1:1:yes", "solved:1:1:no"]


@pytest.mark.parametrize(
    ("name", "buttons", "template"),
    [("acknowledgement", "yes_no", "v1"), ("solved", "maybe", "v1"), ("solved", "yes_no", "")],
)
def test_buttons_no_template_can_have_are_refused(
    database: Database, clock: MovedClock, name: str, buttons: str, template: str
) -> None:
    with pytest.raises(RefusedError):
        name_template(database, clock, name, buttons, template)
