"""Clocks counted anew beside the first; the draft a step calls for; deliveries claimed by one sender."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "ticket_deadlines"
# The first schema left the constraint unnamed: SQLite keeps it so, PostgreSQL made up this name.
_ON_POSTGRESQL = "ticket_deadlines_ticket_id_clock_id_conditional_key"
_NAMED = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
_BY_CONVENTION = "uq_ticket_deadlines_ticket_id"
NEW = "uq_ticket_deadlines_series"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table(TABLE, naming_convention=_NAMED) as table:
        table.add_column(sa.Column("series", sa.Integer(), nullable=False, server_default="1"))
        table.drop_constraint(_BY_CONVENTION if sqlite else _ON_POSTGRESQL, type_="unique")
        table.create_unique_constraint(NEW, ["ticket_id", "clock_id", "conditional", "series"])
    with op.batch_alter_table("ticket_steps") as table:
        table.add_column(sa.Column("draft", sa.String(length=30), nullable=True))
    with op.batch_alter_table("ticket_deliveries") as table:
        table.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ticket_deliveries") as table:
        table.drop_column("claimed_until")
    with op.batch_alter_table("ticket_steps") as table:
        table.drop_column("draft")
    op.execute(f"DELETE FROM {TABLE} WHERE series > 1")  # noqa: S608  a constant
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(NEW, type_="unique")
        table.create_unique_constraint(_ON_POSTGRESQL, ["ticket_id", "clock_id", "conditional"])
        table.drop_column("series")
