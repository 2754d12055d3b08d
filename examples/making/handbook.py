"""客户信息管理手册.docx out of its Markdown source: headings, paragraphs, lists, tables."""

import re

from making.marks import Ledger
from making.word import Letter

_WIDTHS = {2: (4, 12), 3: (3.4, 7.2, 5.6), 4: (4.4, 2.8, 2, 7)}


def make(ledger: Ledger, source: str) -> bytes:
    """The handbook; its first line is the title, the rest numbered sections."""
    title, *blocks = [block for block in source.strip().split("\n\n") if block.strip()]
    letter = Letter(ledger, title=title.removeprefix("# "), author="客户信息负责人")
    letter.header("青禾家居服务有限公司　内部制度　QH-M-01　第 5.1 版")
    letter.footer("纸质版以档案室盖章件为准")
    letter.title(title.removeprefix("# "))
    for block in blocks:
        _block(letter, block)
    return letter.data()


def _block(letter: Letter, block: str) -> None:
    if heading := re.match(r"(##+) (.+)", block):
        letter.heading(heading[2], len(heading[1]) - 1)
    elif block.startswith("|"):
        _table(letter, block)
    else:
        for line in block.split("\n"):
            if line.startswith("- "):
                letter.paragraph(line.removeprefix("- "), style="List Bullet")
            else:
                letter.paragraph(line)


def _table(letter: Letter, block: str) -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.split("\n")]
    rows = [row for row in rows if set("".join(row)) != {"-"}]
    letter.table(rows, widths=_WIDTHS[len(rows[0])])
