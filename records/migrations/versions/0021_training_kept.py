"""Training on record stays as it was written, whatever writes to the database."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "training_results"
RULES = (
    ("training_unchanged", "BEFORE UPDATE", "a training result is never changed"),
    ("training_kept", "BEFORE DELETE", "a training result is never removed"),
)


def upgrade() -> None:
    for rule in RULES:
        for statement in _made(*rule):
            op.execute(statement)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, *_ in RULES:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {TABLE}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")


def _made(name: str, when: str, message: str) -> tuple[str, ...]:
    if op.get_bind().dialect.name != "postgresql":
        return (
            f"CREATE TRIGGER {name} {when} ON {TABLE} FOR EACH ROW"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END",
        )
    # An error of class 23 arrives as an IntegrityError.
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END $$",
        f"CREATE TRIGGER {name} {when} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
