"""A quiz item: what is asked, the options with their reasons, and the provision behind it."""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from assistant.answering.approved import Cited
from records.language import Bilingual, Language

LETTERS = "ABCDEFGH"


class ItemKind(StrEnum):
    """How an item is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"

    @property
    def label(self) -> Bilingual:
        """In words."""
        return _KINDS[self]


class MadeFrom(StrEnum):
    """What part of the knowledge an item was made from."""

    PERIOD = "period"
    PARTY = "party"
    ASKED = "asked"
    STATEMENT = "statement"
    SCENARIO = "scenario"

    @property
    def label(self) -> Bilingual:
        """In words."""
        return _MADE_FROM[self]


class Difficulty(StrEnum):
    """How much an item asks of whoever takes it."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"

    @property
    def label(self) -> Bilingual:
        """In words."""
        return _DIFFICULTIES[self]


_KINDS = {
    ItemKind.SINGLE: Bilingual("单选题", "single choice"),
    ItemKind.MULTIPLE: Bilingual("多选题", "multiple choice"),
    ItemKind.TRUE_FALSE: Bilingual("判断题", "true or false"),
}
_MADE_FROM = {
    MadeFrom.PERIOD: Bilingual("期限与数字", "periods and numbers"),
    MadeFrom.PARTY: Bilingual("谁负责、找谁", "who is responsible"),
    MadeFrom.ASKED: Bilingual("日常问答", "everyday questions"),
    MadeFrom.STATEMENT: Bilingual("说法辨析", "statements"),
    MadeFrom.SCENARIO: Bilingual("情景题", "scenarios"),
}
_DIFFICULTIES = {
    Difficulty.EASY: Bilingual("易", "easy"),
    Difficulty.MEDIUM: Bilingual("中", "medium"),
    Difficulty.HARD: Bilingual("难", "hard"),
}
TRUE = {Language.ZH: "正确", Language.EN: "True"}
FALSE = {Language.ZH: "错误", Language.EN: "False"}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, and why it is right or wrong."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question with everything a trainer needs to judge it."""

    kind: ItemKind
    made_from: MadeFrom
    stem: str
    options: tuple[Option, ...]
    rationale: str
    cites: tuple[Cited, ...]
    duties: tuple[str, ...]
    topic: int
    difficulty: Difficulty
    language: Language = Language.ZH
    # Whether the order of the options says something (small to large) and so may not be mixed.
    ordered: bool = False

    @property
    def key(self) -> frozenset[int]:
        """The places of the right options, from 0."""
        return frozenset(i for i, one in enumerate(self.options) if one.right)

    @property
    def letters(self) -> str:
        """The key as people write it: AC."""
        return "".join(LETTERS[i] for i in sorted(self.key))

    @property
    def origin(self) -> str:
        """What tells one item from another, whatever the order of its options."""
        texts = sorted(f"{one.text}|{one.right}" for one in self.options)
        said = json.dumps([self.language, self.stem, texts], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def with_key_at(self, place: int) -> "Item":
        """The same with its right option at that place, the others in their order."""
        right = [one for one in self.options if one.right]
        wrong = [one for one in self.options if not one.right]
        wrong[place:place] = right
        return replace(self, options=tuple(wrong))


def to_json(item: Item) -> str:
    """The item as text to be stored."""
    return json.dumps(asdict(item), ensure_ascii=False)


def from_json(text: str) -> Item:
    """The item that was stored."""
    value: dict[str, Any] = json.loads(text)
    return Item(
        kind=ItemKind(value["kind"]),
        made_from=MadeFrom(value["made_from"]),
        stem=value["stem"],
        options=tuple(Option(**one) for one in value["options"]),
        rationale=value["rationale"],
        cites=tuple(Cited(**one) for one in value["cites"]),
        duties=tuple(value["duties"]),
        topic=value["topic"],
        difficulty=Difficulty(value["difficulty"]),
        language=Language(value["language"]),
        ordered=value["ordered"],
    )


def true_or_false(language: Language, *, right: bool, why: str) -> tuple[Option, Option]:
    """The two options of a statement; the wrong one says why it is wrong."""
    return (
        Option(TRUE[language], right, why),
        Option(FALSE[language], not right, why),
    )


def plain(text: str) -> str:
    """Letters and digits alone, to compare wordings."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def pairs(text: str) -> frozenset[str]:
    """Neighbouring characters, by which wordings are likened."""
    dense = plain(text)
    return frozenset(dense[i : i + 2] for i in range(len(dense) - 1))


def likeness(one: str, other: str) -> float:
    """How much two wordings have in common, from 0 to 1 (Jaccard)."""
    a, b = pairs(one), pairs(other)
    return len(a & b) / len(a | b) if a | b else 0.0
