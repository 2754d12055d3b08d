"""The company's own keeping period beside the law's: the later day governs."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.own_periods import OwnPeriod, keeping_of, later_of, own_period
from knowledge.levels import Level
from knowledge.own_rules import OwnRule
from knowledge.provisions import Provision
from tickets.retention.decision import decide
from tickets.retention.facts import HolderType, RecordFacts, RecordKind, StartEvent, Status

TODAY = date(2026, 11, 23)
ROW = "材料：身份证复印件、护照等证件复印件；起算点：合同终止；期限：满三年；说明：2026年3月1日起只核验原件"
SECTION = Provision(
    id="policy#3.2",
    instrument="手册",
    article="3.2",
    heading="3.2",
    chapter=None,
    text=ROW,
    level=Level.POLICY,
    source="手册.md",
    effective_from=None,
    effective_to=None,
)


def facts(day: date | None) -> RecordFacts:
    ended = StartEvent.RELATIONSHIP_ENDED
    return RecordFacts(
        kind=RecordKind.IDENTITY_COPY,
        holder=HolderType.COMPANY,
        dates={ended: day} if day else {},
        happened=frozenset() if day else frozenset({ended}),
    )


def found(one: RecordFacts, said: str = ROW, score: float = 0.8) -> OwnPeriod | None:
    return own_period(one, lambda _question: [OwnRule(SECTION, said, said, score)])


@pytest.mark.parametrize(
    ("ended", "status", "earliest", "says"),
    [
        (date(2025, 3, 31), Status.NOT_YET, date(2028, 4, 1), "公司规定满3年，到 2028-03-31"),
        (date(2023, 11, 22), Status.MUST_DELETE, date(2023, 11, 22), "到 2026-11-22，已经期满"),
        (date(2023, 11, 23), Status.NOT_YET, date(2026, 11, 24), "2026-11-24 起才可以销毁"),
    ],
)
def test_nothing_goes_before_either_day(
    ended: date, status: Status, earliest: date, says: str
) -> None:
    one = facts(ended)
    own = found(one)
    assert own is not None
    later = later_of(decide(one, today=TODAY), own, one, TODAY)
    assert (later.status, later.earliest) == (status, earliest)
    assert any(says in words.zh for words in (later.summary, *later.conditions))


def test_three_years_said_to_be_full_are_full() -> None:
    one = replace(facts(date(2023, 11, 23)), approximate=True)
    own = found(one)
    assert own is not None
    assert later_of(decide(one, today=TODAY), own, one, TODAY).status is Status.MUST_DELETE


def test_a_longer_statutory_period_governs() -> None:
    one = RecordFacts(
        kind=RecordKind.IDENTITY_COPY,
        holder=HolderType.FINANCIAL,
        dates={StartEvent.RELATIONSHIP_ENDED: date(2025, 3, 31)},
    )
    own = found(one)
    assert own is not None
    law = decide(one, today=TODAY)
    later = later_of(law, own, one, TODAY)
    assert (later.status, later.earliest) == (Status.NOT_YET, law.earliest)


def test_each_kind_of_holder_is_weighed_by_itself() -> None:
    one = RecordFacts(
        kind=RecordKind.IDENTITY_COPY,
        dates={StartEvent.RELATIONSHIP_ENDED: date(2025, 3, 31)},
    )
    own = found(one)
    assert own is not None
    later = later_of(decide(one, today=TODAY), own, one, TODAY)
    company = next(a for a in later.alternatives if a.holder is HolderType.COMPANY)
    assert company.decision.status is Status.NOT_YET


def test_without_the_day_it_runs_from_that_day_is_asked_for() -> None:
    one = facts(None)
    own = found(one)
    assert own is not None
    later = later_of(decide(one, today=TODAY), own, one, TODAY)
    assert later.status is Status.NEEDS_FACT
    assert later.missing[0].name == "relationship_ended"


@pytest.mark.parametrize(
    ("said", "score"),
    [
        (ROW, 0.3),
        ("材料：服务合同；起算点：合同终止；期限：满三年", 0.8),
        ("材料：身份证复印件；期限：满三年", 0.8),
        ("材料：身份证复印件；起算点：合同终止；期限：永久", 0.8),
        ("举例：身份证复印件在合同终止后满三年销毁", 0.8),
        ("身份证复印件在合同终止后十五日内登记", 0.8),
    ],
)
def test_a_rule_that_does_not_surely_say_how_long_decides_nothing(said: str, score: float) -> None:
    assert found(facts(date(2025, 3, 31)), said, score) is None


def test_the_rule_on_keeping_need_not_be_the_likeliest() -> None:
    other = "解除劳动合同后十五日内转移档案，劳动合同文本至少再保存二年。"
    likeliest = [OwnRule(SECTION, other, other, 0.7), OwnRule(SECTION, ROW, ROW, 0.5)]
    own = own_period(facts(date(2025, 3, 31)), lambda _question: likeliest)
    assert own is not None
    assert own.rule.words == ROW


def test_of_one_kind_of_record_the_companys_rule_stands_in_what_is_decided() -> None:
    def kept(one: RecordFacts | None) -> tuple[bool, bool, bool]:
        found = keeping_of(one, lambda _question: [OwnRule(SECTION, ROW, ROW, 0.8)], TODAY)
        return found.decision is not None, found.rule is not None, bool(found.words)

    one = facts(date(2025, 3, 31))
    assert kept(one) == (True, True, True)
    assert kept(replace(one, also=(RecordKind.CONTRACT,))) == (True, False, False)
    assert kept(None) == (False, False, False)
