"""what executors write back to our letters"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "executor_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_executor_replies_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_executor_replies_answer_id_answers")),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_executor_replies_settled_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_executor_replies")),
        sa.UniqueConstraint("key", name=op.f("uq_executor_replies_key")),
    )
    op.create_index("ix_executor_replies_state", "executor_replies", ["state", "id"])
    op.create_index(op.f("ix_executor_replies_appeal_id"), "executor_replies", ["appeal_id"])


def downgrade() -> None:
    op.drop_table("executor_replies")
