"""How something is asked: may we, must we, is it …; of what act, with which sign, under which condition.

Chinese says so at the end of a sentence (…可以吗, …要不要), so the cue that ends last counts; English
says it first.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How something is asked."""

    MAY = "may"
    MUST = "must"
    IS = "is"
    WILL = "will"
    THERE_IS = "there is"
    TOLD = "told"
    """Something told without a question (客户名单换积分): whether that may be is meant."""
    OPEN = "open"
    """How, what, when, who: no yes or no answers it."""


_END = r"(?:吗|(?<!什)么|不|嘛|吧|没|没有)$"
_CHINESE = tuple(
    (way, re.compile(pattern))
    for way, pattern in (
        (
            Way.IS,
            rf"(?:违法|犯法|犯罪|合法|违规|合规|算数|算|对|够){_END}|算不算|是不是|对不对|够不够|[合违]不[合违]法|"
            rf"属于|算(?!法|了).{{0,12}}{_END}|是(?!否).{{0,14}}{_END}",
        ),
        (
            Way.MAY,
            r"能不能|可不可以|(?<!才)(?:可以|可否|能否|允许)[吗么不吧]?|行不行|准不准|没事吧|没事吗|没问题吧|"
            rf"[行好]{_END}|(?<!才)能.{{0,30}}{_END}|(?<!才)能[^不]{{0,20}}$|[给发卖用]{_END}|给不给|给.{{1,4}}{_END}",
        ),
        (Way.THERE_IS, rf"有没有|有(?![的人个]).{{0,12}}{_END}"),
        (
            Way.MUST,
            r"要不要|需不需要|需要|必须|一定要|非得|[不还]用|该不该|应不应该|应该|应当|得不得|"
            rf"(?<!重)[要得该](?!求).{{0,24}}{_END}|用.{{0,4}}{_END}",
        ),
        (Way.WILL, rf"会不会|会.{{0,20}}{_END}"),
    )
)
_ASKS_OPENLY = re.compile(
    r"多久|多长|多少|几[年天个条月人点]|什么|哪[些里个类种天条]|怎么|咋|如何|怎样|谁|为啥"
)
_ASKS_WHETHER = re.compile(_END + r"|(.)不\1|是否|没有$")
_CLOSED_END = re.compile(_END + r"|行不行|能不能.{0,12}$|要不要.{0,12}$|可不可以|给不给$")
_ENGLISH = tuple(
    (way, re.compile(pattern))
    for way, pattern in (
        (
            Way.OPEN,
            r"(?:^|[.;:!?]\s+)(?:(?:by|within|until|till|in|for|at|to|from|on|after|under|with)\s+)?"
            r"(?:how|what|when|which|who|whom|where|why)\b|, (?:what|how|when|whom?)\b",
        ),
        (
            Way.MUST,
            r"\b(?:must|have to|has to|need|needs|needed|should|required|obliged|mandatory)\b",
        ),
        (Way.MAY, r"\b(?:can|may|could|allowed|permitted|ok|okay|legal to|fine to)\b"),
        (Way.THERE_IS, r"\b(?:is|are) there\b"),
        (Way.WILL, r"^(?:will|would)\b"),
        (Way.IS, r"^(?:is|are|was|were|do|does|did|has|have)\b"),
    )
)
NEGATED = re.compile(
    r"(?:可以|能|可)不(?!能|可以|可)|不用|不必|不需要|无需|拒绝|拒不|不配合|别(?!人|的|家|处|国)|不[^能可要需是会算行得该]{1,10}(?:行吗|可以吗|能吗|吗$)|没.{1,12}(?:可以|行)|"
    r"\bnot\b|n't\b|\bwithout\b|\brefuse\b"
)
ACTIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
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
# What an open question wants to know: two alike in all else are not the same where that differs.
_WANTED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "time",
            r"多久|多长时间|几[年天月]|几个[月小]|几小时|多少[年天月小]|什么时候|啥时候|何时|期限|"
            r"\bhow (?:long|soon|often|fast|many (?:year|month|day|hour))|\bwhen\b",
        ),
        ("amount", r"多少(?![年天月小])|几[人条万元]|\bhow (?:much|many (?!year|month|day|hour))"),
        ("person", r"谁|哪个?部门|\bwho"),
        ("reason", r"为什么|为啥|凭什么|凭啥|\bwhy\b"),
        ("circumstances", r"什么情况|哪些情[况形]|\bin (?:which|what) cases?\b"),
        ("consequences", r"后果|怎么罚|追究|追责|\bwhat happens\b"),
        ("contents", r"写什么|写啥|写哪|怎么写|包括|含哪|材料|\bwhat must .{0,30}(?:say|contain)"),
    )
)
CONDITION = re.compile(
    r"没(?:有)?(?:要求|跟|经|通知|告诉)|但是|但(?!书)|不过|可是|除非|如果|要是|万一|假如|还没|尚未|官司|诉讼|纠纷|争议|检查|审计|欠|"
    r"\b(?:but|if|unless|although|dispute|lawsuit|audit|inspection)\b"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A question without what it is about."""

    way: Way
    negated: bool
    actions: frozenset[str]
    conditions: frozenset[str]


def form_of(text: str) -> Form:
    """How a question is asked."""
    low = text.lower().strip(" ?？。!！")
    return Form(
        way=_way(low),
        negated=bool(NEGATED.search(low)),
        actions=frozenset(name for name, pattern in ACTIONS if pattern.search(low)),
        conditions=frozenset(CONDITION.findall(low)),
    )


def same_asked(question: str, other: str) -> bool:
    """Whether both are asked the same way, with the same sign, act and conditions, and want the same."""
    return form_of(question) == form_of(other) and _wanted(question) == _wanted(other)


def _wanted(text: str) -> frozenset[str]:
    low = text.lower()
    return frozenset(name for name, pattern in _WANTED if pattern.search(low))


def is_open(question: str) -> bool:
    """Whether it asks how, what, when or who, or nothing: no yes or no is asked for."""
    return form_of(question).way in (Way.OPEN, Way.TOLD)


def _way(low: str) -> Way:
    if not re.search(r"[\u4e00-\u9fff]", low):
        return next((way for way, pattern in _ENGLISH if pattern.search(low)), Way.TOLD)
    if _ASKS_OPENLY.search(low) and not _CLOSED_END.search(low):
        return Way.OPEN
    cues = [
        (found.end(), found.start(), way)
        for way, pattern in _CHINESE
        for found in pattern.finditer(low)
    ]
    if cues:
        return max(cues)[2]
    return Way.IS if _ASKS_WHETHER.search(low) else Way.TOLD
