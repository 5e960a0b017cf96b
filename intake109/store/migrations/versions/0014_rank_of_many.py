"""a rank between danger and the ordinary, for what many tell of; indexes of places that SQLite chooses"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_INDEXES = {
    "ix_tasks_group": ("group_key", ["citizen_id", "rank", "due_at", "id"]),
    "ix_tasks_open_place_key": ("place_key", []),
    "ix_tasks_open_street_key": ("street_key", []),
    "ix_tasks_open_area_key": ("area_key", []),
    "ix_tasks_open_cell": ("cell", []),
}


def upgrade() -> None:
    op.execute("UPDATE tasks SET rank = 2 WHERE rank = 1")
    _index_anew("decided_at")


def downgrade() -> None:
    _index_anew()
    op.execute("UPDATE tasks SET rank = 1 WHERE rank = 2")


def _index_anew(*first: str) -> None:
    for name, (column, more) in _INDEXES.items():
        where: Any = sa.text(f"decided_at IS NULL AND {column} <> ''")
        op.drop_index(name, table_name="tasks")
        op.create_index(name, "tasks", [*first, column, *more], sqlite_where=where, postgresql_where=where)
