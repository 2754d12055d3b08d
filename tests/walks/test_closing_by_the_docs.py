"""The closing of docs/closing.md from its first command to its last, typed as it stands there."""

import json
import re
import shlex
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

import assistant.app
from integrations.cli import main
from tests.homes import copy_home

ROOT = Path(__file__).parent.parent.parent
DOC = (ROOT / "docs" / "closing.md").read_text(encoding="utf-8")
FILES = re.findall(r"^`(\S+)`:\n\n```\w+\n(.*?)```$", DOC, re.M | re.S)
LINES = [line for block in re.findall(r"^```console\n(.*?)```$", DOC, re.M | re.S)
         for line in block.splitlines()]  # fmt: skip
LOOP = re.compile(r"for (\w) in (.+?); do (.+); done")


def commands(typed: str) -> Iterator[list[str]]:
    """The arguments of each command of a line; a loop gives one for each of its words."""
    loop = LOOP.fullmatch(typed)
    name, words, body = loop.groups() if loop else ("", "", typed)
    for word in words.split() or [""]:
        told = body.replace(f"${name}", word) if name else body
        _, *arguments = shlex.split(told)
        yield [found_file(one) if "…" in one else one for one in arguments]


def found_file(pattern: str) -> str:
    """The file the doc shortens by an ellipsis."""
    (found,) = Path().glob(pattern.replace("…", "*"))
    return str(found)


@pytest.fixture
def folder(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files the walk names, and a home of its own."""
    copy_home(small_home, tmp_path / "home")
    shutil.copytree(ROOT / "examples" / "client_files", tmp_path / "client_files")
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")
    Image.new("RGB", (40, 30), "grey").save(tmp_path / "photo.jpg")
    monkeypatch.setenv("COMPLIANCE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COMPLIANCE_NOTICE_OUTBOX", str(tmp_path / "outbox"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_closing_of_the_docs_runs_to_a_bundle_that_holds(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build, day = assistant.app.build, date(2026, 11, 1)
    for line in LINES:
        if line.startswith("# "):
            day = date.fromisoformat(line[2:])
            at = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
            monkeypatch.setattr("assistant.app.build", partial(build, clock=lambda now=at: now))
            continue
        who, _, typed = line.partition("$ ")
        monkeypatch.setenv("LOGNAME", who)
        for arguments in commands(typed):
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            said = capsys.readouterr()
            assert not ended.value.code, (line, said.out[-800:], said.err[-800:])
    assert not (folder / "client_files" / "身份证复印件登记.docx").exists()
    with zipfile.ZipFile(next(folder.glob("CLO-*.zip"))) as bundle:
        names = bundle.namelist()
    assert sum(name.startswith("certificates/") and name.endswith(".pdf") for name in names) == 2
    with pytest.raises(SystemExit):
        main(["close", "board", "CLO-2026-0001"])
    assert "已结束" in (said := capsys.readouterr().out)
    assert "还不能结束" not in said
    with pytest.raises(SystemExit):
        main(["close", "board", "CLO-2026-0001", "--json"])
    board = json.loads(capsys.readouterr().out)
    assert (board["blockers"], board["settled"]) == ([], 5)
