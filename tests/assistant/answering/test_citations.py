"""Deliberately wrong drafts, and what is left of them."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.answers import Mention
from assistant.answering.citations import check, excerpt
from assistant.answering.drafts import Draft, Point
from assistant.answering.material import Material
from assistant.answering.sources import Source
from integrations.replies.wording import authority, warnings
from knowledge.duties import Confidence
from knowledge.levels import Level, Standing
from knowledge.provisions import Provision
from pii.cleared import public_text
from records.language import Bilingual, Language

TODAY = date(2026, 11, 23)


def provision(article: str, text: str, **changes: object) -> Provision:
    values: dict[str, object] = {
        "id": f"客户档案法@2020-01-01#{article}",
        "instrument": "客户档案法",
        "article": article,
        "heading": {"5": "第五条", "6": "第六条", "7": "第七条"}[article],
        "chapter": None,
        "text": text,
        "level": Level.LAW,
        "effective_from": date(2020, 1, 1),
        "effective_to": None,
        "source": "invented",
    }
    return Provision(**(values | changes))  # type: ignore[arg-type]


KEEP = provision("5", "客户档案自关系终止之日起至少保存三年。\n涉及争议的，保存至争议解决之后。")
FINE = provision("6", "违反第五条的，处五万元以下罚款。")
OLD = provision("7", "客户档案保存两年。", effective_to=date(2024, 1, 1), ends_as=Standing.REPEALED)


def source(key: str, *provisions: Provision, **changes: object) -> Source:
    text = Bilingual("客户档案要留够三年。", "Keep client files for three years.")
    return Source(**({"key": key, "text": text, "provisions": provisions} | changes))  # type: ignore[arg-type]


SOURCES = (
    source("keep", KEEP),
    source("fine", FINE, text=Bilingual("违者罚款。", "Fines follow.")),
    source("old", OLD, text=Bilingual("旧规定。", "The old rule.")),
    source("unsure", KEEP, confidence=Confidence.UNVERIFIED, is_law=False),
    source("unloaded", mentions=(Mention("某办法", ("9",)),)),
)


def material(question: str = "客户档案留多久") -> Material:
    return Material(
        question=public_text(question, source="test"),
        language=Language.ZH,
        as_of=TODAY,
        named=(),
        absent=(),
        duties=SOURCES,
        provisions=(),
        policies=(),
        decision=None,
        rules={},
    )


def conclude(text: str, *sources: str, quote: str | None = None) -> Draft:
    return Draft(conclusion=Point(text, sources, quote))


@pytest.mark.parametrize(
    ("name", "draft"),
    [
        ("no source at all", conclude("至少保存三年。")),
        ("a source that does not exist", conclude("至少保存三年。", "S9")),
        ("one real source and one invented", conclude("至少保存三年。", "keep", "S9")),
        ("a wrong number", conclude("至少保存五年。", "keep")),
        ("a wrong unit", conclude("至少保存三个月。", "keep")),
        ("a figure from another article", conclude("最多罚五万元。", "keep")),
        ("an invented article", conclude("按第八条，至少保存三年。", "keep")),
        ("another law's article", conclude("按《个人信息保护法》第四十七条保存三年。", "keep")),
        (
            "a quotation that is not there",
            conclude("要保存。", "keep", quote="客户档案应当永久保存"),
        ),
        ("a quotation with one word changed", conclude("要保存。", "keep", quote="至多保存三年")),
        ("a quotation too short to prove anything", conclude("要保存。", "keep", quote="客户")),
        ("a repealed rule", conclude("保存两年。", "old")),
        ("an unverified duty alone", conclude("要保存三年。", "unsure")),
    ],
)
def test_a_wrong_conclusion_is_refused(name: str, draft: Draft) -> None:
    assert check(draft, material()).conclusion is None, name


@pytest.mark.parametrize(
    "draft",
    [
        conclude("关系终止后至少保存三年。", "keep"),
        conclude("Keep them for at least 3 years.", "keep"),
        conclude("按第五条，至少保存 3 年。", "keep", quote="自关系终止之日起至少保存三年"),
        conclude("违者最多罚 50000 元。", "fine"),
    ],
)
def test_a_right_conclusion_stands(draft: Draft) -> None:
    checked = check(draft, material())
    assert checked.conclusion is not None
    assert all(q.words in KEEP.text + FINE.text for q in checked.quotations)
    assert checked.quotations


def test_a_figure_from_the_question_may_be_repeated() -> None:
    draft = conclude("86 份都要保存。", "keep")
    assert check(draft, material()).conclusion is None
    assert check(draft, material("86 份客户档案留多久")).conclusion is not None


def test_a_wrong_condition_goes_and_the_rest_stays() -> None:
    draft = Draft(
        conclusion=Point("至少保存三年。", ("keep",)),
        conditions=(Point("违者罚五万元。", ("fine",)), Point("违者罚九万元。", ("fine",))),
    )
    checked = check(draft, material())
    assert [claim.text for claim in checked.conditions] == ["违者罚五万元。"]
    assert checked.dropped == 1


def test_what_is_not_loaded_is_named_and_not_quoted() -> None:
    checked = check(conclude("客户档案要留够三年。", "unloaded"), material())
    assert checked.conclusion is not None
    assert checked.conclusion.mentions == (Mention("某办法", ("9",)),)
    assert checked.quotations == ()


def test_the_weakest_source_decides_how_sure_a_claim_is() -> None:
    draft = Draft(
        conclusion=Point("至少保存三年。", ("keep",)),
        conditions=(Point("也要保存三年。", ("keep", "unsure")),),
    )
    condition = check(draft, material()).conditions[0]
    assert condition.confidence is Confidence.UNVERIFIED


def test_a_quotation_found_across_a_line_break_keeps_the_stored_words() -> None:
    draft = conclude("保存。", "keep", quote="至少保存三年。涉及争议的，")
    quotation = check(draft, material()).quotations[0]
    assert quotation.words == "至少保存三年。\n涉及争议的，"


def test_a_long_article_is_quoted_by_the_paragraph_that_matters() -> None:
    text = "\n".join(
        [*("无关的一款，讲别的事情。" * 5 for _ in range(6)), "身份证复印件应当删除。"]
    )
    assert excerpt(text, "身份证复印件能删吗") == "身份证复印件应当删除。"
    assert excerpt(text, "身份证复印件能删吗") in text


@pytest.mark.parametrize("masked", [True, False])
def test_a_quotation_in_which_something_is_masked_is_not_called_word_for_word(
    masked: bool,
) -> None:
    who = "〔姓名〕" if masked else "档案专员"
    rule = provision("5", f"客户档案由{who}保管三年。", level=Level.POLICY)
    held = replace(material(), policies=(source("own", rule, is_law=False),))
    told = check(Draft(Point("客户档案保管三年。", ("own",))), held).conclusion
    assert told is not None and told.masked is masked
    assert ("不是逐字原文" in authority(told, Language.ZH)) is masked
    assert ("not word for word" in warnings(told, Language.EN)) is masked
