"""The command line as a person uses it: each command, its refusals, and its exit codes."""

import getpass
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
import pyzipper

from assistant.app import build
from assistant.notices.write_notice import approve_notice, write_notice
from assistant.settings import Settings
from integrations.cli import main
from records.people import Role, add_person
from tests.homes import copy_home
from tickets.notices.data import Addressee, Form, NoticeKind, notice_rules
from tickets.notices.records import Wish

ROOT = Path(__file__).parent.parent.parent
CLIENT_FILES = ROOT / "examples" / "client_files"


@pytest.fixture
def home(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with the small library, named to the process as a person would."""
    home = tmp_path / "home"
    copy_home(small_home, home)
    monkeypatch.setenv("COMPLIANCE_HOME", str(home))
    return home


def run(*arguments: str) -> int:
    """The exit code of one command."""
    try:
        main(list(arguments))
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_a_question_gets_a_framed_answer(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "客户解约三年了,他的身份证复印件可以销毁吗?") == 0
    out = capsys.readouterr().out
    assert "第四十七条" in out
    assert "2026" in out


def test_people_stand_by_name_and_number_where_their_work_is_shown(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = build(Settings(home=home))
    with app.database.transaction() as session:
        officer = add_person(session, name="周衡", roles={Role.OFFICER}, now=app.clock())
        approver = add_person(session, name="韩越", roles={Role.APPROVER}, now=app.clock())
        add_person(session, name="我", login=getpass.getuser(), roles=set(Role), now=app.clock())
    elements = notice_rules(NoticeKind.TRANSFER).elements
    given = {
        name: "2099-06-30" if one.form is not Form.TEXT else "按约定办理。"
        for name, one in elements.items()
    }
    wish = Wish(NoticeKind.TRANSFER, given=given)
    number = write_notice(app, officer, wish, [Addressee("某客户", address="某地")]).summary.number
    approve_notice(app, approver, number, revision=1)
    app.close()
    assert run("notice", "status", number) == 0
    out = capsys.readouterr().out
    assert f"周衡 ({officer.id})" in out and f"韩越 ({approver.id})" in out


def test_an_answer_as_json_is_for_programs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "个保法第47条", "--json", "--as-of", "2026-11-23") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["outcome"] == "answered"
    assert answer["as_of"] == "2026-11-23"
    assert answer["quotations"][0]["heading"] == "第四十七条"


def test_a_file_is_redacted_beside_a_report(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run("redact", str(CLIENT_FILES / "退款清单.csv"), "--out", str(out)) == 0
    names = sorted(path.name for path in out.iterdir())
    assert len(names) == 4
    assert any(name.endswith(".report.json") for name in names)


def test_a_locked_file_is_opened_with_a_password_from_a_file(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    locked, words, out = tmp_path / "a.zip", tmp_path / "words.txt", tmp_path / "out"
    with pyzipper.AESZipFile(locked, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword("密码1".encode())
        archive.writestr("a.txt", "客户手机：13800138000")
    assert run("redact", str(locked), "--out", str(out)) == 2
    assert "--password" in capsys.readouterr().err
    words.write_text("错\n密码1\n", encoding="utf-8")
    assert run("redact", str(locked), "--password-file", str(words), "--out", str(out)) == 0
    with zipfile.ZipFile(out / "a.redacted.zip") as archive:
        assert archive.read("a.txt").decode() == "客户手机：138****8000"


def test_an_incident_and_a_destruction_become_tickets(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("incident", "report", "笔记本电脑丢了,里面有1200名客户的身份证号") == 0
    assert "未说明，按报告时间计" in capsys.readouterr().out
    assert run("destroy", "request", "2021年解约客户的身份证复印件86份") == 0
    capsys.readouterr()
    assert run("ticket", "list", "--json") == 0
    tickets = [ticket["id"] for ticket in json.loads(capsys.readouterr().out)]
    assert {number.partition("-")[0] for number in tickets} == {"INC", "DES"}
    incident = next(number for number in tickets if number.startswith("INC"))
    assert run("incident", "step", incident, "1", "--skip", " ") == 2
    assert "请写明理由" in capsys.readouterr().err
    assert run("destroy", "appraise", "DES-2026-0001", "--vault-client", "甲乙丙") == 2
    assert "“保险库”页" in capsys.readouterr().err
    assert run("ticket", "list", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "Next deadline" in told and "at once" in told


def test_the_audit_log_is_checked_and_a_changed_one_is_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("audit", "verify") == 0
    assert "未见改动" in capsys.readouterr().out
    assert run("audit", "verify", "--head", "f" * 64) == 1
    assert "被截掉" in capsys.readouterr().out


def test_a_quiz_is_made_reviewed_exported_and_assigned(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("quiz", "generate", "-n", "3", "--json") == 0
    assert json.loads(capsys.readouterr().out)["missing"] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("a\nr\nq\n"))
    assert run("quiz", "review") == 0
    assert run("quiz", "approve", "--all-drafts", "--yes") == 0
    capsys.readouterr()
    assert run("quiz", "list", "--state", "rejected") == 0
    assert "已批准 2 · 已退回 1" in capsys.readouterr().out
    assert run("quiz", "build", "季度考试", "-n", "2") == 0
    quiz = capsys.readouterr().out.strip()
    assert run("quiz", "export", quiz, "--format", "qti", "--out", str(tmp_path)) == 0
    assert zipfile.is_zipfile(tmp_path / "季度考试.zip")
    assert run("quiz", "export", quiz, "--format", "word") == 2
    assert run("quiz", "assign", quiz) == 2
    assert run("quiz", "assign", quiz, "--everybody") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("A\nq\n"))
    assert run("quiz", "practise") == 0
    capsys.readouterr()
    assert run("quiz", "results", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_rule_is_added_without_its_text_on_the_command_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("老地方\n"))
    assert run("rules", "add", "deny", "person_name", "--reason", "客户代号") == 0
    rule_id = capsys.readouterr().out.strip().splitlines()[-1]
    assert run("rules", "list") == 0
    out = capsys.readouterr().out
    assert "老**" in out and "必遮" in out and "老地方" not in out
    assert run("rules", "withdraw", rule_id) == 0
    assert run("rules", "withdraw", rule_id) == 2


def test_a_file_is_reviewed_at_the_terminal(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source, out = tmp_path / "a.txt", tmp_path / "out"
    source.write_text("热线0571-88886666，在老地方见，手机13800138000\n", encoding="utf-8")
    # Hide the mobile, keep the hotline, hide the rest; then one missed text and no more.
    monkeypatch.setattr("sys.stdin", io.StringIO("a\nr\n老地方\nperson_name\n\n"))
    assert run("review", str(source), "--out", str(out)) == 0
    copy = Path(capsys.readouterr().out.strip().splitlines()[-1]).read_text(encoding="utf-8")
    assert "0571-88886666" in copy
    assert "老地方" not in copy and "13800138000" not in copy
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    assert run("review", str(source), "--out", str(out)) == 1


def test_an_allow_list_is_checked_before_it_is_used(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "allow.yaml"
    listed.write_text("entries:\n  - {kind: landline}\n", encoding="utf-8")
    assert run("rules", "check", str(listed)) == 2
    assert "allow.yaml:2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", ""), "内容是空的"),
        (("ask", "问" * 3000), "超过 2000 字"),
        (("ask", "个保法第47条", "--as-of", "昨天"), "2026-11-23"),
        (("redact", "nowhere.docx"), "没有这个文件"),
        (("ticket", "show", "INC-2026-9999"), "没有编号"),
        (("ticket", "show", "'; DROP TABLE tickets"), "没有编号"),
        (("destroy", "request", "一些东西"), "哪类资料"),
        (("destroy", "request", "客户合同", "--holder", "shop"), "请从这些里选"),
        (("incident", "report", "   "), "内容是空的"),
        (("incident", "report", "丢了", "--aware-at", "2999-01-01T00:00"), "不能晚于现在"),
        (("ingest", "--policies", "nowhere"), "没有这个文件夹"),
        (("people", "add", "林晓", "--role", "king"), "请从这些里选"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_two(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert run(*arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nope",),
        ("ask",),
        ("ask", "问题", "--lang", "fr"),
        ("ask", "问题", "--unknown"),
        ("serve", "--port", "abc"),
        ("incident", "report", "丢了", "--people", "-1"),
        ("incident",),
    ],
)
def test_wrong_usage_is_told_with_exit_code_two(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert "Usage" in said.err + said.out
    assert "程序内部出错" not in said.err


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("broken.docx", b"PK\x03\x04 not a document"),
        ("secret.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("photo.jpg", b"\xff\xd8\xff\xe0"),
        ("noname", b"text"),
        ("empty.docx", b""),
    ],
)
def test_a_file_that_cannot_be_redacted_is_refused_and_nothing_is_written(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    data: bytes,
) -> None:
    source = tmp_path / name
    source.write_bytes(data)
    out = tmp_path / "out"
    assert run("redact", str(source), "--out", str(out)) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not out.exists() or not list(out.iterdir())


def test_one_bad_file_does_not_stop_the_rest(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, out = tmp_path / "周明轩13800000000.docx", tmp_path / "out"
    bad.write_bytes(b"nothing")
    good = str(CLIENT_FILES / "会员导出.tsv")
    assert run("redact", str(bad), good, "--out", str(out)) == 2
    err = capsys.readouterr().err
    assert "[1]" in err
    assert "13800000000" not in err
    assert len(list(out.iterdir())) == 4


def test_a_wrong_setting_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPLIANCE_PORT", "many")
    assert run("status") == 2
    assert "COMPLIANCE_PORT" in capsys.readouterr().err


def test_the_doctor_ends_with_one_only_where_something_is_missing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("doctor") == 0
    assert "COMPLIANCE_HOLDER" in capsys.readouterr().out
    monkeypatch.setenv("COMPLIANCE_SLACK_BOT_TOKEN", "xoxb-invented")
    assert run("doctor", "--json") == 1
    parts = {part["name"]: part["state"] for part in json.loads(capsys.readouterr().out)}
    assert parts["slack"] == "missing"
    assert parts["knowledge"] == "ready"


def test_what_waits_is_told_at_the_terminal(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("todo") == 0
    assert "没有等您办的事" in capsys.readouterr().out
    assert run("incident", "report", "笔记本电脑丢了，1200 名客户") == 0
    capsys.readouterr()
    assert run("todo") == 0
    assert "INC-2026-0001" in capsys.readouterr().out
    assert run("todo", "--json") == 0
    waits = json.loads(capsys.readouterr().out)
    assert {one["href"] for one in waits} == {"/tickets/INC-2026-0001"}


def test_an_account_nobody_registered_may_do_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("status") == 0
    monkeypatch.setenv("LOGNAME", "stranger")
    assert run("ask", "个保法第47条") == 3
    assert "没有登记" in capsys.readouterr().err


def test_an_incident_goes_from_grading_to_a_checked_bundle(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each command of the way once; the rules have tests of their own."""
    number, proof = "INC-2026-0001", tmp_path / "receipt.txt"
    proof.write_text("receipt", encoding="utf-8")
    assert run("incident", "grade", "--fact", "people=120万") == 0
    assert "附件三第5项" in capsys.readouterr().out
    assert run("incident", "report", "笔记本电脑丢了", "--people", "5") == 0
    for command in (
        ("grade", number, "--fact", "people=120万", "--reason", "日志"),
        ("revise", number, "--fact", "minors=yes", "--reason", "日志"),
        ("clock", number, "cac-4h", "--reference", "回执"),
        ("evidence", number, str(proof), "--what", "回执"),
        ("draft", number, "internal", "--out", str(tmp_path)),
        ("move", number, "handled", "--reason", "已补救"),
        ("review", number, "--happened", "丢了", "--cause", "没有加密"),
        ("pdf", number, "--out", str(tmp_path)),
        ("export", number, "--out", str(tmp_path)),
    ):
        assert run("incident", *command) == 0, command
    bundle = next(tmp_path.glob("INC-*.zip"))
    capsys.readouterr()
    assert run("bundle", "verify", str(bundle)) == 0
    capsys.readouterr()
    assert run("vault", "public-key") == 0
    key = tmp_path / "key.txt"
    key.write_text(capsys.readouterr().out, "utf-8")
    assert run("bundle", "verify", str(bundle), "--key", str(key)) == 0
    assert "签名相符" in capsys.readouterr().out
    bundle.write_bytes(bundle.read_bytes()[:-200])
    assert run("bundle", "verify", str(bundle)) != 0
    assert run("incident", "revise", number, "--fact", "size=1", "--reason", "x") != 0
    assert run("incident", "awareness", number, "--reason", "x") != 0
    assert (
        run("incident", "review", number, "--happened", "x", "--cause", "y", "--action", "z") != 0
    )


def test_a_drill_by_commands(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("drill", "scenarios") == 0
    assert "lost-laptop" in capsys.readouterr().out
    assert run("people", "list") == 0
    number = re.search(r"P-[0-9a-f]{8}", capsys.readouterr().out)
    assert number is not None
    assert run("drill", "start", "lost-laptop", "--with", number[0]) == 0
    assert run("drill", "end", "DRILL-2026-0001") == 0
    assert "未通过" in capsys.readouterr().out
    assert run("drill", "end", "DRILL-2026-0001") != 0
