"""shifts and their hand-over, who reads what, blind minutes, pauses of channels"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_MOMENT = sa.DateTime(timezone=True)
_GOING_ON = sa.text("ended_at IS NULL")
_UNSIGNED = sa.text("signed_in_at IS NULL")


def upgrade() -> None:
    _blindness()
    _people()
    # SQLite can add a reference with its column, and in no other way without writing the whole table anew.
    op.execute("ALTER TABLE tasks ADD COLUMN given_by INTEGER CONSTRAINT fk_tasks_given_by_users REFERENCES users (id)")
    op.execute(
        "ALTER TABLE tasks ADD COLUMN blind_spell_id INTEGER "
        "CONSTRAINT fk_tasks_blind_spell_id_blind_spells REFERENCES blind_spells (id)"
    )
    op.add_column("channel_health", sa.Column("rhythm_s", sa.Float(), nullable=False, server_default="0"))


def _blindness() -> None:
    op.create_table(
        "blind_spells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_spells")),
    )
    op.create_index(
        "ix_blind_spells_open",
        "blind_spells",
        ["name"],
        unique=True,
        sqlite_where=_GOING_ON,
        postgresql_where=_GOING_ON,
    )
    op.create_index("ix_blind_spells_channel", "blind_spells", ["channel", "began_at"])
    op.create_table(
        "pauses",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paused_by", sa.Integer(), nullable=False),
        sa.Column("paused_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["paused_by"], ["users.id"], name=op.f("fk_pauses_paused_by_users")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_pauses")),
    )


def _people() -> None:
    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_duties_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
    )
    op.create_index(
        "ix_duties_open", "duties", ["user_id"], unique=True, sqlite_where=_GOING_ON, postgresql_where=_GOING_ON
    )
    op.create_index("ix_duties_began", "duties", ["began_at"])
    op.create_table(
        "readers",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_readers_task_id_tasks")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_readers_user_id_users")),
        sa.PrimaryKeyConstraint("task_id", "user_id", name=op.f("pk_readers")),
    )
    op.create_index("ix_readers_user_id", "readers", ["user_id"])
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=False),
        sa.Column("signed_out_at", _MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("incoming_id", sa.Integer(), nullable=True),
        sa.Column("signed_in_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["outgoing_id"], ["users.id"], name=op.f("fk_handovers_outgoing_id_users")),
        sa.ForeignKeyConstraint(["incoming_id"], ["users.id"], name=op.f("fk_handovers_incoming_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index("ix_handovers_unsigned", "handovers", ["id"], sqlite_where=_UNSIGNED, postgresql_where=_UNSIGNED)
    op.create_table(
        "turns",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_turns")),
    )


def downgrade() -> None:
    op.drop_column("channel_health", "rhythm_s")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_column("blind_spell_id")
        batch_op.drop_column("given_by")
    for table in ("turns", "handovers", "readers", "duties", "pauses", "blind_spells"):
        op.drop_table(table)
