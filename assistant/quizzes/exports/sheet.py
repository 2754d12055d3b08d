"""What is exported, and what comes of it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.quizzes.items import Item
from assistant.quizzes.store import Rules
from knowledge.sources import short_name
from records.language import Bilingual

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


class Format(StrEnum):
    """The formats a quiz is exported in."""

    MOODLE = "moodle"
    GIFT = "gift"
    QTI = "qti"
    KAHOOT = "kahoot"
    ANKI = "anki"
    DOCX = "docx"

    @property
    def label(self) -> Bilingual:
        """In words."""
        return _FORMATS[self]


_FORMATS = {
    Format.MOODLE: Bilingual("Moodle XML", "Moodle XML"),
    Format.GIFT: Bilingual("GIFT 文本", "GIFT text"),
    Format.QTI: Bilingual("QTI 2.1 压缩包", "QTI 2.1 package"),
    Format.KAHOOT: Bilingual("Kahoot 表格", "Kahoot sheet"),
    Format.ANKI: Bilingual("Anki 卡片", "Anki deck"),
    Format.DOCX: Bilingual("Word 试卷与答案", "Word paper with answers"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A quiz with its items, each under its number."""

    quiz_id: str
    rules: Rules
    items: tuple[tuple[str, Item], ...]

    def file_name(self, ending: str) -> str:
        """A name that every system takes."""
        return f"{_UNSAFE.sub('_', self.rules.title).strip('. ') or self.quiz_id}.{ending}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item the format cannot hold, and why: nothing is cut without a word."""

    item_id: str
    reason: Bilingual


@dataclass(frozen=True, slots=True)
class Exported:
    """The file, and what is not in it."""

    name: str
    data: bytes
    left_out: tuple[LeftOut, ...] = ()


def sources(item: Item) -> str:
    """The articles an item cites, each once: 《个人信息保护法》第五十七条."""
    named = [f"《{short_name(one.instrument)}》{one.heading}" for one in item.cites]
    return "；".join(dict.fromkeys(named))


def explained(item: Item) -> str:
    """The rationale, with the articles where it does not name them."""
    named = sources(item)
    return item.rationale if named in item.rationale else f"{item.rationale}（{named}）"
