"""Administrators say it otherwise; citizens never read anything broken, and the shipped text is one step away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake109.clock import MovedClock
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.model import Language
from intake109.outbox import delivery, texts, wording
from intake109.outbox.wording import Fault
from intake109.store.database import Database
from intake109.store.tables import OutboxRow
from tests.city import hire

NEW = {"kk": "№ {number} қабылданды", "ru": "Принято, № { number }, срок {deadline}", "en": "Taken, No. {number}"}


def save(database: Database, clock: MovedClock, content: dict[str, str] | None = None, template: str = "") -> int:
    who = hire(database, clock, f"admin-{template}", "administrator")
    with database.write() as session:
        return wording.save(session, "acknowledgement", content or NEW, template, 0, who, "", clock.now())


def reads(database: Database, name: str = "acknowledgement", language: str = "ru") -> str:
    with database.read() as session:
        return texts.read(session, name, language)


def test_what_was_written_holds_from_the_next_transaction_on_in_every_process(
    database: Database, clock: MovedClock
) -> None:
    before = reads(database)
    save(database, clock)
    other = Database(database.url.render_as_string(hide_password=False), fsync=False)

    found = reads(other)
    other.close()

    assert before == texts.template("acknowledgement", "ru")
    assert found == reads(database) == "Принято, № {number}, срок {deadline}"
    assert reads(database, "incident") == texts.template("incident", "ru")


def test_the_shipped_text_comes_back_and_the_history_stays(database: Database, clock: MovedClock) -> None:
    save(database, clock)
    who = hire(database, clock, "boss", "administrator")

    with database.write() as session:
        number = wording.restore(session, "acknowledgement", 1, who, clock.now())

    assert number == 2
    assert reads(database) == texts.template("acknowledgement", "ru")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("№ {nomber}", Fault.UNKNOWN),
        ("№ {number", Fault.BRACES),
        ("№ {}", Fault.BRACES),
        ("№ {number} " + "х" * 3000, Fault.LONG),
    ],
)
def test_what_is_broken_is_refused_with_its_language(
    sqlite: Database, clock: MovedClock, text: str, fault: Fault
) -> None:
    content = NEW | {"kk": text}

    found = wording.examine("acknowledgement", content)

    assert (found[0].language, found[0].fault) == ("kk", fault)
    with pytest.raises(RefusedError, match=fault.value) as refused:
        save(sqlite, clock, content)
    assert refused.value.field == "text_kk"


def test_what_a_reader_misses_is_warned_of_and_kept(sqlite: Database, clock: MovedClock) -> None:
    found = wording.examine("acknowledgement", NEW)

    assert {(one.language, one.what) for one in found if one.fault is Fault.MISSING} >= {("kk", "deadline")}
    assert not any(one.fault.is_refused for one in found)
    assert save(sqlite, clock) == 1


def test_a_button_is_no_longer_than_whatsapp_shows() -> None:
    long = dict.fromkeys(("kk", "ru", "en"), "Посмотреть, как дела у обращения")

    assert {one.fault for one in wording.examine("button_status", long)} == {Fault.BUTTON}


def test_a_name_belongs_to_its_text_only() -> None:
    known = wording.known

    assert {"number", "deadline", "service", "executor"} <= known("acknowledgement")
    assert known("question") == {"what"}
    assert known("thanks") == frozenset()
    with pytest.raises(NotFoundError):
        known("nothing")


@pytest.mark.parametrize("name", texts.names())
def test_every_shipped_text_is_without_fault(name: str) -> None:
    assert wording.examine(name, texts.shipped()[name]) == []


def test_the_second_of_two_who_edit_is_told(database: Database, clock: MovedClock) -> None:
    save(database, clock)

    with pytest.raises(ConflictError):
        save(database, clock, template="other")


def test_a_text_outside_the_window_leaves_by_its_own_template(database: Database, clock: MovedClock) -> None:
    save(database, clock, template="appeal_registered")
    row = OutboxRow(
        id=1, idempotency_key="k", purpose="news", channel="whatsapp", language=Language.RU.value, text="…",
        details={"text": "acknowledgement"}, not_before=clock.now(), created_at=clock.now() - timedelta(days=2),
    )  # fmt: skip

    with database.read() as session:
        own = delivery.outgoing(session, row, "appeal_update", clock.now()).template
        row.details = {"text": "incident"}
        configured = delivery.outgoing(session, row, "appeal_update", clock.now()).template

    assert (own, configured) == ("appeal_registered", "appeal_update")
