"""What may be kept, what must go: stated cases, both sides of each boundary."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.citation import Confidence
from tickets.retention.decision import (
    Decision,
    Effect,
    Flag,
    HolderType,
    RecordFacts,
    RecordKind,
    StartEvent,
    Status,
    decide,
)

K, H, E, S, F = RecordKind, HolderType, StartEvent, Status, Flag
TODAY = date(2026, 11, 23)


def on(day: str) -> date:
    return date.fromisoformat(day)


def ask(
    kind: RecordKind,
    holder: HolderType | None = None,
    event: StartEvent | None = None,
    day: str | None = None,
    *,
    today: str = "2026-11-23",
    flags: dict[Flag, bool] | None = None,
) -> Decision:
    dates = {event: on(day)} if event and day else {}
    facts = RecordFacts(kind=kind, holder=holder, dates=dates, flags=flags or {})
    return decide(facts, today=on(today))


# kind, holder, event and its day, today, flags, status, first lawful day
TABLE = """
# 身份证复印件, ordinary company: no minimum, PIPL 47 from the day the relation ended
identity_copy company ended 2023-11-23 2026-11-23 - must_delete 2023-11-23
identity_copy company ended 2026-11-23 2026-11-23 - must_delete 2026-11-23
identity_copy company ended 2026-11-24 2026-11-23 - not_yet 2026-11-24
identity_copy company - - 2026-11-23 - needs_fact -
# AML identity, ten years after the end
identity_copy financial ended 2023-11-23 2026-11-23 - not_yet 2033-11-24
identity_copy financial ended 2023-11-23 2033-11-23 - not_yet 2033-11-24
identity_copy financial ended 2023-11-23 2033-11-24 - must_delete 2033-11-24
identity_copy financial - - 2026-11-23 - needs_fact -
aml_identity non_financial ended 2025-03-01 2035-03-01 - not_yet 2035-03-02
aml_identity non_financial ended 2025-03-01 2035-03-02 - must_delete 2035-03-02
# in the hands of who is not bound: a person decides, until the ten years have passed
aml_identity company ended 2023-11-23 2026-11-23 - contested 2033-11-24
aml_identity company ended 2016-11-23 2026-11-23 - contested 2026-11-24
aml_identity company ended 2016-11-22 2026-11-23 - must_delete 2016-11-22
aml_identity company - - 2026-11-23 - contested -
aml_transaction company sold 2022-05-10 2026-11-23 - contested 2032-05-11
# the former five years: over before 2025-01-01 or not
identity_copy financial ended 2019-12-31 2026-11-23 - contested 2030-01-01
identity_copy financial ended 2020-01-01 2026-11-23 - not_yet 2030-01-02
identity_copy financial ended 2016-11-22 2026-11-23 - must_delete 2026-11-23
# transactions are counted from the transaction
aml_transaction financial sold 2022-05-10 2032-05-10 - not_yet 2032-05-11
aml_transaction financial sold 2022-05-10 2032-05-11 - may_destroy 2032-05-11
# leap days: 2024-02-29 has no corresponding day, so the month's last day ends the period
aml_identity financial ended 2024-02-29 2034-02-28 - not_yet 2034-03-01
aml_identity financial ended 2024-02-29 2034-03-01 - must_delete 2034-03-01
# securities: twenty years beat ten
identity_copy securities ended 2023-11-23 2033-11-24 - not_yet 2043-11-24
identity_copy securities ended 2023-11-23 2043-11-24 - must_delete 2043-11-24
# e-commerce platform, three years
ecommerce_transaction platform sold 2023-11-23 2026-11-23 - not_yet 2026-11-24
ecommerce_transaction platform sold 2023-11-22 2026-11-23 - may_destroy 2026-11-23
ecommerce_transaction company ended 2026-01-10 2026-11-23 - must_delete 2026-01-10
# contracts: ask whether they are in the books, then evidence, then PIPL
contract company ended 2023-11-22 2026-11-23 - needs_fact -
contract company ended 2023-11-23 2026-11-23 attached=no contested -
contract company ended 2023-11-22 2026-11-23 attached=no must_delete 2023-11-22
contract company ended 2023-11-22 2026-11-23 attached=yes not_yet 2054-01-01
contract insurer ended 2017-01-01 2026-11-23 attached=no not_yet 2027-01-02
# accounting: thirty and ten years from the end of the accounting year
accounting_voucher - document_dated 1996-01-15 2026-11-23 - not_yet 2027-01-01
accounting_voucher - document_dated 1996-12-31 2026-12-31 - not_yet 2027-01-01
accounting_voucher - document_dated 1996-12-31 2027-01-01 - contested 2027-01-01
accounting_voucher - - - 2026-11-23 - needs_fact -
accounting_other - document_dated 2016-06-30 2026-12-31 - not_yet 2027-01-01
annual_report - document_dated 1990-12-31 2026-11-23 - permanent -
archives_register - - - 2026-11-23 - permanent -
implant_sales - - - 2026-11-23 - permanent -
# tax: ten years, verified; the start is the conservative one
tax_record - document_dated 2015-03-01 2025-12-31 - not_yet 2026-01-01
tax_record - document_dated 2015-03-01 2026-01-01 - may_destroy 2026-01-01
# an invoice falls under three regimes: the longest wins
invoice - invoice_issued 2021-11-22 2026-11-23 attached=no not_yet 2032-01-01
invoice - invoice_issued 2015-11-22 2026-11-23 attached=no may_destroy 2026-01-01
invoice - invoice_issued 2015-11-22 2026-11-23 attached=yes not_yet 2046-01-01
invoice - invoice_issued 2015-11-22 2026-11-23 - needs_fact -
# labour
labour_contract - employment_ended 2024-11-23 2026-11-23 - not_yet 2026-11-24
labour_contract - employment_ended 2024-11-22 2026-11-23 - may_destroy 2026-11-23
payroll - wages_paid 2024-11-23 2026-11-23 attached=no not_yet 2026-11-24
payroll - wages_paid 2024-11-22 2026-11-23 attached=no may_destroy 2026-11-23
payroll - wages_paid 2024-11-22 2026-11-23 attached=no,migrants=yes not_yet 2027-11-23
# our own processing
pia_report - assessed 2023-11-23 2026-11-23 - not_yet 2026-11-24
pia_report - assessed 2023-11-22 2026-11-23 - may_destroy 2026-11-23
sharing_record - shared 2023-11-23 2026-11-23 - not_yet 2026-11-24
log - logged 2026-05-23 2026-11-23 - not_yet 2026-11-24
log - logged 2026-05-22 2026-11-23 - may_destroy 2026-11-23
log - logged 2026-08-31 2027-02-28 - not_yet 2027-03-01
log - logged 2026-08-31 2027-03-01 - may_destroy 2027-03-01
cctv - captured 2026-10-24 2026-11-23 - not_yet 2026-11-24
cctv - captured 2026-10-23 2026-11-23 - must_delete 2026-11-23
# medical: thirty and fifteen years, read in a reprint only
medical_record medical last_discharge 1996-11-23 2026-11-23 inpatient=yes not_yet 2026-11-24
medical_record medical last_discharge 1996-11-22 2026-11-23 inpatient=yes contested 2026-11-23
medical_record medical last_visit 2011-11-23 2026-11-23 inpatient=no not_yet 2026-11-24
medical_record medical last_visit 2011-11-22 2026-11-23 inpatient=no contested 2026-11-23
medical_record medical last_visit 2011-11-22 2026-11-23 inpatient=no,mental=yes not_yet 2041-11-23
medical_record company ended 2026-01-01 2026-11-23 - must_delete 2026-01-01
# lists and consent
marketing_list - consent_withdrawn 2026-11-20 2026-11-23 - must_delete 2026-11-20
customer_list company ended 2026-11-20 2026-11-23 - must_delete 2026-11-20
consent_record - consent_withdrawn 2023-11-23 2026-11-23 - contested -
consent_record - consent_withdrawn 2023-11-22 2026-11-23 - must_delete 2023-11-22
dispute_file - dispute_closed 2023-11-23 2026-11-23 - contested -
dispute_file - dispute_closed 2023-11-22 2026-11-23 - must_delete 2023-11-22
# the other side of each boundary, and leap days, for every period above
identity_copy company ended 2026-11-22 2026-11-23 - must_delete 2026-11-22
identity_copy financial ended 2020-02-29 2030-02-28 - not_yet 2030-03-01
identity_copy financial ended 2020-02-29 2030-03-01 - must_delete 2030-03-01
aml_transaction financial sold 2024-02-29 2034-02-28 - not_yet 2034-03-01
aml_transaction financial sold 2024-02-29 2034-03-01 - may_destroy 2034-03-01
identity_copy securities ended 2023-11-23 2043-11-23 - not_yet 2043-11-24
identity_copy securities ended 2024-02-29 2044-02-29 - not_yet 2044-03-01
identity_copy securities ended 2024-02-29 2044-03-01 - must_delete 2044-03-01
ecommerce_transaction platform sold 2024-02-29 2027-02-28 - not_yet 2027-03-01
ecommerce_transaction platform sold 2024-02-29 2027-03-01 - may_destroy 2027-03-01
contract company ended 2026-11-24 2026-11-23 attached=no not_yet 2026-11-24
contract company ended 2026-11-23 2026-11-23 attached=no contested -
contract company ended 2024-02-29 2027-02-28 attached=no contested -
contract company ended 2024-02-29 2027-03-01 attached=no must_delete 2024-02-29
contract company ended 2023-12-31 2053-12-31 attached=yes not_yet 2054-01-01
contract insurer ended 2017-01-01 2027-01-01 attached=no not_yet 2027-01-02
contract insurer ended 2017-01-01 2027-01-02 attached=no must_delete 2027-01-02
accounting_voucher - document_dated 1997-01-01 2027-12-31 - not_yet 2028-01-01
accounting_voucher - document_dated 1997-01-01 2028-01-01 - contested 2028-01-01
accounting_other - document_dated 2016-06-30 2027-01-01 - contested 2027-01-01
tax_record - document_dated 2016-01-01 2026-12-31 - not_yet 2027-01-01
tax_record - document_dated 2016-01-01 2027-01-01 - may_destroy 2027-01-01
invoice - invoice_issued 2016-12-31 2026-12-31 attached=no not_yet 2027-01-01
invoice - invoice_issued 2016-12-31 2027-01-01 attached=no may_destroy 2027-01-01
invoice - invoice_issued 1996-12-31 2026-12-31 attached=yes not_yet 2027-01-01
invoice - invoice_issued 1996-12-31 2027-01-01 attached=yes contested 2027-01-01
labour_contract - employment_ended 2024-02-29 2026-02-28 - not_yet 2026-03-01
labour_contract - employment_ended 2024-02-29 2026-03-01 - may_destroy 2026-03-01
payroll - wages_paid 2024-02-29 2026-02-28 attached=no not_yet 2026-03-01
payroll - wages_paid 2024-02-29 2026-03-01 attached=no may_destroy 2026-03-01
payroll - wages_paid 2024-11-22 2027-11-22 attached=no,migrants=yes not_yet 2027-11-23
payroll - wages_paid 2024-11-22 2027-11-23 attached=no,migrants=yes may_destroy 2027-11-23
pia_report - assessed 2024-02-29 2027-02-28 - not_yet 2027-03-01
pia_report - assessed 2024-02-29 2027-03-01 - may_destroy 2027-03-01
sharing_record - shared 2023-11-22 2026-11-23 - may_destroy 2026-11-23
marketing_list - consent_withdrawn 2026-11-23 2026-11-23 - must_delete 2026-11-23
"""


@dataclass(frozen=True)
class Stated:
    """One line of the table."""

    kind: RecordKind
    holder: HolderType | None
    event: StartEvent | None
    day: str | None
    today: str
    flags: dict[Flag, bool]
    status: Status
    earliest: date | None

    def decision(self) -> Decision:
        return ask(self.kind, self.holder, self.event, self.day, today=self.today, flags=self.flags)


SHORT = {
    "attached": F.ACCOUNTING_ATTACHMENT,
    "migrants": F.MIGRANT_WORKERS,
    "inpatient": F.INPATIENT,
    "mental": F.PSYCHIATRIC,
    "ended": E.RELATIONSHIP_ENDED,
    "sold": E.TRANSACTION_ENDED,
    "platform": H.ECOMMERCE_PLATFORM,
    "non_financial": H.DESIGNATED_NON_FINANCIAL,
}


def stated(line: str) -> Stated:
    kind, holder, event, day, today, flags, status, earliest = line.split()
    pairs = [one.split("=") for one in flags.split(",")] if flags != "-" else []
    return Stated(
        kind=K(kind),
        holder=None if holder == "-" else H(SHORT.get(holder, holder)),
        event=None if event == "-" else E(SHORT.get(event, event)),
        day=None if day == "-" else day,
        today=today,
        flags={F(SHORT[name]): value == "yes" for name, value in pairs},
        status=S(status),
        earliest=None if earliest == "-" else on(earliest),
    )


LINES = [one for one in TABLE.splitlines() if one and not one.startswith("#")]
CASES = [stated(line) for line in LINES]


def test_there_are_as_many_stated_cases_as_were_asked_for() -> None:
    assert len(set(LINES)) == len(LINES) >= 100


@pytest.mark.parametrize("case", CASES, ids=LINES)
def test_each_stated_case_has_its_status_and_first_lawful_day(case: Stated) -> None:
    found = case.decision()
    assert found.status is case.status, found.summary
    assert found.earliest == case.earliest


@pytest.mark.parametrize(
    ("day", "today", "status", "latest"),
    [
        ("2021-11-23", "2026-11-23", S.NEEDS_FACT, "2026-11-23"),
        ("2021-11-22", "2026-11-23", S.MUST_DELETE, "2026-11-22"),
    ],
)
def test_negative_credit_data_has_a_ceiling_of_five_years(
    day: str, today: str, status: Status, latest: str
) -> None:
    found = ask(K.CREDIT_RECORD, H.CREDIT_AGENCY, E.BAD_CONDUCT_ENDED, day, today=today)
    assert (found.status, found.latest) == (status, on(latest))


def test_the_flagship_question_is_answered_for_each_holder() -> None:
    found = ask(K.IDENTITY_COPY, None, E.RELATIONSHIP_ENDED, "2023-11-23")
    assert found.status is S.NEEDS_FACT
    assert [fact.name for fact in found.missing] == ["holder"]
    by_holder = {one.holder: one.decision for one in found.alternatives}
    company, bank = by_holder[H.COMPANY], by_holder[H.FINANCIAL]
    assert company.status is S.MUST_DELETE
    assert company.deciding is not None
    assert company.deciding.citation.article == "47"
    said = "".join(one.zh for one in company.conditions)
    assert all(
        word in said for word in ("争议", "检查", "民法典第188条", "不是法定义务", "其他法律")
    )
    assert (bank.status, bank.earliest) == (S.NOT_YET, on("2033-11-24"))
    assert bank.deciding is not None
    assert (bank.deciding.citation.article, bank.deciding.citation.duty_id) == ("34", "OB-034")
    assert bank.interim is not None
    assert "一般公司" in found.summary.zh
    assert "2033-11-24" in found.summary.zh
    assert "2033-11-24" in found.summary.en


def test_a_hold_or_a_dispute_blocks_whatever_the_period() -> None:
    for hold in (True, False):
        for holder in (None, *HolderType):
            facts = RecordFacts(
                kind=K.IDENTITY_COPY,
                holder=holder,
                dates={E.RELATIONSHIP_ENDED: on("2001-01-01")},
                hold=hold,
                dispute=not hold,
            )
            assert decide(facts, today=TODAY).status is S.BLOCKED


def test_what_is_permanent_stays_permanent_under_a_hold() -> None:
    assert decide(RecordFacts(kind=K.ANNUAL_REPORT, hold=True), today=TODAY).status is S.PERMANENT


def test_an_event_without_a_day_is_enough_to_delete_but_not_to_count() -> None:
    ended = frozenset({E.RELATIONSHIP_ENDED})
    company = RecordFacts(kind=K.IDENTITY_COPY, holder=H.COMPANY, happened=ended)
    bank = RecordFacts(kind=K.IDENTITY_COPY, holder=H.FINANCIAL, happened=ended)
    assert decide(company, today=TODAY).status is S.MUST_DELETE
    asked = decide(bank, today=TODAY)
    assert (asked.status, asked.missing[0].name) == (S.NEEDS_FACT, E.RELATIONSHIP_ENDED)


def test_a_relation_that_runs_on_does_not_ask_for_deletion() -> None:
    running = frozenset({E.RELATIONSHIP_ENDED})
    for holder in (H.COMPANY, H.FINANCIAL):
        facts = RecordFacts(kind=K.IDENTITY_COPY, holder=holder, not_happened=running)
        assert decide(facts, today=TODAY).status is S.NOT_YET


def test_no_unchecked_period_alone_ever_allows_destruction() -> None:
    for case in CASES:
        found = case.decision()
        if found.status in (S.MAY_DESTROY, S.MUST_DELETE):
            assert found.deciding is not None
            assert found.deciding.citation.confidence is Confidence.VERIFIED, case


def test_every_answer_is_said_in_both_languages_and_leaves_no_blank() -> None:
    for case in CASES:
        found = case.decision()
        for text in (found.summary.zh, found.summary.en):
            assert text
            assert "{" not in text
            assert "None" not in text, case


def test_what_may_not_yet_go_is_stored_only() -> None:
    for case in CASES:
        found = case.decision()
        if found.status in (S.CONTESTED, S.NEEDS_FACT) or (
            found.status is S.NOT_YET and found.deciding and found.deciding.last_day
        ):
            assert found.interim is not None, case
            assert "第47条" in found.interim.zh


def test_a_vague_date_is_said_to_be_vague() -> None:
    facts = RecordFacts(
        kind=K.IDENTITY_COPY,
        holder=H.COMPANY,
        dates={E.RELATIONSHIP_ENDED: on("2023-11-23")},
        approximate=True,
    )
    assert any("推算" in one.zh for one in decide(facts, today=TODAY).conditions)


@given(
    kind=st.sampled_from(RecordKind),
    holder=st.one_of(st.none(), st.sampled_from(HolderType)),
    dates=st.dictionaries(
        st.sampled_from(StartEvent), st.dates(on("1980-01-01"), on("2040-12-31")), max_size=4
    ),
    flags=st.dictionaries(st.sampled_from(Flag), st.booleans()),
    today=st.dates(on("2026-01-01"), on("2060-12-31")),
)
def test_nothing_may_go_while_any_minimum_runs(
    kind: RecordKind,
    holder: HolderType | None,
    dates: dict[StartEvent, date],
    flags: dict[Flag, bool],
    today: date,
) -> None:
    found = decide(RecordFacts(kind=kind, holder=holder, dates=dates, flags=flags), today=today)
    for one in (found, *(other.decision for other in found.alternatives)):
        if one.status not in (S.MAY_DESTROY, S.MUST_DELETE):
            continue
        assert one.earliest is None or one.earliest <= today
        assert one.deciding is not None
        minimums = [o for o in one.considered if o.applies and o.effect is Effect.MINIMUM]
        if one.deciding.effect is not Effect.CEILING:
            assert not any(o.running or o.last_day is None for o in minimums)
        assert one.deciding.citation.confidence is Confidence.VERIFIED


@given(
    kind=st.sampled_from(RecordKind),
    day=st.dates(on("1990-01-01"), on("2026-11-23")),
    today=st.dates(on("2026-11-23"), on("2070-12-31")),
)
def test_waiting_until_the_first_lawful_day_is_enough(
    kind: RecordKind, day: date, today: date
) -> None:
    """A date named as the earliest is kept: on that day nothing says NOT_YET any more."""
    dates = dict.fromkeys(StartEvent, day)
    flags = dict.fromkeys(Flag, False)
    for holder in HolderType:
        facts = RecordFacts(kind=kind, holder=holder, dates=dates, flags=flags)
        first = decide(facts, today=today)
        if first.status is S.NOT_YET and first.earliest:
            assert today < first.earliest
            assert decide(facts, today=first.earliest).status is not S.NOT_YET


def test_a_question_without_a_day_still_hears_the_period() -> None:
    found = ask(K.CCTV)
    assert found.status is S.NEEDS_FACT
    assert "三十日" in found.summary.zh
    assert "采集" in found.summary.zh
    assert found.deciding is not None
    assert found.deciding.rule_id == "cctv-30d"


@pytest.mark.parametrize("holder", [None, *HolderType])
@pytest.mark.parametrize(
    ("kind", "also"),
    [
        (RecordKind.CLIENT_FILES, ()),
        (RecordKind.IDENTITY_COPY, (RecordKind.CONTRACT,)),
        (RecordKind.CONTACT_DATA, (RecordKind.IDENTITY_COPY,)),
    ],
)
def test_nothing_may_go_on_the_strength_of_one_kind_among_several(
    kind: RecordKind, also: tuple[RecordKind, ...], holder: HolderType | None
) -> None:
    ended = {StartEvent.RELATIONSHIP_ENDED: date(1990, 1, 1)}
    facts = RecordFacts(kind=kind, holder=holder, dates=ended, also=also)
    found = decide(facts, today=date(2026, 11, 23))
    statuses = {found.status, *(one.decision.status for one in found.alternatives)}
    assert not statuses & {Status.MAY_DESTROY, Status.MUST_DELETE}


@pytest.mark.parametrize(
    "holder", [HolderType.FINANCIAL, HolderType.SECURITIES, HolderType.INSURER]
)
@pytest.mark.parametrize("kind", [RecordKind.CLIENT_FILES, RecordKind.CUSTOMER_LIST])
def test_client_files_of_a_regulated_holder_are_kept_like_identity_records(
    kind: RecordKind, holder: HolderType
) -> None:
    ended = {StartEvent.RELATIONSHIP_ENDED: date(2024, 6, 30)}
    facts = RecordFacts(kind=kind, holder=holder, dates=ended)
    assert decide(facts, today=date(2026, 11, 23)).status is Status.NOT_YET


@pytest.mark.parametrize("day", ["9999-12-31", "9990-01-01", "0001-01-01"])
def test_a_mistyped_year_is_answered_like_any_other(day: str) -> None:
    for kind in RecordKind:
        for event in StartEvent:
            assert ask(kind, HolderType.FINANCIAL, event, day).status in set(Status)
