"""Each notice says what its article asks for; what nobody gave is named and never passed over."""

from datetime import date

import pytest

from records.errors import BadInput
from tickets.drafts.filling import DraftKind, draft_file
from tickets.notices.data import (
    Addressee,
    Form,
    NoticeKind,
    NoticeRules,
    Tongue,
    checked,
    missing,
    named,
    notice_rules,
    overdue,
)
from tickets.notices.letters import BlockKind, write_letter

CLIENT = Addressee("周明轩", mail="zhou@client.example")
ELEMENTS = [
    (kind, key)
    for kind in NoticeKind
    for key, one in notice_rules(kind).elements.items()
    if not one.optional
]


def whole(rules: NoticeRules) -> dict[str, str]:
    return {
        key: "2027-01-31" if one.form is not Form.TEXT else f"内容-{key}"
        for key, one in rules.elements.items()
    }


@pytest.mark.parametrize("kind", NoticeKind)
def test_with_every_element_nothing_is_missing_and_all_of_it_is_said(kind: NoticeKind) -> None:
    rules = notice_rules(kind)
    given = checked(rules, whole(rules))
    assert missing(rules, given, [CLIENT]) == ()
    letter = write_letter(
        rules, given, CLIENT, reference="N-2026-0001-0001", tongue=Tongue.BOTH, drill=False
    )
    text = letter.text()
    assert "待补充" not in text
    assert all(
        f"内容-{key}" in text for key, one in rules.elements.items() if one.form is Form.TEXT
    )
    assert rules.name.zh in text
    assert rules.name.en in text
    labels = [one.label for page in letter.laid_out() for one in page if one.label]
    assert all(label[0] == label[0].upper() for label in labels)


@pytest.mark.parametrize(("kind", "left_out"), ELEMENTS)
def test_each_element_left_out_is_missed_by_name(kind: NoticeKind, left_out: str) -> None:
    rules = notice_rules(kind)
    given = {key: text for key, text in whole(rules).items() if key != left_out}
    (found,) = missing(rules, given, [CLIENT])
    assert (found.key, found.name) == (left_out, rules.elements[left_out].name)
    letter = write_letter(rules, given, CLIENT, reference="N-1", tongue=Tongue.ZH, drill=False)
    assert f"【待补充：{found.name.zh}" in letter.text()


@pytest.mark.parametrize("blank", ["", "  ", "\n", "\u200b", "\u2028"])
def test_a_blank_is_no_element(blank: str) -> None:
    rules = notice_rules(NoticeKind.TRANSFER)
    given = checked(rules, {**whole(rules), "recipient_name": blank})
    assert [one.key for one in missing(rules, given, [CLIENT])] == ["recipient_name"]


def test_an_element_of_some_clients_is_missed_for_the_others_by_their_numbers() -> None:
    rules = notice_rules(NoticeKind.DESTRUCTION)
    given = {key: text for key, text in whole(rules).items() if key != "data"}
    own = Addressee("苏念", mail="su@client.example", given={"data": "合同"})
    assert named(missing(rules, given, [own, CLIENT, CLIENT])).zh == "涉及的资料（第 2、3 位客户）"
    assert missing(rules, given, [own]) == ()


def test_a_notice_to_nobody_is_not_whole() -> None:
    rules = notice_rules(NoticeKind.DESTRUCTION)
    assert [one.key for one in missing(rules, whole(rules), [])] == ["clients"]


@pytest.mark.parametrize(
    ("day", "late"), [("2026-11-22", True), ("2026-11-23", True), ("2026-11-24", False)]
)
def test_a_deadline_lies_ahead(day: str, late: bool) -> None:
    rules = notice_rules(NoticeKind.DESTRUCTION)
    found = overdue(rules, {**whole(rules), "reply_by": day}, [CLIENT], today=date(2026, 11, 23))
    assert [one.key for one in found] == (["reply_by"] if late else [])


