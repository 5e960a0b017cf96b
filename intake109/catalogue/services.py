"""What a service is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

SPHERES = (
    "roads",
    "traffic",
    "lighting",
    "yards",
    "greenery",
    "waste",
    "water",
    "sewerage",
    "heating",
    "electricity",
    "gas",
    "housing",
    "lifts",
    "construction",
    "transport",
    "healthcare",
    "education",
    "social",
    "employment",
    "land",
    "ecology",
    "animals",
    "safety",
    "trade",
    "communications",
    "culture_sport",
    "public_services",
    "other",
)
"""Codes of the spheres; stable, reports and outside systems rely on them."""

TO_BE_CLARIFIED = "OTHER-001"
"""The service of an appeal that nobody could assign yet."""


class Danger(StrEnum):
    """What is at stake: `LIFE` makes an incident, `HEALTH` is a threat to health or traffic."""

    LIFE = "life"
    HEALTH = "health"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing in the three languages of the city."""

    ru: str
    kk: str
    en: str

    def of(self, language: str) -> str:
        """Return the wording for a language; a mixed or unknown one gets Russian."""
        return {"kk": self.kk, "en": self.en}.get(language, self.ru)


@dataclass(frozen=True, slots=True)
class Phrases:
    """How citizens ask for a service: Russian, Kazakh, and mixed, Latin-letter or English."""

    ru: tuple[str, ...] = ()
    kk: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return self.ru + self.kk + self.other


@dataclass(frozen=True, slots=True)
class Service:
    """Something a citizen asks for and an executor recognises as its work.

    Attributes:
        deadline: `3h`, `24h` (round the clock), `5wd` (working days from the next one) or `15d`.
        deadline_source: law, norm or practice the deadline rests on; empty for the defaults (24 h for danger to
            life, 5 working days otherwise).
        ask: codes of what the inspector must know before the executor can act.
        answer: a public answer, for services that are questions.
    """

    code: str
    sphere: str
    group: str
    names: Words
    executor: str
    danger: Danger
    deadline: str
    deadline_source: str = ""
    ask: tuple[str, ...] = ()
    answer: Words | None = None
    phrases: Phrases = Phrases()

    @property
    def is_incident(self) -> bool:
        return self.danger is Danger.LIFE


@dataclass(frozen=True, slots=True)
class Retired:
    """What has left the catalogue. It keeps its names for old appeals and reports, and its code for ever."""

    services: dict[str, Service] = field(default_factory=dict)
    groups: dict[str, Words] = field(default_factory=dict)
    executors: dict[str, Words] = field(default_factory=dict)
    curators: dict[str, Words] = field(default_factory=dict)
    asks: dict[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All services in use, by code.

    Attributes:
        lesson: changes only when a classifier would learn something else.
    """

    services: dict[str, Service]
    groups: dict[str, Words]
    spheres: dict[str, Words]
    executors: dict[str, Words]
    asks: dict[str, Words]
    """What an inspector must ask before an executor can act."""
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Texts that are no appeals, by kind (`thanks`, `spam`, `chat`)."""
    calm: tuple[tuple[str, str], ...] = ()
    """Texts with words of danger and no danger, each with its kind."""
    curators: dict[str, Words] = field(default_factory=dict)
    """Deputy akims who stand over executors."""
    curator_of: dict[str, str] = field(default_factory=dict)
    """Which curator an executor stands under; an executor without one is not in it."""
    retired: Retired = field(default_factory=Retired)
    lesson: str = ""

    def get(self, code: str) -> Service | None:
        """Return a service in use; a retired one cannot be chosen any more and is not found here."""
        return self.services.get(code)

    def known(self, code: str) -> Service | None:
        """Return a service, in use or retired."""
        return self.services.get(code) or self.retired.services.get(code)

    def as_it_was(self) -> Catalogue:
        """Return the retired services as a catalogue of their own."""
        return replace(self, services=self.retired.services, groups=self.groups | self.retired.groups)

    def service_name(self, code: str, language: str) -> str:
        """Return the name of a service, in use or retired; its code if there never was one."""
        service = self.known(code)
        return service.names.of(language) if service else code

    def executor_name(self, code: str, language: str) -> str:
        """Return the name of a kind of executor, in use or retired; its code if it has none."""
        words = self.executors.get(code) or self.retired.executors.get(code)
        return words.of(language) if words else code

    def curator_name(self, code: str, language: str) -> str:
        """Return the name of a curator, in use or retired; the code if there is none."""
        words = self.curators.get(code) or self.retired.curators.get(code)
        return words.of(language) if words else code
