"""Rules that a database keeps by itself, whoever writes: triggers, said once for both engines.

For migrations. A refusal arrives as an IntegrityError.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from alembic import op


@dataclass(frozen=True, slots=True)
class Rule:
    """One refusal: `when` such as "BEFORE UPDATE OF state", and the condition under which it refuses.

    A condition that holds for one engine only is given as `sqlite` or `postgresql`; a rule with neither
    that nor a `condition` does not exist there.
    """

    name: str
    table: str
    when: str
    message: str
    condition: str = ""
    sqlite: str = ""
    postgresql: str = ""

    def made(self, engine: str) -> tuple[str, ...]:
        """The statements that make it."""
        refused = (self.postgresql if engine == "postgresql" else self.sqlite) or self.condition
        on = f"CREATE TRIGGER {self.name} {self.when} ON {self.table} FOR EACH ROW"
        if not refused:
            return ()
        if engine != "postgresql":
            return (f"{on} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{self.message}'); END",)
        # PostgreSQL allows no subquery in WHEN. An error of class 23 arrives as an IntegrityError.
        returned = "OLD" if "DELETE" in self.when else "NEW"
        return (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF ({refused}) THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = '23514'; END IF;"
            f" RETURN {returned}; END $$",
            f"{on} EXECUTE FUNCTION {self.name}()",
        )

    def dropped(self, engine: str) -> tuple[str, ...]:
        """The statements that take it away."""
        if not self.made(engine):
            return ()
        if engine != "postgresql":
            return (f"DROP TRIGGER {self.name}",)
        return (f"DROP TRIGGER {self.name} ON {self.table}", f"DROP FUNCTION {self.name}()")


def create(rules: Iterable[Rule]) -> None:
    """The rules in force, within a migration."""
    engine = op.get_bind().dialect.name
    for rule in rules:
        for statement in rule.made(engine):
            op.execute(statement)


def drop(rules: Iterable[Rule]) -> None:
    """The rules gone, within a migration."""
    engine = op.get_bind().dialect.name
    for rule in rules:
        for statement in rule.dropped(engine):
            op.execute(statement)
