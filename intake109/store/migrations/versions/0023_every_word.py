"""every yes and no of citizens, what was asked about, why a case without a yes was closed, buttons of templates"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_MOMENT = sa.DateTime(timezone=True)
_SAID = {"citizen said yes": "yes", "citizen said no": "no"}


def upgrade() -> None:
    op.create_table(
        "words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_user", sa.Integer(), nullable=True),
        sa.Column("executor", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_words_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["by_user"], ["users.id"], name=op.f("fk_words_by_user_users")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_words_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporters.id"], name=op.f("fk_words_reporter_id_reporters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words")),
    )
    op.create_index("ix_words_appeal_id", "words", ["appeal_id"])
    op.create_index("ix_words_at", "words", ["at"])
    op.create_index("ix_words_reporter_id", "words", ["reporter_id"])
    op.add_column("reporters", sa.Column("asked_of", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE reporters SET asked_of = (SELECT COALESCE(appeals.merged_into, appeals.id) FROM appeals "
        "WHERE appeals.id = reporters.appeal_id) WHERE asked_round > 0"
    )
    op.add_column("appeals", sa.Column("closed_why", sa.Text(), nullable=False, server_default=""))
    op.add_column("text_versions", sa.Column("template_buttons", sa.String(), nullable=False, server_default=""))
    _gather(op.get_bind())


def _gather(connection: sa.Connection) -> None:
    """Write down what citizens said so far: the audit knows also what was forgotten when they were asked again."""
    noted = connection.execute(
        sa.select(_AUDIT).where(_AUDIT.c.subject == "appeal", _AUDIT.c.action.in_(list(_SAID))).order_by(_AUDIT.c.id)
    ).all()
    rounds = connection.execute(sa.select(_ROUNDS).where(_ROUNDS.c.undone_at.is_(None))).all()
    opened: dict[int, list[datetime]] = {}
    for one in rounds:
        opened.setdefault(one.appeal_id, []).append(one.opened_at)
    whose = {one.id: one for one in connection.execute(sa.select(_APPEALS).where(_APPEALS.c.id.in_(_cases())))}
    talks = {one.id: one.conversation_id for one in connection.execute(sa.select(_REPORTERS))}
    words = [
        {
            "appeal_id": one.subject_id,
            "round": 1 + sum(at < one.at for at in opened.get(one.subject_id, [])),
            "reporter_id": one.detail["reporter"],
            "conversation_id": talks[one.detail["reporter"]],
            "said": _SAID[one.action],
            "at": one.at,
            "by_user": one.actor_id,
            "executor": whose[one.subject_id].executor,
            "organisation": whose[one.subject_id].organisation,
        }
        for one in noted
        if one.detail.get("reporter") in talks and one.subject_id in whose
    ]
    if words:
        connection.execute(sa.insert(_WORDS), words)


def _cases() -> sa.Select[tuple[int]]:
    return sa.select(_AUDIT.c.subject_id).where(_AUDIT.c.subject == "appeal", _AUDIT.c.action.in_(list(_SAID)))


_AUDIT = sa.table(
    "audit",
    *(sa.column("id", sa.Integer()), sa.column("at", _MOMENT), sa.column("actor_id", sa.Integer())),
    *(sa.column("action", sa.String()), sa.column("subject", sa.String()), sa.column("subject_id", sa.Integer())),
    sa.column("detail", sa.JSON()),
)
_ROUNDS = sa.table(
    "rounds",
    *(sa.column("appeal_id", sa.Integer()), sa.column("opened_at", _MOMENT), sa.column("undone_at", _MOMENT)),
)
_APPEALS = sa.table(
    "appeals",
    *(sa.column("id", sa.Integer()), sa.column("executor", sa.String()), sa.column("organisation", sa.String())),
)
_REPORTERS = sa.table("reporters", sa.column("id", sa.Integer()), sa.column("conversation_id", sa.Integer()))
_WORDS = sa.table(
    "words",
    *(sa.column("appeal_id", sa.Integer()), sa.column("round", sa.Integer()), sa.column("reporter_id", sa.Integer())),
    *(sa.column("conversation_id", sa.Integer()), sa.column("said", sa.String()), sa.column("at", _MOMENT)),
    *(sa.column("by_user", sa.Integer()), sa.column("executor", sa.String()), sa.column("organisation", sa.String())),
)


def downgrade() -> None:
    op.drop_column("text_versions", "template_buttons")
    op.drop_column("appeals", "closed_why")
    op.drop_column("reporters", "asked_of")
    op.drop_table("words")
