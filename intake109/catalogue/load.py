"""Reads the catalogue's files into a `Catalogue`, or says of everything that is wrong where it is and what to do."""

from __future__ import annotations

from pathlib import Path

from intake109.catalogue.documents import Document
from intake109.catalogue.export import LISTS
from intake109.catalogue.files import Files
from intake109.catalogue.reading import PHRASE_KEYS, Reading
from intake109.catalogue.services import SPHERES, Catalogue
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
    folder_read = _Folder(root)
    paths = sorted((root / "services").glob("*.yaml"))
    if not paths:
        raise CatalogueError([f"{root / 'services'}: holds no *.yaml file: put one file per sphere there"])
    for path in paths:
        folder_read.files.services_of(Document.read(path))
    examples, calm = folder_read.no_appeals(), folder_read.calm()
    if folder_read.problems:
        raise CatalogueError(folder_read.problems)
    return folder_read.files.read.catalogue(examples, calm)


class _Folder:
    """The files of a folder, and what was wrong with them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.files = Files(Reading())
        self.problems = self.files.problems
        for path, kind in LISTS.items():
            document = self._list(path.removesuffix(".yaml"))
            if document is not None:
                self.files.named(kind, document)
        spheres = self.files.read.spheres
        self.problems += [
            f"spheres.yaml: `{one}` has no names: add ru, kk and en" for one in SPHERES if one not in spheres
        ]

    def no_appeals(self) -> dict[str, tuple[str, ...]]:
        """Read the texts that are no appeals, by kind."""
        document = self._list("no_appeal")
        if document is None:
            return {}
        examples: dict[str, tuple[str, ...]] = {}
        for kind, node in document.mapping(document.root, "the file", _NO_APPEALS).items():
            by_language = document.mapping(node, f"`{kind}`", PHRASE_KEYS)
            texts = (document.texts(part, f"`{kind}.{key}`") for key, part in by_language.items())
            examples[kind] = tuple(text for part in texts for text in part)
        self.problems += document.problems
        return examples

    def calm(self) -> tuple[tuple[str, str], ...]:
        """Read the texts with words of danger and no danger, each with its kind."""
        document = self._list("incident_negatives")
        if document is None:
            return ()
        texts: list[tuple[str, str]] = []
        for key, part in document.mapping(document.root, "the file", PHRASE_KEYS).items():
            for item in document.sequence(part, f"`{key}`"):
                entries = document.mapping(item, f"an item of `{key}`", ("text", "kind"))
                text = document.text(entries.get("text"), "`text`")
                texts.append((text, document.choice(entries.get("kind"), "`kind`", _KINDS)))
        self.problems += document.problems
        return tuple(texts)

    def _list(self, name: str) -> Document | None:
        own, shipped = self._root / f"{name}.yaml", SHIPPED / f"{name}.yaml"
        if own.exists():
            return Document.read(own)
        return Document.read(shipped) if shipped.exists() else None
