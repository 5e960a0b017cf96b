"""the ladder of the promise, its alerts, and what the machine registered by itself"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_OPEN = sa.text("decided_at IS NULL")
_UNCHECKED = sa.text("outcome = 'automatic' AND checked_at IS NULL")
_LIVE = sa.text("ended_at IS NULL")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("tasks", sa.Column("rung", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tasks", sa.Column("rung_at", _MOMENT, nullable=True))
    op.add_column("tasks", sa.Column("late_cause", sa.String(), nullable=False, server_default=""))
    op.add_column("tasks", sa.Column("checked_at", _MOMENT, nullable=True))
    # SQLite can add a reference with its column, and in no other way without writing the whole table anew.
    op.execute(
        "ALTER TABLE tasks ADD COLUMN checked_by INTEGER CONSTRAINT fk_tasks_checked_by_users REFERENCES users (id)"
    )
    op.add_column("tasks", sa.Column("checked_as", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_tasks_rung", "tasks", ["decided_at", "rung_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_tasks_unchecked", "tasks", ["decided_at"], sqlite_where=_UNCHECKED, postgresql_where=_UNCHECKED)
    op.add_column("users", sa.Column("telegram_id", sa.String(), nullable=True))
    op.create_index("ix_users_telegram_id", "users", ["telegram_id"], unique=True)
    # What waits already climbs from now on: the first look finds its rung.
    op.execute("UPDATE tasks SET rung_at = received_at WHERE decided_at IS NULL AND shelf = 'queue'")
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("ways", sa.String(), nullable=False),
        sa.Column("acknowledged_at", _MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_alerts_task_id_tasks")),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["users.id"], name=op.f("fk_alerts_acknowledged_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("key", name=op.f("uq_alerts_key")),
    )
    op.create_index("ix_alerts_next", "alerts", ["next_at"], sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index("ix_alerts_task", "alerts", ["task_id"])
    op.create_table(
        "stops",
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("began_at", name=op.f("pk_stops")),
    )


def downgrade() -> None:
    op.drop_table("stops")
    op.drop_index("ix_alerts_task", "alerts")
    op.drop_index("ix_alerts_next", "alerts")
    op.drop_table("alerts")
    op.drop_index("ix_users_telegram_id", "users")
    op.drop_column("users", "telegram_id")
    op.drop_index("ix_tasks_unchecked", "tasks")
    op.drop_index("ix_tasks_rung", "tasks")
    for name in ("rung", "rung_at", "late_cause", "checked_at", "checked_as"):
        op.drop_column("tasks", name)
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_column("checked_by")
