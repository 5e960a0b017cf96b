"""appeals merged into others and split off again; appeals taken up again after they were closed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_MOMENT = sa.DateTime(timezone=True)
_MERGED = sa.text("merged_into IS NOT NULL")
_STANDING = sa.text("split_at IS NULL")


def upgrade() -> None:
    # SQLite can add a reference with its column, and in no other way without writing the whole table anew.
    op.execute(
        "ALTER TABLE appeals ADD COLUMN merged_into INTEGER "
        "CONSTRAINT fk_appeals_merged_into_appeals REFERENCES appeals (id)"
    )
    op.add_column("appeals", sa.Column("own_deadline_at", _MOMENT, nullable=True))
    op.add_column("appeals", sa.Column("own_is_incident", sa.Boolean(), nullable=True))
    op.add_column("appeals", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_appeals_merged", "appeals", ["merged_into"], sqlite_where=_MERGED, postgresql_where=_MERGED)
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", _MOMENT, nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("letters", sa.JSON(), nullable=False),
        sa.Column("split_at", _MOMENT, nullable=True),
        sa.Column("split_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_merges_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["into_id"], ["appeals.id"], name=op.f("fk_merges_into_id_appeals")),
        sa.ForeignKeyConstraint(["merged_by"], ["users.id"], name=op.f("fk_merges_merged_by_users")),
        sa.ForeignKeyConstraint(["split_by"], ["users.id"], name=op.f("fk_merges_split_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index("ix_merges_appeal_id", "merges", ["appeal_id"])
    op.create_index("ix_merges_into_id", "merges", ["into_id"])
    op.create_index(
        "ix_merges_standing",
        "merges",
        ["appeal_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=False),
        sa.Column("deadline_at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_rounds_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["mention_id"], ["mentions.id"], name=op.f("fk_rounds_mention_id_mentions")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_rounds_opened_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index("ix_rounds_appeal_id", "rounds", ["appeal_id"])
    op.create_index("ix_rounds_mention_id", "rounds", ["mention_id"])


def downgrade() -> None:
    op.drop_table("rounds")
    op.drop_table("merges")
    op.drop_index("ix_appeals_merged", table_name="appeals")
    op.drop_column("appeals", "round")
    op.drop_column("appeals", "own_is_incident")
    op.drop_column("appeals", "own_deadline_at")
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_column("merged_into")
