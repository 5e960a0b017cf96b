"""The catalogue's versions are rows: the latest of each thing counts, and none is written twice."""

from __future__ import annotations

import pytest

from intake109.catalogue.contents import Kind
from intake109.catalogue.overlay import Entry
from intake109.clock import MovedClock
from intake109.errors import ConflictError
from intake109.store import revisions
from intake109.store.database import Database
from intake109.store.revisions import Revisions

DEPUTY = {"ru": "Зам", "kk": "Орынбасар", "en": "Deputy"}


def write(database: Database, clock: MovedClock, number: int, code: str = "deputy", name: str = "Зам") -> None:
    with database.write() as session:
        entry = Entry(Kind.CURATOR, code, {**DEPUTY, "ru": name})
        revisions.add(session, entry, number, None, "", clock.now())


def test_the_latest_version_of_each_thing_counts_and_raises_the_mark(database: Database, clock: MovedClock) -> None:
    source = Revisions(database)
    before = source.mark()
    write(database, clock, 1)
    write(database, clock, 1, code="other")
    write(database, clock, 2, name="Аким")

    found = {entry.code: entry.content["ru"] for entry in source.entries()}

    assert found == {"deputy": "Аким", "other": "Зам"}
    assert before == 0 < source.mark()
    with database.read() as session:
        assert [row.number for row in revisions.of(session, Kind.CURATOR, "deputy")] == [1, 2]


def test_a_number_is_given_to_one_edit_only(database: Database, clock: MovedClock) -> None:
    write(database, clock, 1)

    with pytest.raises(ConflictError):
        write(database, clock, 1, name="Другой")

    assert [entry.content["ru"] for entry in Revisions(database).entries()] == ["Зам"]
