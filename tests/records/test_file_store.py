"""Encrypted files: kept, read by their owner, erased by date."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from records.database import Database
from records.errors import NotFound, Unavailable
from records.file_store import FileStore

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DATA = "客户登记：周明轩 13800138000".encode()

pytestmark = pytest.mark.both_engines


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", b"k" * 32)


def keep(database: Database, store: FileStore, *, hours: int = 24) -> str:
    with database.transaction() as session:
        return store.keep(
            session,
            DATA,
            name="a.txt",
            owner_id="P-1",
            keep_until=NOW + timedelta(hours=hours),
            now=NOW,
        )


def test_the_owner_reads_back_what_was_kept(database: Database, store: FileStore) -> None:
    file_id = keep(database, store)
    with database.reading() as session:
        assert store.read(session, file_id, owner_id="P-1") == ("a.txt", DATA)


def test_nothing_readable_lies_on_disk(
    database: Database, store: FileStore, tmp_path: Path
) -> None:
    keep(database, store)
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(files) == 1
    assert b"13800138000" not in files[0].read_bytes()


def test_another_person_gets_the_same_answer_as_for_a_missing_file(
    database: Database, store: FileStore
) -> None:
    file_id = keep(database, store)
    with database.reading() as session:
        with pytest.raises(NotFound) as theirs:
            store.read(session, file_id, owner_id="P-2")
        with pytest.raises(NotFound) as missing:
            store.read(session, "F-000000", owner_id="P-1")
    assert str(theirs.value) == str(missing.value)


@pytest.mark.parametrize(("hours_later", "erased"), [(23, 0), (24, 1), (25, 1)])
def test_a_file_goes_on_its_date_and_not_before(
    database: Database, store: FileStore, tmp_path: Path, hours_later: int, erased: int
) -> None:
    keep(database, store)
    with database.transaction() as session:
        assert store.erase_due(session, NOW + timedelta(hours=hours_later)) == erased
    left = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(left) == 1 - erased


def test_a_changed_or_swapped_file_is_not_given_out(
    database: Database, store: FileStore, tmp_path: Path
) -> None:
    first, second = keep(database, store), keep(database, store)
    paths = {path.stem: path for path in (tmp_path / "files").rglob("*.bin")}
    paths[first].write_bytes(paths[second].read_bytes())
    with database.reading() as session, pytest.raises(Unavailable):
        store.read(session, first, owner_id="P-1")
