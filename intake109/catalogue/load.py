"""Reads the catalogue's files into a `Catalogue`, or says of everything that is wrong where it is and what to do."""

from __future__ import annotations

from pathlib import Path

from yaml.nodes import Node

from intake109.catalogue.documents import Document
from intake109.catalogue.reading import PHRASE_KEYS, Reading
from intake109.catalogue.services import SPHERES, Catalogue, Words
from intake109.errors import CatalogueError

SHIPPED = Path(__file__).parent / "data"
"""The catalogue that comes with the package."""

_NO_APPEALS = ("thanks", "spam", "chat")
_KINDS = ("appeal", *_NO_APPEALS)


def load(folder: Path | None = None) -> Catalogue:
    """Read a catalogue: `services/*.yaml` of `folder`, and the lists beside them.

    A list that the folder lacks (`spheres`, `executors`, `curators`, `asks`, `no_appeal`, `incident_negatives`) is
    taken from the catalogue that comes with the package, so a centre's folder may hold its services alone.

    Raises:
        CatalogueError: something breaks a rule; all problems at once, each with file, line and remedy.
    """
    root = folder or SHIPPED
    files = _Files(root)
    paths = sorted((root / "services").glob("*.yaml"))
    if not paths:
        raise CatalogueError([f"{root / 'services'}: holds no *.yaml file: put one file per sphere there"])
    for path in paths:
        files.services_of(path)
    examples, calm = files.no_appeals(), files.calm()
    if files.problems:
        raise CatalogueError(files.problems)
    return files.read.catalogue(examples, calm)


class _Files:
    """The files of a folder, and what was wrong with them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._spheres_seen: dict[str, str] = {}
        self.problems: list[str] = []
        self.read = Reading()
        self.read.spheres = self._names_of("spheres", SPHERES)
        self.read.asks = self._names_of("asks")
        self.read.curators = self._names_of("curators") if (root / "curators.yaml").exists() else {}
        self._executors()

    def services_of(self, path: Path) -> None:
        """Read one sphere's file."""
        document = Document.read(path)
        if document.root is not None:
            entries = document.mapping(document.root, "the file", ("sphere", "groups", "services"))
            sphere = document.choice(entries.get("sphere"), "`sphere`", SPHERES)
            self._once(document, entries.get("sphere"), sphere)
            self._groups(document, entries.get("groups"), sphere)
            for node in document.sequence(entries.get("services"), "`services`"):
                self.read.service(document, node, sphere)
        elif not document.problems:
            document.problems.append(f"{document.name}: is empty: give it `sphere`, `groups` and `services`")
        self.problems += document.problems

    def no_appeals(self) -> dict[str, tuple[str, ...]]:
        """Read the texts that are no appeals, by kind."""
        document, root = self._list("no_appeal")
        if root is None:
            return {}
        examples: dict[str, tuple[str, ...]] = {}
        for kind, node in document.mapping(root, "the file", _NO_APPEALS).items():
            by_language = document.mapping(node, f"`{kind}`", PHRASE_KEYS)
            texts = (document.texts(part, f"`{kind}.{key}`") for key, part in by_language.items())
            examples[kind] = tuple(text for part in texts for text in part)
        self.problems += document.problems
        return examples

    def calm(self) -> tuple[tuple[str, str], ...]:
        """Read the texts with words of danger and no danger, each with its kind."""
        document, root = self._list("incident_negatives")
        if root is None:
            return ()
        texts: list[tuple[str, str]] = []
        for key, part in document.mapping(root, "the file", PHRASE_KEYS).items():
            for item in document.sequence(part, f"`{key}`"):
                entries = document.mapping(item, f"an item of `{key}`", ("text", "kind"))
                text = document.text(entries.get("text"), "`text`")
                texts.append((text, document.choice(entries.get("kind"), "`kind`", _KINDS)))
        self.problems += document.problems
        return tuple(texts)

    def _names_of(self, name: str, known: tuple[str, ...] | None = None) -> dict[str, Words]:
        document, root = self._list(name)
        names = {
            code: document.words(node, f"`{code}`") for code, node in document.mapping(root, "the file", known).items()
        }
        for missing in [code for code in known or () if code not in names]:
            document.complain(root, f"`{missing}` has no names: add ru, kk and en")
        self.problems += document.problems
        return names

    def _executors(self) -> None:
        document, root = self._list("executors")
        for code, node in document.mapping(root, "the file").items():
            self.read.executor(document, code, node)
        self.problems += document.problems

    def _list(self, name: str) -> tuple[Document, Node | None]:
        own, shipped = self._root / f"{name}.yaml", SHIPPED / f"{name}.yaml"
        if not own.exists() and not shipped.exists():
            return Document(name, ""), None
        document = Document.read(own if own.exists() else shipped)
        self.problems += document.problems
        document.problems = []
        return document, document.root

    def _once(self, document: Document, node: Node | None, sphere: str) -> None:
        first = self._spheres_seen.setdefault(sphere, document.name)
        if sphere and first != document.name:
            document.complain(node, f"the sphere `{sphere}` already has the file {first}: put its services there")

    def _groups(self, document: Document, node: Node | None, sphere: str) -> None:
        if node is None:
            return
        for key, value in document.mapping(node, "`groups`").items():
            self.read.groups[f"{sphere}.{key}"] = document.words(value, f"the group `{key}`")
