"""Paragraphs and items of an article."""

import pytest

from knowledge.paragraphs import part, split_article

ARTICLE = (
    "有下列情形之一的，应当登记：\n（一）甲；\n（二）乙；\n（十一）丙。\n前款所称登记，是指记录。"
)


def test_items_belong_to_the_paragraph_above_them() -> None:
    first, second = split_article(ARTICLE)
    assert first.items == ("（一）甲；", "（二）乙；", "（十一）丙。")
    assert second.text == "前款所称登记，是指记录。"
    assert second.items == ()


@pytest.mark.parametrize(
    ("paragraph", "item", "expected"),
    [
        (1, 2, "（二）乙；"),
        (1, 11, "（十一）丙。"),
        (None, 1, "（一）甲；"),
        (2, None, "前款所称登记，是指记录。"),
        (2, 1, None),
        (3, None, None),
        (0, None, None),
        (1, 3, None),
        (None, None, ARTICLE),
    ],
)
def test_a_part_is_found_or_there_is_none(
    paragraph: int | None, item: int | None, expected: str | None
) -> None:
    assert part(ARTICLE, paragraph=paragraph, item=item) == expected
