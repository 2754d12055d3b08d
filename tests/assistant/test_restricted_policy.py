"""A policy for some roles only: nobody else sees it, nor that there is one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.app import App, build
from assistant.law.check_citations import check_citations
from assistant.law.law_changes import changes_now, compare_versions, list_versions
from assistant.law.read_law import list_instruments, read_address, read_instrument
from assistant.law.search_texts import search_texts
from assistant.overview import overview
from assistant.questions.ask import ask
from assistant.settings import Settings
from knowledge.errors import NoSuchVersion
from knowledge.ingest import ingest
from pii.detect import PresidioDetector
from records.database import Database
from records.errors import NotFound
from records.people import Person, Role
from tests.homes import copy_home

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LAWS = frozenset({"中华人民共和国个人信息保护法"})
SECRET = "青竹方案"
OPEN = "版本：1.0\n批准日期：2026-01-05\n第一条 客户资料出借应当登记。\n第二条 借出的客户资料三日内归还。\n"
CLOSED = (
    "版本：{version}\n归口部门：特别小组\n可见范围：approver\n批准日期：{day}\n"
    "第一条 青竹方案的客户资料出借由{who}登记，依据个人信息保护法第四十七条。\n"
    "第二条 青竹方案借出的客户资料当日归还。\n"
)
ASKED = (
    "青竹方案第一条写了什么",
    "《青竹方案》第一条、第九条",
    "青竹方案的客户资料出借由谁登记",
    "借出的客户资料几日内归还",
    "青竹方案归还个人信息怎么删除",
)


def _home(folder: Path, policies: dict[str, str]) -> None:
    kept = folder / "policies"
    kept.mkdir(parents=True)
    for name, words in policies.items():
        (kept / name).write_text(words, encoding="utf-8")
    database = Database(f"sqlite:///{folder / 'compliance.db'}")
    database.upgrade()
    ingest(
        database,
        folder / "index",
        policies=kept,
        progress=lambda _stage, _done, _total: None,
        only=LAWS,
    )
    database.close()


@pytest.fixture(scope="module")
def open_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One law and a policy for everybody."""
    folder = tmp_path_factory.mktemp("open") / "home"
    _home(folder, {"资料出借办法.txt": OPEN})
    return folder


@pytest.fixture(scope="module")
def closed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, and two versions of one for approvers."""
    folder = tmp_path_factory.mktemp("closed") / "home"
    old = CLOSED.format(version="1.0", day="2025-01-05", who="档案员")
    new = CLOSED.format(version="2.0", day="2026-02-05", who="总经理")
    _home(
        folder,
        {
            "资料出借办法.txt": OPEN,
            f"{SECRET}_v1.txt": f"---\nname: {SECRET}\n---\n{old}",
            f"{SECRET}_v2.txt": f"---\nname: {SECRET}\n---\n{new}",
        },
    )
    return folder


@pytest.fixture(scope="module")
def small_home(closed_home: Path) -> Path:
    """The home with the restricted policy."""
    return closed_home


@pytest.fixture(scope="module")
def without(
    open_home: Path, detector: PresidioDetector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """The product where there is no restricted policy, for the same employee."""
    home = tmp_path_factory.mktemp("without") / "home"
    copy_home(open_home, home)
    built = build(
        Settings(home=home, officer="客户信息负责人 privacy@qinghe.example"),
        clock=lambda: NOW,
        detector=detector,
    )
    yield built
    built.close()


def test_whoever_it_is_for_reads_it_and_its_versions(
    app: App, person_with: Callable[..., Person]
) -> None:
    approver = person_with(Role.APPROVER)
    assert "总经理" in repr(read_instrument(app, approver, SECRET).provisions)
    (found,) = read_address(app, approver, "青竹方案第一条")
    assert found.provision is not None
    assert SECRET in list_instruments(app, approver)
    assert len(list_versions(app, approver, SECRET).versions) == 2
    changes = compare_versions(app, approver, SECRET)
    assert any("总经理" in piece.words for c in changes.diff.changes for piece in c.pieces)
    assert SECRET in {one.new.name for one in changes_now(app, approver).lately}
    assert SECRET in {
        one.provision.instrument for one in search_texts(app, approver, ASKED[2]).hits
    }


def test_nobody_else_sees_it_in_lists_or_changes(app: App, employee: Person) -> None:
    assert SECRET not in list_instruments(app, employee)
    shelf = list_versions(app, employee)
    assert SECRET not in {one.name for one in (*shelf.versions, *shelf.overdue)}
    assert list_versions(app, employee, SECRET).versions == ()
    assert SECRET not in repr(changes_now(app, employee))
    old, new = (one.id for one in app.library.loaded(SECRET))
    for names in ((SECRET,), (old, new)):
        with pytest.raises(NoSuchVersion):
            compare_versions(app, employee, *names)
    with pytest.raises(NotFound):
        read_instrument(app, employee, SECRET)
    assert not [line for line in overview(app, employee).lines if SECRET in line.text.zh]


def _said(app: App, person: Person, question: str) -> list[str]:
    return [
        repr(replace(ask(app, person, question), id="")),
        repr(search_texts(app, person, question).hits),
        repr(read_address(app, person, question)),
        repr(check_citations(app, person, question).citations),
        repr([line.text for line in overview(app, person).lines]),
    ]


@pytest.mark.parametrize("question", ASKED)
def test_what_somebody_else_asks_is_answered_as_if_it_were_not_there(
    question: str, app: App, without: App, employee: Person
) -> None:
    """Words, scores, notes and refusals: the same with the policy and without it."""
    said = _said(app, employee, question)
    assert "总经理" not in "".join(said)
    assert said == _said(without, employee, question)


def test_an_approver_asking_among_others_is_told_no_more_than_they_may_read(
    app: App, person_with: Callable[..., Person]
) -> None:
    approver = person_with(Role.APPROVER)
    assert "总经理" not in repr(ask(app, approver, ASKED[0], in_public=True))
    assert "总经理" in repr(ask(app, approver, ASKED[0]))
    assert app.today() > date(2026, 2, 5)
