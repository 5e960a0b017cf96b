"""What differs between two states of a catalogue, or of one thing in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from intake109.catalogue.contents import Content, Kind, content_of, flat, in_use, retired
from intake109.catalogue.overlay import Entry
from intake109.catalogue.services import Catalogue

_NAMES = ("ru", "kk", "en")


class What(StrEnum):
    """What became of something. `MISSING`: it is in neither list of the second catalogue."""

    ADDED = "added"
    RENAMED = "renamed"
    RETIRED = "retired"
    RESTORED = "brought back"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs. Texts stand in `before` and `after`; of a list, what came in and what went out."""

    field: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one thing of the catalogue."""

    what: What
    kind: Kind
    code: str
    name: str
    changes: tuple[Change, ...] = ()


def changes(before: Content, after: Content) -> tuple[Change, ...]:
    """Return the fields that differ, in the order in which they are written."""
    old, new = flat(before), flat(after)
    found = []
    for field in dict.fromkeys((*old, *new)):
        was, now = old.get(field, ""), new.get(field, "")
        if was == now:
            continue
        if isinstance(was, tuple) or isinstance(now, tuple):
            left, right = tuple(was), tuple(now)
            came = tuple(one for one in right if one not in left)
            found.append(Change(field, added=came, removed=tuple(one for one in left if one not in right)))
        else:
            found.append(Change(field, was, now))
    return tuple(found)


def difference(before: Entry | None, after: Entry, language: str = "ru") -> Difference | None:
    """Return what became of one thing; None if nothing did. Without a version before it was added."""
    differing = changes(before.content, after.content) if before else ()
    was_used = before is not None and not before.is_retired
    what = _what(was_used, not after.is_retired, before is None, False, differing)
    return Difference(what, after.kind, after.code, str(after.content.get(language, "")), differing) if what else None


def differences(before: Catalogue, after: Catalogue) -> list[Difference]:
    """Return what became of everything, services first, by code."""
    return [found for kind in Kind for found in _of_kind(before, after, kind)]


def _of_kind(before: Catalogue, after: Catalogue, kind: Kind) -> Iterator[Difference]:
    was, now = in_use(before, kind), in_use(after, kind)
    were_retired, are_retired = retired(before, kind), retired(after, kind)
    for code in sorted({*was, *now, *were_retired, *are_retired}):
        old, new = content_of(before, kind, code), content_of(after, kind, code)
        differing = changes(old, new) if old is not None and new is not None else ()
        what = _what(code in was, code in now, old is None, new is None, differing)
        if what is not None:
            name = (now.get(code) or are_retired.get(code) or was.get(code) or were_retired[code]).ru
            yield Difference(what, kind, code, name, differing)


def _what(was: bool, now: bool, is_new: bool, is_gone: bool, differing: tuple[Change, ...]) -> What | None:
    if is_new:
        return What.ADDED
    if is_gone:
        return What.MISSING
    if was and not now:
        return What.RETIRED
    if now and not was:
        return What.RESTORED
    if any(change.field in _NAMES for change in differing):
        return What.RENAMED
    return What.CHANGED if differing else None
