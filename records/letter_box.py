"""Letters: what somebody was told we have, before it is a job. Sealed, and on disk when `put` returns.

One file for all that is put at once, as a maildir has it (https://cr.yp.to/proto/maildir.html): written
under another name, flushed, then given its own. No database stands between a letter and the disk, so
that none can keep an acknowledgement waiting.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from records.sealing import Sealing

Letter = Mapping[str, str]
PURPOSE = "letters"
FOLDER = "letters"
_ENDING, _DRAFT, _DAMAGED = ".letters", ".part", ".damaged"
# A draft so old is of a process that died.
ABANDONED_SECONDS = 60.0


class LetterBox:
    """A folder of letters, the oldest first by name. Any number of processes put and take."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._sealing = Sealing(key)
        self._last = 0

    def put(self, letters: Sequence[Letter]) -> None:
        """Keep them, in this order, after all that this process kept before. Raises OSError."""
        # A clock that was set back must not turn the order round.
        self._last = max(self._last + 1, time.time_ns())
        name = f"{self._last:020d}-{secrets.token_hex(4)}{_ENDING}"
        path = self._folder / name
        draft = path.with_suffix(_DRAFT)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with draft.open("xb") as file:
                file.write(self._sealing.seal(list(letters), row=name))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        self._flush_folder()

    def waiting(self) -> list[str]:
        """The names of what is there, oldest first."""
        return sorted(one.name for one in self._folder.glob(f"*{_ENDING}"))

    def open(self, name: str) -> list[dict[str, Any]]:
        """The letters under a name; none where somebody else took them. Raises Unavailable."""
        try:
            sealed = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return []
        opened: list[dict[str, Any]] = self._sealing.open(sealed, row=name)
        return opened

    def set_aside(self, name: str) -> None:
        """Leave what cannot be opened out of `waiting`; `damaged` names it."""
        with contextlib.suppress(FileNotFoundError):
            (self._folder / name).rename((self._folder / name).with_suffix(_DAMAGED))

    def damaged(self) -> list[str]:
        """The names of what was set aside, oldest first."""
        return sorted(one.name for one in self._folder.glob(f"*{_DAMAGED}"))

    def tidy(self) -> None:
        """Remove the drafts of processes that died; nobody was told we have them."""
        for draft in self._folder.glob(f"*{_DRAFT}"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - draft.stat().st_mtime > ABANDONED_SECONDS:
                    draft.unlink()

    def remove(self, name: str) -> None:
        """Forget what is a job now, or never will be."""
        (self._folder / name).unlink(missing_ok=True)

    def _flush_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
