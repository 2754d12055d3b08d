"""Destruction: the register, and the separation of duties kept by the database itself.

Whatever writes to these tables, the product or a hand: a requester is no approver, nothing counts
as approved or destroyed without two others, a held order is not destroyed, timelines and the
register only grow.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OTHERS = (
    "(SELECT COUNT(DISTINCT person_id) FROM ticket_approvals"
    " WHERE ticket_id = NEW.id AND person_id <> NEW.opened_by)"
)
_AFTER = "('carried_out', 'evidenced', 'certified', 'registered')"
_CARRIED_OUT_BEFORE = (
    "EXISTS (SELECT 1 FROM ticket_events"
    " WHERE ticket_id = NEW.id AND what = 'destruction:carried_out')"
)
# Name, table, when, condition, message.
RULES = (
    (
        "approval_by_another", "ticket_approvals", "BEFORE INSERT",
        "EXISTS (SELECT 1 FROM tickets WHERE id = NEW.ticket_id AND opened_by = NEW.person_id)",
        "a requester cannot approve",
    ),
    (
        "approval_unchanged", "ticket_approvals", "BEFORE UPDATE", "1 = 1",
        "an approval is never rewritten",
    ),
    (
        "approval_kept", "ticket_approvals", "BEFORE DELETE",
        "EXISTS (SELECT 1 FROM tickets WHERE id = OLD.ticket_id AND state IN"
        " ('carried_out', 'evidenced', 'certified', 'registered'))",
        "approvals of a destruction carried out are kept",
    ),
    (
        "destruction_starts", "tickets", "BEFORE INSERT",
        "NEW.kind = 'destruction' AND NEW.state NOT IN ('requested', 'blocked')",
        "a destruction starts as a request",
    ),
    (
        "ticket_origin", "tickets", "BEFORE UPDATE OF kind, opened_by, opened_at",
        "NEW.kind <> OLD.kind OR NEW.opened_by <> OLD.opened_by OR NEW.opened_at <> OLD.opened_at",
        "who opened a ticket and when is never rewritten",
    ),
    (
        "two_approvers", "tickets", "BEFORE UPDATE OF state",
        f"NEW.kind = 'destruction' AND NEW.state IN ('approved', 'carried_out', 'evidenced',"
        f" 'certified', 'registered') AND {_OTHERS} < 2",
        "two approvers other than the requester are needed",
    ),
    (
        "destruction_order", "tickets", "BEFORE UPDATE OF state",
        "NEW.kind = 'destruction' AND NEW.state <> OLD.state AND ("
        "(NEW.state = 'approved' AND OLD.state <> 'notified')"
        " OR (NEW.state = 'carried_out' AND OLD.state <> 'approved'"
        f" AND NOT (OLD.state = 'blocked' AND {_CARRIED_OUT_BEFORE}))"
        " OR (NEW.state = 'evidenced' AND OLD.state NOT IN ('carried_out', 'blocked'))"
        " OR (NEW.state = 'certified' AND OLD.state NOT IN ('evidenced', 'blocked'))"
        " OR (NEW.state = 'registered' AND OLD.state <> 'certified')"
        f" OR (OLD.state = 'blocked' AND NEW.state IN {_AFTER} AND NOT {_CARRIED_OUT_BEFORE})"
        f" OR (OLD.state IN {_AFTER} AND NEW.state NOT IN"
        " ('carried_out', 'evidenced', 'certified', 'registered', 'blocked'))"
        f" OR (OLD.state = 'blocked' AND NEW.state NOT IN {_AFTER} AND {_CARRIED_OUT_BEFORE})"
        " OR OLD.state IN ('registered', 'refused'))",
        "this move is not allowed",
    ),
    ("timeline_unchanged", "ticket_events", "BEFORE UPDATE", "1 = 1", "a timeline only grows"),
    ("timeline_kept", "ticket_events", "BEFORE DELETE", "1 = 1", "a timeline only grows"),
    (
        "register_unchanged", "destruction_register", "BEFORE UPDATE", "1 = 1",
        "the register only grows",
    ),
    ("register_kept", "destruction_register", "BEFORE DELETE", "1 = 1", "the register only grows"),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "destruction_register",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=20), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("serial"),
        sa.UniqueConstraint("ticket_id"),
        sa.UniqueConstraint("previous"),
        sa.UniqueConstraint("hash"),
    )
    for rule in RULES:
        for statement in _made(*rule):
            op.execute(statement)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in RULES:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("destruction_register")


def _made(name: str, table: str, when: str, condition: str, message: str) -> tuple[str, ...]:
    if op.get_bind().dialect.name != "postgresql":
        return (
            f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END",
        )
    # PostgreSQL allows no subquery in WHEN. An error of class 23 arrives as an IntegrityError.
    returned = "OLD" if "DELETE" in when else "NEW"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF;"
        f" RETURN {returned}; END $$",
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
