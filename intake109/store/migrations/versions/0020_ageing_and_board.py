"""when a deadline begins to be near; links to the board in the hall"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_MOMENT = sa.DateTime(timezone=True)
_UNTOLD = sa.text("overdue_told_at IS NULL AND closed_at IS NULL AND annulled_at IS NULL")
_RUNNING = sa.text("closed_at IS NULL AND annulled_at IS NULL")
_NEAR_SHARE = 0.2


def upgrade() -> None:
    op.add_column("appeals", sa.Column("warn_at", _MOMENT, nullable=True))
    op.add_column("rounds", sa.Column("deadline_why", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("rounds", sa.Column("calendar", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_appeals_warned", "appeals", ["warn_at"], sqlite_where=_RUNNING, postgresql_where=_RUNNING)
    op.create_index("ix_appeals_untold", "appeals", ["deadline_at"], sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)
    op.create_table(
        "board_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.Column("seen_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_board_links_created_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_board_links_token_hash")),
    )
    _warn_of_those_that_run()


def _warn_of_those_that_run() -> None:
    """What runs already becomes near in the last fifth of its time."""
    appeals = sa.table(
        "appeals",
        sa.column("id", sa.Integer()),
        sa.column("registered_at", _MOMENT),
        sa.column("deadline_at", _MOMENT),
        sa.column("warn_at", _MOMENT),
        sa.column("closed_at", _MOMENT),
    )
    running = sa.select(appeals.c.id, appeals.c.registered_at, appeals.c.deadline_at).where(
        appeals.c.closed_at.is_(None)
    )
    connection = op.get_bind()
    found = [
        {
            "key": row.id,
            "warn": _aware(row.deadline_at) - (_aware(row.deadline_at) - _aware(row.registered_at)) * _NEAR_SHARE,
        }
        for row in connection.execute(running)
    ]
    if found:
        put = appeals.update().where(appeals.c.id == sa.bindparam("key")).values(warn_at=sa.bindparam("warn"))
        connection.execute(put, found)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def downgrade() -> None:
    op.drop_table("board_links")
    op.drop_index("ix_appeals_untold", table_name="appeals")
    op.drop_index("ix_appeals_warned", table_name="appeals")
    op.drop_column("rounds", "calendar")
    op.drop_column("rounds", "deadline_why")
    op.drop_column("appeals", "warn_at")
