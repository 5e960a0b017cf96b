"""what administrators have written over the catalogue of the files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "catalogue_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_catalogue_revisions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_revisions")),
        sa.UniqueConstraint("kind", "code", "number", name=op.f("uq_catalogue_revisions_kind")),
    )


def downgrade() -> None:
    op.drop_table("catalogue_revisions")
