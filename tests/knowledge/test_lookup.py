"""An address on a day: the right version, old numbers with a note, and never another article silently."""

from datetime import date

import pytest

from evals.addresses import cases
from knowledge.addresses import Address, parse_address
from knowledge.as_of import day_asked
from knowledge.ingest import IngestReport
from knowledge.levels import Level
from knowledge.library import Library
from knowledge.lookup import look_up
from knowledge.provisions import Provision, Standing
from knowledge.renumberings import moved, renumberings
from knowledge.sources import by_name
from tests.knowledge.conftest import TODAY

Whole = tuple[Library, IngestReport]
CSL = "中华人民共和国网络安全法"


def lookup(library: Library, text: str, day: date = TODAY) -> tuple[str | None, str]:
    (address,) = library.addresses(text)
    found = library.look_up(address, as_of=day)
    return found.provision and found.provision.id, " ".join(note.zh for note in found.notes)


def test_every_generated_address_of_a_loaded_law_leads_to_its_own_words(whole: Whole) -> None:
    library, _ = whole
    lost = []
    asked = {a for case in cases() for a in case.addresses if not a.old and "法" in a.instrument}
    held = {
        (p.instrument, p.article): p
        for name in {a.instrument for a in asked}
        for p in library.instrument(name, as_of=TODAY)
        if p.standing(TODAY) is Standing.IN_FORCE
    }

    def versions(instrument: str, article: str) -> list[Provision]:
        return [held[instrument, article]] if (instrument, article) in held else []

    for address in asked:
        found = look_up(address, versions, as_of=TODAY)
        if (address.instrument, address.article) not in held:
            assert found.provision is None
        elif (
            found.words is None or found.words not in held[address.instrument, address.article].text
        ):
            lost.append(address)
    assert len(asked) > 1000
    assert lost == []


@pytest.mark.parametrize(
    ("text", "identity", "said"),
    [
        ("网安法21条(旧)", "网络安全法@2026-01-01#23", "原第二十一条现为第二十三条"),
        ("旧网安法第42条", "网络安全法@2026-01-01#44", "第四十四条"),
        ("网络安全法（2016年版）第59条", "网络安全法@2026-01-01#61", "旧文本没有装入"),
        ("原公司法第183条", "公司法@2024-07-01#232", "2024-07-01"),
        ("原公司法第188条", "公司法@2024-07-01#239", "第二百三十九条"),
        ("旧会计法第44条", "会计法@2024-07-01#41", "第四十一条"),
        ("原反不正当竞争法第9条", "反不正当竞争法@2025-10-15#10", "第十条"),
        ("网安法21条", "网络安全法@2026-01-01#21", "原第二十一条现为第二十三条"),
        ("网安法23条", "网络安全法@2026-01-01#23", ""),
        ("刑法第253条之一第一款", "刑法@2021-03-01#253之一", ""),
    ],
)
def test_an_old_number_leads_to_the_new_one_with_a_note(
    text: str, identity: str, said: str, whole: Whole
) -> None:
    found, notes = lookup(whole[0], text)
    assert found == identity
    assert said in notes
    assert bool(said) == bool(notes)


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("网安法21条", date(2025, 6, 1), "现为第二十三条"),
        ("网安法第999条", TODAY, "已装入的文本里没有第九百九十九条"),
        ("个保法第47条第九款", TODAY, "没有第9款"),
        ("旧网安法第1条", TODAY, "对照里也没有第 1 条"),
        ("GDPR art. 33", TODAY, "没有装入"),
        ("环境保护法第1条", TODAY, "已废止"),
    ],
)
def test_what_is_not_there_gives_a_reason_and_no_other_article(
    text: str, day: date, said: str, whole: Whole
) -> None:
    found, notes = lookup(whole[0], text, day)
    assert found is None
    assert said in notes


def test_a_law_about_to_change_says_so_and_counts_the_days(whole: Whole) -> None:
    identity, notes = lookup(whole[0], "商标法第1条", date(2026, 12, 30))
    assert identity == "商标法@2019-11-01#1"
    assert "2 天后" in notes
    assert lookup(whole[0], "商标法第1条", date(2027, 1, 1)) == ("商标法@2027-01-01#1", "")


def test_a_version_whose_day_nobody_checked_says_so(whole: Whole) -> None:
    assert "未经核实" in lookup(whole[0], "建筑法第1条")[1]
    assert lookup(whole[0], "个保法第1条")[1] == ""


def test_an_earlier_text_that_is_loaded_is_given_and_labelled() -> None:
    def article(number: str, begins: date, ends: date | None) -> Provision:
        return Provision(
            f"甲@{begins}#{number}", "甲条例", number, f"第{number}条", None, f"{begins}", Level.REGULATION,
            begins, ends, "test", ends_as=Standing.AMENDED if ends else None,
        )  # fmt: skip

    old = article("5", date(2000, 1, 1), date(2020, 1, 1))
    new = article("5", date(2020, 1, 1), None)
    found = look_up(Address("甲条例", "5", old=True), lambda _i, _a: [old, new], as_of=TODAY)
    assert found.provision == old
    assert "旧文本" in found.notes[0].zh
    assert look_up(Address("甲条例", "5"), lambda _i, _a: [old, new], as_of=TODAY).provision == new


def test_each_reviewed_renumbering_leads_to_articles_that_are_there(whole: Whole) -> None:
    library, _ = whole
    for one in renumberings():
        assert one.instrument in by_name()
        for old, new in one.map.items():
            assert moved(one.instrument, old) is not None
            if by_name()[one.instrument].level is Level.LAW:
                assert all(library.provision(one.instrument, label, as_of=TODAY) for label in new)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("截至2025年6月1日，网安法21条怎么规定", date(2025, 6, 1)),
        ("What did CSL art. 21 say as of 2025-06-01?", date(2025, 6, 1)),
        ("按2024年3月1日的规定，会计凭证存几年", date(2024, 3, 1)),
        ("2025年6月1日时有效的网安法第21条", date(2025, 6, 1)),
        ("2025年6月1日时网安法第21条怎么规定?", date(2025, 6, 1)),
        ("2025年6月1日的《网络安全法》第21条", date(2025, 6, 1)),
        ("2025年6月1日那天等级保护是怎么规定的", date(2025, 6, 1)),
        ("What did CSL art. 21 say on 1 June 2025?", date(2025, 6, 1)),
        ("CSL art. 21 as of June 1, 2025", date(2025, 6, 1)),
        ("2023年5月1日签的合同，个保法第47条管吗", None),
        ("2021年11月1日个保法施行后签的合同能销毁吗", None),
        ("2025年6月1日时他已经离职，资料能销毁吗", None),
        ("The contract was signed on 1 May 2023: may we destroy it?", None),
        ("2023年5月1日签的合同，现在能销毁吗", None),
        ("根据2023年5月1日签的合同，现在能销毁吗", None),
        ("截至2025年13月1日", None),
        ("客户2021年3月1日解约", None),
    ],
)
def test_only_a_day_whose_law_is_asked_for_counts(text: str, day: date | None) -> None:
    assert day_asked(text) == day


def test_an_address_is_read_in_well_under_a_millisecond_a_character() -> None:
    text = "根据《个人信息保护法》第四十七条第一款第（二）项和网安法第44条，" * 60
    assert len(parse_address(text)) == 2
