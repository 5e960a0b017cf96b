"""Reads the catalogue's files into a `Catalogue`, or says of everything that is wrong where it is and what to do."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from yaml.nodes import Node

from intake109.catalogue.documents import Document
from intake109.catalogue.services import SPHERES, Catalogue, Danger, Phrases, Service, Words
from intake109.errors import CatalogueError

SHIPPED = Path(__file__).parent / "data"
"""The catalogue that comes with the package."""

_SERVICE_KEYS = frozenset(
    "code group ru kk en executor danger deadline deadline_source ask answer phrases".split()  # noqa: SIM905
)
_PHRASE_KEYS = ("ru", "kk", "other")
_NO_APPEALS = ("thanks", "spam", "chat")
_KINDS = ("appeal", *_NO_APPEALS)
_CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{3,4}")
_DEADLINE = re.compile(r"[1-9]\d{0,3}(h|d|wd)")
_DEFAULT_EXECUTOR = "contact_centre"


def load(folder: Path | None = None) -> Catalogue:
    """Read a catalogue: `services/*.yaml` of `folder`, and the lists beside them.

    A list that the folder lacks (`spheres`, `executors`, `asks`, `no_appeal`, `incident_negatives`) is taken from the
    catalogue that comes with the package, so a centre's folder may hold its services alone.

    Raises:
        CatalogueError: something breaks a rule; all problems at once, each with file, line and remedy.
    """
    root = folder or SHIPPED
    reading = _Reading(root)
    paths = sorted((root / "services").glob("*.yaml"))
    if not paths:
        raise CatalogueError([f"{root / 'services'}: holds no *.yaml file: put one file per sphere there"])
    for path in paths:
        reading.services_of(path)
    examples, calm = reading.no_appeals(), reading.calm()
    if reading.problems:
        raise CatalogueError(reading.problems)
    catalogue = Catalogue(
        services=reading.services,
        groups=reading.groups,
        spheres=reading.spheres,
        executors=reading.executors,
        asks=reading.asks,
        version="",
        examples=examples,
        calm=calm,
    )
    return replace(catalogue, version=content_version(catalogue))


def content_version(catalogue: Catalogue) -> str:
    """Return a hash of everything the catalogue says; comments, line breaks and the order of files do not count."""
    bare = (
        sorted(catalogue.services.items()),
        sorted(catalogue.groups.items()),
        sorted(catalogue.spheres.items()),
        sorted(catalogue.executors.items()),
        sorted(catalogue.asks.items()),
        sorted(catalogue.examples.items()),
        catalogue.calm,
    )
    return hashlib.blake2b(repr(bare).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where something was first said, for complaints about a second time."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class _Reading:
    """What has been read so far, and what was wrong with it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._codes: dict[str, _Origin] = {}
        self._names: dict[tuple[str, str], _Origin] = {}
        self._spheres_seen: dict[str, str] = {}
        self.problems: list[str] = []
        self.services: dict[str, Service] = {}
        self.groups: dict[str, Words] = {}
        self.spheres = self._names_of("spheres", SPHERES)
        self.executors = self._names_of("executors")
        self.asks = self._names_of("asks")

    def services_of(self, path: Path) -> None:
        """Read one sphere's file."""
        document = Document.read(path)
        if document.root is not None:
            entries = document.mapping(document.root, "the file", ("sphere", "groups", "services"))
            sphere = document.choice(entries.get("sphere"), "`sphere`", SPHERES)
            self._once(document, entries.get("sphere"), sphere)
            groups = self._groups(document, entries.get("groups"), sphere)
            for node in document.sequence(entries.get("services"), "`services`"):
                self._service(document, node, sphere, groups)
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
            by_language = document.mapping(node, f"`{kind}`", _PHRASE_KEYS)
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
        for key, part in document.mapping(root, "the file", _PHRASE_KEYS).items():
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

    def _groups(self, document: Document, node: Node | None, sphere: str) -> set[str]:
        if node is None:
            return set()
        groups = document.mapping(node, "`groups`")
        for key, value in groups.items():
            self.groups[f"{sphere}.{key}"] = document.words(value, f"the group `{key}`")
        return set(groups)

    def _service(self, document: Document, node: Node, sphere: str, groups: set[str]) -> None:
        entries = document.mapping(node, "a service", _SERVICE_KEYS)
        code = self._code(document, entries.get("code"), node)
        what = code or "the service"
        names = document.named(entries, node, what)
        self._unique_names(document, entries, names, what)
        danger = Danger(self._optional(document, entries, "danger", list(Danger)) or Danger.ORDINARY)
        group = self._optional(document, entries, "group", groups)
        ask = tuple(
            document.choice(item, f"an `ask` of {what}", self.asks)
            for item in document.sequence(entries.get("ask"), f"`ask` of {what}")
        )
        deadline, source = _deadline(document, entries, danger, what)
        answer = document.words(entries["answer"], f"`answer` of {what}") if "answer" in entries else None
        if code:
            self.services[code] = Service(
                code=code,
                sphere=sphere,
                group=f"{sphere}.{group}" if group else "",
                names=names,
                executor=self._optional(document, entries, "executor", self.executors) or _DEFAULT_EXECUTOR,
                danger=danger,
                deadline=deadline,
                deadline_source=source,
                ask=ask,
                answer=answer,
                phrases=_phrases(document, entries.get("phrases"), what),
            )

    def _optional(
        self, document: Document, entries: dict[str, Node], key: str, known: set[str] | list[Danger] | dict[str, Words]
    ) -> str:
        return document.choice(entries[key], f"`{key}`", known) if key in entries else ""

    def _code(self, document: Document, node: Node | None, service: Node) -> str:
        if node is None:
            document.complain(service, "the service has no `code`: add one, like ROAD-001")
            return ""
        code = document.text(node, "`code`")
        if code and not _CODE.fullmatch(code):
            document.complain(node, f"`code` {code} must be capital letters, a dash and 3–4 digits, like ROAD-001")
            return ""
        first = self._codes.setdefault(code, _Origin(document.name, node.start_mark.line + 1))
        if code in self.services:
            document.complain(node, f"the code {code} is already taken in {first}: give this one the next free number")
            return ""
        return code

    def _unique_names(self, document: Document, entries: dict[str, Node], names: Words, what: str) -> None:
        for language in ("ru", "kk", "en"):
            name = names.of(language)
            if not name:
                continue
            line = entries[language].start_mark.line + 1
            first = self._names.setdefault((language, name.casefold()), origin := _Origin(document.name, line))
            if first is not origin:
                document.complain(
                    entries[language], f"{what} has the name «{name}» of the service in {first}: tell them apart"
                )


def _deadline(document: Document, entries: dict[str, Node], danger: Danger, what: str) -> tuple[str, str]:
    if "deadline" not in entries:
        if "deadline_source" in entries:
            document.complain(entries["deadline_source"], f"{what} has a `deadline_source` and no `deadline`: add it")
        return ("24h" if danger is Danger.LIFE else "5wd"), ""
    deadline = document.text(entries["deadline"], f"`deadline` of {what}")
    if deadline and not _DEADLINE.fullmatch(deadline):
        document.complain(entries["deadline"], f"`deadline` {deadline} of {what} must look like 3h, 5wd or 15d")
    if "deadline_source" not in entries:
        document.complain(
            entries["deadline"], f"{what} has a `deadline` and no `deadline_source`: say where it is from"
        )
        return deadline, ""
    return deadline, document.text(entries["deadline_source"], f"`deadline_source` of {what}")


def _phrases(document: Document, node: Node | None, what: str) -> Phrases:
    if node is None:
        return Phrases()
    parts = document.mapping(node, f"`phrases` of {what}", _PHRASE_KEYS)
    ru, kk, other = (document.texts(parts.get(key), f"`phrases.{key}` of {what}") for key in _PHRASE_KEYS)
    return Phrases(ru, kk, other)
