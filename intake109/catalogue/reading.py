"""Turns what is written of services, and of all that they name, into a catalogue: the one place for the rules.

Files and the database's revisions both come through here, each as a `Document`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from yaml.nodes import Node

from intake109.catalogue.documents import Document
from intake109.catalogue.services import Catalogue, Danger, Phrases, Retired, Service, Words

SERVICE_KEYS = frozenset(
    "code group ru kk en executor danger deadline deadline_source ask answer phrases retired".split()  # noqa: SIM905
)
PHRASE_KEYS = ("ru", "kk", "other")
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{3,4}")
WORD_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")
DEFAULT_EXECUTOR = "contact_centre"
_DEADLINE = re.compile(r"[1-9]\d{0,3}(h|d|wd)")
_LANGUAGES = ("ru", "kk", "en")


def lesson_version(catalogue: Catalogue) -> str:
    """Return a hash of what a classifier learns: deadlines, executors and what is retired teach nothing."""
    taught = (
        sorted((one.code, one.sphere, one.names, one.phrases, one.is_incident) for one in catalogue.services.values()),
        sorted(catalogue.examples.items()),
        catalogue.calm,
    )
    return hashlib.blake2b(repr(taught).encode(), digest_size=8).hexdigest()


class Reading:
    """What has been read so far. Names and codes of services must differ, also from those of the ones begun with."""

    def __init__(self, begun: Catalogue | None = None) -> None:
        self._codes: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self.services: dict[str, Service] = {}
        self.groups: dict[str, Words] = {}
        self.spheres: dict[str, Words] = {}
        self.executors: dict[str, Words] = {}
        self.curators: dict[str, Words] = {}
        self.curator_of: dict[str, str] = {}
        self.asks: dict[str, Words] = {}
        self.retired = Retired()
        self._places: dict[str, dict[str, int]] = {}
        if begun is not None:
            self._begin(begun)

    def catalogue(
        self, examples: dict[str, tuple[str, ...]] | None = None, calm: tuple[tuple[str, str], ...] = ()
    ) -> Catalogue:
        """Return all that was read."""
        found = Catalogue(
            services=self.services,
            groups=self._in_order(self.groups, "group"),
            spheres=self._in_order(self.spheres, "sphere"),
            executors=self._in_order(self.executors, "executor"),
            asks=self._in_order(self.asks, "ask"),
            examples=examples or {},
            calm=calm,
            curators=self._in_order(self.curators, "curator"),
            curator_of=self.curator_of,
            retired=self.retired,
        )
        return replace(found, lesson=lesson_version(found))

    def named(self, kind: str, document: Document, code: str, node: Node | None) -> None:
        """Read the names of a group, executor, curator, ask or sphere; of an executor also the curator over it."""
        keys = [*_LANGUAGES, *(["curator"] if kind == "executor" else []), *(["retired"] if kind != "sphere" else [])]
        entries = document.mapping(node, f"`{code}`", keys)
        is_retired = _is_retired(document, entries)
        self._kept(kind, is_retired)[code] = document.named(entries, node, f"`{code}`")
        if kind == "executor":
            self._curator(document, code, entries, is_retired)

    def service(self, document: Document, node: Node, sphere: str) -> str:
        """Read a service and return its code; its group must be one of the sphere's read before."""
        entries = document.mapping(node, "a service", SERVICE_KEYS)
        code = self._code(document, entries.get("code"), node)
        what = code or "the service"
        names = document.named(entries, node, what)
        is_retired = _is_retired(document, entries)
        if not is_retired:
            self._unique_names(document, entries, names, what)
        danger = Danger(_optional(document, entries, "danger", list(Danger)) or Danger.ORDINARY)
        in_sphere = [key for key in self._known("group", is_retired) if key.startswith(f"{sphere}.")]
        group = _optional(document, entries, "group", {key.removeprefix(f"{sphere}.") for key in in_sphere})
        asks = self._known("ask", is_retired)
        ask = tuple(
            document.choice(item, f"an `ask` of {what}", asks)
            for item in document.sequence(entries.get("ask"), f"`ask` of {what}")
        )
        deadline, source = _deadline(document, entries, danger, what)
        answer = document.words(entries["answer"], f"`answer` of {what}") if "answer" in entries else None
        if not code:
            return ""
        executors = self._known("executor", is_retired)
        kept = self.retired.services if is_retired else self.services
        kept[code] = Service(
            code=code,
            sphere=sphere,
            group=f"{sphere}.{group}" if group else "",
            names=names,
            executor=_optional(document, entries, "executor", executors) or DEFAULT_EXECUTOR,
            danger=danger,
            deadline=deadline,
            deadline_source=source,
            ask=ask,
            answer=answer,
            phrases=_phrases(document, entries.get("phrases"), what),
        )
        return code

    def forget(self, kind: str, code: str) -> None:
        """Take out what is going to be read anew."""
        if kind == "service":
            gone = self.services.pop(code, None)
            self.retired.services.pop(code, None)
            self._codes.pop(code, None)
            if gone is not None:
                for language in _LANGUAGES:
                    self._names.pop((language, gone.names.of(language).casefold()), None)
            return
        self._kept(kind, False).pop(code, None)
        if kind != "sphere":
            self._kept(kind, True).pop(code, None)
        if kind == "executor":
            self.curator_of.pop(code, None)

    def _curator(self, document: Document, code: str, entries: dict[str, Node], is_retired: bool) -> None:
        self.curator_of.pop(code, None)
        if "curator" in entries:
            known = self._known("curator", is_retired)
            curator = document.choice(entries["curator"], f"`curator` of `{code}`", known)
            if curator and not is_retired:
                self.curator_of[code] = curator

    def _kept(self, kind: str, is_retired: bool) -> dict[str, Words]:
        kept: dict[str, Words] = getattr(self.retired if is_retired else self, f"{kind}s")
        return kept

    def _known(self, kind: str, is_retired: bool) -> dict[str, Words]:
        """Return what may be named: what has left still names what has left."""
        return self._kept(kind, False) | (self._kept(kind, True) if is_retired else {})

    def _in_order(self, found: dict[str, Words], kind: str) -> dict[str, Words]:
        """Return lists in the order of what was begun with: an edited thing keeps its place on screens and in files."""
        places = self._places.get(kind, {})
        return dict(sorted(found.items(), key=lambda pair: places.get(pair[0], len(places))))

    def _begin(self, begun: Catalogue) -> None:
        self.services = dict(begun.services)
        self.groups = dict(begun.groups)
        self.spheres = dict(begun.spheres)
        self.executors = dict(begun.executors)
        self.curators = dict(begun.curators)
        self.curator_of = dict(begun.curator_of)
        self.asks = dict(begun.asks)
        past = begun.retired
        self.retired = Retired(
            dict(past.services), dict(past.groups), dict(past.executors), dict(past.curators), dict(past.asks)
        )
        for kind in ("group", "executor", "curator", "ask", "sphere"):
            self._places[kind] = {code: place for place, code in enumerate(self._kept(kind, False))}
        self._codes = {code: code for code in (*begun.services, *past.services)}
        self._names = {
            (language, service.names.of(language).casefold()): service.code
            for service in begun.services.values()
            for language in _LANGUAGES
        }

    def _code(self, document: Document, node: Node | None, service: Node) -> str:
        if node is None:
            document.complain(service, "the service has no `code`: add one, like ROAD-001")
            return ""
        code = document.text(node, "`code`")
        if code and not CODE.fullmatch(code):
            document.complain(node, f"`code` {code} must be capital letters, a dash and 3–4 digits, like ROAD-001")
            return ""
        first = self._codes.setdefault(code, document.place(node))
        if code in self.services or code in self.retired.services:
            document.complain(node, f"the code {code} is already taken in {first}: give this one the next free number")
            return ""
        return code

    def _unique_names(self, document: Document, entries: dict[str, Node], names: Words, what: str) -> None:
        for language in _LANGUAGES:
            name = names.of(language)
            if not name:
                continue
            here = document.place(entries[language], what)
            first = self._names.setdefault((language, name.casefold()), here)
            if first is not here:
                document.complain(
                    entries[language], f"{what} has the name «{name}» of the service in {first}: tell them apart"
                )


def _is_retired(document: Document, entries: dict[str, Node]) -> bool:
    return "retired" in entries and document.choice(entries["retired"], "`retired`", ("yes", "no")) == "yes"


def _optional(
    document: Document, entries: dict[str, Node], key: str, known: set[str] | list[Danger] | dict[str, Words]
) -> str:
    return document.choice(entries[key], f"`{key}`", known) if key in entries else ""


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
    parts = document.mapping(node, f"`phrases` of {what}", PHRASE_KEYS)
    ru, kk, other = (document.texts(parts.get(key), f"`phrases.{key}` of {what}") for key in PHRASE_KEYS)
    return Phrases(ru, kk, other)
