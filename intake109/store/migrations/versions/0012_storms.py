"""whose turn a task is, and alerts that are told together"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("decided_at IS NULL")
_LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("tasks", sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "sqlite":
        due_ms = "CAST(ROUND((julianday(due_at) - 2440587.5) * 86400000) AS INTEGER)"
    else:
        due_ms = "CAST(ROUND(EXTRACT(EPOCH FROM due_at) * 1000) AS BIGINT)"
    tasks = sa.table("tasks", sa.column("turn"), sa.column("decided_at"))
    op.execute(tasks.update().where(tasks.c.decided_at.is_(None)).values(turn=sa.literal_column(due_ms)))
    op.drop_index("ix_tasks_open", table_name="tasks")
    op.create_index(
        "ix_tasks_open", "tasks", ["shelf", "rank", "turn", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_table(
        "alert_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_alert_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("look_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rounds")),
    )
    for name, columns in (("open", ["kind", "audience"]), ("look", ["look_at"])):
        op.create_index(
            f"ix_alert_rounds_{name}",
            "alert_rounds",
            columns,
            unique=name == "open",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        )


def downgrade() -> None:
    op.drop_table("alert_rounds")
    op.drop_index("ix_tasks_open", table_name="tasks")
    op.create_index(
        "ix_tasks_open", "tasks", ["shelf", "rank", "due_at", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.drop_column("tasks", "turn")
