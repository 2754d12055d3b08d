"""The data root, wrapped with the master key."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    used = any(
        connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1))
        for name in sorted(names)
    )
    table = op.create_table(
        "data_root",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.CheckConstraint("number = 1", name="only_one"),
    )
    # Whatever is there was sealed with keys from the master key itself: it becomes the root.
    if used:
        op.bulk_insert(table, [{"number": 1, "key_id": "", "wrapped": b""}])


def downgrade() -> None:
    op.drop_table("data_root")
