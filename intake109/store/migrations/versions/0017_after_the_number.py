"""what happens after the number: statuses, answers, calls, checks of danger"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_MOMENT = sa.DateTime(timezone=True)
_UNJUDGED = sa.text("judged_at IS NULL")
_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("by_user", sa.Integer(), nullable=True),
        sa.Column("executor", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("acted_on", sa.String(), nullable=False),
        sa.Column("promised_on", sa.String(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("judgement", sa.String(), nullable=False),
        sa.Column("judged_at", _MOMENT, nullable=True),
        sa.Column("judged_by", sa.Integer(), nullable=True),
        sa.Column("external_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_answers_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["by_user"], ["users.id"], name=op.f("fk_answers_by_user_users")),
        sa.ForeignKeyConstraint(["judged_by"], ["users.id"], name=op.f("fk_answers_judged_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index("ix_answers_appeal_id", "answers", ["appeal_id"])
    op.create_index("ix_answers_external_key", "answers", ["external_key"], unique=True)
    op.create_index("ix_answers_unjudged", "answers", ["at"], sqlite_where=_UNJUDGED, postgresql_where=_UNJUDGED)

    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_user", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("is_safe", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_sightings_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["by_user"], ["users.id"], name=op.f("fk_sightings_by_user_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
    )
    op.create_index("ix_sightings_appeal_id", "sightings", ["appeal_id"])

    op.create_table(
        "steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_steps_actor_id_users")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_steps_appeal_id_appeals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
    )
    op.create_index("ix_steps_appeal_id", "steps", ["appeal_id"])
    op.create_index("ix_steps_at", "steps", ["at"])

    op.create_table(
        "answer_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_answer_files_answer_id_answers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_files")),
    )
    op.create_index("ix_answer_files_answer_id", "answer_files", ["answer_id"])

    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_calls_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_calls_closed_by_users")),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporters.id"], name=op.f("fk_calls_reporter_id_reporters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index("ix_calls_appeal_id", "calls", ["appeal_id"])
    op.create_index("ix_calls_open", "calls", ["due_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_calls_reporter_id", "calls", ["reporter_id"])

    op.create_table(
        "call_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_user", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_user"], ["users.id"], name=op.f("fk_call_attempts_by_user_users")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_attempts_call_id_calls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempts")),
    )
    op.create_index("ix_call_attempts_call_id", "call_attempts", ["call_id"])

    op.add_column("appeals", sa.Column("organisation", sa.String(), nullable=False, server_default=""))
    op.add_column("appeals", sa.Column("calendar", sa.String(), nullable=False, server_default=""))
    op.add_column("appeals", sa.Column("deadline_why", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("appeals", sa.Column("promised_at", _MOMENT, nullable=True))
    op.add_column("appeals", sa.Column("waiting_since", _MOMENT, nullable=True))
    op.add_column("appeals", sa.Column("waiting_until", _MOMENT, nullable=True))
    op.add_column("appeals", sa.Column("shelved_until", _MOMENT, nullable=True))
    op.execute(
        "ALTER TABLE appeals ADD COLUMN shelved_owner INTEGER "
        "CONSTRAINT fk_appeals_shelved_owner_users REFERENCES users (id)"
    )
    op.add_column("appeals", sa.Column("shelved_why", sa.Text(), nullable=False, server_default=""))
    op.add_column("appeals", sa.Column("executed_at", _MOMENT, nullable=True))
    op.add_column("appeals", sa.Column("satisfied_at", _MOMENT, nullable=True))
    op.add_column("appeals", sa.Column("closed_as", sa.String(), nullable=False, server_default=""))
    op.add_column("appeals", sa.Column("pressed_at", _MOMENT, nullable=True))
    op.add_column("appeals", sa.Column("overdue_told_at", _MOMENT, nullable=True))

    op.add_column("reporters", sa.Column("asked_at", _MOMENT, nullable=True))
    op.add_column("reporters", sa.Column("asked_round", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reporters", sa.Column("said", sa.String(), nullable=False, server_default=""))
    op.add_column("reporters", sa.Column("said_at", _MOMENT, nullable=True))

    op.add_column("users", sa.Column("organisation", sa.String(), nullable=False, server_default=""))
    # What the centre answered at once is closed; "answered" is now what an executor answered and nobody has confirmed.
    op.execute("UPDATE appeals SET status = 'closed', closed_as = 'answered' WHERE status = 'answered'")
    op.execute("UPDATE merges SET status = 'closed' WHERE status = 'answered'")
    op.execute("UPDATE rounds SET status = 'closed' WHERE status = 'answered'")


def downgrade() -> None:
    op.execute("UPDATE appeals SET status = 'answered' WHERE status = 'closed' AND closed_as = 'answered'")
    op.execute(
        "UPDATE appeals SET status = 'forwarded' WHERE status NOT IN ('registered', 'answered', 'closed', 'annulled', 'merged')"
    )
    op.drop_column("users", "organisation")
    for name in ("said_at", "said", "asked_round", "asked_at"):
        op.drop_column("reporters", name)
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        for name in (
            "overdue_told_at",
            "pressed_at",
            "closed_as",
            "satisfied_at",
            "executed_at",
            "shelved_why",
            "shelved_owner",
            "shelved_until",
            "waiting_until",
            "waiting_since",
            "promised_at",
            "deadline_why",
            "calendar",
            "organisation",
        ):
            batch_op.drop_column(name)
    for name in ("call_attempts", "calls", "answer_files", "steps", "sightings", "answers"):
        op.drop_table(name)
