"""The classifier that serves. Every process has one; which model it is stands in the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from intake109.catalogue.services import Catalogue
from intake109.classifier.classifier import Classifier, load_or_train, version_of
from intake109.classifier.place.gazetteer import Gazetteer
from intake109.classifier.storage import ModelFileError, restore
from intake109.clock import Clock
from intake109.model import Span, Verdict
from intake109.progress import Progress
from intake109.store import models
from intake109.store.database import Database

log = structlog.get_logger(__name__)
_EVERY_S = 10.0


class Champion:
    """Judges with the model that serves, and takes over another one between two texts. Safe to share between threads.

    What a model of an earlier catalogue suggests and the catalogue of now does not have is left out. Which model serves
    is looked up at most every ten seconds, when somebody asks, in a thread of its own: no text waits for it.
    """

    def __init__(
        self,
        model_id: int,
        classifier: Classifier,
        database: Database | None,
        folder: Path,
        catalogue: Callable[[], Catalogue],
        gazetteer: Gazetteer | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`database` None: this model serves for as long as the process lives."""
        self._serving = (model_id, classifier)
        self._database = database
        self._seconds = seconds
        self._looked_at = seconds()
        self._looking = threading.Lock()
        self._folder = folder
        self._catalogue = catalogue
        self._gazetteer = gazetteer

    @property
    def model_id(self) -> int:
        return self._serving[0]

    @property
    def version(self) -> str:
        return self._serving[1].version

    def classify(self, text: str) -> Verdict:
        """Return the verdict on one text."""
        return self.classify_many([text])[0]

    def classify_many(self, texts: Sequence[str]) -> list[Verdict]:
        """Return one verdict per text, in order, all by the same model."""
        self._look_now_and_then()
        catalogue = self._catalogue()
        return [_in_use(verdict, catalogue) for verdict in self._serving[1].classify_many(texts)]

    def explain(self, text: str, code: str) -> list[Span]:
        """Return the words that spoke most for a service, strongest first."""
        return self._serving[1].explain(text, code)

    def refresh(self) -> bool:
        """Take over the model that serves by now; True if it is another one.

        One that cannot be read (its file is on another machine) is left alone: the old one goes on.
        """
        if self._database is None:
            return False
        with self._database.read() as session:
            row = models.serving(session)
        if row is None or row.id is None or row.id == self.model_id or not row.file:
            return False
        try:
            parts = restore(self._folder / row.file)
        except ModelFileError as error:
            log.error("model not taken over", model=row.id, problem=str(error))
            return False
        self._serving = (row.id, Classifier(parts, row.version, self._gazetteer))
        log.info("model taken over", model=row.id)
        return True

    def _look_now_and_then(self) -> None:
        now = self._seconds()
        if now - self._looked_at < _EVERY_S or not self._looking.acquire(blocking=False):
            return
        self._looked_at = now
        threading.Thread(target=self._look, name="models", daemon=True).start()

    def _look(self) -> None:
        try:
            self.refresh()
        except SQLAlchemyError as error:  # the database does not answer: the model goes on, the next look is soon
            log.error("no look at the models", problem=type(error).__name__)
        finally:
            self._looking.release()


def open_champion(
    database: Database,
    folder: Path,
    catalogue: Callable[[], Catalogue],
    gazetteer: Gazetteer | None,
    clock: Clock,
    progress: Progress | None = None,
) -> Champion:
    """Return the model that serves; where there is none yet, or its file is lost, one trained from the catalogue.

    Raises:
        TrainingError: it had to be trained and could not be.
    """
    with database.read() as session:
        row = models.serving(session)
    if row is not None and row.id is not None and row.file:
        try:
            parts = restore(folder / row.file)
        except ModelFileError as error:
            log.error("the serving model is lost", model=row.id, problem=str(error))
        else:
            return Champion(row.id, Classifier(parts, row.version, gazetteer), database, folder, catalogue, gazetteer)
    classifier = load_or_train(catalogue(), folder, progress, gazetteer)
    version = version_of(catalogue())
    with database.write() as session:
        new = models.introduce(
            session, version, f"catalogue-{version}.npz", clock.now(), instead_of=row.id if row else None
        )
    return Champion(new, classifier, database, folder, catalogue, gazetteer)


def _in_use(verdict: Verdict, catalogue: Catalogue) -> Verdict:
    left = tuple(guess for guess in verdict.services if guess.code in catalogue.services)
    return verdict if len(left) == len(verdict.services) else replace(verdict, services=left)
