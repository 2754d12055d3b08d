"""Is this sensitive personal information? Yes, where the article quoted names its kind.

The kinds, and what staff call them: sensitive_kinds.yaml.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from assistant.answering.ways import Way, form_of
from knowledge.duties import Verdict
from records.data_files import Entry, load

FILE = Path(__file__).with_suffix(".yaml")
_SENSITIVE = "敏感个人信息"
_ASKED = re.compile(
    r"^(?:is|are)\b.{1,110}\bsensitive\b|"
    r"^.{1,40}(?:是|算|属)[^，。；]{0,8}敏感(?:个人)?信息(?:吗|么|嘛|不|呢|吧)?[？?]?$",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?<![是算])不(?:是|算|属)")
_HAN = re.compile(r"[㐀-鿿]")


class _File(Entry):
    kinds: Mapping[str, tuple[str, ...]]


def named_as_sensitive(question: str, quoted: Iterable[str]) -> Verdict | None:
    """Yes, where one of the texts quoted names what is asked about as sensitive."""
    told = [text for text in quoted if _SENSITIVE in text]
    named = any(kind in text for kind in _asked_about(question) for text in told)
    return Verdict.IS if named else None


def speaks_of_the_kind(question: str, rule: str) -> bool:
    """Whether a rule speaks of what is asked to be sensitive or not."""
    return any(kind in rule or _kinds()[kind].search(rule) for kind in _asked_about(question))


def law_alone_names_it(question: str, quoted: Iterable[str], rule: str) -> bool:
    """Whether the law quoted names as sensitive what is asked about, and a rule does not speak of it."""
    named = named_as_sensitive(question, quoted)
    return named is not None and not speaks_of_the_kind(question, rule)


def _asked_about(question: str) -> list[str]:
    """The kinds that are asked to be sensitive or not, as the law calls them."""
    form, asked = form_of(question), _ASKED.search(question.strip())
    if asked is None or form.way is not Way.IS or form.negated or _NOT.search(asked[0]):
        return []
    return [kind for kind, words in _kinds().items() if words.search(asked[0])]


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    kinds = load(FILE, _File).kinds.items()
    return {zh: re.compile("|".join((zh, *map(_word, many))), re.I) for zh, many in kinds}


def _word(word: str) -> str:
    return re.escape(word) if _HAN.search(word) else rf"\b{re.escape(word)}\b"
