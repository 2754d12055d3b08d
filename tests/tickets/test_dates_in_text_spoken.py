"""Dates as people say and type them; what may be two things is none."""

from datetime import date

import pytest

from tickets.dates_in_text import date_spans, find_date, year_told, years_named

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22年3月就不做了", "2022-03-31"),
        ("二二年三月解约", "2022-03-31"),
        ("二〇二二年三月", "2022-03-31"),
        ("2022年三月十五号", "2022-03-15"),
        ("22年3月5号", "2022-03-05"),
        ("22年底停的", "2022-12-31"),
        ("98年的病历", "1998-12-31"),
        ("2022.3解约", "2022-03-31"),
        ("上上个月", "2026-09-30"),
        ("上个月", "2026-10-31"),
        ("这个月", "2026-11-23"),
        ("大前年5月", "2023-05-31"),
        ("去年底停的", "2025-12-31"),
        ("三四年前", "2023-11-23"),
        ("两个礼拜前", "2026-11-09"),
        ("上上周", "2026-11-09"),
        ("大前天", "2026-11-20"),
        ("in Mar '22", "2022-03-31"),
        ("the month before last", "2026-09-30"),
        ("the year before last", "2024-12-31"),
    ],
)
def test_a_date_in_everyday_words_is_the_last_day_it_can_mean(text: str, day: str) -> None:
    found = find_date(text, TODAY)
    assert found is not None
    assert found.day == date.fromisoformat(day)
    assert date_spans(text)


@pytest.mark.parametrize(
    "text",
    [
        "20年的凭证", "30年的凭证", "保存15年", "存了22年就", "合作了12年", "至少30年", "快三年了", "不到三年前",
        "将近三年了", "未满三年", "还没满三年", "要满30年才能销毁", "几年前", "好几年前", "March 22", "1年3月",
        "almost 3 years ago",
    ],
)  # fmt: skip
def test_what_is_no_date_or_may_be_another_is_not_guessed(text: str) -> None:
    assert find_date(text, TODAY) is None


def test_years_and_a_year_told_by_itself() -> None:
    assert years_named("2020年签约，22年3月解约", TODAY) == {2020, 2022}
    told = ("22", "2015", "15年", "2015年度", "98", "1", "22年底")
    assert [year_told(one, TODAY) for one in told] == [2022, 2015, 2015, 2015, 1998, None, None]
