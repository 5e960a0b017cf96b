"""announced outages, their places and changes, who was answered with one, drafts of an import"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_MOMENT = sa.DateTime(timezone=True)
_RUNNING = sa.text("over_at IS NULL")
_TO_TELL = sa.text("tell_at IS NOT NULL")


def upgrade() -> None:
    _outages()
    _belonging()
    op.create_table(
        "outage_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_outage_drafts_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_drafts")),
    )


def _outages() -> None:
    op.create_table(
        "outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("family", sa.JSON(), nullable=False),
        sa.Column("begins_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.Column("over_at", _MOMENT, nullable=True),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("lapsed_at", _MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_outages_entered_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    op.create_index("ix_outages_running", "outages", ["ends_at"], sqlite_where=_RUNNING, postgresql_where=_RUNNING)
    op.create_index("ix_outages_began", "outages", ["begins_at"])
    op.create_table(
        "outage_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("houses", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_outage_places_outage_id_outages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_places")),
    )
    op.create_index("ix_outage_places_key", "outage_places", ["key", "outage_id"])
    op.create_index("ix_outage_places_area", "outage_places", ["area", "outage_id"])
    op.create_index("ix_outage_places_outage", "outage_places", ["outage_id"])


def _belonging() -> None:
    op.create_table(
        "outage_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("tell_at", _MOMENT, nullable=True),
        sa.Column("told_until", sa.Integer(), nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_outage_changes_outage_id_outages")),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_outage_changes_changed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_changes")),
    )
    op.create_index("ix_outage_changes_outage", "outage_changes", ["outage_id", "id"])
    op.create_index(
        "ix_outage_changes_to_tell", "outage_changes", ["tell_at"], sqlite_where=_TO_TELL, postgresql_where=_TO_TELL
    )
    op.create_table(
        "outage_appeals",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_outage_appeals_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_outage_appeals_outage_id_outages")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_outage_appeals")),
    )
    op.create_index("ix_outage_appeals_outage_id", "outage_appeals", ["outage_id"])
    op.create_table(
        "outage_matches",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("doubt", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_outage_matches_task_id_tasks")),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_outage_matches_outage_id_outages")),
        sa.PrimaryKeyConstraint("task_id", "outage_id", name=op.f("pk_outage_matches")),
    )
    op.create_index("ix_outage_matches_outage_id", "outage_matches", ["outage_id"])


def downgrade() -> None:
    for table in ("outage_drafts", "outage_matches", "outage_appeals", "outage_changes", "outage_places", "outages"):
        op.drop_table(table)
