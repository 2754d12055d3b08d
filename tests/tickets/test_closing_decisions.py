"""What may become of a record: refused a day early with the article, allowed on the day."""

from datetime import date

import pytest

from tickets.closing.decisions import Fate, why_not
from tickets.retention.decision import decide
from tickets.retention.facts import Flag, HolderType, RecordFacts, RecordKind, StartEvent, Status

TODAY = date(2026, 11, 23)


def facts(kind: RecordKind, event: StartEvent, day: date, **more: object) -> RecordFacts:
    """A record of an ordinary company, not in the books unless said."""
    given = {"holder": HolderType.COMPANY, "flags": {Flag.ACCOUNTING_ATTACHMENT: False}} | more
    return RecordFacts(kind, dates={event: day}, **given)  # type: ignore[arg-type]


TAX = facts(RecordKind.TAX_RECORD, StartEvent.DOCUMENT_DATED, date(2016, 6, 30))
BANK_ID = facts(
    RecordKind.AML_IDENTITY,
    StartEvent.RELATIONSHIP_ENDED,
    date(2020, 2, 29),
    holder=HolderType.FINANCIAL,
)


@pytest.mark.parametrize(
    ("record", "first"), [(TAX, date(2027, 1, 1)), (BANK_ID, date(2030, 3, 1))]
)
@pytest.mark.parametrize("fate", [Fate.DESTROY, Fate.RETURN])
def test_what_must_be_kept_is_refused_a_day_early_and_allowed_on_the_day(
    record: RecordFacts, first: date, fate: Fate
) -> None:
    day_before = date.fromordinal(first.toordinal() - 1)
    early = decide(record, today=day_before)
    said = why_not(fate, early)
    assert early.status is Status.NOT_YET
    assert said is not None
    assert str(first) in said.zh
    assert early.deciding is not None
    assert early.deciding.citation.instrument in said.zh
    assert why_not(fate, decide(record, today=first)) is None


def test_what_must_be_deleted_is_neither_kept_nor_passed_on() -> None:
    left = decide(
        facts(RecordKind.IDENTITY_COPY, StartEvent.RELATIONSHIP_ENDED, date(2021, 6, 30)),
        today=TODAY,
    )
    assert left.status is Status.MUST_DELETE
    for fate in (Fate.KEEP, Fate.TRANSFER):
        said = why_not(fate, left)
        assert said is not None
        assert "个人信息保护法》第47条" in said.zh
    assert why_not(Fate.DESTROY, left) is None
    assert why_not(Fate.RETURN, left) is None


@pytest.mark.parametrize(
    ("record", "status", "allowed"),
    [
        (
            RecordFacts(RecordKind.ANNUAL_REPORT, holder=HolderType.COMPANY),
            Status.PERMANENT,
            {Fate.KEEP, Fate.TRANSFER},
        ),
        (
            facts(RecordKind.ACCOUNTING_VOUCHER, StartEvent.DOCUMENT_DATED, date(2020, 1, 1)),
            Status.NOT_YET,
            {Fate.KEEP, Fate.TRANSFER},
        ),
        (
            facts(RecordKind.CONTRACT, StartEvent.RELATIONSHIP_ENDED, date(2025, 1, 1)),
            Status.CONTESTED,
            {Fate.KEEP},
        ),
        (
            RecordFacts(RecordKind.CONTRACT, holder=HolderType.COMPANY),
            Status.NEEDS_FACT,
            {Fate.KEEP},
        ),
        (
            facts(
                RecordKind.IDENTITY_COPY, StartEvent.RELATIONSHIP_ENDED, date(2021, 6, 30),
                dispute=True,
            ),
            Status.BLOCKED,
            {Fate.KEEP},
        ),
    ],
)  # fmt: skip
def test_each_status_leaves_only_some_ways(
    record: RecordFacts, status: Status, allowed: set[Fate]
) -> None:
    decision = decide(record, today=TODAY)
    assert decision.status is status
    assert {fate for fate in Fate if why_not(fate, decision) is None} == allowed
    for fate in set(Fate) - allowed:
        said = why_not(fate, decision)
        assert said is not None
        assert said.zh.endswith(("。", "？"))
        # Said once, of what was asked for.
        assert said.zh.count("现在不能") <= 1
        assert "现在不能销毁" not in said.zh or fate is Fate.DESTROY
        assert "。（" not in said.zh
