"""Two languages, side by side."""

import re
from dataclasses import dataclass
from enum import StrEnum

_HAN = re.compile(r"[㐀-鿿]")


class Language(StrEnum):
    """The languages people are answered in."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One statement in Chinese and English."""

    zh: str
    en: str

    def pick(self, language: Language) -> str:
        """The statement in one language."""
        return self.zh if language is Language.ZH else self.en


def language_of(text: str) -> Language:
    """Chinese if the text holds any Han character, otherwise English."""
    return Language.ZH if _HAN.search(text) else Language.EN
