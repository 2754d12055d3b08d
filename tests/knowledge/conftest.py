"""Built once for all tests: a small library of a few laws, and the whole one."""

import pickle
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from knowledge.ingest import IngestReport, ingest
from knowledge.library import Library
from knowledge.statutes import StatuteVersion, read_statutes
from records.database import Base, Database

TODAY = date(2026, 11, 23)
FEW = frozenset(
    {
        "中华人民共和国个人信息保护法",
        "中华人民共和国网络安全法",
        "中华人民共和国刑法",
        "中华人民共和国商标法",
        "中华人民共和国会计法",
    }
)

POLICY = """# 客户信息管理制度

本制度适用于全体员工。

## 第一章 保存

### 3.1 客户档案的保存

客户档案自合作结束之日起保存三年。

### 3.2 客户档案的销毁

销毁前由档案员登记，两名主管签字。联系人：林小满，电话 13800138000。
"""


@pytest.fixture(scope="session")
def statutes() -> list[StatuteVersion]:
    """Every version of every national law, read once."""
    return list(read_statutes())


def quiet(stage: str, done: int, total: int) -> None:
    """A progress callback that shows nothing."""


def empty_database(folder: Path) -> Database:
    """A fresh database with all tables."""
    database = Database(f"sqlite:///{folder / 'knowledge.db'}")
    Base.metadata.create_all(database.engine)
    return database


@pytest.fixture(scope="session")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policies")
    (folder / "客户信息管理制度.md").write_text(POLICY, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def few(
    tmp_path_factory: pytest.TempPathFactory, policies: Path
) -> Iterator[tuple[Library, Database, Path]]:
    """A library of five laws and one policy."""
    folder = tmp_path_factory.mktemp("few")
    database = empty_database(folder)
    ingest(database, folder / "index", policies=policies, progress=quiet, only=FEW)
    yield Library(database, folder / "index"), database, folder / "index"
    database.close()


@pytest.fixture(scope="session")
def whole_folder(once: Callable[[str, Callable[[Path], None]], Path], policies: Path) -> Path:
    """Where the whole library lies: its database, its index and the report of its ingest."""

    def build(folder: Path) -> None:
        database = empty_database(folder)
        report = ingest(database, folder / "index", policies=policies, progress=quiet)
        database.close()
        (folder / "report.pickle").write_bytes(pickle.dumps(report))

    return once("whole", build)


@pytest.fixture(scope="session")
def whole_database(whole_folder: Path) -> Iterator[Database]:
    """The database of the whole library."""
    database = empty_database(whole_folder)
    yield database
    database.close()


@pytest.fixture(scope="session")
def whole(whole_folder: Path, whole_database: Database) -> tuple[Library, IngestReport]:
    """A library of every national law, and what its ingest reported."""
    report = pickle.loads((whole_folder / "report.pickle").read_bytes())
    return Library(whole_database, whole_folder / "index"), report
