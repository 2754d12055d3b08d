"""People, accounts, tokens and single looks at the command line; completion and exit codes."""

import io
import json
import re
from pathlib import Path

import pytest

from integrations.cli import main
from integrations.errors import EXIT_CODE
from tests.homes import copy_home

ROOT = Path(__file__).parents[2]


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


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that succeeds prints."""
    assert run(*arguments) == 0
    return capsys.readouterr().out.strip()


def test_somebody_is_registered_given_a_link_other_roles_and_lets_go(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = said(capsys, "people", "add", "周明轩", "--role", "employee")
    link = said(capsys, "people", "link", number)
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/welcome\?token=[\w-]{43}", link)
    changed = said(capsys, "people", "roles", number, "--role", "auditor", "--role", "employee")
    assert changed == f"{number}: auditor, employee"
    said(capsys, "people", "leave", number, "--yes")
    everybody = {
        one["id"]: one["roles"] for one in json.loads(said(capsys, "people", "list", "--json"))
    }
    assert everybody[number] == []
    assert run("people", "link", "P-none") == 2


def test_erasing_somebody_can_be_tried_first(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = said(capsys, "people", "add", "周明轩", "--role", "employee")
    tried = said(capsys, "people", "erase", number, "--dry-run")
    assert number in tried
    assert "周明轩" in said(capsys, "people", "list", "--json")
    said(capsys, "people", "erase", number, "--confirm", number)
    assert "周明轩" not in said(capsys, "people", "list", "--json")


def test_the_keyboards_person_cannot_leave_as_the_last_administrator(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (me,) = json.loads(said(capsys, "people", "list", "--json"))
    assert run("people", "leave", me["id"], "--yes") == 4


def test_a_token_is_made_listed_and_revoked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "account", "token", "归档", "--scope", "question:ask")
    assert text.startswith("compliance_")
    shown = said(capsys, "account", "show")
    assert "question:ask" in shown and text not in shown
    (token,) = json.loads(said(capsys, "account", "show", "--json"))["tokens"]
    assert run("account", "revoke", token["id"]) == 0
    assert run("account", "revoke", "K-none") == 2
    assert run("account", "token", "归档", "--scope", "people:manage") == 2
    assert "0" in said(capsys, "account", "sign-out")


def test_single_looks_answer_and_keep_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "第" in said(capsys, "search", "删除个人信息", "--limit", "2")
    assert run("check-citations", "个人信息保护法第四十七条") == 0
    assert run("check-citations", "个人信息保护法第四百条") == 1
    dated = ("--holder", "financial", "--date", "relationship_ended=2021-06-30", "--json")
    capsys.readouterr()
    decided = json.loads(said(capsys, "keep-until", "aml_identity", *dated))
    assert decided["decision"]["earliest"] == "2031-07-01"
    booked = ("--fact", "invoice_issued=2020-02-29", "--fact", "accounting_attachment=yes")
    told = said(capsys, "keep-until", "发票", "--holder", "一般公司", *booked)
    assert "2051-01-01" in told
    assert "第14条" in told
    for stopped in ("--hold", "--dispute"):
        assert "现在不能销毁" in said(capsys, "keep-until", "发票", *booked, stopped)
    monkeypatch.setattr("sys.stdin", io.StringIO("手机：13800138000"))
    assert "13800138000" not in said(capsys, "redact-text", "-")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_COMPLIANCE_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("COMP_WORDS", "compliance peo")
    monkeypatch.setenv("COMP_CWORD", "1")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "compliance peo")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setattr("sys.argv", ["compliance"])
    with pytest.raises(SystemExit):
        from integrations.cli import commands

        commands(prog_name="compliance")
    assert "people" in capsys.readouterr().out


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for code in {0, 1, *EXIT_CODE.values()}:
        assert f"\n| {code} |" in page


@pytest.mark.parametrize("value", ["{not json", '{"legal": "king"}'])
def test_a_wrong_mapping_of_roles_is_named(
    home: Path, value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLIANCE_OIDC_ROLES", value)
    assert run("status") == 2
    assert "COMPLIANCE_OIDC_ROLES" in capsys.readouterr().err
