"""Which posts were tried, over a restart: a note before each, taken back where it surely failed."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from assistant.app import App
from integrations.chat.telling import ToldRow

# Longer than a post is tried; then nobody asks any more.
REMEMBERED_FOR = timedelta(days=3)
_PREFIX = "post:"


class KeptTries:
    """The notes, beside those of what people were told."""

    def __init__(self, app: App) -> None:
        self._app = app

    def begin(self, mark: str) -> datetime | None:
        """Note that it is tried now; when that was noted before, if it was."""
        now, key = self._app.clock(), f"{_PREFIX}{mark}"
        with self._app.database.transaction() as session:
            before = session.get(ToldRow, key)
            if before is not None:
                return before.told_at
            old = ToldRow.told_at < now - REMEMBERED_FOR
            session.execute(delete(ToldRow).where(old, ToldRow.key.startswith(_PREFIX)))
            session.add(ToldRow(key=key, told_at=now))
        return None

    def undo(self, mark: str) -> None:
        """Forget it: the post surely did not arrive."""
        with self._app.database.transaction() as session:
            session.execute(delete(ToldRow).where(ToldRow.key == f"{_PREFIX}{mark}"))
