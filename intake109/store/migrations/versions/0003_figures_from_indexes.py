"""the figures above the queue come from indexes alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_OPEN = sa.text("decided_at IS NULL")
_HEARD = sa.text("news_at IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tasks_figures",
            ["shelf", "promise_at", "is_incident", "decided_at"],
            unique=False,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )
        batch_op.create_index(
            "ix_tasks_news",
            ["news_at", "decided_at", "news_seen_at"],
            unique=False,
            sqlite_where=_HEARD,
            postgresql_where=_HEARD,
        )


def downgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_news", sqlite_where=_HEARD, postgresql_where=_HEARD)
        batch_op.drop_index("ix_tasks_figures", sqlite_where=_OPEN, postgresql_where=_OPEN)
