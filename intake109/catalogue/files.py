"""Reads the files of a catalogue one by one into what has been read so far, and remembers where each thing stands."""

from __future__ import annotations

from yaml.nodes import Node

from intake109.catalogue.contents import Kind
from intake109.catalogue.documents import Document
from intake109.catalogue.reading import Reading
from intake109.catalogue.services import SPHERES

SERVICES = "services"
"""The folder with a file for each sphere."""


class Files:
    """The files of one catalogue.

    Attributes:
        read: what was read.
        problems: what was wrong, each with file, line and remedy.
        places: where each thing was read.
    """

    def __init__(self, reading: Reading) -> None:
        self.read = reading
        self.problems: list[str] = []
        self.places: dict[tuple[Kind, str], tuple[Document, Node]] = {}
        self._spheres_seen: dict[str, str] = {}

    def named(self, kind: Kind, document: Document) -> None:
        """Read a list of executors, curators, asks or spheres."""
        known = SPHERES if kind is Kind.SPHERE else None
        if document.root is not None or not document.problems:
            for code, node in document.mapping(document.root, "the file", known).items():
                self._named(kind, document, code, node)
        self.problems += document.problems

    def services_of(self, document: Document) -> None:
        """Read one sphere's file."""
        if document.root is not None:
            entries = document.mapping(document.root, "the file", ("sphere", "groups", "services"))
            sphere = document.choice(entries.get("sphere"), "`sphere`", SPHERES)
            self._once(document, entries.get("sphere"), sphere)
            if "groups" in entries:
                for key, node in document.mapping(entries["groups"], "`groups`").items():
                    self._named(Kind.GROUP, document, f"{sphere}.{key}", node)
            for node in document.sequence(entries.get("services"), "`services`"):
                code = self.read.service(document, node, sphere)
                if code:
                    self.places[Kind.SERVICE, code] = (document, node)
        elif not document.problems:
            document.problems.append(f"{document.name}: is empty: give it `sphere`, `groups` and `services`")
        self.problems += document.problems

    def _named(self, kind: Kind, document: Document, code: str, node: Node) -> None:
        self.read.named(kind.value, document, code, node)
        self.places[kind, code] = (document, node)

    def _once(self, document: Document, node: Node | None, sphere: str) -> None:
        first = self._spheres_seen.setdefault(sphere, document.name)
        if sphere and first != document.name:
            document.complain(node, f"the sphere `{sphere}` already has the file {first}: put its services there")
