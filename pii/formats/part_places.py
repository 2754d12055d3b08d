"""A part of an Office package in words people use."""

import re

from records.language import Bilingual

_PLACES = (
    (r"word/document\.xml", "正文", "body"),
    (r"word/header(\d*)\.xml", "页眉", "header "),
    (r"word/footer(\d*)\.xml", "页脚", "footer "),
    (r"word/footnotes\.xml", "脚注", "footnotes"),
    (r"word/endnotes\.xml", "尾注", "endnotes"),
    (
        r"(?:word|xl|ppt)/(?:comments/|threadedComments/)?(?:comments|threadedComment)\w*\.xml",
        "批注",
        "comments",
    ),
    (r"docProps/\w+\.xml", "文件属性", "properties"),
    (r".*\.rels", "链接", "links"),
    (r"xl/sharedStrings\.xml", "共享字符串", "shared strings"),
    (r"xl/workbook\.xml", "工作簿", "workbook"),
    (r"(?:word|xl|ppt)/charts/.*", "图表", "chart"),
    (r"ppt/slides/slide(\d+)\.xml", "幻灯片", "slide "),
    (r"ppt/notesSlides/notesSlide(\d+)\.xml", "备注", "notes "),
    (r"ppt/(?:notesMasters|slideMasters|slideLayouts|handoutMasters)/.*", "母版", "master"),
    (r"ppt/presentation\.xml", "演示文稿", "presentation"),
)


def part_place(name: str) -> Bilingual:
    """A part's place in words."""
    for pattern, zh, en in _PLACES:
        match = re.fullmatch(pattern, name)
        if match:
            number = match.group(1) if match.groups() else ""
            return Bilingual(zh + number, (en + number).strip())
    return Bilingual(f"部件 {name}", f"part {name}")
