"""A message that is nothing but a value, in answer to one that asked for it: 医保号多少？ – A12345678.

The question names the kind (`asked` of `labels.yaml`), within the four messages before. A nearer word for a number
that is nobody's, 订单号, is what was asked instead.
"""

import re
from collections.abc import Iterator
from functools import cache

from pii.findings import Finding
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.recognizers.base import Recognizer
from pii.values import value_at

_TIME = r"\d{1,2}:\d{2}(?::\d{2})?"
_STAMP = rf"(?:[\[(（]?(?:\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?[ ]?)?(?:[上下]午)?{_TIME}[\])）]?[ ]{{0,2}})?"
_SPEAKER = (
    rf"(?:{_STAMP}[^\n\ue000:：]{{1,30}}?(?:[ ]{_TIME})?[:：]|[^\n\ue000]{{1,30}}{_TIME}[ \t]*\n)"
)
_ANSWER = re.compile(
    rf"[\n\ue000]{_SPEAKER}[ \t]*(?:就?是|号是|嗯|好的?|发你|给你|新的|it['’]s|it is|use|try)?[，, :：]?[ ]?"
    r"(?P<value>[A-Za-z0-9][!-~]{3,30}|(?:19|20)?\d{2}年\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}月\d{1,2}[日号])"
    r"[ ]?(?:吧|哈|的|谢谢|呢)?[。.，,!！~～]?[ \t]*(?=\n|\ue000|\Z)"
)
_MESSAGES = 4
_LONGEST_BEFORE = 400


class AnsweredRecognizer(Recognizer):
    """Whole messages that are values of the kind asked for."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What can be asked for and has no shape of its own."""
        return tuple(vocabulary().asked)

    def find(self, text: str) -> Iterator[Finding]:
        """The value first: messages of nothing else are rare."""
        for answer in _ANSWER.finditer(text):
            start, end = answer.span("value")
            kind = _asked(
                text[max(0, answer.start() - _LONGEST_BEFORE) : answer.start()], text[start:end]
            )
            if kind is not None:
                yield Finding(kind, start, end, 0.8, f"{kind.value}/answered")


def _asked(before: str, value: str) -> Kind | None:
    """The kind the nearest question names that the value can be of."""
    words = _words()
    for message in reversed(re.split("[\n\ue000]", before)[-2 * _MESSAGES :]):
        for word in reversed(list(words.finditer(message))):
            kind = word.lastgroup and Kind(word.lastgroup)
            if not kind:
                return None
            if value_at(kind, value) == (0, len(value)) and any(map(str.isdigit, value)):
                return kind
    return None


@cache
def _words() -> re.Pattern[str]:
    """What questions name: a group for each kind, and one without name for what is nobody's."""
    known = vocabulary()
    kinds = [
        f"(?P<{kind.value}>{'|'.join(map(re.escape, words))})"
        for kind, words in known.asked.items()
    ]
    return re.compile("|".join([*kinds, "|".join(map(re.escape, known.impersonal))]), re.IGNORECASE)
