"""The demo from an empty folder with every national law: what a newcomer sees, and whether it is true."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from assistant.app import App, build
from assistant.settings import Settings
from evals.answers import answer_suites
from evals.plain_text import folded, plain_text
from integrations.cli import main
from integrations.identity import person_at_keyboard
from pii.detect import PresidioDetector
from records.people import Person
from tests.thorough import THOROUGH

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
LABELS = json.loads((EXAMPLES / "labels.json").read_text(encoding="utf-8"))["files"]
# Official texts and an article on the subject, beside the checkout on some machines.
SAMPLES = ROOT.parent / "shared" / "samples"


def run(*arguments: str) -> None:
    """One command, as a person would, that must succeed."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert not ended.value.code


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The home folder after `compliance demo`, and everything it printed."""
    home = tmp_path_factory.mktemp("demo")
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMPLIANCE_HOME", str(home))
        patch.setenv("COLUMNS", "200")
        with redirect_stdout(printed), redirect_stderr(printed):
            run("demo", "--examples", str(EXAMPLES))
    yield home, printed.getvalue()


@pytest.fixture(scope="module")
def product(walked: tuple[Path, str], detector: PresidioDetector) -> Iterator[tuple[App, Person]]:
    """The product over that home folder, and the person who ran the demo."""
    app = build(Settings(home=walked[0]), detector=detector)
    yield app, person_at_keyboard(app)
    app.close()


@pytest.mark.parametrize(
    "words",
    [
        "《中华人民共和国个人信息保护法》第四十七条",
        "INC-2026-",
        "DES-2026-",
        "没有找到依据",
        "操作日志完整",
        "手机号",
    ],
)
def test_the_demo_shows_the_main_job(walked: tuple[Path, str], words: str) -> None:
    if words.endswith("-2026-"):
        words = words.partition("2026")[0]
    assert words in walked[1]


def test_the_demo_prints_no_planted_identifier(walked: tuple[Path, str]) -> None:
    numbers = {
        one["value"]
        for label in LABELS.values()
        for one in label["planted"]
        if one["kind"] in {"resident_id", "mobile", "bank_card", "email", "passport"}
    }
    assert not {number for number in numbers if number in walked[1]}


@pytest.mark.parametrize("name", sorted(LABELS))
def test_each_example_is_released_without_a_planted_number(
    walked: tuple[Path, str], name: str
) -> None:
    copies = list((walked[0] / "redacted").glob(f"{Path(name).stem}.redacted{Path(name).suffix}"))
    assert len(copies) == 1, "refused, or named otherwise"
    text = folded(plain_text(copies[0].read_bytes(), LABELS[name].get("encoding", "utf-8")))
    checked = {"resident_id", "mobile", "bank_card", "email", "passport", "landline", "plate"}
    left = [
        one
        for one in LABELS[name]["planted"]
        if one["kind"] in checked and folded(one["value"]) in text
    ]
    assert left == []


def test_answers_reach_their_thresholds(product: tuple[App, Person]) -> None:
    for result in answer_suites(*product):
        assert result.passed, (result.suite, result.share, [f.reason for f in result.failures])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not on this machine")
@pytest.mark.skipif(not THOROUGH, reason="every law indexed a second time: make test-thorough")
def test_official_texts_and_an_article_can_be_taken_in_beside_the_laws(
    walked: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    for article in SAMPLES.glob("*.txt"):
        (policies / article.name).write_bytes(article.read_bytes())
    monkeypatch.setenv("COMPLIANCE_HOME", str(walked[0]))
    regulations = str(SAMPLES / "regulations")
    run("ingest", "--policies", str(policies), "--regulations", regulations)
    app = build(Settings(home=walked[0]))
    try:
        found = app.library.provision("网络数据安全管理条例", "24", as_of=app.today())
        assert found is not None
        assert app.library.counts()["policies"] == 1
    finally:
        app.close()
