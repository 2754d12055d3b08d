"""Questions that want one value: a telephone number, a password, a price, an address on the net.

What does not hold such a value does not answer, however much else it shares with the question.
"""

import re

_AMOUNT = r"[\d一二三四五六七八九十百千万几]\s*(?:元|块|分钱)|免费|不收费|百分之|[%％¥$]|\b(?:yuan|rmb|free)\b"
_NOTHING = r"(?!)"
# 密码多少位, 手机什么时候交: neither asks for the number.
_WHAT = r"(?:多少(?![位个天条次年])|啥(?!时候)|是什么(?!时候|要求|样))"
# How a value is asked for, and what holds one; a password stands nowhere.
_VALUES = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds, re.IGNORECASE))
    for asks, holds in (
        (
            rf"(?:电话|热线|座机|分机|手机号?)(?:号码?)?(?:是|有)?(?:{_WHAT}|几号)|号码(?:是)?{_WHAT}|"
            r"\bwhat(?:'s| is).{0,24}\b(?:phone|telephone|hotline|mobile|extension)\b(?: number)?",
            r"\d{5,}|\d{3,4}-\d{3}",
        ),
        (
            rf"(?:密码|口令|wifi|wi-fi)(?:是)?{_WHAT}|"
            r"\bwhat(?:'s| is).{0,24}\b(?:password|passcode|pin)\b(?! rule| policy)",
            _NOTHING,
        ),
        (
            r"(?<!罚)(?:多少钱|什么价|啥价)|(?:租金|单价|价格|费用)(?:是)?多少|会(?:不会)?[涨降]价|[涨降]价[吗不么]|"
            r"\bwhat(?:'s| is) the (?:price|cost)\b|\bhow much (?:does|do|is|will)\b",
            _AMOUNT,
        ),
        (
            r"(?:网址|链接)(?:是)?(?:多少|啥|什么|哪)|\bwhat(?:'s| is).{0,24}\b(?:url|link|web ?site address)\b",
            r"https?:|www\.|\.(?:com|cn)\b",
        ),
    )
)
# How much a breach costs is no price.
_PENALTY = re.compile(r"罚|赔|\b(?:fine|fined|penalt|damages|compensat)", re.IGNORECASE)


def holds_what_is_asked(question: str, told: str) -> bool:
    """Whether a text may answer: a question that wants a value is answered by nothing without one."""
    if _PENALTY.search(question):
        return True
    return all(holds.search(told) for asks, holds in _VALUES if asks.search(question))
