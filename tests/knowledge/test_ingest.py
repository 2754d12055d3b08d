"""Ingest: twice is once, only what changed is read in, the index is swapped at the end."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge import index
from knowledge.errors import IngestRunning, NoIndex, NoSuchFolder
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.store import ProvisionRow
from pii.cleared import ClearedText, public_text
from tests.knowledge.conftest import TODAY, empty_database, quiet

ONE = frozenset({"中华人民共和国个人信息保护法"})


def ask(text: str) -> ClearedText:
    return public_text(text, source="test")


def test_a_second_ingest_changes_nothing(tmp_path: Path, policies: Path) -> None:
    database = empty_database(tmp_path)
    folder = tmp_path / "index"
    first = ingest(database, folder, policies=policies, progress=quiet, only=ONE)
    in_use = index.current(folder)
    second = ingest(database, folder, policies=policies, progress=quiet, only=ONE)
    assert (first.provisions, first.policy_sections, first.changed) == (74, 3, 2)
    assert (second.provisions, second.changed, second.rebuilt) == (74, 0, False)
    assert index.current(folder) == in_use


def test_a_changed_policy_is_read_again_and_a_removed_one_forgotten(tmp_path: Path) -> None:
    database = empty_database(tmp_path)
    folder, policies = tmp_path / "index", tmp_path / "policies"
    policies.mkdir()
    file = policies / "制度.txt"
    library = Library(database, folder)
    file.write_text("一、仓库钥匙\n钥匙由档案员保管。", encoding="utf-8")
    ingest(database, folder, policies=policies, progress=quiet, only=ONE)
    assert (
        library.search(ask("档案钥匙由谁保管"), as_of=TODAY)[0].provision.text
        == "钥匙由档案员保管。"
    )
    file.write_text("一、仓库钥匙\n钥匙由两名主管保管。", encoding="utf-8")
    report = ingest(database, folder, policies=policies, progress=quiet, only=ONE)
    assert (report.changed, report.removed, report.rebuilt) == (1, 0, True)
    hit = library.search(ask("档案钥匙由谁保管"), as_of=TODAY)[0]
    assert hit.provision.text == "钥匙由两名主管保管。"
    file.unlink()
    report = ingest(database, folder, policies=policies, progress=quiet, only=ONE)
    assert (report.removed, report.policy_sections) == (1, 0)
    kept = ingest(database, folder, policies=None, progress=quiet, only=ONE)
    assert kept.changed == 0


def test_the_index_before_stays_in_use_until_the_new_one_is_whole(tmp_path: Path) -> None:
    database = empty_database(tmp_path)
    folder = tmp_path / "index"
    ingest(database, folder, policies=None, progress=quiet, only=ONE)
    before = index.current(folder)
    library = Library(database, folder)
    seen = []

    def looking(stage: str, done: int, total: int) -> None:
        found = library.search(ask("个人信息保护影响评估"), as_of=TODAY)
        seen.append((stage, index.current(folder) == before, bool(found)))

    more = ONE | {"中华人民共和国会计法"}
    ingest(database, folder, policies=None, progress=looking, only=more)
    assert {stage for stage, _, _ in seen} == {"statute", "words", "vectors"}
    assert all(same and found for _, same, found in seen)
    assert index.current(folder) != before


def test_a_failed_build_leaves_the_index_in_use(tmp_path: Path) -> None:
    database = empty_database(tmp_path)
    folder = tmp_path / "index"
    ingest(database, folder, policies=None, progress=quiet, only=ONE)
    before = index.current(folder)

    def failing(stage: str, done: int, total: int) -> None:
        if stage == "vectors":
            raise RuntimeError("power cut")

    more = ONE | {"中华人民共和国会计法"}
    with pytest.raises(RuntimeError, match="power cut"):
        ingest(database, folder, policies=None, progress=failing, only=more)
    assert index.current(folder) == before
    report = ingest(database, folder, policies=None, progress=quiet, only=more)
    assert (report.changed, report.rebuilt) == (0, True)
    assert len(list(folder.glob("g-*"))) == 2


def test_policy_is_masked_before_it_is_stored_or_indexed(tmp_path: Path, policies: Path) -> None:
    database = empty_database(tmp_path)
    given: list[str] = []

    def clear(text: str) -> ClearedText:
        given.append(text)
        return public_text(text.replace("林小满", "〔姓名〕"), source="test")

    folder = tmp_path / "index"
    ingest(database, folder, policies=policies, progress=quiet, only=ONE, clear=clear)
    assert any("林小满" in text for text in given)
    with database.reading() as session:
        stored = "".join(session.scalars(select(ProvisionRow.text)))
    assert "林小满" not in stored
    assert "〔姓名〕" in stored
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "林小满".encode() not in held
    assert "小满".encode() not in held


def test_two_ingests_at_once_are_told_apart(tmp_path: Path) -> None:
    database = empty_database(tmp_path)
    with index.building(tmp_path / "index"), pytest.raises(IngestRunning):
        ingest(database, tmp_path / "index", policies=None, progress=quiet, only=ONE)


def test_a_missing_folder_is_said_before_anything_is_written(tmp_path: Path) -> None:
    database = empty_database(tmp_path)
    with pytest.raises(NoSuchFolder):
        ingest(database, tmp_path / "index", policies=tmp_path / "none", progress=quiet)
    assert not (tmp_path / "index").exists()


def test_before_the_first_ingest_counts_are_zero_and_search_says_how(tmp_path: Path) -> None:
    library = Library(empty_database(tmp_path), tmp_path / "index")
    assert set(library.counts().values()) == {0}
    with pytest.raises(NoIndex) as caught:
        library.search(ask("客户信息"), as_of=date(2026, 1, 1))
    assert "compliance ingest" in caught.value.message.zh
