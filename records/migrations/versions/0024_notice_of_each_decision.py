"""What a client of a closing was told is kept with the records it was about, not once for the client.

Told by a notice of the destruction counts for what is destroyed or returned, by one of a transfer for
what is transferred or kept by a custodian; what was put on record by hand counts for every decision, as
it was meant then.
"""

import sqlalchemy as sa
from alembic import op

from records.database import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_COLUMNS = ("notice", "notice_id", "notice_at")
_ABOUT = {"destruction": ("destroy", "return"), "transfer": ("transfer", "keep")}
_records = sa.table(
    "closing_records", *map(sa.column, ("project_id", "client", "number", "fate", *_COLUMNS))
)
_clients = sa.table("closing_clients", *map(sa.column, ("project_id", "number", *_COLUMNS)))
_notices = sa.table("notices", sa.column("id"), sa.column("kind"))


def upgrade() -> None:
    with op.batch_alter_table("closing_records", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("notice", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("notice_id", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("notice_at", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_closing_records_notice"), ["notice"], unique=False)
    theirs = sa.and_(
        _clients.c.project_id == _records.c.project_id, _clients.c.number == _records.c.client
    )
    told = {one: sa.select(_clients.c[one]).where(theirs).scalar_subquery() for one in _COLUMNS}
    op.execute(sa.update(_records).values(**told))
    for kind, fates in _ABOUT.items():
        of_kind = sa.select(_notices.c.id).where(_notices.c.kind == kind)
        op.execute(
            sa.update(_records)
            .where(_records.c.fate.not_in(fates), _records.c.notice_id.in_(of_kind))
            .values(notice="", notice_id="", notice_at=None)
        )
    with op.batch_alter_table("closing_records", schema=None) as batch_op:
        batch_op.alter_column("notice", server_default=None)
        batch_op.alter_column("notice_id", server_default=None)
    with op.batch_alter_table("closing_clients", schema=None) as batch_op:
        for column in _COLUMNS:
            batch_op.drop_column(column)


def downgrade() -> None:
    with op.batch_alter_table("closing_clients", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("notice", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("notice_id", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("notice_at", UtcDateTime(), nullable=True))
    # One state for a client: of several decisions the one least told.
    theirs = sa.and_(
        _records.c.project_id == _clients.c.project_id,
        _records.c.client == _clients.c.number,
        _records.c.fate != "",
    )
    least = (
        sa.select(_records.c.number)
        .where(theirs)
        .order_by(_records.c.notice != "", _records.c.number)
    )
    for column in _COLUMNS:
        one = least.with_only_columns(_records.c[column]).limit(1).scalar_subquery()
        empty = None if column == "notice_at" else ""
        op.execute(sa.update(_clients).values({column: sa.func.coalesce(one, empty)}))
    with op.batch_alter_table("closing_clients", schema=None) as batch_op:
        batch_op.alter_column("notice", server_default=None)
        batch_op.alter_column("notice_id", server_default=None)
    with op.batch_alter_table("closing_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closing_records_notice"))
        for column in _COLUMNS:
            batch_op.drop_column(column)
