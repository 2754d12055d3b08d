"""What a message means where it was said: small talk, the reply to our question, a follow-up, or new.

A follow-up is made whole without any model: what it names in place of something named before takes
its place (那合同呢 after 身份证复印件可以销毁吗). A question that names nothing talk could be about (who has to
approve it) is put behind what the talk is about, without what was asked of that; a mere by when? behind all of it.
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
from knowledge.glossary import things_in, without_names, without_people_and_acts
from knowledge.tokens import stop_words, words
from records.data_files import Entry, Said, load
from records.language import Bilingual, Language, language_of
from tickets.dates_in_text import date_spans
from tickets.retention.record_text import holder_spans, is_about_keeping, kind_spans
from tickets.words_in_text import Pattern

FILE = Path(__file__).parent / "small_talk.yaml"
FOLLOW_UPS = Path(__file__).parent / "follow_ups.yaml"

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
_THING_OF = re.compile(r"的[㐀-鿿]{1,4}$(?<![了过])")
_EITHER_WAY = re.compile(r"(.)不\1")
_COPY = re.compile(r"的?(?:复印件|照片|扫描件|影印件|副本|原件)")
_SHORT = 14
_HAN = re.compile(r"[㐀-鿿]")
_MARKS = " 。！？?!；;，,.\n"
# A question of more than so many words or Han characters says itself what it is about.
_MOST_WORDS, _MOST_HAN = 12, 16
_CLAUSE = re.compile(r"[^。！？?!；;，,\n.]+(?:\.(?=\S)[^。！？?!；;，,\n.]+)*[。！？?!；;，,\n.]*")
_ASIDE = re.compile(r"[（(][^（()）]*[）)]")
# How something is asked, before and behind what it is asked of.
_ASKED_BEFORE = re.compile(
    r"^(?:(?:and|but|so|then|ok(?:ay)?|well|please)[, ]+)*"
    r"(?:(?:by when|until when|when|how (?:long|soon|fast|quickly|early|many \w+))\s+"
    r"(?:do|does|must|should|can|may|is|are|will)\s+(?:(?:we|i|you|they|one)\s+)?"
    r"(?:have to |need to )?(?:keep |store |retain |hold on to )?|"
    r"(?:how|who(?:m|se)?|what|where|why|which)\s+|"
    r"(?:do|does|did|can|could|may|must|should|shall|will|would|is|are|am|has|have)(?:n['’]t)?\s+|"
    r"(?:we|i|you|they|one|there|it)\s+(?=have|need|\w+ )|"
    r"(?:have to|need to|allowed to|supposed to|able to|going to|ok(?:ay)? to|fine to)\s+|"
    r"请问|能不能|可不可以|要不要|是否|能否|可否|可以|需不需要|先)*",
    re.IGNORECASE,
)
_ASKED_BEHIND = re.compile(
    r"(?:还|最少|至少|应该|应当|需要|必须|可以|要|得|该|能|可)*(?:不(?:要|能|可以|用)?)?(?:再|先)?"
    r"(?:保存|保留|留存|保管|留|存|放)?(?:到|至|在)?"
    r"(?:多久|多长时间|几[年天周]|几个(?:月|小时|工作日)|多少[年天]|[什啥]么?时候|何时|哪天)(?:[内以之]{1,2})?(?=.{0,4}$)|"
    r"(?:可以|允许|应该|能|行|要|会|需要)?(?:[吗嘛么呢吧啊]|行不行|可不可以)+$|"
    r"(?:该|应该|要|先|得)*(?:怎么办|怎么做|咋办|怎么处理|如何处理|(?:找|问|告诉|报告?)谁)$"
)
_MODAL = re.compile(r"能不能|可不可以|要不要|需不需要|可以|能否|可否|是否|[吗嘛呢]$")
_MERE = re.compile(
    r"要不要|之内|以内|之前|之后|多长|最晚|最迟|[那这]边|几个?(?:小时|工作日|[天日月年])|多少(?:小时|[天日月年])|"
    r"\b(?:latest|exactly)\b",
    re.IGNORECASE,
)
_ASKS_TIME = re.compile(
    r"几[天日]|几个(?:工作日|小时|月)|多少[天日]|多久|多长时间|最晚|最迟|什么时候|何时|期限|"
    r"\b(?:how (?:long|soon|many (?:working |business )?(?:days|hours|weeks|months))|deadline|by when|when)\b",
    re.IGNORECASE,
)
_IF = re.compile(r"^(?:那么?)?(?:如果|要是|假如|万一)|\bif\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|our|their|his|her|an?|any|some)\s+", re.IGNORECASE)
# What holds two names of one thing together (客户的合同, copy of the ID).
_TOGETHER = re.compile(r"\s*(?:的|of|the|\s)?\s*", re.IGNORECASE)


class SmallTalk(Entry):
    """What is no question, and what is said to it."""

    id: str
    words: Pattern
    says: Said


class _Asked(Entry):
    words: Pattern
    asks: Said


class _FollowUps(Entry):
    longer: _Asked
    no_longer_so: Pattern
    from_now_on: Pattern


class _File(Entry):
    small_talk: tuple[SmallTalk, ...] = Field(min_length=1)
    outside: Said


@dataclass(frozen=True, slots=True)
class Meaning:
    """A message made whole: as it would have been asked by itself.

    `about_keeping` is False where the message asks something else of what was asked before
    (那要告诉客户吗 after 可以销毁吗): the retention engine is then not the one to answer. `joined`
    says that it was put together of two questions, `apart` that the second of them could be asked by itself.
    """

    whole: str
    follows: bool = False
    about_keeping: bool = True
    joined: bool = False
    apart: bool = False


@cache
def _file() -> _File:
    return load(FILE, _File)


@cache
def _follow_ups() -> _FollowUps:
    return load(FOLLOW_UPS, _FollowUps)


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
    if _wants_longer(text, before.whole):
        about = _about(_without_time_asked(before.whole))
        whole = f"{about}{_colon(before.whole)}{_asks_for_longer(before.whole)}"
        return Meaning(whole, follows=True, about_keeping=False, joined=True)
    goes_on = _follows(text, before.whole)
    if not goes_on and not _names_nothing(text):
        return Meaning(text + _whose(text, before.whole))
    second = _TAIL.sub("", _OPENING.sub("", text.strip()))
    asks_anew = bool(_ASKS.search(second))
    whole = _joined(before.whole, text) if goes_on else _behind(before.whole, text)
    return Meaning(
        whole,
        follows=True,
        about_keeping=not asks_anew or is_about_keeping(text),
        joined=True,
        apart=whole.rstrip("?？").endswith(second),
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


def _names_nothing(text: str) -> bool:
    """Whether a question is short and names nothing talk could be about: it asks of what was talked about."""
    low = text.lower().strip()
    if kind_spans(low) or holder_spans(low) or date_spans(low):
        return False
    if len(words(low)) > _MOST_WORDS or len(_HAN.findall(low)) > _MOST_HAN:
        return False
    asks = _ASKS.search(low) or low.endswith(("?", "不"))
    return bool(asks) and not things_in(low) and not _says_more(without_people_and_acts(low))


def _says_more(text: str) -> bool:
    """Whether a text says anything but that it asks."""
    return any(
        len(word) > 1 and word not in stop_words() for word in words(_MERE.sub(" ", text.lower()))
    )


def _behind(before: str, text: str) -> str:
    """A question behind what the one before was about; behind all of it where it only asks when or whether."""
    asked = _TAIL.sub("", _OPENING.sub("", text.strip()))
    english = language_of(before) is Language.EN
    from_now_on = bool(re.search(_follow_ups().from_now_on, asked.lower()))
    if not _says_more(asked) and not from_now_on:
        stop = "" if before.rstrip()[-1:] in _MARKS else ". " if english else "。"
        return f"{before.rstrip()}{stop or ' ' * english}{asked}{'?' if english else '？'}"
    about = _about(before, from_now_on=from_now_on)
    return f"{about}{_colon(before)}{asked}{'?' if english else '？'}"


def _about(before: str, *, from_now_on: bool = False) -> str:
    """What a question was about: the things it asked something of, otherwise what it told.

    Of the time `from_now_on` that a client agrees no longer says more than what was done until then.
    """
    told: list[str] = []
    asked: list[str] = []
    kept: list[str] = []
    for clause in _CLAUSE.findall(_ASIDE.sub("", before)):
        plain = clause.strip(_MARKS)
        if _asks(clause):
            plain = _MODAL.sub("", _ASKED_BEHIND.sub("", _ASKED_BEFORE.sub("", plain))).strip()
            asked += [plain] if things_in(plain.lower()) else []
        elif from_now_on and re.search(_follow_ups().no_longer_so, plain.lower()):
            kept.append(plain)
        told += [plain] if _says_more(plain) else []
    comma = ", " if language_of(before) is Language.EN else "，"
    if kept:
        return comma.join(kept) + "".join(_ASIDE.findall(before))
    return (comma.join(asked or told) or before.strip(_MARKS)) + "".join(_ASIDE.findall(before))


def _without_time_asked(before: str) -> str:
    """A question less the clause that asks by when, where that is not all."""
    clauses = _CLAUSE.findall(before)
    left = "".join(one for one in clauses if not _ASKS_TIME.search(one)).strip(_MARKS)
    return left or before


def _colon(before: str) -> str:
    return ": " if language_of(before) is Language.EN else "："


def _wants_longer(text: str, before: str) -> bool:
    """Whether a message says that the time limit asked for cannot be kept, and names nothing else."""
    low = text.lower()
    if not re.search(_follow_ups().longer.words, low) or not _ASKS_TIME.search(before):
        return False
    return len(words(low)) <= _MOST_WORDS and len(_HAN.findall(low)) <= _MOST_HAN


def _asks_for_longer(before: str) -> str:
    return _follow_ups().longer.asks.both().pick(language_of(before))


def _asks(clause: str) -> bool:
    return bool(_ASKS.search(clause)) or clause.rstrip().endswith("?")


def _asked_from(text: str) -> int:
    """Where the last clause that asks begins."""
    return max((one.start() for one in _CLAUSE.finditer(text) if _asks(one[0])), default=0)


def _joined(before: str, text: str) -> str:
    """What was asked before with what is named anew in its place, and the rest behind it."""
    rest = _TAIL.sub("", _OPENING.sub("", text.strip()))
    english = language_of(before) is Language.EN
    whole = before
    replaced = False
    for spans in (kind_spans, holder_spans, date_spans):
        new, old = spans(rest), spans(whole)
        if spans is kind_spans:
            # What is told before (they ended the contract) is no kind of record asked about.
            old = [one for one in old if one[0] >= _asked_from(whole)] or old
        if len(new) == 1 and old:
            whole = _replaced(whole, [_with_copy(whole, one) for one in old], rest[slice(*new[0])])
            replaced = True
    asks, stops = _ASKS.search(rest), _STOPS.search(_EITHER_WAY.sub("", rest))
    same = is_about_keeping(text) and is_about_keeping(before)
    if replaced and not stops and (same or not asks):
        return whole
    if holder_spans(f"我们是{rest}") and not asks:
        return f"{whole}（我们是{rest.removeprefix('我们是')}）"
    instead = "" if asks or stops or _IF.search(text.strip()) else _in_its_place(whole, rest)
    if instead:
        return instead
    asked = _ASKED_BEHIND.search(whole.rstrip(_MARKS))
    if not (asks or stops) and asked and _THING_OF.search(rest) and not _IF.search(text.strip()):
        # What the glossary has no name for: 她付钱的单据 after 过敏单子啥时候清.
        return rest + whole[asked.start() :]
    if not asks:
        return f"{whole} ({rest})" if english else f"{whole}（{rest}）"
    # A question of its own is answered itself, with what was asked before as its setting.
    return _behind(before, text)


def _in_its_place(whole: str, thing: str) -> str:
    """What was asked, of another thing: 录音呢 after 聊天记录要留多久; nothing where it is no mere thing."""
    named, asked = _ARTICLE.sub("", thing.lower()), _asked_from(whole)
    spans = [(one.start, one.end) for one in things_in(whole.lower()) if one.start >= asked]
    if (
        not things_in(named)
        or re.search(r"\w", without_names(named).replace("的", ""))
        or not spans
    ):
        return ""
    start, end = spans[0]
    for further_start, further_end in spans[1:]:
        if _TOGETHER.fullmatch(whole, end, further_start):
            end = further_end
    return whole[:start] + _ARTICLE.sub("", thing) + whole[end:]


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
