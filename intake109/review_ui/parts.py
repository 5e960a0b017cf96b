"""What the web application is built from; `bootstrap` fills it, tests fill it with small things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pwdlib import PasswordHash

from intake109.appeals.terms.calendar import WorkingCalendar, shipped_calendar
from intake109.catalogue.current import CurrentCatalogue
from intake109.catalogue.search import CatalogueSearch
from intake109.catalogue.services import Catalogue
from intake109.classifier.place.gazetteer import Gazetteer
from intake109.classifier.place.places import Places
from intake109.clock import Clock
from intake109.collectors.base import Webhook
from intake109.config import City, Config
from intake109.dedup.problem import Problems, shipped_problems
from intake109.media.files import FileStore
from intake109.model import Span, Verdict
from intake109.outages.announcement import AnnouncementReader
from intake109.outages.places import PlaceReader
from intake109.queue.rules import Rules
from intake109.store.database import Database


def announcements_of(gazetteer: Gazetteer, city: City) -> AnnouncementReader:
    """Return what reads announcements of outages: an announced house and a citizen's meet in one key."""
    known = frozenset(one.canonical for one in gazetteer.names)
    return AnnouncementReader(PlaceReader(Places(gazetteer).find, known), city.zone)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a route may need.

    Attributes:
        classify: says what a text is; also used to recognise a typed address as a place.
        explain: says which words of a text spoke for a service, by its code; strongest first.
        gazetteer: the city's names that places are recognised by; shown, not asked.
        announcements: reads what is announced to be switched off.
        webhooks: channels that call us, by the name in their address.
        passwords: argon2 with its defaults (125 ms, 64 MiB a login); tests pass the cheapest profile.
    """

    config: Config
    database: Database
    clock: Clock
    current: CurrentCatalogue
    files: FileStore
    classify: Callable[[str], Verdict]
    explain: Callable[[str, str], list[Span]]
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    announcements: AnnouncementReader = field(default_factory=lambda: announcements_of(Gazetteer(), City()))
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    passwords: PasswordHash = field(default_factory=PasswordHash.recommended)
    problems: Problems = field(default_factory=shipped_problems)
    calendar: WorkingCalendar = field(default_factory=shipped_calendar)

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue as it is now."""
        return self.current.catalogue

    @property
    def search(self) -> CatalogueSearch:
        """The index over the catalogue as it is now."""
        return self.current.search

    @property
    def rules(self) -> Rules:
        """What decisions depend on."""
        return Rules(
            self.catalogue,
            self.config.promise,
            self.config.city.zone,
            self.problems,
            voice=self.config.voice,
            calendar=self.calendar,
            deadlines=self.config.deadlines,
            address=self.config.server.address,
            reads_replies=bool(self.config.executors.mailbox.host),
        )
