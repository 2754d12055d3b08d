"""What is known of a loaded version: its own end, adoption, owner, review day, remarks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("instruments") as table:
        table.add_column(sa.Column("own_effective_to", sa.Date(), nullable=True))
        table.add_column(sa.Column("own_ends_as", sa.String(), nullable=True))
        table.add_column(
            sa.Column("date_certain", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        table.add_column(sa.Column("adopted", sa.Date(), nullable=True))
        table.add_column(sa.Column("version", sa.String(), nullable=True))
        table.add_column(sa.Column("owner", sa.String(), nullable=True))
        table.add_column(sa.Column("approved", sa.Date(), nullable=True))
        table.add_column(sa.Column("review_by", sa.Date(), nullable=True))
        table.add_column(sa.Column("remarks", sa.Text(), nullable=False, server_default="[]"))
    instruments = sa.table(
        "instruments",
        *(
            sa.column(name)
            for name in ("effective_to", "ends_as", "own_effective_to", "own_ends_as")
        ),
    )
    op.execute(
        instruments.update().values(
            own_effective_to=instruments.c.effective_to, own_ends_as=instruments.c.ends_as
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("instruments") as table:
        for name in (
            *("own_effective_to", "own_ends_as", "date_certain", "adopted", "version"),
            *("owner", "approved", "review_by", "remarks"),
        ):
            table.drop_column(name)
