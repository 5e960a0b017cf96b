"""chores by the clock, what a check changed, channels that are unusually quiet"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "chores",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("done_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chores")),
    )
    op.create_table(
        "checks",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", _MOMENT, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_checks_task_id_tasks")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_checks")),
    )
    op.add_column("channel_health", sa.Column("quiet_since", _MOMENT, nullable=True))
    op.create_index("ix_events_rhythm", "events", ["channel", "received_at"])
    # Danger that only the service tells of comes first on the list of what is to be checked, as any other.
    op.execute(
        "UPDATE tasks SET is_incident = true WHERE outcome = 'automatic' AND checked_at IS NULL "
        "AND appeal_id IN (SELECT id FROM appeals WHERE is_incident)"
    )


def downgrade() -> None:
    op.drop_index("ix_events_rhythm", table_name="events")
    op.drop_column("channel_health", "quiet_since")
    op.drop_table("checks")
    op.drop_table("chores")
