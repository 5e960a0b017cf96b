"""The classifier that serves, for commands that do not start the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect

from intake109.catalogue.services import Catalogue
from intake109.classifier.place.gazetteer import read as read_gazetteer
from intake109.config import Config
from intake109.progress import Progress
from intake109.store import models
from intake109.store.database import Database
from intake109.store.effective import effective
from intake109.store.tables import ModelRow

if TYPE_CHECKING:
    from intake109.classifier.lines import Explaining


def serving(config: Config, progress: Progress) -> tuple[Explaining, Catalogue]:
    """Return the model that serves and the catalogue in use; nothing is created in the database.

    Before the first start, or where the model's file is lost, it is the one trained from the catalogue.

    Raises:
        ConfigError: the database does not answer.
        TrainingError: the model had to be trained and could not be.
    """
    from intake109.classifier.classifier import Classifier, load_or_train
    from intake109.classifier.storage import ModelFileError, restore
    from intake109.jobs.champion import Champion

    catalogue, gazetteer = effective(config).catalogue, read_gazetteer(config.city.gazetteer)
    folder = config.storage.folder / "model"
    row = _row(config)
    if row is not None and row.id is not None and row.file:
        try:
            found = Classifier(restore(folder / row.file), row.version, gazetteer)
        except ModelFileError:
            found = load_or_train(catalogue, folder, progress, gazetteer)
        return Champion(row.id, found, None, folder, lambda: catalogue, gazetteer), catalogue
    return load_or_train(catalogue, folder, progress, gazetteer), catalogue


def _row(config: Config) -> ModelRow | None:
    database = Database.existing(config.storage.url)
    if database is None:
        return None
    try:
        with database.read() as session:
            is_there = inspect(session.connection()).has_table(str(ModelRow.__tablename__))
            return models.serving(session) if is_there else None
    finally:
        database.close()
