"""Yes, no or it depends: the word that opens an answer, where a reviewed question carries one.

A word said of a likened question holds for this one only if both ask the same: the same way of
asking (may, must, is it …), the same sign (可以删吗, 可以不删吗), the same thing done (keep, destroy,
tell …), and no condition of its own. In any doubt there is no word, and the duty speaks for itself.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.duties import Asked, Verdict

# Measured on the reviewed questions themselves, each likened to all others: from 0.5 to 0.61 the
# word was another's in 13 of 46 cases, from 0.62 on in none.
LIKE_ENOUGH = 0.62


class Way(StrEnum):
    """How something is asked."""

    MAY = "may"
    MUST = "must"
    IS = "is"
    WILL = "will"
    THERE_IS = "there is"
    OPEN = "open"


_WAYS: tuple[tuple[Way, re.Pattern[str]], ...] = (
    (Way.OPEN, re.compile(
        r"多久|多长|多少|几[年天个条月人]|什么|哪[些里个类种]|怎么|如何|怎样|谁|为啥|"
        r"\b(?:how|what|when|which|who|where|why)\b"
    )),
    (Way.IS, re.compile(
        r"算不算|是不是|算(?!法|了).{0,12}吗|属于|是(?!否).{0,14}吗|合法吗|违法吗|违规吗|合规吗|犯法吗|"
        r"^(?:is|are|was|were|does .{0,40}count)\b(?!.{0,30}\b(?:allowed|required|ok)\b)"
    )),
    (Way.THERE_IS, re.compile(r"有没有|有(?!的).{0,12}吗|\b(?:is|are) there\b")),
    (Way.MUST, re.compile(
        r"要不要|需不需要|需要|必须|一定要|非得|用不用|该不该|应不应该|应该|应当|得不得|[要得该].{0,24}吗|用.{0,4}吗|"
        r"\b(?:must|have to|has to|need|needed|should|required|obliged)\b"
    )),
    (Way.MAY, re.compile(
        r"能不能|可不可以|可以|可否|能否|行不行|行吗|行么|好吗|允许|准不准|能.{0,30}吗|能[^不]{0,20}$|"
        r"\b(?:can|may|could|allowed|permitted|ok|okay)\b"
    )),
    (Way.WILL, re.compile(r"会不会|会.{0,20}吗|\b(?:will|would)\b")),
)  # fmt: skip
_NEGATED = re.compile(
    r"(?:可以|能|可)不(?!能|可以|可)|不用|不必|不需要|无需|别(?!人|的|家|处|国)|不[^能可要需是会算行得该]{1,10}(?:行吗|可以吗|能吗|吗$)|没.{1,12}(?:可以|行)|"
    r"\bnot\b|n't\b|\bwithout\b|\brefuse\b"
)
_ACTIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "keep",
            r"保存|保留|留存|保管|留着|[还能要可以]留|存着|存多|\b(?:keep|kept|retain|store)\b",
        ),
        (
            "destroy",
            r"删|销毁|碎|烧|扔|毁|清[掉除空理]|丢掉|\b(?:delet|destroy|shred|eras|dispos|burn)",
        ),
        (
            "give",
            r"给|提供|转[给让交移]|共享|分享|交给|发给|外发|\b(?:give|share|pass|hand|transfer|send|provide)",
        ),
        ("tell", r"告诉|告知|通知|公告|公示|说明|\b(?:tell|notif|inform|announc)"),
        ("report", r"上报|报告|报备|备案|报警|\b(?:report|file)\b"),
        ("collect", r"收集|采集|登记|录[音像]|拍|\b(?:collect|record|photograph)"),
        ("use", r"使用|[能可以]用|拿来|训练|推荐|营销|\b(?:use|using|train|market)"),
        ("sell", r"卖|出售|\bsell"),
        ("consent", r"同意|授权|\bconsent"),
        ("look", r"看|查|阅|调取|复制|\b(?:see|look|access|copy)"),
        ("change", r"改|更正|变更|\b(?:change|correct|update)"),
    )
)
_CONDITION = re.compile(
    r"没(?:有)?(?:要求|跟|经|通知|告诉)|但是|但(?!书)|不过|可是|除非|如果|要是|万一|假如|还没|尚未|官司|诉讼|纠纷|争议|检查|审计|欠|"
    r"\b(?:but|if|unless|although|dispute|lawsuit|audit|inspection)\b"
)


@dataclass(frozen=True, slots=True)
class _Form:
    way: Way
    negated: bool
    actions: frozenset[str]
    conditions: frozenset[str]


def verdict(question: str, asked: Asked, likeness: float) -> Verdict | None:
    """The word for a question, or None where the likened one asks something else."""
    if asked.so is None or likeness < LIKE_ENOUGH:
        return None
    closed = not is_open(question)
    return asked.so if closed and same_asked(question, asked.q) else None


def same_asked(question: str, other: str) -> bool:
    """Whether both are asked the same way, with the same sign, act and conditions."""
    return _form(question) == _form(other)


def is_open(question: str) -> bool:
    """Whether it asks how, what, when or who, so that no yes or no answers it."""
    return _form(question).way is Way.OPEN


def _form(text: str) -> _Form:
    low = text.lower().strip(" ?？。!！")
    way = next((way for way, pattern in _WAYS if pattern.search(low)), Way.OPEN)
    return _Form(
        way=way,
        negated=bool(_NEGATED.search(low)),
        actions=frozenset(name for name, pattern in _ACTIONS if pattern.search(low)),
        conditions=frozenset(_CONDITION.findall(low)),
    )
