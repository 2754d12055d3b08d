"""Notices to clients, and the rules of approving and sending them kept by the database itself.

Whatever writes to these tables, the product or a hand: whoever wrote a notice is no approver of it,
nothing is released or leaves without two approvals of exactly its content, a drill never does, what
was sent never goes again, what was released never changes but to be emptied, versions and ledger only
grow.
"""

import sqlalchemy as sa
from alembic import op

from records.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


_COUNTED = (
    "(SELECT COUNT(DISTINCT a.person_id) FROM notice_approvals a JOIN notices n"
    " ON n.id = a.notice_id AND n.sha256 = a.sha256 WHERE n.id = {}"
    " AND a.person_id NOT IN (SELECT v.person_id FROM notice_versions v WHERE v.notice_id = n.id))"
)


def _approvals(notice: str) -> str:
    """How many approved this notice as it is, none of them a writer of it."""
    return _COUNTED.format(notice)


_HELD_BACK = (
    "EXISTS (SELECT 1 FROM notices d WHERE d.id = NEW.notice_id AND (d.drill"
    " OR d.state = 'draft' OR (d.state = 'stopped' AND NEW.state = 'begun')))"
)
_IS_DRAFT = "(SELECT n.state FROM notices n WHERE n.id = {}.notice_id) = 'draft'"
# As tickets/notice_delivery.py has them.
_MOVES = {
    "waiting": "'begun', 'sent'",
    "begun": "'waiting', 'uncertain', 'failed', 'written', 'sent'",
    "uncertain": "'waiting', 'sent'",
    "failed": "'waiting', 'sent'",
    "written": "'sent'",
    "sent": "'bounced'",
    "bounced": "'sent'",
}
_ALLOWED = " OR ".join(
    f"(OLD.state = '{before}' AND NEW.state IN ({after}))" for before, after in _MOVES.items()
)
# Name, table, when, condition, message.
RULES = (
    (
        "notice_approval_by_another", "notice_approvals", "BEFORE INSERT",
        "EXISTS (SELECT 1 FROM notice_versions v WHERE v.notice_id = NEW.notice_id"
        " AND v.person_id = NEW.person_id) OR NOT EXISTS (SELECT 1 FROM notices n"
        " WHERE n.id = NEW.notice_id AND n.sha256 = NEW.sha256 AND n.state = 'draft')",
        "whoever wrote a notice cannot approve it, and only its present content is approved",
    ),
    (
        "notice_approval_unchanged", "notice_approvals", "BEFORE UPDATE", "1 = 1",
        "an approval is never rewritten",
    ),
    (
        "notice_approval_kept", "notice_approvals", "BEFORE DELETE", "1 = 1",
        "an approval is never removed",
    ),
    (
        "notice_starts", "notices", "BEFORE INSERT", "NEW.state <> 'draft'",
        "a notice starts as a draft",
    ),
    (
        "notice_origin", "notices", "BEFORE UPDATE",
        "NEW.kind <> OLD.kind OR NEW.drill <> OLD.drill OR NEW.written_by <> OLD.written_by"
        " OR NEW.written_at <> OLD.written_at",
        "what a notice is, and who wrote it when, is never rewritten",
    ),
    (
        "notice_unchanged", "notices", "BEFORE UPDATE",
        "OLD.state <> 'draft' AND (NEW.sha256 <> OLD.sha256"
        " OR (NEW.sealed <> OLD.sealed AND length(NEW.sealed) > 0)"
        " OR NEW.revision <> OLD.revision OR NEW.tongue <> OLD.tongue"
        " OR NEW.released_by <> OLD.released_by OR NEW.released_at <> OLD.released_at"
        " OR NEW.state = 'draft' OR (OLD.state = 'stopped' AND NEW.state <> 'stopped'))",
        "what was released never changes",
    ),
    (
        "notice_two_approvers", "notices", "BEFORE UPDATE OF state",
        "NEW.state = 'released' AND OLD.state <> 'released'"
        f" AND (NEW.drill OR {_approvals('NEW.id')} < 2)",
        "two approvers who did not write it are needed, and a drill never goes out",
    ),
    (
        "delivery_added_in_draft", "notice_deliveries", "BEFORE INSERT",
        f"NEW.state <> 'waiting' OR NOT {_IS_DRAFT.format('NEW')}",
        "clients are added to a draft only",
    ),
    (
        "delivery_removed_in_draft", "notice_deliveries", "BEFORE DELETE",
        f"NOT {_IS_DRAFT.format('OLD')}", "clients are removed from a draft only",
    ),
    (
        "delivery_unchanged", "notice_deliveries", "BEFORE UPDATE",
        # Emptied once it is over, and never filled again.
        "NEW.key <> OLD.key OR NEW.notice_id <> OLD.notice_id OR (NEW.sealed <> OLD.sealed"
        " AND (length(NEW.sealed) > 0 OR OLD.state IN ('begun', 'uncertain', 'written')"
        f" OR {_IS_DRAFT.format('NEW')}))"
        " OR NEW.digest <> OLD.digest OR NEW.token <> OLD.token OR NEW.channel <> OLD.channel"
        " OR NEW.attempts < OLD.attempts",
        "whom a notice goes to is never rewritten",
    ),
    (
        "delivery_order", "notice_deliveries", "BEFORE UPDATE OF state",
        f"NEW.state <> OLD.state AND NOT ({_ALLOWED})", "this move is not allowed",
    ),
    (
        "delivery_approved", "notice_deliveries", "BEFORE UPDATE OF state",
        f"NEW.state <> OLD.state AND NEW.state IN ('begun', 'written', 'sent')"
        f" AND ({_HELD_BACK} OR {_approvals('NEW.notice_id')} < 2)",
        "nothing leaves that two others did not approve",
    ),
    (
        "notice_version_unchanged", "notice_versions", "BEFORE UPDATE", "1 = 1",
        "versions only grow",
    ),
    ("notice_version_kept", "notice_versions", "BEFORE DELETE", "1 = 1", "versions only grow"),
    ("notice_ledger_unchanged", "notice_ledger", "BEFORE UPDATE", "1 = 1", "a ledger only grows"),
    ("notice_ledger_kept", "notice_ledger", "BEFORE DELETE", "1 = 1", "a ledger only grows"),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("tongue", sa.String(length=4), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("ticket_id", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.String(length=40), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("released_by", sa.String(length=40), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notices_state", "notices", ["state"])
    op.create_index("ix_notices_ticket_id", "notices", ["ticket_id"])
    op.create_table(
        "notice_versions",
        sa.Column("notice_id", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"]),
        sa.PrimaryKeyConstraint("notice_id", "revision"),
    )
    op.create_table(
        "notice_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("notice_id", "person_id", "sha256"),
    )
    op.create_index("ix_notice_approvals_notice_id", "notice_approvals", ["notice_id"])
    op.create_table(
        "notice_deliveries",
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("notice_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("notice_id", "number"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_notice_deliveries_notice_id", "notice_deliveries", ["notice_id"])
    op.create_index("ix_notice_deliveries_state", "notice_deliveries", ["state"])
    op.create_table(
        "notice_ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["notice_deliveries.key"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_ledger_key", "notice_ledger", ["key"])
    for rule in RULES:
        for statement in _made(*rule):
            op.execute(statement)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in RULES:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("ledger", "deliveries", "approvals", "versions"):
        op.drop_table(f"notice_{table}")
    op.drop_table("notices")


def _made(name: str, table: str, when: str, condition: str, message: str) -> tuple[str, ...]:
    # As in 0010: PostgreSQL allows no subquery in WHEN.
    if op.get_bind().dialect.name != "postgresql":
        return (
            f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END",
        )
    returned = "OLD" if "DELETE" in when else "NEW"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF;"
        f" RETURN {returned}; END $$",
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
