"""What is written of a thing of the catalogue: the same keys in files, in the database and on the editor's form."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from intake109.catalogue.services import Catalogue, Service, Words

LANGUAGES = ("ru", "kk", "en")
Content = Mapping[str, Any]
"""JSON: texts, lists of texts, and mappings of those."""


class Kind(StrEnum):
    """What can be edited."""

    SERVICE = "service"
    GROUP = "group"
    EXECUTOR = "executor"
    CURATOR = "curator"
    ASK = "ask"
    SPHERE = "sphere"


def content_of(catalogue: Catalogue, kind: Kind, code: str) -> dict[str, Any] | None:
    """Return what is written of something, in use or retired; None if nothing has this code."""
    if kind is Kind.SERVICE:
        service = catalogue.known(code)
        return service_content(service) if service else None
    words = in_use(catalogue, kind).get(code) or retired(catalogue, kind).get(code)
    if words is None:
        return None
    curator = catalogue.curator_of.get(code) if kind is Kind.EXECUTOR else None
    return _words(words) | ({"curator": curator} if curator else {})


def in_use(catalogue: Catalogue, kind: Kind) -> Mapping[str, Words]:
    """Return the names of what can be chosen, by code."""
    if kind is Kind.SERVICE:
        return {code: service.names for code, service in catalogue.services.items()}
    return {
        Kind.GROUP: catalogue.groups,
        Kind.EXECUTOR: catalogue.executors,
        Kind.CURATOR: catalogue.curators,
        Kind.ASK: catalogue.asks,
        Kind.SPHERE: catalogue.spheres,
    }[kind]


def retired(catalogue: Catalogue, kind: Kind) -> Mapping[str, Words]:
    """Return the names of what has left, by code; a sphere never does."""
    past = catalogue.retired
    if kind is Kind.SERVICE:
        return {code: service.names for code, service in past.services.items()}
    return {
        Kind.GROUP: past.groups,
        Kind.EXECUTOR: past.executors,
        Kind.CURATOR: past.curators,
        Kind.ASK: past.asks,
        Kind.SPHERE: {},
    }[kind]


def service_content(service: Service) -> dict[str, Any]:
    """Return what is written of a service; what is empty or follows from the danger is left out."""
    content: dict[str, Any] = {"code": service.code, "sphere": service.sphere}
    if service.group:
        content["group"] = service.group.removeprefix(f"{service.sphere}.")
    content |= _words(service.names) | {"executor": service.executor, "danger": service.danger.value}
    if service.deadline_source:
        content |= {"deadline": service.deadline, "deadline_source": service.deadline_source}
    if service.ask:
        content["ask"] = list(service.ask)
    if service.answer:
        content["answer"] = _words(service.answer)
    said = {"ru": service.phrases.ru, "kk": service.phrases.kk, "other": service.phrases.other}
    if any(said.values()):
        content["phrases"] = {key: list(phrases) for key, phrases in said.items() if phrases}
    return content


def flat(content: Content) -> dict[str, str | tuple[str, ...]]:
    """Return what is written, one entry a field: `answer.ru`, `phrases.kk`; lists as tuples."""
    found: dict[str, str | tuple[str, ...]] = {}
    for key, value in content.items():
        if isinstance(value, Mapping):
            found |= {f"{key}.{inner}": part for inner, part in flat(value).items()}
        else:
            found[key] = tuple(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
    return found


def unflat(fields: Mapping[str, str | tuple[str, ...]]) -> dict[str, Any]:
    """Return the content that `flat` gives these fields of; empty ones are left out."""
    content: dict[str, Any] = {}
    for name, value in fields.items():
        if not value:
            continue
        key, _, inner = name.partition(".")
        plain: Any = list(value) if isinstance(value, tuple) else value
        if inner:
            content.setdefault(key, {})[inner] = plain
        else:
            content[key] = plain
    return content


def _words(words: Words) -> dict[str, Any]:
    return {language: words.of(language) for language in LANGUAGES}
