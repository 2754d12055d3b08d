"""What a message means where it was said: small talk, the reply to our question, a follow-up, or new.

A follow-up is made whole without any model: what it names in place of something named before takes
its place (那合同呢 after 身份证复印件可以销毁吗), anything else is read behind what was asked before.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field

from assistant.answering.clarify import added_by
from assistant.answering.threads import Turn
from records.data_files import Entry, Said, load
from records.language import Bilingual, Language
from tickets.dates_in_text import date_spans
from tickets.retention.record_text import holder_spans, is_about_keeping, kind_spans
from tickets.words_in_text import Pattern

FILE = Path(__file__).parent / "small_talk.yaml"

_GOES_ON = re.compile(
    r"^(?:那么?|如果|要是|假如|万一|还有|另外|然后|同样|"
    r"但是?(?!书)|不过|可是|他们?|她们?|它们?|这[个种些样]|那[个种些样]|上面|刚才|"
    r"(?:and|but|what|how) (?:about|if)|what if|if|and|but|then|it|they|those|these|that|same)(?!\w*泄)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:那么?|还有|另外|然后|如果|要是|假如|万一|但是?|不过|可是|"
    r"(?:and|but)? ?(?:what|how) (?:about|if)|(?:and|but)(?: if)?|if)[，, ]*",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:的话)?[呢啊吧]?[?？。.!！ ]*$")
_ASKS = re.compile(
    r"[?？吗]|[能要可会]不[能要可会]|多久|多少|几[天年个]|什么|怎么|如何|谁|哪|是否|能否|"
    r"\b(?:can|may|must|do|does|should|how|what|when|who|which|where)\b",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"官司|纠纷|诉讼|争议|投诉|检查|调查|审计|欠|同意|还没|没有|不|lawsuit|dispute|audit|inspect|not",
    re.I,
)
_TOO = re.compile(
    r"也(?:能|可以?|要|得|该|行|一[起并块])|一[起并块]儿?|顺[便带]|他的|她的|"
    r"\b(?:too|as well|also|together|his|her|their)\b",
    re.I,
)
_EITHER_WAY = re.compile(r"(.)不\1")
_COPY = re.compile(r"的?(?:复印件|照片|扫描件|影印件|副本|原件)")
_SHORT = 14


class SmallTalk(Entry):
    """What is no question, and what is said to it."""

    id: str
    words: Pattern
    says: Said


class _File(Entry):
    small_talk: tuple[SmallTalk, ...] = Field(min_length=1)
    outside: Said


@dataclass(frozen=True, slots=True)
class Meaning:
    """A message made whole: as it would have been asked by itself.

    `about_keeping` is False where the message asks something else of what was asked before
    (那要告诉客户吗 after 可以销毁吗): the retention engine is then not the one to answer.
    """

    whole: str
    follows: bool = False
    about_keeping: bool = True


@cache
def _file() -> _File:
    return load(FILE, _File)


def small_talk(text: str) -> Bilingual | None:
    """What is kindly said to a greeting, thanks or “what can you do”; None to a question."""
    low = text.lower().strip()
    return next((t.says.both() for t in _file().small_talk if re.fullmatch(t.words, low)), None)


def outside() -> Bilingual:
    """What is said to a question outside the subject."""
    return _file().outside.both()


def meaning(
    text: str, turns: Sequence[Turn], *, choice: str, language: Language, today: date
) -> Meaning:
    """The message as a question of its own; what was said before comes in where it rests on it."""
    if not turns:
        return Meaning(text)
    for back, asked in enumerate(reversed(turns)):
        # What was answered stands in a later question.
        if not asked.clarification or _answered(asked, turns[len(turns) - back :]):
            continue
        added = added_by(asked.clarification, text, choice, language, today=today, at_once=not back)
        if added is not None:
            return Meaning(asked.whole + added, follows=True)
    before = turns[-1]
    if not _follows(text, before.whole):
        return Meaning(text + _whose(text, before.whole))
    asks_anew = bool(_ASKS.search(_TAIL.sub("", _OPENING.sub("", text.strip()))))
    return Meaning(
        _joined(before.whole, text),
        follows=True,
        about_keeping=not asks_anew or is_about_keeping(text),
    )


def _answered(asked: Turn, since: Sequence[Turn]) -> bool:
    """Whether a later question is the one asked back about, with something put behind it."""
    return any(turn.whole.startswith((f"{asked.whole}（", f"{asked.whole} (")) for turn in since)


def _follows(text: str, before: str) -> bool:
    """Whether a message needs the one before: it goes on from it, or is too short to stand alone."""
    if _GOES_ON.search(text.strip()):
        return True
    # 合同和收据也一起碎？ goes the way of what was asked about before, from the same day.
    if _TOO.search(text) and is_about_keeping(before) and kind_spans(text) and not date_spans(text):
        return True
    # 合同呢？ names a thing and asks nothing of it; 我们是银行 tells a fact and asks nothing.
    if len(re.sub(r"\W", "", text)) > _SHORT:
        return False
    names_only = re.search(r"呢[?？。 ]*$", text) and not _ASKS.search(_TAIL.sub("", text))
    tells = holder_spans(text) or date_spans(text)
    return bool(names_only or (tells and not _ASKS.search(text) and not kind_spans(text)))


def _joined(before: str, text: str) -> str:
    """What was asked before with what is named anew in its place, and the rest behind it."""
    rest = _TAIL.sub("", _OPENING.sub("", text.strip()))
    whole = before
    replaced = False
    for spans in (kind_spans, holder_spans, date_spans):
        new, old = spans(rest), spans(whole)
        if len(new) == 1 and old:
            whole = _replaced(whole, [_with_copy(whole, one) for one in old], rest[slice(*new[0])])
            replaced = True
    asks, stops = _ASKS.search(rest), _STOPS.search(_EITHER_WAY.sub("", rest))
    same = is_about_keeping(text) and is_about_keeping(before)
    if replaced and not stops and (same or not asks):
        return whole
    if holder_spans(f"我们是{rest}") and not asks:
        return f"{whole}（我们是{rest.removeprefix('我们是')}）"
    # A question of its own is answered itself, with what was asked before as its setting.
    return f"{before.rstrip(' ?？。')}。{rest}？" if asks else f"{whole}（{rest}）"


def _with_copy(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The span with 复印件 behind it: 身份证复印件 gives way to 合同 as one."""
    copy = _COPY.match(text, span[1])
    return (span[0], copy.end()) if copy else span


def _replaced(text: str, spans: Sequence[tuple[int, int]], words: str) -> str:
    """The text with the first span put in other words, and the others taken out."""
    first, *others = spans
    for start, end in reversed(others):
        text = text[:start] + text[end:]
    return text[: first[0]] + words + text[first[1] :]


def _whose(text: str, before: str) -> str:
    """Whose question it is goes without saying the second time: （我们是银行）."""
    if holder_spans(text):
        return ""
    said = re.search(r"[（(](?:我们是|we are )[^（()）]{1,40}[)）]", before)
    return said[0] if said else ""
