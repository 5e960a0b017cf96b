"""The catalogue as it is at this moment, in a process that runs for weeks while administrators edit it elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol

from intake109.catalogue.check import Neighbours
from intake109.catalogue.overlay import Entry, overlay
from intake109.catalogue.search import CatalogueSearch
from intake109.catalogue.services import Catalogue

_EVERY_S = 2.0


class Source(Protocol):
    """Where the edited versions are: the database."""

    def mark(self) -> int:
        """Return a number that grows with every edit; asked often, so it must be cheap."""

    def entries(self) -> Sequence[Entry]:
        """Return the latest version of everything edited."""


class Edition:
    """One state of the catalogue and the indexes over it, each built when it is first needed."""

    def __init__(self, catalogue: Catalogue, mark: int, before: Edition | None = None) -> None:
        self.catalogue = catalogue
        self.mark = mark
        self._before = before.__dict__.get("search") if before else None

    @cached_property
    def search(self) -> CatalogueSearch:
        """The services one may choose."""
        before, self._before = self._before, None
        return CatalogueSearch(self.catalogue, before)

    @cached_property
    def past(self) -> CatalogueSearch:
        """The retired services: old appeals are still looked for by their names."""
        return CatalogueSearch(self.catalogue.as_it_was())

    @cached_property
    def neighbours(self) -> Neighbours:
        """All phrases, to compare a new one with."""
        return Neighbours(self.catalogue)


class CurrentCatalogue:
    """Gives the newest edition: the files', with the database's versions over them.

    Looks for a newer one at most every two seconds, when somebody asks. Whoever has something built from a catalogue
    (a trained model) compares `catalogue.lesson` with the one it was built from. Safe to share between threads.

    Args:
        base: the catalogue of the files.
        source: where the edited versions are; without one the files are all there is.
    """

    def __init__(
        self,
        base: Catalogue,
        source: Source | None = None,
        *,
        every_s: float = _EVERY_S,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.base = base
        self._source = source
        self._every_s = every_s
        self._seconds = seconds
        self._lock = threading.Lock()
        self._edition = Edition(base, 0)
        self._asked_at = float("-inf")

    @property
    def catalogue(self) -> Catalogue:
        return self.edition().catalogue

    @property
    def search(self) -> CatalogueSearch:
        return self.edition().search

    def edition(self) -> Edition:
        """Return the newest edition known to this process."""
        if self._source is not None and self._seconds() - self._asked_at >= self._every_s:
            self.refresh()
        return self._edition

    def refresh(self) -> None:
        """Take what was edited up to now; called by whoever has just edited."""
        if self._source is None:
            return
        with self._lock:
            self._asked_at = self._seconds()
            mark = self._source.mark()
            if mark != self._edition.mark:
                catalogue, _ = overlay(self.base, self._source.entries())
                self._edition = Edition(catalogue, mark, self._edition)
