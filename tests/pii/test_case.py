"""A case: the same stand-in for the same value, and what one file teaches about the others."""

import pytest

from pii.case import Case
from pii.detect import PresidioDetector
from pii.documents import redact_document, survey_document
from pii.findings import Finding
from pii.kinds import Kind
from pii.policy import RedactionPolicy, Treatment, load_policy
from pii.redact import redact, survey

KEY = bytes(range(32))


def test_pseudonyms_go_on_after_z() -> None:
    case = Case()
    given = [case.stand_in(Kind.PERSON_NAME, str(n), Treatment.PSEUDONYM) for n in range(28)]
    assert given[0] == "客户A"
    assert given[25:] == ["客户Z", "客户AA", "客户AB"]


@pytest.mark.parametrize("treatment", [Treatment.PSEUDONYM, Treatment.SURROGATE])
@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.MOBILE, "13800138000", "13800138000 "),
        (Kind.RESIDENT_ID, "11010519491231002X", "11010519491231002x"),
        (Kind.PERSON_NAME, "陈明远", "陈 明远"),
        (Kind.ORGANISATION, "清和公司", "清和 公司"),
    ],
)
def test_two_spellings_stand_for_one(
    treatment: Treatment, kind: Kind, one: str, other: str
) -> None:
    case = Case(KEY)
    first, second = (str(case.stand_in(kind, text, treatment)) for text in (one, other))
    assert first.replace(" ", "").upper() == second.replace(" ", "").upper()


def test_a_given_name_stands_for_the_one_person_who_has_it(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    case = Case()
    text = redact("姓名：陈明远\n明远说可以。姓名：李晓梅", detector, standard, case).cleared.text
    assert text == "姓名：客户A\n客户A说可以。姓名：客户B"


def test_a_given_name_that_two_people_share_stands_for_neither(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    case = Case()
    text = redact("姓名：陈明远\n姓名：李明远\n明远说可以。", detector, standard, case).cleared.text
    assert text == "姓名：客户A\n姓名：客户B\n客户C说可以。"


def test_a_pseudonym_is_not_one_the_document_already_uses(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    text = redact("甲方为客户A，联系人：陈明远", detector, standard, Case()).cleared.text
    assert text == "甲方为客户A，联系人：客户B"


def test_a_surrogate_is_never_a_value_of_the_case() -> None:
    case = Case(KEY)
    first = str(case.stand_in(Kind.MOBILE, "13800138000", Treatment.SURROGATE))
    again = Case(KEY)
    again.learn([first], [[_certain(Kind.MOBILE, first)]])
    second = again.stand_in(Kind.MOBILE, "13800138000", Treatment.SURROGATE)
    assert second not in (first, None)


def test_different_values_have_different_surrogates_however_many() -> None:
    case = Case(KEY)
    names = [a + b for a in "张王李赵刘陈杨黄" for b in "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂"]
    for kind, values in (
        (Kind.PERSON_NAME, names),
        (Kind.MOBILE, [f"138{n:08d}" for n in range(500)]),
        (Kind.RESIDENT_ID, [f"11010519491231{n:03d}1" for n in range(500)]),
    ):
        given = {case.stand_in(kind, value, Treatment.SURROGATE) for value in values}
        assert len(given) == len(values)


def test_a_case_goes_on_where_it_was_kept() -> None:
    case = Case(KEY)
    for treatment in (Treatment.PSEUDONYM, Treatment.SURROGATE, Treatment.ENCRYPT):
        case.stand_in(Kind.PERSON_NAME, "陈明远", treatment)
    case.learn(["姓名陈明远"], [[_certain(Kind.PERSON_NAME, "姓名陈明远", 2)]])
    stand_ins, known = case.fresh()
    case.mark_kept()
    assert case.fresh() == ((), ())
    again = Case(KEY, stand_ins=stand_ins, known=known)
    assert again.fresh() == ((), ())
    for treatment in (Treatment.PSEUDONYM, Treatment.SURROGATE, Treatment.ENCRYPT):
        expected = case.stand_in(Kind.PERSON_NAME, "陈明远", treatment)
        assert again.stand_in(Kind.PERSON_NAME, "陈明远", treatment) == expected
    assert again.stand_in(Kind.PERSON_NAME, "李娜", Treatment.PSEUDONYM) == "客户B"


def test_another_case_has_other_surrogates_and_tokens() -> None:
    for treatment in (Treatment.SURROGATE, Treatment.ENCRYPT):
        one, other = (
            case.stand_in(Kind.MOBILE, "13800138000", treatment) for case in (Case(), Case())
        )
        assert one != other


SURE = "微信：lanhe_cq88\n".encode()
MENTION = "后来都在lanhe_cq88上聊。\n".encode()


@pytest.mark.parametrize("name", ["standard", "processor", "publication"])
def test_what_one_file_is_certain_of_is_treated_in_all_whichever_comes_first(
    detector: PresidioDetector, name: str
) -> None:
    policy, case = load_policy(name), Case()
    files = [(MENTION, "说明.txt"), (SURE, "登记.txt")]
    for data, file_name in files:
        survey_document(data, file_name, detector, case)
    mention, sure = (
        redact_document(data, file_name, detector, policy, case).data.decode()
        for data, file_name in files
    )
    stand_in = sure.strip().removeprefix("微信：")
    assert "lanhe" not in sure + mention
    assert mention == f"后来都在{stand_in}上聊。\n"


def test_without_the_case_the_bare_mention_would_stay(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    alone = redact_document(MENTION, "说明.txt", detector, standard).data
    assert alone == MENTION


@pytest.mark.parametrize(("value", "learnt"), [("张伟", True), ("服务", False), ("高峰", False)])
def test_two_characters_are_a_name_in_other_files_only_if_they_can_be_one(
    value: str, *, learnt: bool
) -> None:
    case = Case()
    case.learn([value], [[_certain(Kind.PERSON_NAME, value)]])
    assert bool(case.known) is learnt


def test_a_survey_writes_nothing_and_learns_only_what_is_certain(
    detector: PresidioDetector,
) -> None:
    case = Case()
    survey(["微信：lanhe_cq88", "据晓晖回忆"], [None, None], detector, case)
    assert [one.value for one in case.known] == ["lanhe_cq88"]
    assert case.stand_ins == ()


def _certain(kind: Kind, text: str, start: int = 0) -> Finding:
    return Finding(kind, start, len(text), 0.95, "test")
