"""What was asked before in a thread."""

import sqlalchemy as sa
from alembic import op

from records.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_turns",
        sa.Column("answer_id", sa.String(length=40), nullable=False),
        sa.Column("thread", sa.String(length=200), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("clarification", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("answer_id"),
    )
    with op.batch_alter_table("question_turns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_turns_thread"), ["thread"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_turns_asked_at"), ["asked_at"], unique=False)


def downgrade() -> None:
    op.drop_table("question_turns")
