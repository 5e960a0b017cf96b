"""Reads the files somebody sends as a new state of the catalogue, and says what they would change in the present one.

What the files do not mention stays as it is: a person may send one sphere alone. What they leave out of the lists they
do hold is named, so that it can be retired on purpose and never by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from intake109.catalogue.contents import Kind, content_of, flat, in_use, retired
from intake109.catalogue.documents import Document
from intake109.catalogue.export import LISTS
from intake109.catalogue.files import Files
from intake109.catalogue.overlay import Entry, code_faults, leaving_faults
from intake109.catalogue.reading import Reading
from intake109.catalogue.services import Catalogue
from intake109.errors import CatalogueError

Thing = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What files would make of the catalogue.

    Attributes:
        entries: what would be written: everything that they say otherwise than it is now.
        missing: what is in use, belongs to a file that was sent, and is not in it.
    """

    entries: tuple[Entry, ...]
    missing: tuple[Thing, ...]


def read(current: Catalogue, sent: Mapping[str, bytes]) -> Incoming:
    """Read files by their path inside the catalogue (`services/roads.yaml`, `asks.yaml`) as changes of `current`.

    Raises:
        CatalogueError: something breaks a rule; all problems at once, each with file, line and remedy.
    """
    documents = {path: Document.sent(path, content) for path, content in sorted(sent.items())}
    told = {path: list(_things(path, document)) for path, document in documents.items()}
    reading = Reading(current)
    for things in told.values():
        for kind, code in things:
            reading.forget(kind.value, code)
    files = Files(reading)
    for path, kind in LISTS.items():
        if path in documents:
            files.named(kind, documents[path])
    for path, document in documents.items():
        if path not in LISTS:
            files.services_of(document)
    after = reading.catalogue(current.examples, current.calm)
    entries = [_entry(after, *thing) for thing in files.places]
    if not files.problems:
        files.problems += _judged(after, entries, files)
    if files.problems:
        raise CatalogueError(files.problems)
    return Incoming(
        tuple(one for one in entries if not _is_same(current, one)), tuple(_missing(current, documents, told))
    )


def retirements(catalogue: Catalogue, things: Iterable[Thing]) -> list[Entry]:
    """Return the entries that retire these things and say nothing else of them."""
    return [Entry(kind, code, content_of(catalogue, kind, code) or {}, is_retired=True) for kind, code in things]


def _entry(after: Catalogue, kind: Kind, code: str) -> Entry:
    return Entry(kind, code, content_of(after, kind, code) or {}, code in retired(after, kind))


def _is_same(current: Catalogue, entry: Entry) -> bool:
    written = content_of(current, entry.kind, entry.code)
    was_retired = entry.code in retired(current, entry.kind)
    return written is not None and flat(written) == flat(entry.content) and was_retired == entry.is_retired


def _judged(after: Catalogue, entries: Iterable[Entry], files: Files) -> list[str]:
    problems = []
    for entry in entries:
        document, node = files.places[entry.kind, entry.code]
        where = document.place(node)
        # A service's code was looked at when it was read.
        faults = [] if entry.kind is Kind.SERVICE else code_faults(entry)
        problems += [f"{where}: `{entry.code}`: {one.message}" for one in (*faults, *leaving_faults(after, entry))]
    return problems


def _things(path: str, document: Document) -> Iterable[Thing]:
    """Yield what a file speaks of, whether it can be read or not."""
    root = document.root
    if not isinstance(root, MappingNode):
        return
    entries = {str(key.value): value for key, value in root.value if isinstance(key, ScalarNode)}
    if path in LISTS:
        yield from ((LISTS[path], code) for code in entries)
        return
    groups, services = entries.get("groups"), entries.get("services")
    if isinstance(groups, MappingNode):
        yield from ((Kind.GROUP, f"{_sphere(document)}.{key.value}") for key, _ in groups.value)
    for one in services.value if isinstance(services, SequenceNode) else ():
        for key, value in one.value if isinstance(one, MappingNode) else ():
            if key.value == "code" and isinstance(value, ScalarNode):
                yield Kind.SERVICE, str(value.value).strip()


def _sphere(document: Document) -> str:
    root = document.root
    found = [
        value.value
        for key, value in (root.value if isinstance(root, MappingNode) else ())
        if key.value == "sphere" and isinstance(value, ScalarNode)
    ]
    return str(found[0]).strip() if found else ""


def _missing(
    current: Catalogue, documents: Mapping[str, Document], told: Mapping[str, Iterable[Thing]]
) -> Iterable[Thing]:
    known = {thing for things in told.values() for thing in things}
    kinds = {LISTS[path] for path in documents if path in LISTS} - {Kind.SPHERE}
    spheres = {_sphere(document) for path, document in documents.items() if path not in LISTS}
    for kind in kinds:
        yield from ((kind, code) for code in in_use(current, kind) if (kind, code) not in known)
    for code in in_use(current, Kind.GROUP):
        if code.partition(".")[0] in spheres and (Kind.GROUP, code) not in known:
            yield Kind.GROUP, code
    for code, service in current.services.items():
        if service.sphere in spheres and (Kind.SERVICE, code) not in known:
            yield Kind.SERVICE, code
