"""The statutes' package, its defects corrected; no statute text is copied here."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date

import pytest

from knowledge.corrections import clean, corrections
from knowledge.provisions import Provision, Standing
from knowledge.sources import by_name
from knowledge.statutes import StatuteVersion, locate, read_statutes

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def by_id(statutes: list[StatuteVersion]) -> dict[str, Provision]:
    return {p.id: p for v in statutes for p in v.provisions}


def test_every_article_has_an_id_of_its_own(
    statutes: list[StatuteVersion], by_id: dict[str, Provision]
) -> None:
    assert sum(len(v.provisions) for v in statutes) == len(by_id) == 26196


def test_the_criminal_law_is_current_although_the_package_marks_it_amended(
    by_id: dict[str, Provision],
) -> None:
    assert by_id["刑法@2021-03-01#253之一"].standing(TODAY) is Standing.IN_FORCE


def test_an_article_and_its_branch_are_two_articles(by_id: dict[str, Provision]) -> None:
    main, branch = by_id["刑法@2021-03-01#253"], by_id["刑法@2021-03-01#253之一"]
    assert main.heading == "第二百五十三条"
    assert branch.heading == "第二百五十三条之一"
    assert "邮件" in main.text
    assert "公民个人信息" in branch.text


@pytest.mark.parametrize("article", ["165", "166", "169", "387", "390", "391", "393"])
def test_criminal_articles_changed_after_the_packaged_text_are_not_current(
    article: str, by_id: dict[str, Provision]
) -> None:
    provision = by_id[f"刑法@2021-03-01#{article}"]
    assert provision.standing(date(2024, 2, 29)) is Standing.IN_FORCE
    assert provision.standing(date(2024, 3, 1)) is Standing.AMENDED


@pytest.mark.parametrize(
    ("identity", "day", "standing"),
    [
        ("网络安全法@2026-01-01#23", date(2025, 12, 31), Standing.FUTURE),
        ("网络安全法@2026-01-01#23", date(2026, 1, 1), Standing.IN_FORCE),
        ("会计法@2024-07-01#23", TODAY, Standing.IN_FORCE),
        ("商标法@2027-01-01#1", TODAY, Standing.FUTURE),
        ("商标法@2019-11-01#1", TODAY, Standing.IN_FORCE),
        ("商标法@2019-11-01#1", date(2027, 1, 1), Standing.AMENDED),
        ("环境保护法@2015-01-01#1", date(2026, 8, 14), Standing.IN_FORCE),
        ("环境保护法@2015-01-01#1", date(2026, 8, 15), Standing.REPEALED),
        ("乡镇企业法@1997-01-01#1", date(2000, 1, 1), Standing.REPEALED),
    ],
)
def test_a_version_holds_exactly_on_its_days(
    identity: str, day: date, standing: Standing, by_id: dict[str, Provision]
) -> None:
    assert by_id[identity].standing(day) is standing


def test_no_version_takes_effect_before_it_was_adopted(statutes: list[StatuteVersion]) -> None:
    assert [v.id for v in statutes if v.effective_from < v.version] == []


def test_at_most_one_version_of_a_law_is_in_force_on_a_day(statutes: list[StatuteVersion]) -> None:
    for day in (date(2025, 12, 31), date(2026, 1, 1), TODAY, date(2027, 1, 1)):
        held = Counter(
            v.name
            for v in statutes
            if v.provisions and v.provisions[0].standing(day) is Standing.IN_FORCE
        )
        assert [name for name, count in held.items() if count > 1] == []


def test_no_article_ends_with_the_heading_of_the_next_part(by_id: dict[str, Provision]) -> None:
    heading = re.compile(r"第[一二三四五六七八九十]+(分编|编|章|节)[^。；]*|附\s*则")
    assert [
        identity
        for identity, provision in by_id.items()
        if "\n" in provision.text and heading.fullmatch(provision.text.rsplit("\n", 1)[-1])
    ] == []


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("应当赔偿。\n第二编 物 权\n第一分编 通 则", "应当赔偿。"),
        ("应当赔偿。\n附 则", "应当赔偿。"),
        ("依照第二编 的规定办理。", "依照第二编的规定办理。"),
        ("下列情形：\n（一）甲；\n（二）乙。", "下列情形：\n（一）甲；\n（二）乙。"),
        ("第二编 物权", "第二编 物权"),
    ],
)
def test_cleaning_takes_only_what_is_not_the_articles_own(given: str, cleaned: str) -> None:
    assert clean(given) == cleaned


def test_laws_can_be_read_by_name_alone() -> None:
    only = frozenset({"中华人民共和国个人信息保护法"})
    (version,) = read_statutes(only)
    assert len(version.provisions) == 74
    assert version.provisions[46].heading == "第四十七条"


def _original_day_kept() -> list[tuple[str, date]]:
    """The versions for which the package itself repeats a day before their adoption."""
    path, _ = locate()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as laws:
        rows = laws.execute(
            "SELECT law_name, version_date FROM laws WHERE level IN ('法律', '宪法')"
            " AND effective_date < version_date"
        ).fetchall()
    return [(name, date.fromisoformat(version)) for name, version in rows]


def test_each_amended_law_with_the_original_day_is_corrected_or_labelled(
    statutes: list[StatuteVersion],
) -> None:
    defective = _original_day_kept()
    assert len(defective) == 97 + 13
    by_version = {(v.name, v.version): v for v in statutes}
    fixes, known = corrections(), by_name()
    for key in defective:
        version = by_version[key]
        listed, entry = fixes.effective(*key), known.get(key[0])
        catalogued = entry is not None and entry.version == str(key[1]) and entry.version_effective
        if listed:
            assert (version.effective_from, version.date_certain) == (
                listed.effective,
                listed.checked,
            )
        elif key[0] == "中华人民共和国环境保护税法":
            # Its amending decision is in the package: 本决定自公布之日起施行.
            assert (version.effective_from, version.date_certain) == (key[1], True)
        elif catalogued:
            assert (version.effective_from, version.date_certain) == (
                catalogued,
                entry and entry.date_certain,
            )
        else:
            assert (version.effective_from, version.date_certain) == (key[1], False)
        assert version.effective_from >= key[1]
        assert all(p.date_certain is version.date_certain for p in version.provisions)


@pytest.mark.parametrize(
    ("name", "version", "effective"),
    [
        ("村民委员会组织法", date(2025, 10, 28), date(2026, 1, 1)),
        ("环境保护税法", date(2025, 10, 28), date(2025, 10, 28)),
        ("食品安全法", date(2025, 9, 12), date(2025, 12, 1)),
        ("网络安全法", date(2025, 10, 28), date(2026, 1, 1)),
    ],
)
def test_an_amending_decision_in_the_package_says_when_its_version_takes_effect(
    name: str, version: date, effective: date, statutes: list[StatuteVersion]
) -> None:
    """Of each decision the words were read: the package gives the law itself another day for two."""
    full = f"中华人民共和国{name}"
    (found,) = (v for v in statutes if (v.name, v.version) == (full, version))
    assert (found.effective_from, found.date_certain) == (effective, True)
    (decision,) = (v for v in statutes if v.name.endswith(f"关于修改《{full}》的决定"))
    says = re.search(r"本决定自(.+?)起施行", "\n".join(p.text for p in decision.provisions))
    day = f"{effective.year}年{effective.month}月{effective.day}日"
    assert says and says[1] == ("公布之日" if effective == version else day)


def test_every_correction_mends_a_version_that_the_package_has(
    statutes: list[StatuteVersion],
) -> None:
    present = {(v.name, v.version) for v in statutes}
    assert [
        e for e in corrections().effective_dates if (e.instrument, e.version) not in present
    ] == []


def test_only_national_laws_are_read(statutes: list[StatuteVersion]) -> None:
    local = re.compile(r"^(?!中华人民共和国).*(?:省|市|自治区|自治州|自治县).*(?:条例|规定|办法)$")
    assert [v.name for v in statutes if local.match(v.name)] == []
