"""Which message of Slack an answer was streamed into, so that its reply takes that place after a crash.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "slack_streams",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("slack_streams", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_slack_streams_started_at"), ["started_at"], unique=False
        )


def downgrade() -> None:
    op.drop_table("slack_streams")
