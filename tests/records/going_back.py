"""A database taken back to the schema of an earlier release, with what it holds."""

from alembic import command
from alembic.config import Config

from records.database import MIGRATIONS, Base, Database


def downgraded(database: Database, revision: str) -> None:
    """Its schema as that revision has it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        config.attributes["metadata"] = Base.metadata
        command.downgrade(config, revision)
        connection.commit()
