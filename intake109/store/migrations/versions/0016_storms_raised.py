"""the messages of storms found without looking through all that wait"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_STORMY = sa.text("decided_at IS NULL AND group_key <> '' AND rank < 2")


def upgrade() -> None:
    op.create_index(
        "ix_tasks_storm",
        "tasks",
        ["decided_at", "group_key"],
        sqlite_where=_STORMY,
        postgresql_where=_STORMY,
    )


def downgrade() -> None:
    op.drop_index("ix_tasks_storm", table_name="tasks")
