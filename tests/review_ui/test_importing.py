"""A whole catalogue comes in at once and goes back at once, and never over what somebody has edited meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake109.catalogue.contents import Kind, content_of
from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.difference import What
from intake109.catalogue.incoming import Incoming
from intake109.catalogue.overlay import Entry
from intake109.catalogue.services import Catalogue
from intake109.clock import MovedClock
from intake109.errors import CatalogueError, ConflictError, RefusedError
from intake109.review_ui.catalogue import editing, importing
from intake109.review_ui.catalogue.importing import OvertakenError, Shown
from intake109.store import catalogue_imports
from intake109.store.database import Database
from intake109.store.revisions import Revisions
from intake109.store.tables import AuditRow, RevisionRow
from tests.city import CATALOGUE
from tests.desk import Desk
from tests.race import race

ROAD = content_of(CATALOGUE, Kind.SERVICE, "ROAD-001") or {}
NEW: dict[str, Any] = {**ROAD, "code": "ROAD-901", "ru": "Мост", "kk": "Көпір", "en": "Bridge"}
BRIDGE = Entry(Kind.SERVICE, "ROAD-901", NEW)


@pytest.fixture
def desk(database: Database, clock: MovedClock) -> Desk:
    return Desk(database, clock)


def road(**fields: Any) -> Entry:
    return Entry(Kind.SERVICE, "ROAD-001", {**ROAD, **fields})


def read(desk: Desk, *entries: Entry, missing: tuple[tuple[Kind, str], ...] = ()) -> int:
    with desk.database.write() as session:
        _, mark = importing.now_is(session, CATALOGUE)
        return importing.keep(session, "c.zip", Incoming(entries, missing), mark, desk.anna, desk.clock.now())


def save(desk: Desk, import_id: int, note: str = "приказ 17", *, leave: bool = False) -> int:
    with desk.database.write() as session:
        return importing.save(session, CATALOGUE, import_id, desk.anna, note, desk.clock.now(), leave=leave)


def undo(desk: Desk, import_id: int, note: str = "") -> int:
    with desk.database.write() as session:
        return importing.undo(session, CATALOGUE, import_id, desk.bolat, note, desk.clock.now())


def edit(desk: Desk, entry: Entry, opened: int) -> None:
    with desk.database.write() as session:
        editing.save(session, CATALOGUE, entry, opened, desk.bolat, "", desk.clock.now())


def shown(desk: Desk, import_id: int) -> Shown:
    with desk.database.read() as session:
        return importing.show(session, CATALOGUE, import_id)


def now_is(desk: Desk) -> Catalogue:
    return CurrentCatalogue(CATALOGUE, Revisions(desk.database)).catalogue


def test_nothing_counts_before_it_is_saved(desk: Desk) -> None:
    import_id = read(desk, road(ru="Провал"), BRIDGE)

    found = shown(desk, import_id)

    assert found.counts == {What.ADDED: 1, What.RENAMED: 1}
    assert desk.rows(RevisionRow) == []


def test_all_of_it_is_saved_with_its_reason_in_every_history(desk: Desk) -> None:
    import_id = read(desk, road(ru="Провал"), BRIDGE)

    assert save(desk, import_id) == 2

    assert {(row.code, row.note, row.import_id, row.user_id) for row in desk.rows(RevisionRow)} == {
        ("ROAD-001", "приказ 17", import_id, desk.anna),
        ("ROAD-901", "приказ 17", import_id, desk.anna),
    }
    assert shown(desk, import_id).counts == {What.ADDED: 1, What.RENAMED: 1}
    assert now_is(desk).services["ROAD-901"].names.ru == "Мост"
    (act,) = [row for row in desk.rows(AuditRow) if row.subject == "catalogue_import"]
    assert (act.action, act.detail) == ("imported", {"changes": 2})


def test_what_the_files_leave_out_stays_unless_somebody_says_so(desk: Desk) -> None:
    well = ((Kind.SERVICE, "SEWER-001"),)

    save(desk, read(desk, BRIDGE, missing=well))
    assert "SEWER-001" in now_is(desk).services

    save(desk, read(desk, missing=well), leave=True)
    assert "SEWER-001" in now_is(desk).retired.services


def test_a_whole_import_is_taken_back_at_once(desk: Desk) -> None:
    import_id = read(desk, road(ru="Провал"), BRIDGE, missing=((Kind.SERVICE, "SEWER-001"),))
    save(desk, import_id, leave=True)

    assert undo(desk, import_id, "ошибка") == 3

    found = now_is(desk)
    assert found.services == CATALOGUE.services
    assert list(found.retired.services) == ["ROAD-901"], "a code is given for ever"
    assert {row.note for row in desk.rows(RevisionRow) if row.number == 2} == {"ошибка"}
    assert shown(desk, import_id).row.undone_by == desk.bolat


def test_what_was_edited_after_the_import_stays_when_it_goes(desk: Desk) -> None:
    import_id = read(desk, road(ru="Провал"), BRIDGE)
    save(desk, import_id)
    edit(desk, road(ru="Провалище"), opened=1)

    assert shown(desk, import_id).touched == [(Kind.SERVICE, "ROAD-001")]
    assert undo(desk, import_id) == 1

    assert now_is(desk).services["ROAD-001"].names.ru == "Провалище"
    assert "ROAD-901" not in now_is(desk).services


def test_an_undo_returns_to_the_edit_before_and_not_to_the_files(desk: Desk) -> None:
    edit(desk, road(ru="Ямища"), opened=0)
    import_id = read(desk, road(ru="Провал"))
    save(desk, import_id)

    undo(desk, import_id)

    assert now_is(desk).services["ROAD-001"].names.ru == "Ямища"


def test_what_was_edited_since_it_was_read_is_not_overwritten(desk: Desk) -> None:
    import_id = read(desk, road(ru="Провал"), BRIDGE)
    edit(desk, road(kk="Ор"), opened=0)

    with pytest.raises(OvertakenError) as told:
        save(desk, import_id)

    assert told.value.things == [(Kind.SERVICE, "ROAD-001")]
    assert shown(desk, import_id).touched == [(Kind.SERVICE, "ROAD-001")]
    assert now_is(desk).services["ROAD-001"].names.kk == "Ор"
    assert "ROAD-901" not in now_is(desk).services, "all of it or nothing"


def test_an_edit_elsewhere_does_not_stand_in_the_way(desk: Desk) -> None:
    import_id = read(desk, BRIDGE)
    edit(desk, road(kk="Ор"), opened=0)

    assert save(desk, import_id) == 1


def test_together_with_an_edit_since_it_may_break_a_rule(desk: Desk) -> None:
    import_id = read(desk, BRIDGE)
    edit(desk, road(ru="Мост"), opened=0)

    with pytest.raises(CatalogueError, match="has the name «Мост»"):
        save(desk, import_id)

    assert len(desk.rows(RevisionRow)) == 1


def test_what_is_needed_since_cannot_be_taken_back(desk: Desk) -> None:
    words = {"ru": "Мостовики", "kk": "Көпіршілер", "en": "Bridge service"}
    import_id = read(desk, Entry(Kind.EXECUTOR, "bridges", words))
    save(desk, import_id)
    edit(desk, road(executor="bridges"), opened=0)

    with pytest.raises(CatalogueError, match="ROAD-001 still name it"):
        undo(desk, import_id)

    assert shown(desk, import_id).row.undone_at is None


def test_it_is_saved_once_with_a_reason_and_taken_back_once(desk: Desk) -> None:
    import_id = read(desk, BRIDGE)
    with pytest.raises(RefusedError):
        save(desk, import_id, " ")
    with pytest.raises(ConflictError):
        undo(desk, import_id)
    save(desk, import_id)
    with pytest.raises(ConflictError):
        save(desk, import_id)
    undo(desk, import_id)
    with pytest.raises(ConflictError):
        undo(desk, import_id)

    assert len(desk.rows(RevisionRow)) == 2


def test_two_who_save_at_the_same_moment_write_it_once(desk: Desk) -> None:
    import_id = read(desk, BRIDGE)

    outcomes = race([lambda: save(desk, import_id), lambda: save(desk, import_id)], ConflictError)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ConflictError", "int"]
    assert len(desk.rows(RevisionRow)) == 1


def test_what_says_the_same_is_refused(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="nothing to save"):
        save(desk, read(desk, road()))


def test_what_nobody_saves_is_forgotten_after_a_week(desk: Desk) -> None:
    kept, old = read(desk, BRIDGE), read(desk, road(ru="Провал"))
    save(desk, kept)
    desk.clock.advance(timedelta(days=8))
    read(desk, road(ru="Ор"))

    with desk.database.read() as session:
        assert [row.id for row in catalogue_imports.saved(session, 9)] == [kept]
    with pytest.raises(Exception, match=f"no import {old}"):
        shown(desk, old)
