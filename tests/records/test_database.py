"""Times keep their zone; keys are made once; the schema and the migrations agree."""

import stat
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text

from records.database import Base, Database, DatabaseDamaged
from records.errors import BadInput, Unavailable
from records.keys import Keys, keys_from_command, load_or_create_keys, read_keys
from records.people import PersonRow

BEIJING = timezone(timedelta(hours=8))


def test_a_time_in_any_zone_comes_back_as_the_same_moment(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(database.engine)
    moment = datetime(2026, 11, 20, 20, 15, tzinfo=BEIJING)
    with database.transaction() as session:
        session.add(PersonRow(id="P-1", name="林晓", roles="", language="zh", created_at=moment))
    with database.reading() as session:
        found = session.get_one(PersonRow, "P-1").created_at
    assert found == moment
    assert found.tzinfo is UTC


def test_a_time_without_zone_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(database.engine)
    naive = datetime(2026, 11, 20)  # noqa: DTZ001 - the point of the test
    with pytest.raises(Exception, match="without zone"), database.transaction() as session:
        session.add(PersonRow(id="P-1", name="林晓", roles="", language="zh", created_at=naive))


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(database.engine)
    with database.transaction() as writer, database.reading() as reader:
        writer.execute(text("DELETE FROM people"))
        assert reader.scalar(text("SELECT count(*) FROM people")) == 0


def test_two_first_starts_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    found: list[Keys] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_or_create_keys(path))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({keys.master for keys in found}) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = Keys(b"m" * 32)
    assert keys.derive("audit") != keys.derive("files")
    assert keys.derive("audit") == Keys(b"m" * 32).derive("audit")


def test_a_key_service_gives_the_key_by_a_command_and_what_it_says_is_told_nobody() -> None:
    key = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="
    assert keys_from_command(f"echo {key}") == read_keys(key)
    for command in ("false", "no-such-command", "echo '", f"sh -c 'echo {key} >&2; exit 1'"):
        with pytest.raises(Unavailable) as refusal:
            keys_from_command(command)
        assert key not in str(refusal.value)
        assert refusal.value.__cause__ is None


@pytest.mark.parametrize("encoded", ["", "c2hvcnQ=", "not base64!", "QUJD" * 20])
def test_a_wrong_master_key_is_refused_with_the_way_to_make_one(encoded: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_keys(encoded)
    assert "openssl rand" in refusal.value.message.zh


@pytest.mark.parametrize("harmed", [slice(0, 100), slice(4096, None)], ids=["head", "pages"])
def test_a_damaged_file_is_said_with_the_way_to_restore_it(harmed: slice, tmp_path: Path) -> None:
    path = tmp_path / "compliance.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.close()
    raw = bytearray(path.read_bytes())
    raw[harmed] = b"\xff" * len(raw[harmed])
    path.write_bytes(raw)
    again = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseDamaged, match="db restore"), again.reading() as session:
        session.execute(text("SELECT count(*) FROM people")).all()
    again.close()
