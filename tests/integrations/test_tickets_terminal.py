"""Incidents and notices at the terminal: what their commands need to name is shown."""

import re
from pathlib import Path

import pytest

from integrations.cli import main
from tests.homes import copy_home

NUMBER = "INC-2026-0001"


def run(*arguments: str) -> int:
    """The exit code of one command."""
    try:
        main(list(arguments))
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.fixture(autouse=True)
def _home(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_home(small_home, tmp_path / "home")
    monkeypatch.setenv("COMPLIANCE_HOME", str(tmp_path / "home"))


def test_what_a_notice_lacks_is_named_as_revise_takes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("notice", "draft", "particulars", "--set", "changed=注册地址") == 0
    told = capsys.readouterr().out
    assert "notice revise N-2026-0001 --set handler=… --set before=…" in told
    assert "--set changed=…" not in told
    given = ("handler=清和", "before=1号", "after=2号", "from_day=2099-12-31", "contact=合规岗")
    sets = [word for one in given for word in ("--set", one)]
    assert run("notice", "revise", "N-2026-0001", *sets) == 0
    assert "notice revise" not in capsys.readouterr().out


def test_steps_clocks_and_course_are_shown_as_commands_name_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("incident", "report", "笔记本电脑丢了，1200 名客户") == 0
    assert run("incident", "step", NUMBER, "2", "--skip", "") == 2
    assert run("incident", "step", NUMBER, "2", "--note", "改了", "--skip", "没有") == 2
    assert run("incident", "step", NUMBER, "1", "--note", "已锁定 13800138000") == 0
    assert run("incident", "step", NUMBER, "3", "--skip", "没有这种设备") == 0
    assert run("incident", "clock", NUMBER, "dsl29", "--reference", "回执") == 0
    capsys.readouterr()
    assert run("ticket", "show", NUMBER) == 0
    shown = capsys.readouterr().out
    assert re.findall(r"^  ([✓–·]) (\d)\. ", shown, re.MULTILINE)[:4] == [
        ("✓", "1"), ("·", "2"), ("–", "3"), ("·", "4")
    ]  # fmt: skip
    assert "· ndr11  " in shown
    assert "· dsl29  " not in shown
    taken, skipped = shown.index("完成步骤："), shown.index("跳过步骤：")
    assert shown.index("登记工单") < taken < skipped < shown.index("时限了结：")
    assert "没有这种设备" in shown[skipped:]
    assert "13800138000" not in shown
    assert run("ticket", "show", NUMBER, "--lang", "en") == 0
    assert "Step taken: " in capsys.readouterr().out
