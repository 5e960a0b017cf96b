"""What a centre edits lies over the files, follows the same rules, and goes out as files again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intake109.catalogue.contents import Kind, content_of, flat, unflat
from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.difference import Change, What, changes, differences
from intake109.catalogue.export import files
from intake109.catalogue.load import load
from intake109.catalogue.overlay import Entry, judge, overlay
from intake109.catalogue.services import Catalogue
from tests.catalogue.test_load import _GOOD, _folder

PIT = {
    "code": "ROAD-001",
    "sphere": "roads",
    "group": "surface",
    "ru": "Яма",
    "kk": "Шұңқыр",
    "en": "Pothole",
    "executor": "road_service",
    "danger": "life",
    "ask": ["address"],
    "phrases": {"ru": ["яма на Абая", "no", "109"], "kk": ["жолда шұңқыр"]},
}


def base(tmp_path: Path) -> Catalogue:
    return load(_folder(tmp_path, _GOOD))


def over(catalogue: Catalogue, *entries: Entry) -> Catalogue:
    found, problems = overlay(catalogue, entries)
    assert problems == []
    return found


def pit(**fields: object) -> Entry:
    return Entry(Kind.SERVICE, "ROAD-001", {**PIT, **fields})


def written(catalogue: Catalogue, folder: Path) -> Path:
    """Write a catalogue as its files and return the folder."""
    for path, text in files(catalogue).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def faults(catalogue: Catalogue, entry: Entry) -> list[str]:
    return [fault.field for fault in judge(catalogue, entry)]


def test_what_is_written_of_a_service_gives_the_same_service(tmp_path: Path) -> None:
    catalogue = base(tmp_path)

    again = over(catalogue, pit())

    assert content_of(catalogue, Kind.SERVICE, "ROAD-001") == PIT
    assert again == catalogue
    assert unflat(flat(PIT)) == PIT


def test_an_edited_service_replaces_that_of_the_files(tmp_path: Path) -> None:
    catalogue = base(tmp_path)

    edited = over(catalogue, pit(deadline="3h", deadline_source="Приказ 7"))

    assert (edited.services["ROAD-001"].deadline, edited.services["ROAD-002"].deadline) == ("3h", "5wd")
    assert edited.lesson == catalogue.lesson


def test_only_what_a_classifier_learns_changes_the_lesson(tmp_path: Path) -> None:
    catalogue = base(tmp_path)
    phrases = {"ru": ["яма на Абая", "no", "109", "ямища"], "kk": ["жолда шұңқыр"]}
    teaching: tuple[dict[str, object], ...] = ({"phrases": phrases}, {"kk": "Ор"}, {"danger": "ordinary"})
    idle: tuple[dict[str, object], ...] = ({"deadline": "3h", "deadline_source": "Приказ 7"}, {"ask": []})

    taught = {over(catalogue, pit(**fields)).lesson for fields in teaching}
    left = over(catalogue, Entry(Kind.SERVICE, "ROAD-001", PIT, is_retired=True))
    as_before = {over(catalogue, pit(**fields)).lesson for fields in idle}

    assert len(taught | {catalogue.lesson, left.lesson}) == len(teaching) + 2
    assert as_before == {catalogue.lesson}


def test_what_left_long_ago_may_be_renamed_and_teaches_nothing(tmp_path: Path) -> None:
    left = over(base(tmp_path), Entry(Kind.SERVICE, "ROAD-001", PIT, is_retired=True))

    renamed = over(left, Entry(Kind.SERVICE, "ROAD-001", {**PIT, "kk": "Ор"}, is_retired=True))

    assert (renamed == left, renamed.lesson == left.lesson) == (False, True)


def test_a_retired_service_is_gone_from_the_choice_and_kept_by_name(tmp_path: Path) -> None:
    left = over(base(tmp_path), Entry(Kind.SERVICE, "ROAD-001", PIT, is_retired=True))

    assert left.get("ROAD-001") is None
    assert left.service_name("ROAD-001", "ru") == "Яма"
    assert [one.what for one in differences(base(tmp_path), left)] == [What.RETIRED]


def test_faults_name_their_field(tmp_path: Path) -> None:
    catalogue = base(tmp_path)

    assert faults(catalogue, pit()) == []
    assert faults(catalogue, pit(deadline="soon", deadline_source="x")) == ["deadline"]
    assert faults(catalogue, pit(deadline="3h")) == ["deadline"]
    assert faults(catalogue, pit(kk="")) == ["kk"]
    assert faults(catalogue, pit(en="snow")) == ["en"], "another service has the name"
    assert faults(catalogue, pit(executor="nobody", group="sky")) == ["group", "executor"]
    assert faults(catalogue, pit(answer={"ru": "Да", "kk": ""})) == ["answer", "answer"]
    assert faults(catalogue, Entry(Kind.SERVICE, "pit", {**PIT, "code": "pit"}))[0] == "code"


def test_a_code_belongs_to_one_service_for_ever(tmp_path: Path) -> None:
    left = over(base(tmp_path), Entry(Kind.SERVICE, "ROAD-001", PIT, is_retired=True))

    _, problems = overlay(left, [Entry(Kind.SERVICE, "ROAD-003", {**PIT, "ru": "Другая", "kk": "Б", "en": "Other"})])

    assert problems == ["ROAD-003: the code ROAD-001 is already taken in ROAD-001: give this one the next free number"]


def test_what_is_in_use_cannot_leave(tmp_path: Path) -> None:
    catalogue = base(tmp_path)
    names = {"ru": "а", "kk": "б", "en": "c"}

    used = judge(catalogue, Entry(Kind.EXECUTOR, "road_service", names, is_retired=True))
    needed = judge(catalogue, Entry(Kind.EXECUTOR, "contact_centre", names, is_retired=True))

    assert [(fault.field, fault.message[:8]) for fault in used] == [("used", "ROAD-001")]
    assert [fault.field for fault in needed] == ["needed"]


def test_an_entry_that_breaks_a_rule_is_told_and_stops_nothing(tmp_path: Path) -> None:
    found, problems = overlay(base(tmp_path), [pit(executor="nobody")])

    assert found.services["ROAD-001"].executor == "contact_centre"
    assert len(problems) == 1
    assert problems[0].startswith("ROAD-001: `executor` `nobody` is unknown: use one of")


def test_an_executor_gets_a_curator_and_loses_the_name_with_retirement(tmp_path: Path) -> None:
    deputy = Entry(Kind.CURATOR, "deputy", {"ru": "Зам", "kk": "Орынбасар", "en": "Deputy"})
    roads = Entry(Kind.EXECUTOR, "road_service", {"ru": "Дороги", "kk": "Жол", "en": "Roads", "curator": "deputy"})

    found = over(base(tmp_path), roads, deputy)

    assert found.curator_of == {"road_service": "deputy"}
    assert found.executor_name("road_service", "en") == "Roads"
    leaving = Entry(Kind.CURATOR, "deputy", deputy.content, is_retired=True)
    assert [fault.field for fault in judge(found, leaving)] == ["used"]


def test_the_files_written_read_as_the_same_catalogue(tmp_path: Path) -> None:
    deputy = Entry(Kind.CURATOR, "deputy", {"ru": "Зам", "kk": "Орынбасар", "en": "Deputy"})
    roads = Entry(Kind.EXECUTOR, "road_service", {"ru": "Дороги", "kk": "Жол", "en": "Roads", "curator": "deputy"})
    snow = content_of(base(tmp_path), Kind.SERVICE, "ROAD-002")
    assert snow is not None
    answer = {"ru": "Да: «так»,\nвот #1", "kk": "Иә", "en": "yes 😀"}
    left = Entry(Kind.SERVICE, "ROAD-002", snow, is_retired=True)
    edited = over(base(tmp_path), pit(answer=answer), left, deputy, roads)

    folder = written(edited, tmp_path / "out")

    assert differences(edited, load(folder)) == []
    assert load(folder) == edited


def test_what_left_goes_out_with_the_files_and_names_what_left_before_it(tmp_path: Path) -> None:
    """A retired service keeps its retired executor, group and question: nothing of the past is lost on the way."""
    names = {"ru": "Счётчик", "kk": "Есептегіш", "en": "Meter"}
    roads = content_of(base(tmp_path), Kind.EXECUTOR, "road_service")
    group = content_of(base(tmp_path), Kind.GROUP, "roads.surface")
    assert roads is not None
    assert group is not None
    edited = over(
        base(tmp_path),
        Entry(Kind.ASK, "meter", names, is_retired=True),
        Entry(Kind.SERVICE, "ROAD-001", {**PIT, "ask": ["meter"]}, is_retired=True),
        Entry(Kind.EXECUTOR, "road_service", roads, is_retired=True),
        Entry(Kind.GROUP, "roads.surface", group, is_retired=True),
        Entry(Kind.SPHERE, "roads", {"ru": "Улицы", "kk": "Көшелер", "en": "Streets"}),
    )

    again = load(written(edited, tmp_path / "out"))

    assert again == edited
    assert again.retired.services["ROAD-001"].ask == ("meter",)
    assert again.spheres["roads"].kk == "Көшелер"


def test_an_edited_thing_keeps_its_place_in_the_list(tmp_path: Path) -> None:
    catalogue = base(tmp_path)
    first = next(iter(catalogue.asks))

    found = over(catalogue, Entry(Kind.ASK, first, {"ru": "Где", "kk": "Қайда", "en": "Where"}))

    assert list(found.asks) == list(catalogue.asks)


def test_a_question_in_use_stays_and_the_spheres_are_fixed(tmp_path: Path) -> None:
    catalogue = base(tmp_path)
    names = {"ru": "а", "kk": "б", "en": "c"}

    assert faults(catalogue, Entry(Kind.ASK, "address", names, is_retired=True)) == ["used"]
    assert faults(catalogue, Entry(Kind.ASK, "Meter", names)) == ["code"]
    assert faults(catalogue, Entry(Kind.SPHERE, "space", names)) == ["code"]
    assert faults(catalogue, Entry(Kind.SPHERE, "roads", names, is_retired=True)) == ["needed"]
    assert faults(catalogue, Entry(Kind.SPHERE, "roads", {**names, "kk": ""})) == ["kk"]


def test_changes_are_told_field_by_field() -> None:
    after = {**PIT, "ru": "Ямка", "deadline": "3h", "phrases": {"ru": ["no", "109", "ямища"], "kk": ["жолда шұңқыр"]}}

    assert changes(PIT, after) == (
        Change("ru", "Яма", "Ямка"),
        Change("phrases.ru", added=("ямища",), removed=("яма на Абая",)),
        Change("deadline", "", "3h"),
    )


class Edits:
    """Versions somewhere else, and how often they were asked for."""

    def __init__(self) -> None:
        self.kept: list[Entry] = []
        self.asked = 0

    def mark(self) -> int:
        self.asked += 1
        return len(self.kept)

    def entries(self) -> Sequence[Entry]:
        return self.kept


def test_a_running_process_takes_a_new_edition_within_two_seconds(tmp_path: Path) -> None:
    edits, now = Edits(), [0.0]
    current = CurrentCatalogue(base(tmp_path), edits, seconds=lambda: now[0])
    before = current.search

    edits.kept.append(pit(ru="Провал"))
    now[0] = 1.9
    assert current.catalogue.services["ROAD-001"].names.ru == "Яма"
    now[0] = 2.0

    assert current.catalogue.services["ROAD-001"].names.ru == "Провал"
    assert [hit.code for hit in current.search.search("провал", "ru")] == ["ROAD-001"]
    assert before.search("провал", "ru") == []
    assert edits.asked == 2


def test_retired_services_are_found_only_among_the_past(tmp_path: Path) -> None:
    edits = Edits()
    edits.kept.append(Entry(Kind.SERVICE, "ROAD-001", PIT, is_retired=True))

    edition = CurrentCatalogue(base(tmp_path), edits).edition()

    assert edition.search.search("яма", "ru") == []
    assert [hit.code for hit in edition.past.search("яма", "ru")] == ["ROAD-001"]
