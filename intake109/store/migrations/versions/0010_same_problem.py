"""where a problem is and whom it belongs to, for people who tell of one problem; what was decided together"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_WHERE = ("place_key", "street_key", "area_key", "cell")


def upgrade() -> None:
    # SQLite can add a reference with its column, and in no other way without writing the whole table anew.
    op.execute(
        "ALTER TABLE tasks ADD COLUMN decided_with INTEGER CONSTRAINT fk_tasks_decided_with_tasks REFERENCES tasks (id)"
    )
    op.create_index("ix_tasks_decided_with", "tasks", ["decided_with"])
    op.add_column("tasks", sa.Column("citizen_id", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tasks", sa.Column("group_key", sa.String(), nullable=False, server_default=""))
    for name in _WHERE:
        op.add_column("tasks", sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.create_index(f"ix_tasks_open_{name}", "tasks", [name], **_of_open(name))
    op.create_index(
        "ix_tasks_group", "tasks", ["group_key", "citizen_id", "rank", "due_at", "id"], **_of_open("group_key")
    )
    for name in _WHERE[1:]:
        op.add_column("appeals", sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.create_index(f"ix_appeals_{name}", "appeals", [name, "registered_at"])


def _of_open(name: str) -> dict[str, Any]:
    where = sa.text(f"decided_at IS NULL AND {name} <> ''")
    return {"sqlite_where": where, "postgresql_where": where}


def downgrade() -> None:
    for name in _WHERE[1:]:
        op.drop_index(f"ix_appeals_{name}", table_name="appeals")
        op.drop_column("appeals", name)
    op.drop_index("ix_tasks_group", table_name="tasks")
    for name in _WHERE:
        op.drop_index(f"ix_tasks_open_{name}", table_name="tasks")
        op.drop_column("tasks", name)
    op.drop_column("tasks", "group_key")
    op.drop_column("tasks", "citizen_id")
    op.drop_index("ix_tasks_decided_with", table_name="tasks")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_column("decided_with")
