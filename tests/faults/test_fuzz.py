"""Every parser of outside input, fed with damaged and invented input: a sentence of ours, or a result.

What comes out otherwise, hangs for long, or is not one of the errors a door knows is a failure. The
short form takes seconds; `COMPLIANCE_FUZZ_MINUTES=10` divides so many minutes among the parsers here, and
as many among the doors of `test_fuzz_doors.py`.
"""

import io
import zipfile
from pathlib import Path

import pytest

from assistant.errors import ModelFailed
from integrations.slack.wanted import wanted_by_form
from knowledge.errors import BadParticulars, NoArticles, UnreadablePolicy
from knowledge.regulations import read_regulation
from records.data_files import BadDataFile
from tests.faults.fuzzing import attempt, fed
from tests.faults.outside import KNOWN, NOW, drafted, names, parsers
from tests.faults.seeds import FORM, letter
from tickets.incidents.text import facts_from_text
from tickets.registers.kind_files import load_kinds


@pytest.mark.parametrize("name", names())
def test_nothing_but_a_result_or_a_sentence_of_ours(name: str, tmp_path: Path) -> None:
    parse, inputs = dict(parsers(tmp_path))[name]
    taken = list[bool]()
    fed(inputs, lambda value: taken.append(attempt(parse, value, KNOWN)), share=1 / len(names()))
    # What refuses everything was not tried.
    assert any(taken)


def test_what_the_long_form_found_stays_mended(tmp_path: Path) -> None:
    assert facts_from_text(f"丢了{'9' * 400}名客户的资料").people is None
    (tmp_path / "own.yaml").write_text("id: 2026-02-30", encoding="utf-8")
    with pytest.raises(BadDataFile):
        load_kinds(tmp_path)
    for body in ({**FORM, "view": {"private_metadata": []}}, {**FORM, "view": {"state": []}}):
        assert wanted_by_form(body, NOW) is None
    with pytest.raises(ModelFailed):
        drafted(f'{{"conclusion": {"9" * 5000}}}')


@pytest.mark.parametrize("said", ["第五条规定的期限届满。\n", "第一条\n"])
def test_numbers_without_an_article_behind_them_are_no_text(tmp_path: Path, said: str) -> None:
    path = tmp_path / "示例办法(2024-01-01).txt"
    path.write_text(said, encoding="utf-8")
    with pytest.raises(NoArticles):
        read_regulation(path, "示例办法")


def test_a_document_that_is_broken_inside_its_package_is_refused(tmp_path: Path) -> None:
    data = bytearray(letter())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        packed = package.getinfo("word/document.xml")
    start = packed.header_offset + 30 + len(packed.filename) + packed.compress_size // 2
    data[start : start + 40] = b"\xff" * 40
    path = tmp_path / "示例办法(2024-01-01).docx"
    path.write_bytes(data)
    with pytest.raises(UnreadablePolicy):
        read_regulation(path, "示例办法")


# Nine lists, each ten times the one before: a thousand million words.
UNFOLDING = "l0: &l0 [x]\n" + "".join(
    f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    "said", ["adopted: 2026-02-30\n", f"version: {'9' * 5000}\n", "[" * 3000 + "\n", UNFOLDING]
)
def test_no_particulars_and_no_data_file_crash_or_unfold_without_end(
    tmp_path: Path, said: str
) -> None:
    path = tmp_path / "某某办法.md"
    path.write_text(f"---\n{said}---\n第一条 应当保密。\n", encoding="utf-8")
    with pytest.raises(BadParticulars):
        read_regulation(path, "示例办法")
    (tmp_path / "own.yaml").write_text(said, encoding="utf-8")
    with pytest.raises(BadDataFile):
        load_kinds(tmp_path)


def test_every_parser_has_its_turn(tmp_path: Path) -> None:
    assert set(dict(parsers(tmp_path))) == set(names())
