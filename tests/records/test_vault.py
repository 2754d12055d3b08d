"""The vault: one key a client, growing cases, rotation, destruction that leaves nothing behind."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from records.database import Database
from records.errors import NotFound, Unavailable
from records.keys import Keys
from records.vault import CaseMoved, Vault
from records.vault_tables import ClientRow, PageRow
from records.wrapping_keys import keys_from_environment, keys_from_file

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECRET = "不可外泄的对应关系"
OLD, NEW = "A" * 43 + "=", "B" * 42 + "A="


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(keys_from_file(tmp_path / "vault.key"), Keys(b"n" * 32).derive("names"))


def filled(
    vault: Vault, database: Database, *, client: str = "清和", case: str = "清和-注销"
) -> str:
    """The number of a case with one page."""
    with database.transaction() as session:
        kept = vault.create_case(session, name=case, client=client, now=NOW)
        vault.extend(session, kept.id, page=1, content=[SECRET], entries=3, now=NOW)
    return kept.id


def pages(vault: Vault, database: Database, name: str) -> tuple[object, ...]:
    with database.reading() as session:
        kept = vault.find_case(session, name)
    assert kept is not None
    return kept.pages


@pytest.mark.both_engines
def test_a_case_comes_back_by_name_and_by_number(vault: Vault, database: Database) -> None:
    number = filled(vault, database)
    assert pages(vault, database, "清和-注销") == pages(vault, database, number) == ([SECRET],)


def test_nothing_of_a_case_stands_in_the_file_in_clear(
    vault: Vault, database: Database, tmp_path: Path
) -> None:
    filled(vault, database)
    database.close()
    raw = b"".join(p.read_bytes() for p in tmp_path.glob("test.db*"))
    for word in (SECRET, "清和", "清和-注销"):
        assert word.encode() not in raw


@pytest.mark.both_engines
def test_the_second_of_two_writers_is_told_to_read_again(vault: Vault, database: Database) -> None:
    number = filled(vault, database)
    with database.transaction() as session:
        vault.extend(session, number, page=2, content=["one"], entries=1, now=NOW)
    with pytest.raises(CaseMoved), database.transaction() as session:
        vault.extend(session, number, page=2, content=["other"], entries=1, now=NOW)
    assert pages(vault, database, number) == ([SECRET], ["one"])


@pytest.mark.both_engines
def test_two_clients_have_two_keys_and_one_can_go_without_the_other(
    vault: Vault, database: Database
) -> None:
    filled(vault, database)
    filled(vault, database, client="他家", case="他家-注销")
    with database.transaction() as session:
        first, second = (vault.client_id_of(session, name) for name in ("清和", "他家"))
        gone = vault.destroy(session, first, NOW)
    assert (gone.cases, gone.entries) == (1, 3)
    with database.reading() as session:
        assert vault.find_case(session, "清和-注销") is None
        listed = {client.id: client for client in vault.clients(session)}
    assert listed[first].shredded_at == NOW
    assert (listed[first].name, listed[first].cases) == (None, ())
    assert listed[second].name == "他家"
    assert listed[first].fingerprint != listed[second].fingerprint
    assert pages(vault, database, "他家-注销") == ([SECRET],)


def test_what_was_destroyed_is_gone_from_the_files_too(
    vault: Vault, database: Database, tmp_path: Path
) -> None:
    filled(vault, database)
    with database.transaction() as session:
        wrapped = session.scalars(select(ClientRow.wrapped_key)).one()
        sealed = session.scalars(select(PageRow.sealed)).one()
        assert wrapped is not None
        client = vault.client_id_of(session, "清和")
    with database.transaction() as session:
        vault.destroy(session, client, NOW)
    assert database.scrub()
    raw = b"".join(p.read_bytes() for p in tmp_path.glob("test.db*"))
    assert client.encode() in raw
    assert wrapped not in raw
    assert sealed not in raw


@pytest.mark.both_engines
def test_a_destroyed_client_takes_nothing_more_and_its_name_is_free(
    vault: Vault, database: Database
) -> None:
    number = filled(vault, database)
    with database.transaction() as session:
        client = vault.client_id_of(session, "清和")
        vault.destroy(session, client, NOW)
    for again in (
        lambda s: vault.destroy(s, client, NOW),
        lambda s: vault.client_id_of(s, "清和"),
        lambda s: vault.name_of(s, client),
        lambda s: vault.extend(s, number, page=2, content=[], entries=0, now=NOW),
    ):
        with pytest.raises(NotFound), database.transaction() as session:
            again(session)
    assert filled(vault, database) != number


@pytest.mark.both_engines
def test_rotation_wraps_every_key_anew_and_touches_no_page(
    vault: Vault, database: Database, tmp_path: Path
) -> None:
    number = filled(vault, database)
    before = (tmp_path / "vault.key").read_bytes()
    with database.reading() as session:
        sealed = session.scalars(select(PageRow.sealed)).one()
    ring = vault.source.begin_rotation()
    with database.transaction() as session:
        assert vault.rewrap(session, ring) == 1
        assert vault.rewrap(session, ring) == 0
    vault.source.end_rotation()
    assert (tmp_path / "vault.key").read_bytes() != before
    assert [p.name for p in tmp_path.glob("vault.key*")] == ["vault.key"]
    with database.reading() as session:
        assert session.scalars(select(PageRow.sealed)).one() == sealed
    assert pages(vault, database, number) == ([SECRET],)


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.both_engines
def test_a_rotation_cut_short_loses_nothing_and_the_next_one_ends_it(
    vault: Vault, database: Database, tmp_path: Path, steps: int
) -> None:
    number = filled(vault, database)
    ring = vault.source.begin_rotation()
    if steps == 2:
        with database.transaction() as session:
            vault.rewrap(session, ring)
    # Killed here. A new client meanwhile is not wrapped with the key that is to go.
    again = Vault(keys_from_file(tmp_path / "vault.key"), vault._names_key)
    assert pages(again, database, number) == ([SECRET],)
    other = filled(again, database, client="他家", case="他家-注销")
    with database.transaction() as session:
        again.rewrap(session, again.source.begin_rotation())
    again.source.end_rotation()
    again.source.end_rotation()
    last = Vault(keys_from_file(tmp_path / "vault.key"), vault._names_key)
    assert not (tmp_path / "vault.key.next").exists()
    assert pages(last, database, number) == pages(last, database, other) == ([SECRET],)


@pytest.mark.both_engines
def test_a_key_in_the_environment_is_exchanged_by_naming_the_old_one(database: Database) -> None:
    names = b"n" * 32
    number = filled(Vault(keys_from_environment(OLD, ""), names), database)
    with pytest.raises(Unavailable, match="COMPLIANCE_VAULT_KEY_PREVIOUS"):
        pages(Vault(keys_from_environment(NEW, ""), names), database, number)
    both = Vault(keys_from_environment(NEW, OLD), names)
    with database.transaction() as session:
        assert both.rewrap(session, both.source.begin_rotation()) == 1
    both.source.end_rotation()
    assert pages(Vault(keys_from_environment(NEW, ""), names), database, number) == ([SECRET],)


@pytest.mark.both_engines
def test_a_page_put_into_another_case_does_not_open(vault: Vault, database: Database) -> None:
    first = filled(vault, database)
    with database.transaction() as session:
        second = vault.create_case(session, name="二", client="清和", now=NOW).id
        page = session.get(PageRow, (first, 1))
        assert page is not None
        page.case_id = second
    with pytest.raises(Unavailable):
        pages(vault, database, second)
