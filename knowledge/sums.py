"""What the files of a built index were, so that damage is found before a library falls over it.

Chroma's own code ends the whole process where its files are damaged inside, which no handler of ours
could turn into a sentence; and a damaged array gives other answers without a word.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_SUMS = "sums.json"
# Chroma writes into it at each opening.
_CHROMA_ROWS = "chroma.sqlite3"
# Stands in a collection's folder once its files were written; until then each opening makes them anew.
_WRITTEN = "index_metadata.pickle"


def note(place: Path) -> None:
    """Write down the SHA-256 of each file below that does not change any more."""
    sums = {str(path.relative_to(place)): _sum(path) for path in _lasting(place)}
    (place / _SUMS).write_text(json.dumps(sums), encoding="utf-8")


def damaged(place: Path, *, but: str = "") -> bool:
    """Whether a file is not what was noted; those of the folder `but` are not looked at.

    An index that was built before sums were noted has none, and nothing is said of it.
    """
    try:
        noted: dict[str, str] = json.loads((place / _SUMS).read_text(encoding="utf-8"))
        wrong = any(
            _sum(place / name) != known
            for name, known in noted.items()
            if not but or not name.startswith(f"{but}/")
        )
    except FileNotFoundError as missing:
        return Path(str(missing.filename)).name != _SUMS
    except (OSError, ValueError, AttributeError):
        return True
    return wrong or any(not _readable(rows) for rows in place.glob(f"*/{_CHROMA_ROWS}"))


def _lasting(place: Path) -> Iterator[Path]:
    for path in sorted(place.rglob("*")):
        made_anew = path.suffix == ".bin" and not (path.parent / _WRITTEN).exists()
        if path.is_file() and path.name != _CHROMA_ROWS and not made_anew:
            yield path


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _readable(rows: Path) -> bool:
    """Whether SQLite finds its file sound."""
    try:
        with closing(sqlite3.connect(f"{rows.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    except sqlite3.Error:
        return False
