"""Only declared states and moves, by the database itself; and no way round by REPLACE or a new number.

The moves of incidents and destructions stand here; those of register entries come from the files of
their kinds and are written to `ticket_moves` before an entry is. SQLite's REPLACE removes a row
without asking the triggers that refuse removal, so a row that is there already is refused before.
A clock that runs is not moved, a ticket not removed.
"""

import sqlalchemy as sa
from alembic import op

from records.triggers import Rule, create, drop

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_INCIDENT = {
    "open": "'contained', 'handled'",
    "contained": "'handled', 'open'",
    "handled": "'closed', 'open'",
    "closed": "'open'",
}
_DESTRUCTION = {
    "requested": "'appraised', 'refused', 'blocked'",
    "appraised": "'notified', 'refused', 'blocked'",
    "notified": "'approved', 'refused', 'blocked'",
    "approved": "'carried_out', 'refused', 'notified', 'blocked'",
    "carried_out": "'evidenced', 'blocked'",
    "evidenced": "'certified', 'blocked'",
    "certified": "'registered', 'blocked'",
}


# An exercise ends where it stands.
_DRILL_ENDS = "(NEW.state = 'closed' AND substr(NEW.id, 1, 6) = 'DRILL-')"


def _among(moves: dict[str, str]) -> str:
    pairs = (f"(OLD.state = '{old}' AND NEW.state IN ({new}))" for old, new in moves.items())
    return " OR ".join(pairs)


def _back_to(resume: str) -> str:
    """From a hold to where the latest line about one says, or refused; one known at the request has no line."""
    latest = (
        f"(SELECT {resume} FROM ticket_events e WHERE e.ticket_id = NEW.id"  # noqa: S608
        " AND e.what = 'destruction:held' ORDER BY e.id DESC LIMIT 1)"
    )
    return f"(OLD.state = 'blocked' AND NEW.state IN ('refused', COALESCE({latest}, 'requested')))"


# An entry's, by the file of its kind.
_ENTRY = (
    "EXISTS (SELECT 1 FROM ticket_moves m WHERE m.kind = NEW.kind AND m.before = {}"
    " AND m.after = NEW.state)"
)
_STARTS = _ENTRY.format("''")


def _refused_move(resume: str) -> str:
    return (
        "NEW.state <> OLD.state AND CASE NEW.kind"
        f" WHEN 'incident' THEN NOT ({_among(_INCIDENT)} OR {_DRILL_ENDS})"
        f" WHEN 'destruction' THEN NOT ({_among(_DESTRUCTION)} OR {_back_to(resume)})"
        f" ELSE NOT {_ENTRY.format('OLD.state')} END"
    )


RULES = (
    Rule(
        "state_declared", "tickets", "BEFORE UPDATE OF state", "this move is not declared",
        sqlite=_refused_move("json_extract(e.details, '$.resume')"),
        postgresql=_refused_move("e.details ->> 'resume'"),
    ),
    Rule(
        "start_declared", "tickets", "BEFORE INSERT", "a ticket of this kind does not start so",
        "CASE NEW.kind WHEN 'incident' THEN NEW.state <> 'open'"
        " WHEN 'destruction' THEN NEW.state NOT IN ('requested', 'blocked')"
        f" ELSE NOT {_STARTS} END",
    ),
    Rule("move_unchanged", "ticket_moves", "BEFORE UPDATE", "declared moves only grow", "1 = 1"),
    Rule("move_kept", "ticket_moves", "BEFORE DELETE", "declared moves only grow", "1 = 1"),
    Rule("ticket_kept", "tickets", "BEFORE DELETE", "a ticket is never removed", "1 = 1"),
    Rule("ticket_number", "tickets", "BEFORE UPDATE OF id", "a ticket keeps its number",
         "NEW.id <> OLD.id"),
    Rule("notice_kept", "notices", "BEFORE DELETE", "a notice is never removed", "1 = 1"),
    Rule("notice_number", "notices", "BEFORE UPDATE OF id", "a notice keeps its number",
         "NEW.id <> OLD.id"),
    Rule(
        "clock_unmoved", "ticket_deadlines", "BEFORE UPDATE", "a clock that runs is not moved",
        "NEW.ticket_id <> OLD.ticket_id OR NEW.clock_id <> OLD.clock_id"
        " OR NEW.series <> OLD.series OR NEW.conditional <> OLD.conditional"
        " OR (OLD.due_at IS NOT NULL AND (NEW.due_at IS NULL OR NEW.due_at <> OLD.due_at"
        " OR NEW.started_at <> OLD.started_at))"
        " OR (OLD.satisfied_at IS NOT NULL"
        " AND (NEW.satisfied_at IS NULL OR NEW.satisfied_at <> OLD.satisfied_at))",
    ),
    Rule("clock_kept", "ticket_deadlines", "BEFORE DELETE", "a clock is never removed", "1 = 1"),
)  # fmt: skip
# Tables whose rows are never replaced, and what names a row.
_ONCE = {
    "tickets": ("id",),
    "ticket_events": ("id",),
    "ticket_approvals": ("id", "ticket_id person_id"),
    "ticket_gates": ("ticket_id state",),
    "ticket_moves": ("kind before after",),
    "ticket_deadlines": ("id", "ticket_id clock_id conditional series"),
    "destruction_register": ("number", "serial", "ticket_id", "previous", "hash"),
    "notices": ("id",),
    "notice_versions": ("notice_id revision",),
    "notice_approvals": ("id", "notice_id person_id sha256"),
    "notice_deliveries": ("key", "notice_id number", "token"),
    "notice_ledger": ("id",),
    "closing_events": ("id",),
    "training_results": ("serial", "source"),
}


def _same(names: str) -> str:
    return "(" + " AND ".join(f"o.{one} = NEW.{one}" for one in names.split()) + ")"


ONCE = tuple(
    Rule(
        f"{table}_not_replaced", table, "BEFORE INSERT", "what is on record is not replaced",
        sqlite=f"EXISTS (SELECT 1 FROM {table} o WHERE {' OR '.join(map(_same, names))})",  # noqa: S608
    )
    for table, names in _ONCE.items()
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "ticket_moves",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("kind", "before", "after"),
    )
    create((*RULES, *ONCE))


def downgrade() -> None:
    drop((*RULES, *ONCE))
    op.drop_table("ticket_moves")
