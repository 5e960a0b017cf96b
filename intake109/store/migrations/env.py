"""Alembic's entry: runs migrations in one transaction on the engine it is given."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from intake109.store.tables import METADATA

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=METADATA, render_as_batch=connection.dialect.name == "sqlite"
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(109)"))
        context.run_migrations()
    connection.commit()
