"""A full disk and a database that goes away: refused in a sentence, nothing half done, works again.
And what an App held open is given back.
"""

import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient

from assistant.app import App, build
from assistant.incidents.report_incident import report_incident
from assistant.operations.anchor_audit import anchor_audit
from assistant.operations.check_audit import verify_audit
from assistant.operations.check_records import check_records
from assistant.questions.ask import ask
from assistant.redaction.redact_file import redact_file
from assistant.settings import Settings
from integrations.web.api import create_web
from pii.detect import PresidioDetector
from records.errors import Unavailable
from records.jobs import Jobs
from records.people import Person, Role, add_person
from tests.conftest import NOW
from tests.homes import copy_home
from tests.thorough import size

CLIENT_FILE = ("手机：13800138000\n" * 2000).encode()


@contextmanager
def full_disk(left: int = 0) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def gone(url: str, name: str) -> Iterator[None]:
    """The database takes nobody and has thrown everybody out."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false".encode())
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            server.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true".encode())


def held() -> int:
    """How many descriptors and threads this process has."""
    return len(list(Path("/proc/self/fd").iterdir())) + threading.active_count()


def used(home: Path, detector: PresidioDetector, url: str) -> None:
    """The product built, asked, with its jobs at work, and closed."""
    app = build(Settings(home=home, database_url=url), clock=lambda: NOW, detector=detector)
    done = threading.Event()
    jobs = Jobs(app.settings.jobs_database, app.keys.derive("jobs"))
    jobs.handle("look", lambda _: done.set())
    jobs.start()
    jobs.submit("look", uuid4().hex, {})
    with app.database.transaction() as session:
        person = add_person(session, name="林晓", roles=set(Role), now=NOW)
    assert ask(app, person, "客户信息泄露了要通知谁？").conclusion
    assert TestClient(create_web(app), base_url="http://localhost").get("/healthz").is_success
    assert done.wait(30)
    jobs.stop()
    app.close()


@pytest.mark.both_engines
def test_what_the_product_held_open_is_given_back(
    small_home: Path,
    detector: PresidioDetector,
    tmp_path: Path,
    engine: str,
    request: pytest.FixtureRequest,
) -> None:
    home, url = tmp_path / "home", ""
    copy_home(small_home, home)
    if engine == "postgresql":
        template = request.getfixturevalue("small_postgresql")
        url = request.getfixturevalue("fresh_postgresql")(template)
    used(home, detector, url)
    before = held()
    for _ in range(size(5, 2)):
        used(home, detector, url)
    # Chroma closes its files on a thread of its own, soon.
    until = time.monotonic() + 60
    while held() > before and time.monotonic() < until:
        time.sleep(0.1)
    assert held() <= before


def broken(app: App, person: Person) -> set[str]:
    return {one.name for one in check_records(app, person) if not one.whole}


def test_on_a_full_disk_nothing_is_half_kept_and_the_next_try_succeeds(
    app: App, administrator: Person
) -> None:
    with full_disk():
        with pytest.raises(Unavailable):
            redact_file(app, administrator, CLIENT_FILE, "a.txt")
        with pytest.raises(Unavailable):
            report_incident(app, administrator, "笔记本电脑丢失", key="slack-1")
    assert broken(app, administrator) == set()
    assert not list((app.settings.home / "files").rglob("F-*"))
    assert redact_file(app, administrator, CLIENT_FILE, "a.txt").file_id
    assert report_incident(app, administrator, "笔记本电脑丢失", key="slack-1").ticket.id


def test_half_a_head_of_the_log_is_taken_back_from_a_disk_that_fills(
    app: App, administrator: Person, tmp_path: Path
) -> None:
    place = tmp_path / "heads.jsonl"
    anchoring = replace(app, settings=app.settings.model_copy(update={"audit_anchor": str(place)}))
    assert anchor_audit(anchoring)
    whole = place.read_bytes()
    with full_disk(len(whole) + 20):
        assert not anchor_audit(anchoring)
    assert place.read_bytes() == whole
    assert anchor_audit(anchoring)
    lines = place.read_text(encoding="utf-8")
    assert verify_audit(app, administrator, untrusted_anchors=lines).whole


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_while_the_database_is_gone_the_service_says_so_and_then_works_again(
    app: App, administrator: Person, postgresql_server: str
) -> None:
    name = str(app.database.engine.url.database)
    web = TestClient(create_web(app), base_url="http://localhost")
    assert web.get("/healthz").status_code == 200
    with gone(postgresql_server.format(name="postgres"), name):
        assert web.get("/healthz").status_code == 503
        with pytest.raises(Unavailable):
            report_incident(app, administrator, "笔记本电脑丢失", key="slack-1")
    assert web.get("/healthz").status_code == 200
    assert report_incident(app, administrator, "笔记本电脑丢失", key="slack-1").ticket.id
    assert broken(app, administrator) == set()
