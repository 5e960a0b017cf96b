"""Lays what a centre has edited over the catalogue of the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake109.catalogue.contents import Content, Kind, content_of, flat, retired
from intake109.catalogue.documents import Document, Fault
from intake109.catalogue.reading import CODE, DEFAULT_EXECUTOR, WORD_CODE, Reading
from intake109.catalogue.services import SPHERES, TO_BE_CLARIFIED, Catalogue

_ORDER = (Kind.CURATOR, Kind.SPHERE, Kind.ASK, Kind.GROUP, Kind.EXECUTOR, Kind.SERVICE)
"""What is named by others is read before them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The latest that is written of one thing."""

    kind: Kind
    code: str
    content: Content
    is_retired: bool = False


def overlay(base: Catalogue, entries: Iterable[Entry]) -> tuple[Catalogue, list[str]]:
    """Return the catalogue with the entries in place of what it says, and what is wrong with them.

    An entry that breaks a rule is taken as far as it can be read: after an update of the files a centre's own words
    may collide with new ones, and the product must start nevertheless.
    """
    reading, problems = Reading(base), []
    ordered = sorted(entries, key=lambda entry: (_ORDER.index(entry.kind), entry.code))
    for entry in ordered:
        reading.forget(entry.kind.value, entry.code)
    for entry in ordered:
        problems += _read(reading, entry).problems
    return reading.catalogue(base.examples, base.calm), problems


def judge_all(catalogue: Catalogue, entries: Iterable[Entry]) -> list[str]:
    """Return what speaks against writing all of this at once; each line names the thing and the remedy."""
    together = list(entries)
    after, problems = overlay(catalogue, together)
    for entry in together:
        problems += [f"{entry.code}: {fault.message}" for fault in (*code_faults(entry), *leaving_faults(after, entry))]
    return problems


def judge(catalogue: Catalogue, entry: Entry) -> list[Fault]:
    """Return what speaks against writing this into the catalogue; each fault names its field and the remedy."""
    reading = Reading(catalogue)
    reading.forget(entry.kind.value, entry.code)
    return [*code_faults(entry), *_read(reading, entry).faults, *leaving_faults(catalogue, entry)]


def is_edited(base: Catalogue, entry: Entry) -> bool:
    """Say whether an entry says anything else than the files do."""
    shipped = content_of(base, entry.kind, entry.code)
    if shipped is None:
        return True
    was_retired = entry.code in retired(base, entry.kind)
    return entry.is_retired != was_retired or flat(entry.content) != flat(shipped)


def users_of(catalogue: Catalogue, kind: Kind, code: str) -> list[str]:
    """Return the codes of what names this and would lose it if it left."""
    if kind is Kind.CURATOR:
        return [executor for executor, curator in catalogue.curator_of.items() if curator == code]
    if kind is Kind.EXECUTOR:
        return [service.code for service in catalogue.services.values() if service.executor == code]
    if kind is Kind.GROUP:
        return [service.code for service in catalogue.services.values() if service.group == code]
    if kind is Kind.ASK:
        return [service.code for service in catalogue.services.values() if code in service.ask]
    if kind is Kind.SPHERE:
        return [service.code for service in catalogue.services.values() if service.sphere == code]
    return []


def _read(reading: Reading, entry: Entry) -> Document:
    if entry.kind is Kind.SERVICE:
        return _read_service(reading, entry)
    document = Document.of(f"{entry.kind} {entry.code}", _with_state(entry))
    if document.root is not None:
        reading.named(entry.kind.value, document, entry.code, document.root)
    return document


def _with_state(entry: Entry) -> dict[str, object]:
    # That a sphere stays is told by `leaving_faults`, in words of its own.
    leaves = entry.is_retired and entry.kind is not Kind.SPHERE
    return dict(entry.content) | ({"retired": "yes"} if leaves else {})


def _read_service(reading: Reading, entry: Entry) -> Document:
    fields = _with_state(entry)
    sphere = str(fields.pop("sphere", ""))
    document = Document.of(entry.code, fields)
    if sphere not in SPHERES:
        document.complain(document.root, f"`sphere` {sphere} is unknown: use one of {', '.join(SPHERES)}")
        sphere = SPHERES[-1]
    if document.root is not None:
        reading.service(document, document.root, sphere)
    return document


def code_faults(entry: Entry) -> list[Fault]:
    """Return what is wrong with the code of something."""
    if entry.kind is Kind.SERVICE:
        return [] if CODE.fullmatch(entry.code) else [Fault("code", "write capital letters, a dash and 3–4 digits")]
    if entry.kind is Kind.SPHERE:
        return [] if entry.code in SPHERES else [Fault("code", "the spheres are fixed: rename one of them")]
    code = entry.code
    if entry.kind is Kind.GROUP:
        sphere, _, code = entry.code.partition(".")
        if sphere not in SPHERES:
            return [Fault("code", "begin with the sphere and a dot, like roads.surface")]
    return [] if WORD_CODE.fullmatch(code) else [Fault("code", "write small Latin letters, digits and _")]


def leaving_faults(catalogue: Catalogue, entry: Entry) -> list[Fault]:
    """Return why something cannot leave a catalogue; nothing for what stays."""
    if not entry.is_retired:
        return []
    if entry.kind is Kind.SPHERE or entry.code in {TO_BE_CLARIFIED, DEFAULT_EXECUTOR}:
        return [Fault("needed", f"{entry.code} is needed by the program itself: rename it instead")]
    users = users_of(catalogue, entry.kind, entry.code)
    if users:
        shown = ", ".join(users[:5]) + (" …" if len(users) > 5 else "")
        return [Fault("used", f"{shown} still name it: give them another one first")]
    return []
