"""marks by which nearly equal texts and pictures meet; which task waits with another's decision"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_MOMENT = sa.DateTime(timezone=True)
_FOLLOWING = sa.text("follows_id IS NOT NULL")
_FORWARDED = sa.text("origin <> ''")


def upgrade() -> None:
    # SQLite can add a reference with its column, and in no other way without writing the whole table anew.
    op.execute(
        "ALTER TABLE tasks ADD COLUMN follows_id INTEGER CONSTRAINT fk_tasks_follows_id_tasks REFERENCES tasks (id)"
    )
    op.create_index("ix_tasks_follows", "tasks", ["follows_id"], sqlite_where=_FOLLOWING, postgresql_where=_FOLLOWING)
    op.create_index(
        "ix_mentions_origin", "mentions", ["channel", "origin"], sqlite_where=_FORWARDED, postgresql_where=_FORWARDED
    )
    op.create_table(
        "mention_marks",
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_mention_marks_mention_id_mentions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mark", "mention_id", name=op.f("pk_mention_marks")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mention_marks_mention_id", "mention_marks", ["mention_id"])
    op.create_table(
        "picture_marks",
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("picture", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
            name=op.f("fk_picture_marks_attachment_id_attachments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_picture_marks_mention_id_mentions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mark", "attachment_id", name=op.f("pk_picture_marks")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_picture_marks_attachment_id", "picture_marks", ["attachment_id"])
    op.create_index("ix_picture_marks_mention_id", "picture_marks", ["mention_id"])


def downgrade() -> None:
    op.drop_table("picture_marks")
    op.drop_table("mention_marks")
    op.drop_index("ix_mentions_origin", table_name="mentions")
    op.drop_index("ix_tasks_follows", table_name="tasks")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_column("follows_id")
