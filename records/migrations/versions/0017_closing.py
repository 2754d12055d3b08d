"""Closing projects: clients by number, decisions, items, evidence; a timeline that only grows."""

import sqlalchemy as sa
from alembic import op

from records.database import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    *("closing_events", "closing_inventories", "closing_records", "closing_decisions"),
    *("closing_weighed", "closing_clients", "closing_evidence", "closing_items"),
    "closing_projects",
)
GROWS = "a timeline only grows"


def upgrade() -> None:
    op.create_table(
        "closing_projects",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("entity", sa.String(length=30), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("custodian", sa.Boolean(), nullable=False),
        sa.Column("weighed_on", sa.Date(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "closing_clients",
        sa.Column("project_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("sensitive_files", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=20), nullable=False),
        sa.Column("notice_id", sa.String(length=60), nullable=False),
        sa.Column("notice_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["closing_projects.id"],
        ),
        sa.PrimaryKeyConstraint("project_id", "number"),
    )
    with op.batch_alter_table("closing_clients", schema=None) as batch_op:
        batch_op.create_index("ix_closing_clients_mark", ["project_id", "mark"], unique=True)

    op.create_table(
        "closing_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=20), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["closing_projects.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("closing_decisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_closing_decisions_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "closing_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["closing_projects.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("closing_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_closing_events_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "closing_evidence",
        sa.Column("file_id", sa.String(length=40), nullable=False),
        sa.Column("project_id", sa.String(length=20), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("suffix", sa.String(length=10), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["closing_projects.id"],
        ),
        sa.PrimaryKeyConstraint("file_id"),
    )
    with op.batch_alter_table("closing_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_closing_evidence_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "closing_inventories",
        sa.Column("project_id", sa.String(length=20), nullable=False),
        sa.Column("scan_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("sensitive", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("unassigned", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["closing_projects.id"],
        ),
        sa.PrimaryKeyConstraint("project_id", "scan_id"),
    )
    op.create_table(
        "closing_items",
        sa.Column("project_id", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["closing_projects.id"],
        ),
        sa.PrimaryKeyConstraint("project_id", "id"),
    )
    op.create_table(
        "closing_weighed",
        sa.Column("project_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["closing_projects.id"],
        ),
        sa.PrimaryKeyConstraint("project_id", "key"),
    )
    with op.batch_alter_table("closing_weighed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_weighed_status"), ["status"], unique=False)

    op.create_table(
        "closing_records",
        sa.Column("project_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("weighed", sa.String(length=64), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.String(length=20), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["closing_decisions.id"],
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["closing_projects.id"],
        ),
        sa.PrimaryKeyConstraint("project_id", "number"),
    )
    with op.batch_alter_table("closing_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_records_client"), ["client"], unique=False)
        batch_op.create_index(batch_op.f("ix_closing_records_fate"), ["fate"], unique=False)
        batch_op.create_index(batch_op.f("ix_closing_records_kind"), ["kind"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_closing_records_ticket_id"), ["ticket_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_closing_records_weighed"), ["weighed"], unique=False)

    for name, when in (("closing_unchanged", "UPDATE"), ("closing_kept", "DELETE")):
        for statement in _refusing(name, when):
            op.execute(statement)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name in ("closing_unchanged", "closing_kept"):
        op.execute(f"DROP TRIGGER {name}" + (" ON closing_events" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    for table in TABLES:
        op.drop_table(table)


def _refusing(name: str, when: str) -> tuple[str, ...]:
    if op.get_bind().dialect.name != "postgresql":
        return (
            f"CREATE TRIGGER {name} BEFORE {when} ON closing_events FOR EACH ROW"
            f" BEGIN SELECT RAISE(ABORT, '{GROWS}'); END",
        )
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{GROWS}' USING ERRCODE = '23514'; END $$",
        f"CREATE TRIGGER {name} BEFORE {when} ON closing_events FOR EACH ROW"
        f" EXECUTE FUNCTION {name}()",
    )
