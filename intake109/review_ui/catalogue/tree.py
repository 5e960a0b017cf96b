"""The catalogue as lists: spheres with their groups and services, what was found, what was edited, what has left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake109.catalogue.contents import Kind, in_use, retired
from intake109.catalogue.current import Edition
from intake109.catalogue.overlay import Entry, users_of
from intake109.catalogue.services import SPHERES, Catalogue, Service

_MOST_FOUND = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A service in a list."""

    service: Service
    is_retired: bool
    is_edited: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Services under one heading; the code is empty for those without a group."""

    code: str
    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Sphere:
    """A sphere in the tree, with how much is in it."""

    code: str
    name: str
    services: int
    edited: int


@dataclass(frozen=True, slots=True)
class Named:
    """A group, executor, curator, question or sphere in its list, and by how many others it is named."""

    code: str
    name: str
    curator: str
    users: int
    is_retired: bool
    is_edited: bool


class Tree:
    """The lists of one edition in one language.

    Args:
        edits: the latest version of everything that is otherwise than in the files.
    """

    def __init__(self, edition: Edition, edits: Iterable[Entry], language: str) -> None:
        self._edition = edition
        self._catalogue: Catalogue = edition.catalogue
        self._edited = {(entry.kind, entry.code) for entry in edits}
        self._language = language

    def spheres(self) -> list[Sphere]:
        """Return all spheres in their fixed order."""
        own = [self._line(service) for service in self._catalogue.services.values()]
        return [
            Sphere(
                code,
                self._sphere_name(code),
                sum(line.service.sphere == code for line in own),
                sum(line.service.sphere == code and line.is_edited for line in own),
            )
            for code in SPHERES
        ]

    def sphere(self, code: str) -> list[Group]:
        """Return the groups of a sphere with their services; those that have left stand at the end of theirs."""
        past = self._catalogue.retired.services.values()
        lines = [self._line(one) for one in (*self._catalogue.services.values(), *past) if one.sphere == code]
        groups = [key for key in self._catalogue.groups if key.startswith(f"{code}.")]
        headed = [Group(key, self._catalogue.groups[key].of(self._language), _under(lines, key)) for key in groups]
        loose = [line for line in lines if line.service.group not in groups]
        return [group for group in (*headed, Group("", "", _sorted(loose))) if group.lines]

    def found(self, query: str) -> list[Line]:
        """Return the services that fit, those that have left behind the others."""
        found = []
        for search in (self._edition.search, self._edition.past):
            hits = search.search(query, self._language, _MOST_FOUND)
            known = (self._catalogue.known(hit.code) for hit in hits)
            found += [self._line(service) for service in known if service is not None]
        return found

    def edited(self) -> list[Line]:
        """Return the services that were edited here, also those that have left."""
        codes = sorted(code for kind, code in self._edited if kind is Kind.SERVICE)
        return [self._line(one) for code in codes if (one := self._catalogue.known(code)) is not None]

    def retired(self) -> list[Line]:
        """Return the services that have left."""
        return _sorted([self._line(service) for service in self._catalogue.retired.services.values()])

    def named(self, kind: Kind) -> list[Named]:
        """Return all of a kind that is no service; those that have left at the end."""
        past = retired(self._catalogue, kind)
        found = [
            Named(
                code,
                words.of(self._language),
                self._catalogue.curator_of.get(code, "") if kind is Kind.EXECUTOR else "",
                len(users_of(self._catalogue, kind, code)),
                code in past,
                (kind, code) in self._edited,
            )
            for code, words in (*in_use(self._catalogue, kind).items(), *past.items())
        ]
        return sorted(found, key=_by_sphere) if kind is Kind.GROUP else found

    def _line(self, service: Service) -> Line:
        is_retired = service.code in self._catalogue.retired.services
        return Line(service, is_retired, (Kind.SERVICE, service.code) in self._edited)

    def _sphere_name(self, code: str) -> str:
        words = self._catalogue.spheres.get(code)
        return words.of(self._language) if words else code


def _under(lines: Sequence[Line], group: str) -> list[Line]:
    return _sorted([line for line in lines if line.service.group == group])


def _by_sphere(group: Named) -> tuple[bool, int]:
    return group.is_retired, SPHERES.index(group.code.partition(".")[0])


def _sorted(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.is_retired, line.service.code))
