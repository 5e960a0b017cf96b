"""whole catalogues that were sent, and which versions came with which"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_MOMENT = sa.DateTime(timezone=True)
_IMPORT = "fk_catalogue_revisions_import_id_catalogue_imports"


def upgrade() -> None:
    op.create_table(
        "catalogue_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=True),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_catalogue_imports_user_id_users")),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name=op.f("fk_catalogue_imports_undone_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_imports")),
    )
    with op.batch_alter_table("catalogue_revisions") as batch:
        batch.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(_IMPORT, "catalogue_imports", ["import_id"], ["id"])
    op.create_index("ix_catalogue_revisions_import_id", "catalogue_revisions", ["import_id"])


def downgrade() -> None:
    op.drop_index("ix_catalogue_revisions_import_id", "catalogue_revisions")
    with op.batch_alter_table("catalogue_revisions") as batch:
        batch.drop_constraint(_IMPORT, type_="foreignkey")
        batch.drop_column("import_id")
    op.drop_table("catalogue_imports")
