"""reports: the chain of seals, who gets them, those asked for; figures from indexes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_MOMENT = sa.DateTime(timezone=True)
_ANSWERED = sa.text("said_at IS NOT NULL")
_CLOSED = sa.text("closed_at IS NOT NULL")
_WANTED = sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sealed_at", _MOMENT, nullable=False),
        sa.Column("sealed_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sealed_by"], ["users.id"], name=op.f("fk_seals_sealed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("day", "revision", name=op.f("uq_seals_day")),
        sa.UniqueConstraint("previous", name=op.f("uq_seals_previous")),
    )
    op.create_table(
        "report_subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name=op.f("fk_report_subscribers_added_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_subscribers")),
        sa.UniqueConstraint("way", "address", name=op.f("uq_report_subscribers_way")),
    )
    op.create_table(
        "report_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_report_orders_asked_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_orders")),
    )
    op.create_index("ix_report_orders_wanted", "report_orders", ["id"], sqlite_where=_WANTED, postgresql_where=_WANTED)
    op.create_index("ix_tasks_mentioned", "tasks", ["mentioned_at"])
    op.create_index("ix_appeals_registered", "appeals", ["registered_at"])
    op.create_index("ix_appeals_closed", "appeals", ["closed_at"], sqlite_where=_CLOSED, postgresql_where=_CLOSED)
    op.create_index("ix_examples_decided", "examples", ["decided_at"])
    op.create_index("ix_reporters_said", "reporters", ["said_at"], sqlite_where=_ANSWERED, postgresql_where=_ANSWERED)


def downgrade() -> None:
    op.drop_index("ix_reporters_said", table_name="reporters")
    op.drop_index("ix_examples_decided", table_name="examples")
    op.drop_index("ix_appeals_closed", table_name="appeals")
    op.drop_index("ix_appeals_registered", table_name="appeals")
    op.drop_index("ix_tasks_mentioned", table_name="tasks")
    for name in ("report_orders", "report_subscribers", "seals"):
        op.drop_table(name)
