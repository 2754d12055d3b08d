"""Where a command puts its result: a folder, or the file that was named."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from integrations.cli import main
from integrations.cli.options import place
from records.errors import BadInput
from tests.homes import copy_home


def test_a_folder_takes_the_result_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "old.zip").mkdir()
    for folder in (tmp_path, tmp_path / "2026.11", tmp_path / "new", tmp_path / "old.zip"):
        assert place(folder, "INC-2026-0001.zip") == folder / "INC-2026-0001.zip"


def test_a_named_file_is_that_file_or_is_refused(tmp_path: Path) -> None:
    assert place(tmp_path / "given.ZIP", "INC-2026-0001.zip") == tmp_path / "given.ZIP"
    with pytest.raises(BadInput) as refused:
        place(tmp_path / "given.pdf", "INC-2026-0001.zip")
    assert ".zip" in refused.value.message.zh and ".zip" in refused.value.message.en


@pytest.mark.parametrize("refused", [("--format", "csv"), ("--format", "pdf")])
def test_a_register_is_written_in_the_form_its_file_is_named_by(
    refused: tuple[str, str],
    small_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home, book, data = tmp_path / "home", tmp_path / "risk.xlsx", tmp_path / "risk.json"
    copy_home(small_home, home)
    monkeypatch.setenv("COMPLIANCE_HOME", str(home))
    with pytest.raises(SystemExit) as stopped:
        main(["register", "export", "risk", "--out", str(book), *refused])
    assert stopped.value.code == 2
    assert not book.exists()
    for file in (book, data):
        main_ends(["register", "export", "risk", "--out", str(file)])
    sheet = load_workbook(book).active
    assert sheet is not None and sheet["A1"].value == "编号"
    assert json.loads(data.read_text("utf-8")) == {"kind": "risk", "entries": []}


def main_ends(arguments: list[str]) -> None:
    """The command, which must end well."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code in (0, None)
