"""A database taken back to the schema of an earlier release, with what it holds."""

from alembic import command

from records.database import Base, Database, _migrations


def downgraded(database: Database, revision: str) -> None:
    """Its schema as that revision has it."""
    config = _migrations()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        config.attributes["metadata"] = Base.metadata
        command.downgrade(config, revision)
        connection.commit()
