"""An edit is a version; whoever edits what somebody else has just edited is told and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intake109.catalogue.contents import Kind, content_of
from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.overlay import Entry
from intake109.clock import MovedClock
from intake109.errors import RefusedError
from intake109.queue import decisions
from intake109.queue.decisions import Form
from intake109.queue.rules import Rules
from intake109.review_ui.catalogue import editing
from intake109.review_ui.catalogue.editing import FaultyError, OutdatedError, merged
from intake109.store.database import Database
from intake109.store.revisions import Revisions
from intake109.store.tables import AppealRow, AuditRow, RevisionRow
from tests.city import CATALOGUE, PROMISE, ZONE
from tests.desk import Desk
from tests.race import race

ROAD = content_of(CATALOGUE, Kind.SERVICE, "ROAD-001") or {}
FAST: dict[str, Any] = {"deadline": "3h", "deadline_source": "Приказ 7"}


def road(*, is_retired: bool = False, **fields: Any) -> Entry:
    return Entry(Kind.SERVICE, "ROAD-001", {**ROAD, **fields}, is_retired)


def save(desk: Desk, entry: Entry, opened: int | None = 0, user_id: int = 0) -> bool:
    with desk.database.write() as session:
        return editing.save(session, CATALOGUE, entry, opened, user_id or desk.anna, "приказ", desk.clock.now())


def register(desk: Desk) -> AppealRow:
    """Register as a process does that has been running since before the edits."""
    task_id = desk.waits()
    rules = Rules(CurrentCatalogue(CATALOGUE, Revisions(desk.database)).catalogue, PROMISE, ZONE)
    with desk.database.write() as session:
        form = Form("ROAD-001", reply="{number}")
        return decisions.register(session, task_id, desk.anna, form, rules, desk.clock.now())


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


def test_a_new_deadline_counts_for_the_next_appeal_and_not_for_those_before(desk: Desk) -> None:
    before = register(desk)

    assert save(desk, road(**FAST))

    after = register(desk)
    assert (before.norm, after.norm) == ("5wd", "3h")
    assert [row.norm for row in desk.rows(AppealRow)] == ["5wd", "3h"]


def test_a_retired_service_is_not_registered_any_more(desk: Desk) -> None:
    save(desk, road(is_retired=True))

    with pytest.raises(RefusedError):
        register(desk)

    assert desk.rows(AppealRow) == []


def test_an_edit_says_who_when_and_why(desk: Desk) -> None:
    save(desk, road(**FAST), user_id=desk.bolat)

    (row,) = desk.rows(RevisionRow)
    (act,) = [row for row in desk.rows(AuditRow) if row.subject == "catalogue"]
    assert (row.number, row.user_id, row.at, row.note) == (1, desk.bolat, desk.clock.now(), "приказ")
    assert (act.actor_id, act.detail) == (desk.bolat, {"kind": "service", "code": "ROAD-001"})


def test_what_changes_nothing_is_no_version(desk: Desk) -> None:
    assert not save(desk, road())
    assert desk.rows(RevisionRow) == []


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(desk: Desk) -> None:
    save(desk, road(**FAST))

    with pytest.raises(OutdatedError) as told:
        save(desk, road(ru="Провал"), opened=0, user_id=desk.bolat)

    assert told.value.latest == 1
    assert [row.content["ru"] for row in desk.rows(RevisionRow)] == ["Яма"]


def test_editors_at_the_very_same_moment_make_one_version(desk: Desk) -> None:
    def edit(name: str) -> Callable[[], bool]:
        return lambda: save(desk, road(ru=name))

    outcomes = race([edit("Провал"), edit("Дыра")], OutdatedError)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["OutdatedError", "bool"]
    assert len(desk.rows(RevisionRow)) == 1


def test_what_both_wrote_is_put_together_field_by_field() -> None:
    mine = {**ROAD, "ru": "Провал", "kk": "Шұңқыр"}
    theirs = {**ROAD, **FAST, "kk": "Ой"}

    found = merged(mine, ROAD, theirs)

    assert (found["ru"], found["kk"], found["deadline"]) == ("Провал", "Шұңқыр", "3h")
    assert merged(ROAD, ROAD, theirs) == theirs


def test_versions_begin_with_the_one_of_the_files(desk: Desk) -> None:
    save(desk, road(**FAST))
    save(desk, road(is_retired=True), opened=1)

    with desk.database.read() as session:
        found = editing.versions(session, CATALOGUE, Kind.SERVICE, "ROAD-001")

    assert [(one.number, one.content.get("deadline"), one.is_retired) for one in found] == [
        (0, None, False),
        (1, "3h", False),
        (2, None, True),
    ]


def test_a_code_is_taken_for_ever(desk: Desk) -> None:
    save(desk, road(is_retired=True))

    with pytest.raises(FaultyError) as refused:
        save(desk, road(ru="Новая", kk="Жаңа", en="New"), opened=None)

    assert [fault.field for fault in refused.value.faults] == ["taken"]


def test_a_broken_rule_names_its_field_and_writes_nothing(desk: Desk) -> None:
    with pytest.raises(FaultyError) as refused:
        save(desk, road(deadline="скоро", deadline_source="x", ru=""))

    assert {fault.field for fault in refused.value.faults} == {"deadline", "ru"}
    assert desk.rows(RevisionRow) == []


def test_a_centres_own_codes_begin_where_those_of_the_files_end(desk: Desk) -> None:
    code = editing.free_code(CATALOGUE, "roads")
    save(desk, Entry(Kind.SERVICE, code, {**ROAD, "code": code, "ru": "a", "kk": "b", "en": "c"}), opened=None)

    catalogue = CurrentCatalogue(CATALOGUE, Revisions(desk.database)).catalogue

    assert (code, editing.free_code(catalogue, "roads")) == ("ROAD-901", "ROAD-902")
