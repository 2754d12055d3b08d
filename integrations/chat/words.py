"""Which verb a text in a chat asks for."""

import re
from enum import StrEnum


class Verb(StrEnum):
    """What a person wants."""

    ASK = "ask"
    INCIDENT = "incident"
    DESTROY = "destroy"
    REDACT = "redact"
    HELP = "help"
    BOARD = "board"
    HANDOVER = "handover"
    REPLY = "reply"
    FEEDBACK = "feedback"
    RIGHTS = "rights"
    REGISTER = "register"
    EXAMS = "exams"
    PRACTISE = "practise"


NAMES = {
    Verb.ASK: ("ask", "提问"),
    Verb.INCIDENT: ("incident", "事件", "报告事件", "事件报告"),
    Verb.DESTROY: ("destroy", "销毁", "申请销毁", "销毁申请"),
    Verb.REDACT: ("redact", "脱敏"),
    Verb.HELP: ("help", "帮助", "?", "？"),
    Verb.BOARD: ("todo", "待办", "我的待办"),
    Verb.HANDOVER: ("handover", "问负责人"),
    Verb.REPLY: ("reply", "回复", "答复"),
    Verb.FEEDBACK: ("feedback", "反馈"),
    Verb.RIGHTS: ("rights", "权利请求", "登记权利请求"),
    Verb.REGISTER: ("register", "台账", "登记台账"),
    Verb.EXAMS: ("exam", "exams", "quiz", "考试", "测验"),
    Verb.PRACTISE: ("practise", "practice", "练习", "练一题"),
}
# In a message these count alone: with more words it is a question about them.
_ALONE = frozenset({Verb.HELP, Verb.BOARD, Verb.RIGHTS, Verb.REGISTER, Verb.EXAMS, Verb.PRACTISE})
# About one answer or question, by its number; without one the words are a question.
_NUMBERED = frozenset({Verb.HANDOVER, Verb.REPLY, Verb.FEEDBACK})
_NUMBER = re.compile(r"[:：\s]*(?P<number>[QH]-[0-9a-f]{8,16})\b[:：\s]*", re.I | re.ASCII)
_VERBS = {name: verb for verb, names in NAMES.items() for name in names}
_FIRST = re.compile(r"/?(?:compliance\s+)?(?P<name>[^\s:：]+)(?P<mark>\s*[:：]|\s+|$)", re.I)
_SHARE = re.compile(r"发(?:到|在)(?:这里|话题|频道)|\b(?:share|post) (?:it )?here\b", re.I)
_ASKS = re.compile(r"[?？]\s*$|[吗呢]\s*[。.!！]*\s*$")


def verb_of_command(text: str) -> tuple[Verb, str]:
    """The verb and the rest after /compliance. Without a known verb the whole is a question."""
    if not text:
        return Verb.HELP, ""
    found = _FIRST.match(text)
    verb = _VERBS.get(found["name"].lower()) if found else None
    if found is None or verb is None:
        return Verb.ASK, text
    rest = text[found.end() :].strip()
    if verb in _NUMBERED and not _NUMBER.match(rest):
        return Verb.ASK, text
    return verb, rest


def numbered(text: str) -> tuple[str, str]:
    """The number a text begins with (Q-…, H-…) and what follows; "" where there is none."""
    found = _NUMBER.match(text)
    if found is None:
        return "", text
    number = found["number"]
    return number[0].upper() + number[1:].lower(), text[found.end() :].strip()


def verb_of_message(text: str) -> tuple[Verb, str]:
    """The same for a message, with more doubt: a question that begins with 事件 opens no ticket.

    A verb with a colon always counts; with a space only where the whole does not ask something.
    """
    verb, rest = verb_of_command(text)
    found = _FIRST.match(text)
    if verb in (Verb.INCIDENT, Verb.DESTROY, Verb.REDACT) and found is not None:
        # The colon may follow a space: 事件 ：.
        sure = found["mark"].strip() or rest[:1] in {":", "："}
        alone = not rest and verb is not Verb.REDACT
        if not sure and (alone or _ASKS.search(text)):
            return Verb.ASK, text
    if verb in _ALONE and rest:
        return Verb.ASK, text
    return verb, rest.lstrip(":： ")


def asks_to_share(text: str) -> bool:
    """Whether a redacted copy is wanted where others see it."""
    return bool(_SHARE.search(text))
