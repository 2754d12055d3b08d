"""A set spoilt on purpose: each flaw is caught, and the near miss beside it is not."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from assistant.quizzes.flaw_names import Flaw
from assistant.quizzes.flaws import flaws_of, flaws_of_quiz
from assistant.quizzes.items import Item, ItemKind, MadeFrom, Option
from knowledge.duties import load_duties
from records.language import Language

Spoil = Callable[[Item], Item]


def options(*texts: str, right: Sequence[int] = (0,)) -> Spoil:
    """The item with other options."""
    made = tuple(Option(text, i in right, "有理由") for i, text in enumerate(texts))
    return lambda item: replace(item, options=made, made_from=MadeFrom.SCENARIO)


def stem(text: str, *texts: str) -> Spoil:
    """The item with another stem and other options."""
    return lambda item: replace(options(*texts)(item) if texts else item, stem=text)


def english(text: str, *texts: str) -> Spoil:
    return lambda item: replace(stem(text, *texts)(item), language=Language.EN)


FLAWED: dict[str, tuple[Flaw, Spoil]] = {
    "two right answers": (Flaw.KEY_COUNT, options("甲方", "乙方", "丙方", right=(0, 1))),
    "no right answer": (Flaw.KEY_COUNT, options("甲方", "乙方", "丙方", right=())),
    "everything right": (
        Flaw.KEY_COUNT,
        lambda i: replace(options("甲", "乙", right=(0, 1))(i), kind=ItemKind.MULTIPLE),
    ),
    "another rule's period": (
        Flaw.ALSO_TRUE,
        lambda i: replace(
            i,
            duties=("OB-110",),
            options=options("三十日", "六十日", right=(1,))(i).options,
        ),
    ),
    "the same period in another unit": (
        Flaw.OVERLAP,
        options("十二个月", "一年", "三年", right=(2,)),
    ),
    "who else is bound": (Flaw.ALSO_TRUE, options("主管部门", "个人信息处理者", "公证处")),
    "the longest is the key": (
        Flaw.LONGEST_KEY,
        options("先核实身份，再查明情况，然后及时更正补充", "不必核实", "照改就行", "年底再改"),
    ),
    "only the key has the unit": (
        Flaw.GRAMMAR,
        stem("通知应当提前多少日？", "三十日", "两个月", "半年", "一年"),
    ),
    "only the key fits the article": (
        Flaw.GRAMMAR,
        english("Keep it with an", "archive", "bank", "court", "school"),
    ),
    "the stem's words in the key": (
        Flaw.REPEATED_WORDS,
        stem("清算组成立后由谁公告？", "清算组", "税务局", "董事会", "审计师"),
    ),
    "all of the above": (Flaw.ALL_OF_THE_ABOVE, options("甲方", "乙方", "以上都对")),
    "none of the above": (
        Flaw.ALL_OF_THE_ABOVE,
        english("Who?", "The seller", "The buyer", "None of the above"),
    ),
    "ranges that overlap": (Flaw.OVERLAP, options("三年以上", "五年以上", "一年", right=(0,))),
    "a number among words": (Flaw.MIXED_KINDS, options("三年", "五年", "永不删除")),
    "a date among periods of days": (Flaw.MIXED_KINDS, options("三十日", "五十人", "九十日")),
    "numbers out of order": (Flaw.UNORDERED, options("十年", "两年", "三年", "五年", right=(2,))),
    "a double negative": (Flaw.DOUBLE_NEGATIVE, stem("公司不得不通知谁？")),
    "a negative stem with negative options": (
        Flaw.DOUBLE_NEGATIVE,
        stem("下列说法错误的是哪一项？", "不必通知", "立即补救", "保存证据"),
    ),
    "two options alike": (Flaw.SAME_OPTIONS, options("甲方", "甲 方", "乙方", right=(2,))),
    "an option without its reason": (
        Flaw.NO_REASON,
        lambda i: replace(i, options=(replace(i.options[0], why=" "), *i.options[1:])),
    ),
    "an empty rationale": (Flaw.EMPTY, lambda i: replace(i, rationale=" ")),
    "absolute words in wrong answers": (
        Flaw.ABSOLUTE_WORD,
        options("先行核实", "一律拒绝", "永远保存", "绝对不管"),
    ),
}


@pytest.mark.parametrize("name", FLAWED)
def test_a_flaw_is_caught(name: str, sound: Item) -> None:
    flaw, spoil = FLAWED[name]
    assert flaw in {one.flaw for one in flaws_of(spoil(sound), load_duties())}


NEAR_MISSES: dict[str, Spoil] = {
    "as it is": lambda item: item,
    "every option has the unit": stem("至少要保存多少年？"),
    "from large to small": lambda item: replace(item, options=item.options[::-1]),
    "a word of the stem in two options": stem(
        "清算组成立后由谁公告？", "清算组负责人", "清算组的律师", "董事会负责人", "外聘的审计师"
    ),
    "a little longer": options("先核实再及时改", "不核实直接改", "年底统一再改"),
    "ranges side by side": options("不到一年", "满三年", "满五年", right=(1,)),
    "a sentence that has a number": options("满三年可以销毁", "先行鉴定再说", "交给废品站收"),
    "one negation": stem("哪一项不需要通知？", "甲方", "乙方", "丙方"),
    "one absolute word": options("先行核实", "一律拒绝", "拖到年底", "转给他人"),
}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_let_through(name: str, sound: Item) -> None:
    assert flaws_of(NEAR_MISSES[name](sound), load_duties()) == ()


def test_a_question_asked_twice_is_caught_in_a_quiz(sound: Item) -> None:
    other = replace(sound, stem=sound.stem.replace("要保存", "得保存"))
    elsewhere = replace(sound, stem="网络日志的最短留存期限是多长时间？")
    assert [one.flaw for one in flaws_of_quiz([sound, other])] == [Flaw.DUPLICATE]
    assert flaws_of_quiz([sound, elsewhere]) == ()


def test_keys_in_one_place_are_caught_in_a_quiz(sound: Item) -> None:
    texts = ("销毁前的鉴定", "开户时的告知", "离职后的交接", "泄露后的补救", "外包前的评估")
    texts += ("停业前的公示", "清算时的通知", "审计后的整改")
    same = [replace(sound, stem=f"{text}由谁负责办理？", ordered=False) for text in texts]
    spread = [item.with_key_at(place % 4) for place, item in enumerate(same)]
    assert Flaw.KEY_PLACES in {one.flaw for one in flaws_of_quiz(same)}
    assert flaws_of_quiz(spread) == ()