@pytest.mark.parametrize(
    ("key", "text"),
    [("reply_by", "下周"), ("nonsense", "x"), ("reason", "长" * 4001), ("reply_by_en", "soon")],
)
def test_what_cannot_be_an_element_is_refused_without_being_quoted(key: str, text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        checked(notice_rules(NoticeKind.DESTRUCTION), {key: text})
    assert text not in str(refusal.value)


def test_the_breach_notice_says_what_the_draft_of_an_incident_says() -> None:
    names = draft_file().drafts[DraftKind.INDIVIDUALS].elements
    rules = notice_rules(NoticeKind.BREACH)
    assert {key: one.name for key, one in rules.elements.items()} == names


@pytest.mark.parametrize(
    "name",
    [
        "{{ kind.closing }}",
        "{% for x in range(9**9) %}x{% endfor %}",
        "# 标题\n## 回执\n- □ 同意",
        "**公司名称：** 假公司",
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x.example")',
        "周\u202e明\u200b轩\x00\u2028> 签名",
    ],
)
def test_what_a_client_is_called_is_text_and_nothing_else(name: str) -> None:
    rules = notice_rules(NoticeKind.SHARING)
    honest, injected = (
        write_letter(
            rules,
            {**whole(rules), "purpose": one, "handler": one},
            Addressee(one, mail="a@b.example"),
            reference="N-1",
            tongue=Tongue.ZH,
            drill=False,
        )
        for one in ("周明轩", name)
    )
    kinds = [[block.kind for block in letter.laid_out()[0]] for letter in (honest, injected)]
    assert kinds[0] == kinds[1]
    (greeting,) = [one.text for one in injected.laid_out()[0] if one.text.startswith("尊敬的")]
    seen = "".join(c for c in name if c.isprintable() and not c.isspace())
    assert "".join(greeting.split()) == f"尊敬的{seen}："
    shown = [one for one in injected.laid_out()[0] if one.kind is BlockKind.ELEMENT]
    assert len({one.label for one in shown}) == len(shown)


def test_each_language_says_what_was_given_for_it() -> None:
    rules = notice_rules(NoticeKind.TRANSFER)
    given = checked(rules, {**whole(rules), "reason": "合并", "reason_en": "merger"})
    zh, en = (
        write_letter(rules, given, CLIENT, reference="N-1", tongue=tongue, drill=False).text()
        for tongue in (Tongue.ZH, Tongue.EN)
    )
    assert "转移原因：合并" in zh
    assert "Why it is transferred: merger" in en
    assert "2027年1月31日" in zh
    assert "2027-01-31" in en


def test_what_is_the_clients_own_stands_in_both_languages() -> None:
    rules = notice_rules(NoticeKind.DESTRUCTION)
    given = checked(rules, {**whole(rules), "data_en": "contracts"})
    own = Addressee("苏念", mail="su@client.example", given={"data": "体测记录"})
    text = write_letter(rules, given, own, reference="N-1", tongue=Tongue.BOTH, drill=False).text()
    assert "Which information: 体测记录" in text
    assert "contracts" not in text


def test_what_is_unverified_is_never_shown_as_law() -> None:
    rules = notice_rules(NoticeKind.DESTRUCTION)
    letter = write_letter(
        rules, whole(rules), CLIENT, reference="N-1", tongue=Tongue.BOTH, drill=False
    )
    assert any(not one.is_law for one in rules.citations)
    assert "个人信息保护法》第四十七条" in letter.text()
    assert "35273" not in letter.text()


def test_the_day_it_goes_is_under_the_signature_and_not_in_what_is_approved() -> None:
    rules = notice_rules(NoticeKind.TRANSFER)
    letter = write_letter(
        rules, whole(rules), CLIENT, reference="N-1", tongue=Tongue.ZH, drill=False
    )
    assert "内容-handler\n\n2026年11月23日" in letter.text(date(2026, 11, 23))
    assert "2026年" not in letter.text()
