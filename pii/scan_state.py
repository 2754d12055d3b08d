"""What was read so far, a line a file's content, so that a scan cut short goes on where it was."""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from pii.errors import ScanRunning
from pii.inventory import Contents

_SYNC_SECONDS = 1.0


class Manifest:
    """Results by mark, of one kind: by default what is in a file.

    Lines of another version, and a last line cut short, do not count.
    Raises ScanRunning while another process writes it.
    """

    def __init__(self, path: Path, version: str, kind: type[Any] = Contents) -> None:
        self._version = version
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)
        self.known: dict[str, Any] = {}
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[bytes] = path.open("a+b")
        _lock(self._file)
        whole = self._read(path)
        self._file.truncate(whole)
        self._file.seek(whole)
        self._synced = time.monotonic()

    def add(self, mark: str, result: Any) -> None:
        """Remember what was read; on disk within a second."""
        self.known[mark] = result
        line = {
            "v": self._version,
            "mark": mark,
            "is": self._adapter.dump_python(result, mode="json"),
        }
        self._file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()

    def close(self) -> None:
        """Everything on disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def _read(self, path: Path) -> int:
        """How many bytes of the file are whole lines."""
        whole = 0
        with path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                self._take(line)
        return whole

    def _take(self, line: bytes) -> None:
        try:
            entry: dict[str, Any] = json.loads(line)
            if entry["v"] == self._version:
                self.known[str(entry["mark"])] = self._adapter.validate_python(entry["is"])
        except (ValueError, KeyError, TypeError):
            return


def _lock(file: IO[bytes]) -> None:
    """Held until the file is closed or the process ends, however it ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise ScanRunning from None
