"""One small library, ingested once a run, and an App of real parts around it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.app import App, build
from assistant.settings import Settings
from knowledge.ingest import ingest
from pii.detect import PresidioDetector
from records.database import Database
from records.people import Person, Role, add_person

EXAMPLES = Path(__file__).parent.parent / "examples"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Beijing
LAWS = frozenset(
    f"中华人民共和国{name}"
    for name in (
        *("个人信息保护法", "网络安全法", "数据安全法", "民法典", "刑法", "反洗钱法", "会计法"),
        *("公司法", "电子商务法", "档案法", "劳动合同法", "民事诉讼法", "证券法"),
        "期货和衍生品法",
    )
)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with fourteen laws, our duties and the example policy, to be copied."""
    home = tmp_path_factory.mktemp("small")
    database = Database(f"sqlite:///{home / 'compliance.db'}")
    database.upgrade()
    ingest(
        database,
        home / "index",
        policies=EXAMPLES / "policy",
        progress=lambda _stage, _done, _total: None,
        only=LAWS,
    )
    database.close()
    return home


@pytest.fixture(scope="session")
def detector() -> PresidioDetector:
    """The real detector, its name model loaded once."""
    return PresidioDetector()


@pytest.fixture
def app(small_home: Path, detector: PresidioDetector, tmp_path: Path) -> Iterator[App]:
    """The product on a copy of the small library, at a fixed time, with no model."""
    home = tmp_path / "home"
    shutil.copytree(small_home, home)
    settings = Settings(home=home, officer="客户信息负责人 privacy@qinghe.example")
    built = build(settings, clock=lambda: NOW, detector=detector)
    yield built
    built.close()


@pytest.fixture
def person_with(app: App) -> Callable[..., Person]:
    """A function that registers a person with the given roles."""

    def register(*roles: Role) -> Person:
        with app.database.transaction() as session:
            return add_person(session, name="林晓", roles=roles or {Role.EMPLOYEE}, now=NOW)

    return register


@pytest.fixture
def employee(person_with: Callable[..., Person]) -> Person:
    """An employee and nothing more."""
    return person_with(Role.EMPLOYEE)


@pytest.fixture
def administrator(person_with: Callable[..., Person]) -> Person:
    """Somebody who may do everything."""
    return person_with(*Role)
