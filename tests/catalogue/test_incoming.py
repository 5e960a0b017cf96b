"""Files that come back change what they say otherwise, and nothing else; what is wrong has file, line and remedy."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake109.catalogue.contents import Kind, content_of, flat, in_use, retired, unflat
from intake109.catalogue.export import archive, files
from intake109.catalogue.incoming import read, retirements
from intake109.catalogue.load import load
from intake109.catalogue.overlay import Entry, judge_all, overlay
from intake109.catalogue.packing import unpack
from intake109.catalogue.reading import Reading
from intake109.catalogue.services import Catalogue, Danger, Service, Words
from intake109.errors import CatalogueError
from tests.catalogue.test_load import _GOOD, _folder
from tests.conftest import NOON

SNOW_ALONE = b"sphere: roads\nservices:\n  - {code: ROAD-002, ru: a, kk: b, en: c}\n"
NAMES = {"ru": "Счётчик", "kk": "Есептегіш", "en": "Meter"}


@cache
def small() -> Catalogue:
    """Return a catalogue with little in every list, which a property may read hundreds of times."""
    names = Words("а", "б", "в")
    pit = Service("ROAD-001", "roads", "roads.all", Words("Яма", "Шұңқыр", "Pit"), "road_service", Danger.LIFE, "24h")
    snow = Service("ROAD-002", "roads", "", Words("Снег", "Қар", "Snow"), "contact_centre", Danger.ORDINARY, "5wd")
    codes = ("contact_centre", "road_service", "lift_company")
    return Reading(
        Catalogue(
            services={one.code: one for one in (replace(pit, ask=("address",)), snow)},
            groups={"roads.all": names},
            spheres={"roads": names, "gas": names},
            executors=dict.fromkeys(codes, names),
            asks={"address": names, "floor": names},
        )
    ).catalogue()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load(_folder(tmp_path_factory.mktemp("catalogue"), _GOOD))


def sent(catalogue: Catalogue, **replaced: tuple[str, str]) -> dict[str, bytes]:
    """Return the files of a catalogue as they are sent, with one text replaced by another in some of them."""
    found = files(catalogue)
    for name, (old, new) in replaced.items():
        path = next(one for one in found if one.endswith(f"{name}.yaml"))
        assert old in found[path]
        found[path] = found[path].replace(old, new)
    return {path: text.encode() for path, text in found.items()}


def problems(catalogue: Catalogue, files_sent: dict[str, bytes]) -> list[str]:
    with pytest.raises(CatalogueError) as told:
        read(catalogue, files_sent)
    return told.value.problems


def test_what_comes_back_unchanged_changes_nothing(base: Catalogue) -> None:
    found = read(base, sent(base))

    assert (found.entries, found.missing) == ((), ())


def test_only_what_was_edited_is_an_entry(base: Catalogue) -> None:
    found = read(base, sent(base, roads=("ru: Снег", "ru: Сугробы"), asks=("Подъезд", "Номер подъезда")))

    assert [(one.kind, one.code, one.content["ru"]) for one in found.entries] == [
        (Kind.ASK, "entrance", "Номер подъезда"),
        (Kind.SERVICE, "ROAD-002", "Сугробы"),
    ]


def test_new_things_may_name_each_other(base: Catalogue) -> None:
    new = "  executor: snow_service\n  ask: [snow_depth]\n- code: ROAD-901\n  ru: а\n  kk: б\n  en: c\n"
    files_sent = sent(base, roads=("  executor: contact_centre\n", new))
    files_sent["executors.yaml"] += "snow_service: {ru: Уборка, kk: Тазалау, en: Clearing}\n".encode()
    files_sent["asks.yaml"] += "snow_depth: {ru: Глубина, kk: Тереңдігі, en: Depth}\n".encode()

    found = read(base, files_sent)

    assert sorted(one.code for one in found.entries) == ["ROAD-002", "ROAD-901", "snow_depth", "snow_service"]
    assert judge_all(base, found.entries) == []


def test_one_sphere_alone_leaves_the_others_as_they_are(base: Catalogue) -> None:
    found = read(base, {"services/roads.yaml": SNOW_ALONE})

    assert [one.code for one in found.entries] == ["ROAD-002"]
    assert found.missing == ((Kind.GROUP, "roads.surface"), (Kind.SERVICE, "ROAD-001"))


def test_what_the_files_leave_out_is_retired_on_purpose_only(base: Catalogue) -> None:
    found = read(base, {"services/roads.yaml": SNOW_ALONE})

    after, faults = overlay(base, [*found.entries, *retirements(base, found.missing)])

    assert faults == []
    assert set(after.services) == {"ROAD-002"}
    assert content_of(after, Kind.SERVICE, "ROAD-001") == content_of(base, Kind.SERVICE, "ROAD-001")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("roads", "en: Snow", "en: Snow\n  colour: red", "services/roads.yaml:2"),
        ("roads", "ru: Снег", "ru: Яма", "has the name «Яма»"),
        ("roads", "danger: life", "danger: deadly", "`danger` `deadly` is unknown"),
        ("roads", "code: ROAD-002", "code: ROAD-001", "the code ROAD-001 is already taken"),
        (
            "asks",
            "address: {ru: Адрес",
            'address: {retired: "yes", ru: Адрес',
            "`ask` of ROAD-001 `address` is unknown",
        ),
        ("asks", "entrance:", "Вход:", "asks.yaml:2: `Вход`: write small Latin letters"),
        ("spheres", "roads:", "space:", "spheres.yaml:1: the file has the unknown key `space`"),
        ("spheres", "ru: Дороги и тротуары", 'retired: "yes", ru: Дороги', "unknown key `retired`"),
        ("asks", "ru: Подъезд", 'ru: "Подъ\\0езд"', "asks.yaml:2: `ru` of `entrance` holds a control character"),
        ("asks", "ru: Подъезд", 'ru: "\\ud800"', "asks.yaml:2"),
        ("asks", "ru: Подъезд", "ru: &a Подъезд", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_line(base: Catalogue, file: str, old: str, new: str, said: str) -> None:
    files_sent = sent(base, **{file: (old, new)})

    if not said:
        assert read(base, files_sent).entries == ()
    else:
        assert any(said in one for one in problems(base, files_sent))


def test_what_is_still_needed_by_what_was_not_sent_cannot_leave(base: Catalogue) -> None:
    whole = sent(base, executors=("road_service: {", 'road_service: {retired: "yes", '))

    (told,) = problems(base, {"executors.yaml": whole["executors.yaml"]})

    assert told == "executors.yaml:1: `road_service`: ROAD-001 still name it: give them another one first"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "asks.yaml: is not UTF-8"),
        (b"\naddress: [unclosed", "asks.yaml:3: is no YAML"),
        (b"a: &x {ru: a, kk: b, en: c}\nb: *x\n", "asks.yaml:2: refers to another place with `*`"),
        (b"a: " + b"[" * 5000, "asks.yaml:1: is more than 12 lists deep"),
        (b"", "asks.yaml: the file must be a list"),
        (b"- a\n", "asks.yaml:1: the file must be a list of `key: value` lines"),
    ],
)
def test_a_hostile_or_broken_file_is_a_line_and_no_crash(base: Catalogue, content: bytes, said: str) -> None:
    assert any(one.startswith(said) for one in problems(base, {"asks.yaml": content}))


_TEXTS = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text != ""
)
_WORDS = st.fixed_dictionaries({"ru": _TEXTS, "kk": _TEXTS, "en": _TEXTS})
_EDITS = st.fixed_dictionaries(
    {
        "snow": st.none() | _WORDS,
        "asks": st.dictionaries(st.sampled_from(["address", "floor", "meter", "depth"]), _WORDS),
        "curators": st.dictionaries(st.sampled_from(["deputy_a", "deputy_b"]), _WORDS),
        "spheres": st.dictionaries(st.sampled_from(["roads", "gas"]), _WORDS),
        "phrases": st.lists(_TEXTS, max_size=4),
        "leaving": st.sets(st.sampled_from(["ROAD-001", "ROAD-002", "meter", "deputy_a", "lift_company"])),
    }
)


def edited(base: Catalogue, edits: dict[str, Any]) -> Catalogue:
    """Return the catalogue with edits that follow the rules; those that would not are left out."""
    pit, snow = (unflat(flat(content_of(base, Kind.SERVICE, f"ROAD-00{i}") or {})) for i in (1, 2))
    wanted = [
        Entry(Kind.SERVICE, "ROAD-001", {**pit, "phrases": {"ru": edits["phrases"]} if edits["phrases"] else {}}),
        Entry(Kind.SERVICE, "ROAD-002", {**snow, **(edits["snow"] or {})}),
        *(Entry(Kind.ASK, code, words) for code, words in edits["asks"].items()),
        *(Entry(Kind.CURATOR, code, words) for code, words in edits["curators"].items()),
        *(Entry(Kind.SPHERE, code, words) for code, words in edits["spheres"].items()),
        Entry(Kind.EXECUTOR, "lift_company", {**NAMES, **({"curator": "deputy_b"} if edits["curators"] else {})}),
    ]
    kept: list[Entry] = []
    for entry in wanted:
        both = Entry(entry.kind, entry.code, entry.content, entry.code in edits["leaving"])
        if not judge_all(base, [*kept, both]):
            kept.append(both)
    return overlay(base, kept)[0]


@settings(max_examples=60)
@given(edits=_EDITS)
def test_what_goes_out_comes_back_the_same(edits: dict[str, Any]) -> None:
    """Out, edited, in, out: the second archive is the first, byte for byte."""
    base = small()
    theirs = edited(base, edits)
    out = archive(theirs, NOON)

    found = read(base, unpack("c.zip", out))
    ours, faults = overlay(base, found.entries)

    assert faults == []
    assert archive(ours, NOON) == out
    assert [(in_use(ours, kind), retired(ours, kind)) for kind in Kind] == [
        (in_use(theirs, kind), retired(theirs, kind)) for kind in Kind
    ]
