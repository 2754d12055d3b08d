"""What the files of a built index were, so that damage is found before a library falls over it.

Chroma's own code ends the whole process where its files are damaged inside, which no handler of ours
could turn into a sentence; and a damaged array gives other answers without a word.
"""

import hashlib
import json
import marshal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_SUMS = "sums.json"
# Chroma writes into it at each opening: a line in one table, which says nothing of what it holds.
_CHROMA_ROWS = "chroma.sqlite3"
_OPENINGS = "acquire_write"
# Stands in a collection's folder once its files were written; until then each opening makes them anew.
_WRITTEN = "index_metadata.pickle"


def note(place: Path) -> None:
    """Write down the SHA-256 of each file below that does not change any more."""
    sums = {str(path.relative_to(place)): _sum(path) for path in _lasting(place)}
    (place / _SUMS).write_text(json.dumps(sums), encoding="utf-8")


def damaged(place: Path, *, but: str = "") -> bool:
    """Whether a file is not what was noted, or nothing was; those of the folder `but` are not looked at."""
    try:
        noted: dict[str, str] = json.loads((place / _SUMS).read_text(encoding="utf-8"))
        return any(
            _sum(place / name) != known
            for name, known in noted.items()
            if not but or not name.startswith(f"{but}/")
        )
    except (OSError, ValueError, TypeError, AttributeError, sqlite3.Error):
        return True


def _lasting(place: Path) -> Iterator[Path]:
    for path in sorted(place.rglob("*")):
        made_anew = path.suffix == ".bin" and not (path.parent / _WRITTEN).exists()
        if path.is_file() and not made_anew:
            yield path


def _sum(path: Path) -> str:
    if path.name == _CHROMA_ROWS:
        return _sum_of_rows(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sum_of_rows(path: Path) -> str:
    """What a database says, table by table, however it lies on the disk.

    Opened to write, so that SQLite itself takes back what a process left unfinished when it died.
    """
    total = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as connection:
        # What is not text inside a column of text is a row's content all the same.
        connection.text_factory = bytes
        tables = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        for name, made in tables:
            total.update(made)
            if name.decode() != _OPENINGS:
                rows = connection.execute(f'SELECT * FROM "{name.decode()}"')  # noqa: S608
                while some := rows.fetchmany(1000):
                    # The second version of its form is the same for the same values.
                    total.update(marshal.dumps(some, 2))
        if connection.execute("PRAGMA quick_check").fetchall() != [(b"ok",)]:
            raise ValueError("the file of a database is damaged")
    return total.hexdigest()
