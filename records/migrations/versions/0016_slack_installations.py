"""Workspaces Slack is installed in, states of installations under way, and what people were told."""

import sqlalchemy as sa
from alembic import op

from records.database import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_installations",
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("installed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("team_id"),
    )
    op.create_table(
        "slack_states",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "slack_told",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("slack_told", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slack_told_told_at"), ["told_at"], unique=False)


def downgrade() -> None:
    for table in ("slack_told", "slack_states", "slack_installations"):
        op.drop_table(table)
