"""Characters with places become the texts people read."""

from pii.formats.page_layout import lay_out
from pii.formats.page_rules import Mark, Rule


def line(text: str, x: float, y: float, *, gap_after: dict[int, float] | None = None) -> list[Mark]:
    """Characters ten high, Chinese ones ten wide and others five, with extra room after some."""
    marks = []
    for number, character in enumerate(text):
        width = 10.0 if ord(character) > 0x2E80 else 5.0
        marks.append(Mark(character, x, y, x + width, y + 10, number + int(y) * 1000))
        x += width + (gap_after or {}).get(number, 0.0)
    return marks


def test_room_that_typography_leaves_beside_chinese_is_no_space() -> None:
    (block,) = lay_out(line("幢1单元", 0, 0, gap_after={0: 2.5, 1: 2.5}))
    assert block.text == "幢1单元"


def test_room_between_words_is_a_space() -> None:
    (block,) = lay_out(line("Zhang San", 0, 0, gap_after={4: 3.0}) + line("姓名", 60, 0))
    assert block.text.startswith("Zhang San")
    (wide,) = lay_out(line("第8条", 0, 0, gap_after={0: 4.0}))
    assert wide.text == "第 8条"


def test_a_bar_beside_a_table_does_not_take_its_border_away() -> None:
    rows = [0.0, 20.0, 40.0, 60.0]
    across = [Rule(y, 0, 200) for y in rows]
    upright = [Rule(x, 0, 60) for x in (0.0, 100.0, 200.0)]
    bar = Rule(-1.5, 300, 320)
    marks = (
        line("项目", 10, 5) + line("甲方", 110, 5)
        + line("姓名", 10, 25) + line("许念初", 110, 25)
        + line("手机", 10, 45) + line("19900002121", 110, 45)
    )  # fmt: skip
    blocks = lay_out(marks, across, [*upright, bar])
    assert ("许念初", "姓名") in [(block.text, block.label) for block in blocks]
    assert ("19900002121", "手机") in [(block.text, block.label) for block in blocks]
