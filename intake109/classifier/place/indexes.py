"""Turns a centre's gazetteer, and the names that many cities share, into indexes: every name leads to its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from intake109.catalogue.text import fold
from intake109.classifier.place.gazetteer import Gazetteer, Named, NameKind
from intake109.classifier.place.names import UNKNOWN, Known, NameIndex
from intake109.classifier.place.words import NUMBERED, bare_name, stem, way_of

_SURNAME = re.compile(r"(?:[оеи]ва?|ина?|ск(?:ого|и|ая)|ули|кизи|енко)$")
_AREAS = (NameKind.MICRODISTRICT, NameKind.VILLAGE)
_Named = Sequence[tuple[str, Known]]


def indexes(
    gazetteer: Gazetteer, streets: Sequence[str], districts: Sequence[str], street_key: Callable[[str], str]
) -> tuple[NameIndex, NameIndex, NameIndex, dict[str, Known]]:
    """Return the indexes of streets, districts and landmarks, and the districts that have a number for a name.

    Args:
        streets, districts: shared names, used where the gazetteer has none of its own.
        street_key: gives the form in which the spellings of one street's name meet.
    """
    own = gazetteer.names
    of_streets = list(_of_streets([one for one in own if one.kind is NameKind.STREET], street_key))
    of_areas = [
        (name, _known(one, _stems(one.canonical))) for one in own if one.kind in _AREAS for name in _written(one)
    ]
    of_landmarks = [
        (name, _known(one, fold(one.canonical))) for one in own if one.kind is NameKind.LANDMARK for name in one.all
    ]
    numbered = {
        number.group(1): known
        for name, known in of_areas
        if (number := NUMBERED.match((bare_name(name) or [""])[0])) and len(bare_name(name)) <= len(("7", "й"))
    }
    named = [(name, known) for name, known in of_areas if known not in numbered.values()]
    return (
        NameIndex([*of_streets, *_others(streets, of_streets)]),
        NameIndex([*named, *_others(districts, named)]),
        NameIndex(of_landmarks),
        numbered,
    )


def _of_streets(streets: Sequence[Named], street_key: Callable[[str], str]) -> Iterator[tuple[str, Known]]:
    """Yield every name of every street, also the bare surname where it is only one street's."""
    keys = Counter(street_key(one.canonical) for one in streets)
    whole = {_stems(name) for one in streets for name in one.all}
    shorts = Counter(short for one in streets for short in {stem(name) for name in map(_surname, one.all) if name})
    for one in streets:
        way = next((way for word in fold(one.canonical).split() if (way := way_of(word))), "")
        key = street_key(one.canonical)
        if way or keys[key] > 1 or any(letter.isdigit() for letter in one.canonical):
            key = f"{way} {_stems(one.canonical)}".strip()  # "1 Мая" is not "9 Мая", the lane not the street
        known = _known(one, key, way)
        yield from ((name, known) for name in _written(one))
        surnames = (_surname(name) for name in one.all)
        yield from ((name, known) for name in surnames if name and stem(name) not in whole and shorts[stem(name)] == 1)


def _written(one: Named) -> Iterator[str]:
    """Yield every name, and one with a hyphen also in one word: Бухаржырау."""
    for name in one.all:
        yield name
        if "-" in name and not any(letter.isdigit() for letter in name):
            yield name.replace("-", "")


def _surname(name: str) -> str:
    """Return the surname of "Нуркена Абдирова", folded; empty if the name is no first name with a surname."""
    parts = bare_name(name)
    is_person = len(parts) == len(("name", "surname")) and not parts[0][0].isdigit() and _SURNAME.search(parts[1])
    return parts[1] if is_person else ""


def _known(one: Named, key: str, way: str = "") -> Known:
    return Known(one.canonical, key, way, one.district, one.point)


def _stems(name: str) -> str:
    return " ".join(map(stem, bare_name(name)))


def _others(shared: Sequence[str], own: _Named) -> Iterator[tuple[str, Known]]:
    """Yield the shared names that the centre has not told itself."""
    known = {_stems(name) for name, _ in own}
    yield from ((name, UNKNOWN) for name in shared if _stems(name) not in known)
