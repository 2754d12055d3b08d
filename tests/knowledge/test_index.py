"""The index folder: rebuilt while in use, told when damaged, one audience kept from another."""

import json
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge import index
from knowledge.errors import DamagedIndex, OlderIndex
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.provisions import EVERYONE
from knowledge.search import rank
from knowledge.vectors import ChromaVectors
from pii.cleared import public_text
from records.database import Database
from tests.knowledge.conftest import TODAY, empty_database, quiet

SMALL = frozenset({"中华人民共和国个人信息保护法"})
QUESTION = public_text("个人信息泄露了要通知谁", source="test")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Path]:
    folder = tmp_path_factory.mktemp("index")
    database = empty_database(folder)
    ingest(database, folder / "index", policies=None, progress=quiet, only=SMALL)
    return database, folder / "index"


def _generation(folder: Path) -> Path:
    name = index.current(folder)
    assert name is not None
    return folder / name


def _cut_in_half(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])


def _one_byte(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) * 3 // 4] ^= 255
    path.write_bytes(raw)


def _another_row(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace('#1"', '#1", "x#2"', 1), "utf-8")


@pytest.mark.parametrize(
    ("part", "harm"),
    [
        ("rows.json", _cut_in_half),
        ("rows.json", _another_row),
        ("rows.npz", _cut_in_half),
        ("words/data.csc.index.npy", _cut_in_half),
        ("context", shutil.rmtree),
        ("shape/vectors.npy", _cut_in_half),
        ("shape/clauses.npy", Path.unlink),
        ("chroma", shutil.rmtree),
        ("chroma/chroma.sqlite3", Path.unlink),
        ("words/data.csc.index.npy", _one_byte),
        ("shape/chapter.npy", _one_byte),
    ],
)
def test_a_damaged_index_is_said_and_built_again(
    part: str, harm: Callable[[Path], None], built: tuple[Database, Path], tmp_path: Path
) -> None:
    database, original = built
    folder = tmp_path / "index"
    shutil.copytree(original, folder)
    harm(_generation(folder) / part)
    with pytest.raises(DamagedIndex):
        Library(database, folder).search(QUESTION, as_of=TODAY)
    if part == "rows.npz":
        ingest(database, folder, policies=None, progress=quiet, only=SMALL, rebuild=True)
        hits = Library(database, folder).search(QUESTION, as_of=TODAY)
        assert "57" in {hit.provision.article for hit in hits}


