"""Policy and regulation files: numbers kept, bad files named and left out."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document as Docx
from docx.oxml import parse_xml
from openpyxl import Workbook

from knowledge import store
from knowledge.policies import SkippedFile, read_policies
from knowledge.provisions import Level, Standing
from knowledge.reading.documents import LARGEST_FILE
from knowledge.regulations import read_regulations
from knowledge.sections import Line, split
from knowledge.store import Document
from knowledge.versions import settle
from tests.knowledge.conftest import empty_database

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def numbers(text: str) -> list[tuple[str, str]]:
    return [(s.number, s.heading) for s in split(Line(line) for line in text.splitlines())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "一、总则\n1. 目的:保护客户。\n二、销毁\n按规定。",
            [("一", "一、总则"), ("二", "二、销毁")],
        ),
        ("1. 总则\n内容。\n2. 销毁\n内容。", [("1", "1. 总则"), ("2", "2. 销毁")]),
        (
            "3.1 客户档案的保存\n三年。\n3.2 客户档案的销毁\n登记。",
            [("3.1", "3.1 客户档案的保存"), ("3.2", "3.2 客户档案的销毁")],
        ),
        (
            "第一章 总则\n第一条 为了保护客户。\n第二条 适用于全体员工。",
            [("1", "第一条"), ("2", "第二条")],
        ),
        ("# 制度\n开头。\n## 附件\n表格。", [("制度", "制度"), ("附件", "附件")]),
        ("只有一段话。", [("前言", "前言")]),
        ("2. 总则\n甲。\n2. 总则\n乙。", [("2", "2. 总则"), ("2-2", "2. 总则")]),
        ("2026年3.5万元由财务保管。", [("前言", "前言")]),
    ],
)
def test_sections_keep_the_numbers_of_the_document(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert numbers(text) == expected


def test_an_article_keeps_its_chapter() -> None:
    lines = ["第一章 总则", "第一条 甲。", "第二章 销毁", "第二条 乙。", "丙。"]
    first, second = split(Line(line) for line in lines)
    assert (first.chapter, second.chapter) == ("第一章 总则", "第二章 销毁")
    assert second.text == "乙。\n丙。"


def test_short_items_of_a_list_are_not_lost_as_headings_without_text() -> None:
    lines = (
        Line(one)
        for one in ("第一条 服务商进场前：", "1. 签署保密协议", "2. 完成培训", "第二条 离场。")
    )
    found = [(section.number, section.text) for section in split(lines)]
    assert found == [("1", "服务商进场前：\n1. 签署保密协议\n2. 完成培训"), ("2", "离场。")]


def test_a_chapter_of_a_plain_text_ends_the_section_before_it() -> None:
    lines = [
        "3 客户组",
        "3.1 退款",
        "十五日内退回。",
        "3 份清单分开放",
        "4 档案组",
        "4.1 顺序",
        "先三级。",
    ]
    first, second = split(Line(line) for line in lines)
    assert (first.chapter, first.text) == ("3 客户组", "十五日内退回。\n3 份清单分开放")
    assert (second.chapter, second.text) == ("4 档案组", "先三级。")


def read_one(folder: Path) -> Document | SkippedFile:
    (result,) = read_policies(folder)
    return result


def test_numbers_that_word_counts_itself_are_kept(tmp_path: Path) -> None:
    document = Docx()
    numbering = document.part.numbering_part.element
    numbering.append(
        parse_xml(
            f'<w:abstractNum xmlns:w="{_W}" w:abstractNumId="77">'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            '<w:lvlText w:val="%1"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            '<w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
        )
    )
    numbering.append(
        parse_xml(f'<w:num xmlns:w="{_W}" w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    for level, title, text in (
        (0, "总则", "甲。"),
        (0, "客户档案", "乙。"),
        (1, "保存", "丙。"),
        (1, "销毁", "丁。"),
    ):
        heading = document.add_heading(title, level + 1)
        heading._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr xmlns:w="{_W}"><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
            )
        )
        document.add_paragraph(text)
    document.save(str(tmp_path / "制度.docx"))
    found = read_one(tmp_path)
    assert isinstance(found, Document)
    assert [(p.article, p.text) for p in found.provisions] == [
        ("1", "甲。"),
        ("2", "乙。"),
        ("2.1", "丙。"),
        ("2.2", "丁。"),
    ]
    assert found.provisions[3].chapter == "2 客户档案"


def test_a_table_in_a_docx_is_text(tmp_path: Path) -> None:
    document = Docx()
    document.add_heading("保管期限", 1)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "合同", "十年"
    document.save(str(tmp_path / "期限.docx"))
    found = read_one(tmp_path)
    assert isinstance(found, Document)
    assert found.provisions[0].text == "合同｜十年"


def _zip_without_document() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("readme.txt", "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("坏.docx", b"not a zip", "已损坏"),
        ("空壳.docx", _zip_without_document(), "已损坏"),
        ("空.txt", b"  \n ", "没有文字"),
        ("图.txt", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "已损坏"),
        ("表.pptx", b"x", "不支持"),
        ("坏表.xlsx", b"x", "已损坏"),
        ("坏.pdf", b"%PDF-1.7 nothing", "已损坏"),
        ("乱码.txt", "".join(chr(0x80 + n % 100) for n in range(60)).encode(), "乱码"),
        ("大.txt", b"x" * (LARGEST_FILE + 1), "20 MB"),
    ],
)
def test_a_bad_file_is_named_and_the_others_go_on(
    name: str, data: bytes, reason: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "好.txt").write_text("一、销毁\n登记后销毁。", encoding="utf-8")
    (tmp_path / "~$好.docx").write_bytes(b"lock")
    results = list(read_policies(tmp_path))
    good = [r for r in results if isinstance(r, Document)]
    (skipped,) = (r for r in results if isinstance(r, SkippedFile))
    assert [d.source for d in good] == ["好.txt"]
    assert skipped.name == name
    assert reason in skipped.reason.zh
    assert skipped.reason.en


def test_a_file_in_the_older_chinese_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "旧.txt").write_bytes("一、保存\n保存三年。".encode("gb18030"))
    found = read_one(tmp_path)
    assert isinstance(found, Document)
    assert found.provisions[0].text == "保存三年。"


def _regulation(folder: Path, version: str, begins: str) -> None:
    articles = f"## 第一章 总则\n\n第一条 甲。\n\n第二条 自{begins}起施行。\n"
    text = f"# 某某管理条例\n\n<!-- INFO END -->\n\n{articles}"
    (folder / f"某某管理条例({version}).md").write_text(text, encoding="utf-8")


def test_of_two_versions_the_later_ends_the_earlier(tmp_path: Path) -> None:
    _regulation(tmp_path, "1999-10-07", "1999年10月7日")
    _regulation(tmp_path, "2023-04-27", "2023年7月1日")
    (tmp_path / "没有日期.md").write_text("第一条 甲。", encoding="utf-8")
    results = list(read_regulations(tmp_path))
    old, new = [r for r in results if isinstance(r, Document)]
    (skipped,) = (r for r in results if isinstance(r, SkippedFile))
    database = empty_database(tmp_path)
    with database.transaction() as session:
        store.save(session, [old, new], at=datetime(2026, 1, 1, tzinfo=UTC))
        settle(session, [old.name])
    with database.reading() as session:
        article = store.provisions(session, ids=[old.provisions[0].id])[0]
    assert article.effective_to == new.effective_from == date(2023, 7, 1)
    assert article.level is Level.REGULATION
    assert article.chapter == "第一章 总则"
    assert article.standing(date(2023, 6, 30)) is Standing.IN_FORCE
    assert article.standing(date(2023, 7, 1)) is Standing.AMENDED
    assert "YYYY-MM-DD" in skipped.reason.zh


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("\n相关：某某解读\n版权所有 某某网", 1),
        ("《先前办法》同时废止。\n主办单位：某某网\n备案号", 1),
        ("《先前办法》同时废止。", 0),
        ("\n本办法施行前已经办理的，不再重新办理。", 0),
        ("", 0),
    ],
)
def test_what_a_web_page_leaves_behind_the_last_article_is_told(
    after: str, told: int, tmp_path: Path
) -> None:
    words = f"# 示例办法\n第一条 适用。\n第二条 本办法自2025年3月1日起施行。{after}"
    (tmp_path / "示例办法(2025-01-01).md").write_text(words, encoding="utf-8")
    (found,) = read_regulations(tmp_path)
    assert isinstance(found, Document)
    assert len(found.particulars.remarks) == told
    assert all("2 行" in one.zh for one in found.particulars.remarks)


def test_a_workbook_is_for_whom_the_table_at_its_head_says(tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ("版本", "2.0", "归口部门", "档案室"),
        ("可见范围", "approver"),
        ("批准日期", datetime(2026, 2, 1)),  # noqa: DTZ001
        ("编号", "要求"),
        ("3.1", "资料锁柜"),
        ("3.2", "钥匙双人保管", "甲部门"),
    ):
        book.active.append(row)
    book.save(tmp_path / "柜台规范.xlsx")
    found = read_one(tmp_path)
    assert isinstance(found, Document)
    said = found.particulars
    texts = [(one.article, one.text) for one in found.provisions]
    assert texts[1:] == [("3.1", "资料锁柜"), ("3.2", "钥匙双人保管｜甲部门")]
    assert {one.audience for one in found.provisions} == {"approver"}
    assert (said.version, said.owner, said.approved) == ("2.0", "档案室", date(2026, 2, 1))
