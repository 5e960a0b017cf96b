"""The catalogue as a centre has edited it, for commands that do not start the product."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import inspect

from intake109.catalogue.load import load
from intake109.catalogue.overlay import is_edited, overlay
from intake109.catalogue.services import Catalogue
from intake109.config import Config
from intake109.errors import ConfigError
from intake109.store import revisions
from intake109.store.database import Database, is_reachable
from intake109.store.tables import RevisionRow


@dataclass(frozen=True, slots=True)
class Effective:
    """What counts now.

    Attributes:
        base: the catalogue of the files.
        edits: how many things are otherwise than in the files.
        problems: edits that break a rule, mostly since an update of the files.
    """

    catalogue: Catalogue
    base: Catalogue
    edits: int = 0
    problems: tuple[str, ...] = ()


def effective(config: Config | None) -> Effective:
    """Return the catalogue with the edits of the configured database; nothing is created or migrated.

    Without a configuration, or before the first start, the files are all there is.

    Raises:
        CatalogueError: the files break a rule.
        ConfigError: the database does not answer.
    """
    base = load()
    if config is None:
        return Effective(base, base)
    database = Database.existing(config.storage.url)
    if database is None:
        return Effective(base, base)
    try:
        problem = is_reachable(database)
        if problem:
            raise ConfigError([f"the database does not answer ({problem}); see `intake109 doctor`"])
        return _with_edits(base, database)
    finally:
        database.close()


def _with_edits(base: Catalogue, database: Database) -> Effective:
    with database.read() as session:
        if not inspect(session.connection()).has_table(str(RevisionRow.__tablename__)):
            return Effective(base, base)
        entries = revisions.entries(session)
    catalogue, problems = overlay(base, entries)
    edits = sum(is_edited(base, entry) for entry in entries)
    return Effective(catalogue, base, edits, tuple(problems))