def test_a_damaged_index_is_not_opened_for_each_who_asks_but_the_next_one_at_once(
    built: tuple[Database, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, original = built
    folder = tmp_path / "index"
    shutil.copytree(original, folder)
    shutil.rmtree(_generation(folder) / "chroma")
    library, opened = Library(database, folder), []
    original_open = index.open_generation

    def counted(*given: Any) -> index.Generation:
        opened.append(given)
        return original_open(*given)

    monkeypatch.setattr(index, "open_generation", counted)
    for _ in range(3):
        with pytest.raises(DamagedIndex, match="rebuild"):
            library.search(QUESTION, as_of=TODAY)
    assert len(opened) == 1
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with pytest.raises(DamagedIndex, match="rebuild"):
        library.search(QUESTION, as_of=TODAY)
    assert len(opened) == 2
    ingest(database, folder, policies=None, progress=quiet, only=SMALL, rebuild=True)
    assert library.search(QUESTION, as_of=TODAY)


def test_vectors_that_go_while_the_index_is_open_are_a_problem_until_it_is_built_again(
    built: tuple[Database, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, original = built
    folder = tmp_path / "index"
    shutil.copytree(original, folder)
    library = Library(database, folder)
    assert library.search(QUESTION, as_of=TODAY)
    assert library.problem() is None

    def gone(*_given: Any) -> list[int]:
        raise DamagedIndex

    with monkeypatch.context() as broken:
        broken.setattr(ChromaVectors, "nearest", gone)
        with pytest.raises(DamagedIndex):
            library.search(QUESTION, as_of=TODAY)
    assert isinstance(library.problem(), DamagedIndex)
    ingest(database, folder, policies=None, progress=quiet, only=SMALL, rebuild=True)
    assert library.problem() is None


def test_an_index_of_an_earlier_release_says_so_and_is_built_again(
    built: tuple[Database, Path], tmp_path: Path
) -> None:
    database, original = built
    folder = tmp_path / "index"
    shutil.copytree(original, folder)
    kept = _generation(folder) / "rows.json"
    kept.write_text(
        json.dumps({**json.loads(kept.read_text(encoding="utf-8")), "layout": index.LAYOUT - 1}),
        encoding="utf-8",
    )
    with pytest.raises(OlderIndex, match="earlier release"):
        Library(database, folder).search(QUESTION, as_of=TODAY)
    ingest(database, folder, policies=None, progress=quiet, only=SMALL, rebuild=True)
    assert Library(database, folder).search(QUESTION, as_of=TODAY)


def test_the_index_answers_while_it_is_built_anew(built: tuple[Database, Path]) -> None:
    database, folder = built
    library = Library(database, folder)
    before = [hit.provision.id for hit in library.search(QUESTION, as_of=TODAY)]
    answers: list[list[str]] = []

    def slowly(stage: str, done: int, total: int) -> None:
        answers.append([hit.provision.id for hit in library.search(QUESTION, as_of=TODAY)])

    first = index.current(folder)
    anew = {"policies": None, "progress": slowly, "only": SMALL, "rebuild": True}
    thread = threading.Thread(target=ingest, args=(database, folder), kwargs=anew)
    thread.start()
    thread.join(timeout=120)
    assert answers
    assert all(found == before for found in answers)
    assert index.current(folder) != first
    assert [hit.provision.id for hit in library.search(QUESTION, as_of=TODAY)] == before


def test_what_an_audience_may_not_read_changes_nothing_for_it(tmp_path: Path) -> None:
    """Forty sections for the board, each nearer to the question than any law."""
    database = empty_database(tmp_path)
    policies = tmp_path / "policies"
    policies.mkdir()
    board = "\n\n".join(
        f"## {n} 泄露后的通知\n\n个人信息泄露了要通知谁：先通知董事会第{n}席。"
        for n in range(1, 41)
    )
    (policies / "董事会.md").write_text(f"# 董事会制度\n\n{board}\n", encoding="utf-8")
    ingest(database, tmp_path / "index", policies=policies, progress=quiet, only=SMALL)
    _keep_for(database, "董事会", "board")
    ingest(database, tmp_path / "index", policies=None, progress=quiet, only=SMALL, rebuild=True)
    library = Library(database, tmp_path / "index")
    public = library.search(QUESTION, as_of=TODAY)
    assert [hit.provision.audience for hit in public] == [EVERYONE] * len(public)
    assert "57" in {hit.provision.article for hit in public}
    asked_by_board = library.search(QUESTION, as_of=TODAY, audience=frozenset({"board"}))
    assert "board" in {hit.provision.audience for hit in asked_by_board}
    database.close()


def _keep_for(database: Database, name: str, audience: str) -> None:
    from sqlalchemy import update

    from knowledge.store import InstrumentRow, ProvisionRow

    with database.transaction() as session:
        chosen = [one.id for one in session.query(InstrumentRow) if name in one.name]
        session.execute(
            update(ProvisionRow)
            .where(ProvisionRow.instrument_id.in_(chosen))
            .values(audience=audience)
        )


def test_with_a_floor_of_nothing_the_best_are_given_all_the_same(
    built: tuple[Database, Path],
) -> None:
    _, folder = built
    generation = index.open_generation(folder, _generation(folder).name)
    question = public_text("年假还剩几天怎么查", source="test")
    seen = frozenset({EVERYONE})
    assert rank(generation, question, as_of=TODAY, audience=seen, limit=5) == []
    assert len(rank(generation, question, as_of=TODAY, audience=seen, limit=5, floor=0.0)) == 5


def test_one_more_policy_is_embedded_alone_and_the_index_is_as_if_built_at_once(
    tmp_path: Path,
) -> None:
    """Added, changed and removed texts; what is taken over equals what is worked out afresh."""
    database, folder, policies = empty_database(tmp_path), tmp_path / "index", tmp_path / "p"
    policies.mkdir()
    (policies / "甲制度.md").write_text("# 借阅\n须登记。\n# 归还\n由档案员清点。", "utf-8")
    (policies / "乙制度.md").write_text("# 门禁\n访客换证。", "utf-8")
    first = ingest(database, folder, policies=policies, progress=quiet, only=SMALL)
    assert first.embedded == 74 + 3
    (policies / "甲制度.md").write_text(
        "# 借阅\n须登记。\n# 归还\n五日内归还；逾期催告本人。", "utf-8"
    )
    (policies / "乙制度.md").unlink()
    (policies / "丙制度.md").write_text("# 泄露\n个人信息泄露了一小时内通知主管。", "utf-8")
    second = ingest(database, folder, policies=policies, progress=quiet, only=SMALL)
    assert second.embedded == 2
    taken_over = _generation(folder)
    asked = {"as_of": TODAY, "limit": 20}
    found = Library(database, folder).search(QUESTION, **asked)
    third = ingest(database, folder, policies=policies, progress=quiet, only=SMALL, rebuild=True)
    assert third.embedded == first.embedded
    for part in (_generation(folder) / "shape").iterdir():
        assert np.array_equal(np.load(part), np.load(taken_over / "shape" / part.name)), part.name
    afresh = Library(database, folder).search(QUESTION, **asked)
    assert [(h.provision.id, h.score) for h in found] == [(h.provision.id, h.score) for h in afresh]
    assert "丙制度" in {hit.provision.instrument for hit in found}


@pytest.mark.parametrize("harm", [_cut_in_half, _one_byte])
def test_work_that_cannot_be_taken_over_is_done_again(
    harm: Callable[[Path], None], built: tuple[Database, Path], tmp_path: Path
) -> None:
    database, original = built
    folder, policies = tmp_path / "index", tmp_path / "p"
    shutil.copytree(original, folder)
    harm(_generation(folder) / "worked" / "vectors.npy")
    policies.mkdir()
    (policies / "甲制度.md").write_text("# 借阅\n须登记。", "utf-8")
    report = ingest(database, folder, policies=policies, progress=quiet, only=SMALL)
    assert report.embedded == 74 + 1
