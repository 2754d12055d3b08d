"""The flaws by name, each with what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from records.language import Bilingual


class Flaw(StrEnum):
    """What is wrong with an item, or with a quiz."""

    KEY_COUNT = "key_count"
    ALSO_TRUE = "also_true"
    LONGEST_KEY = "longest_key"
    GRAMMAR = "grammar"
    REPEATED_WORDS = "repeated_words"
    ALL_OF_THE_ABOVE = "all_of_the_above"
    OVERLAP = "overlap"
    MIXED_KINDS = "mixed_kinds"
    UNORDERED = "unordered"
    DOUBLE_NEGATIVE = "double_negative"
    SAME_OPTIONS = "same_options"
    NO_REASON = "no_reason"
    EMPTY = "empty"
    ABSOLUTE_WORD = "absolute_word"
    DUPLICATE = "duplicate"
    KEY_PLACES = "key_places"
    NOT_CARRIED = "not_carried"

    @property
    def label(self) -> Bilingual:
        """In words, with what to do."""
        return _FLAWS[self]


_FLAWS = {
    Flaw.KEY_COUNT: Bilingual(
        "正确答案的个数不对：单选和判断恰好一个，多选至少两个且不能全对",
        "the number of right answers: one, or for multiple choice two and more but not all",
    ),
    Flaw.ALSO_TRUE: Bilingual(
        "有干扰项在另一条规定下也是对的，请换掉",
        "a wrong answer is right under another rule; replace it",
    ),
    Flaw.LONGEST_KEY: Bilingual(
        "正确项明显最长，等于提示，请写得一样长",
        "the right answer is plainly the longest; make them one length",
    ),
    Flaw.GRAMMAR: Bilingual(
        "只有正确项与题干的单位或语法相配",
        "only the right answer fits the stem's unit or grammar",
    ),
    Flaw.REPEATED_WORDS: Bilingual(
        "题干里的词只在正确项里重复出现，等于提示",
        "words of the stem come back in the right answer alone",
    ),
    Flaw.ALL_OF_THE_ABOVE: Bilingual(
        "不要用“以上都对”“以上都不对”", "no 'all of the above' or 'none of the above'"
    ),
    Flaw.OVERLAP: Bilingual("选项的范围互相重叠", "ranges of two options overlap"),
    Flaw.MIXED_KINDS: Bilingual(
        "选项不是同一类：有的是期限，有的不是", "options of different kinds: some are periods"
    ),
    Flaw.UNORDERED: Bilingual("数字选项没有按大小排列", "numbers do not stand in order"),
    Flaw.DOUBLE_NEGATIVE: Bilingual(
        "双重否定，或者否定的问法配否定的选项", "a double negative, or a negative stem with one"
    ),
    Flaw.SAME_OPTIONS: Bilingual("有两个选项说的是一回事", "two options say the same"),
    Flaw.NO_REASON: Bilingual("有选项没有写理由", "an option lacks its reason"),
    Flaw.EMPTY: Bilingual("题干、解析或选项是空的", "stem, rationale or an option is empty"),
    Flaw.ABSOLUTE_WORD: Bilingual(
        "只有干扰项用了“一律”“绝对”之类的词，等于提示",
        "absolute words stand in wrong answers alone",
    ),
    Flaw.DUPLICATE: Bilingual("与另一题重复", "the same as another item"),
    Flaw.KEY_PLACES: Bilingual(
        "正确答案的位置不均衡", "the right answers stand too often in one place"
    ),
    Flaw.NOT_CARRIED: Bilingual(
        "解析、答案里的数字或引文在所引条文中找不到，或者条文已变",
        "a figure or quotation is not in what is cited, or the article changed",
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A flaw and where it is: the option's letter, or other items' places."""

    flaw: Flaw
    where: str = ""
