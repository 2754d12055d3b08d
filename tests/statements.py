"""Statements compiled once a process, however many SQLite files it opens: otherwise each engine compiles its own."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.util import LRUCache

from records.database import _engine


def compiled_once() -> Callable[[URL], Engine]:
    """What makes the engine of a database, to stand for the product's own."""
    # What is compiled is kept by dialect and statement.
    first, compiled = create_engine("sqlite://"), LRUCache[Any, Any](2000)
    first.connect().close()

    def engine(url: URL) -> Engine:
        made = _engine(url)
        if url.get_backend_name() == "sqlite":
            made.dialect = made.pool._dialect = first.dialect
            made._compiled_cache = compiled
        return made

    return engine
