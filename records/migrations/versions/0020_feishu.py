"""Accounts of people in Feishu."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feishu_id", sa.String(length=120), nullable=True))
        batch_op.create_unique_constraint("uq_people_feishu_id", ["feishu_id"])


def downgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint("uq_people_feishu_id", type_="unique")
        batch_op.drop_column("feishu_id")
