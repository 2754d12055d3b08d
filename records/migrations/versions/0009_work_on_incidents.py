"""Work on incidents: how deadlines ended, who was handed a step, reminders on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket_deadlines") as table:
        table.add_column(sa.Column("outcome", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("reference", sa.Text(), nullable=True))
    with op.batch_alter_table("ticket_steps") as table:
        table.add_column(sa.Column("owner", sa.String(length=100), nullable=True))
    op.create_table(
        "ticket_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.String(length=20), nullable=False),
        sa.Column("first_reminder", sa.Integer(), nullable=False),
        sa.Column("last_reminder", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("last_reminder", "channel"),
    )
    op.create_index("ix_ticket_deliveries_done_at", "ticket_deliveries", ["done_at"])


def downgrade() -> None:
    op.drop_table("ticket_deliveries")
    with op.batch_alter_table("ticket_steps") as table:
        table.drop_column("owner")
    with op.batch_alter_table("ticket_deadlines") as table:
        table.drop_column("reference")
        table.drop_column("outcome")
