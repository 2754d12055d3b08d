"""Is this sensitive personal information? Yes, in English, where the article quoted names its kind.

The kinds, and what staff call them: sensitive_kinds.yaml. In Chinese the reviewed questions carry the yes.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from assistant.answering.ways import Way, form_of
from knowledge.duties import Verdict
from records.data_files import Entry, load
from records.language import Language, language_of

FILE = Path(__file__).with_suffix(".yaml")
_SENSITIVE = "敏感个人信息"
_ASKED = re.compile(r"^(?:is|are)\b.{1,60}\bsensitive\b", re.IGNORECASE)


class _File(Entry):
    kinds: Mapping[str, tuple[str, ...]]


def named_as_sensitive(question: str, quoted: Iterable[str]) -> Verdict | None:
    """Yes, where one of the texts quoted names what is asked about as sensitive."""
    form = form_of(question)
    if language_of(question) is Language.ZH or form.way is not Way.IS or form.negated:
        return None
    asked = _ASKED.search(question.strip())
    told = [text for text in quoted if _SENSITIVE in text]
    if asked and any(
        kind in text and one.search(asked[0]) for kind, one in _kinds() for text in told
    ):
        return Verdict.IS
    return None


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds = load(FILE, _File).kinds.items()
    return tuple(
        (zh, re.compile(rf"\b(?:{'|'.join(map(re.escape, many))})\b", re.I)) for zh, many in kinds
    )
