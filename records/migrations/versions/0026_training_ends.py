"""Training on record goes once its three years are over, by the clock of the database, and not before."""

from records.triggers import Rule, create, drop

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_FOR_EVER = Rule(
    "training_kept", "training_results", "BEFORE DELETE",
    "a training result is never removed", "1 = 1",
)  # fmt: skip
RULES = (
    Rule(
        "training_kept", "training_results", "BEFORE DELETE",
        "a training result is kept for three years",
        sqlite="substr(OLD.at, 1, 19) > strftime('%Y-%m-%d %H:%M:%S', 'now', '-3 years')",
        postgresql="OLD.at > now() - interval '3 years'",
    ),
)  # fmt: skip


def upgrade() -> None:
    drop((_FOR_EVER,))
    create(RULES)


def downgrade() -> None:
    drop(RULES)
    create((_FOR_EVER,))
