"""Register entries: which states of an entry take approvals, kept by the database itself.

Entries stand in the tables of tickets. Whatever writes to them, nothing reaches a gated state
without its approvals by others than the requester, and gates and the approvals behind them stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Name, table, when, condition, message.
RULES = (
    (
        "entry_approved", "tickets", "BEFORE UPDATE OF state",
        "EXISTS (SELECT 1 FROM ticket_gates WHERE ticket_id = NEW.id AND state = NEW.state"
        " AND approvals > (SELECT COUNT(DISTINCT person_id) FROM ticket_approvals"
        " WHERE ticket_id = NEW.id AND person_id <> NEW.opened_by))",
        "approvals by others than the requester are needed",
    ),
    (
        "gate_starts", "ticket_gates", "BEFORE INSERT",
        "EXISTS (SELECT 1 FROM tickets WHERE id = NEW.ticket_id AND state = NEW.state)",
        "an entry does not start behind its gate",
    ),
    ("gate_unchanged", "ticket_gates", "BEFORE UPDATE", "1 = 1", "a gate is never changed"),
    ("gate_kept", "ticket_gates", "BEFORE DELETE", "1 = 1", "a gate is never removed"),
    (
        "entry_approval_kept", "ticket_approvals", "BEFORE DELETE",
        "EXISTS (SELECT 1 FROM tickets t JOIN ticket_gates g"
        " ON g.ticket_id = t.id AND g.state = t.state WHERE t.id = OLD.ticket_id)",
        "approvals behind a gate are kept",
    ),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "ticket_gates",
        sa.Column("ticket_id", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "state"),
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
    op.drop_table("ticket_gates")


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
