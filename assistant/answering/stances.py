"""What a sentence says of an act: forbids it, does not do it, requires it, allows it, frees from it, or
allows it on a condition. And the word, yes or no, that this gives a question about the same act.

The sentence settles a question only where the words it governs (不得 销毁) are those asked about, as
they stand or as things called by one name; where two clauses that meet the question say different
things, nothing is settled.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from assistant.answering.ways import Way, form_of
from knowledge.asked import things
from knowledge.duties import Verdict
from knowledge.glossary import in_chinese

# What forbids, what frees or permits, what obliges; held by nobody else, so that all who ask mean the same.
FORBIDS = re.compile(
    r"不得|不准|不许|不能|不可以|不可(?!抗|缺)|不允许|禁止|严禁|(?:谁也|一律|绝)不(?![需用必])|"
    r"\b(?:must|may|can|shall)\s+not\b|\bcannot\b|\bprohibited\b|\bforbidden\b|\bno (?:one may|staff)\b|"
    r"\bnever\b(?!\s+(?:be\s+)?(?:needed|necessary|required))",
    re.IGNORECASE,
)
PERMITS = re.compile(
    r"可以|准许|允许|无需|无须|不用|不必|不需要?|除外|免予|"
    r"\b(?:may|can|allowed|permitted|need not|no need|needs no|without|unnecessary)\b|"
    r"\b(?:not|never|no longer)\s+(?:be\s+)?(?:needed|necessary|required)\b",
    re.IGNORECASE,
)
OBLIGES = re.compile(
    r"应当|应该|必须|须|需要|要|至少|不少于|\b(?:must|shall|should|have to|has to|required|need to|at least)\b",
    re.IGNORECASE,
)


def permits(statement: str) -> bool:
    """Whether a statement allows something, or frees from a duty."""
    return bool(PERMITS.search(FORBIDS.sub(" ", statement)))


class Stance(StrEnum):
    """What is said of an act."""

    FORBIDS = "forbids"
    DOES_NOT = "does not"
    """Plainly: 不留存复印件."""
    REQUIRES = "requires"
    ALLOWS = "allows"
    FREES = "frees"
    LIMITS = "limits"
    """Allows or forbids on a condition: 经同意后方可."""


# How a clause shows its stance, the first that is found; what it governs stands behind.
_SHOWN = tuple(
    (stance, re.compile(pattern, re.IGNORECASE))
    for stance, pattern in (
        (
            Stance.FREES,
            r"无需|无须|不用(?!于)|不必|不需要?|免予|可以?不(?!能)|不要求|\b(?:need not|no need|not required)\b",
        ),
        (
            Stance.LIMITS,
            r"才[可能会]|方可|只有|只能|仅限|未经|未取得|除非|除外|另有规定|"
            r"(?:没有|没经)(?=[^，]{0,12}(?:同意|批准|许可|授权))|"
            r"(?:须|必须|应当|要|先|经)(?=[^，；]{0,14}(?:同意|批准|许可|授权|委托))|\b(?:only|unless|except)\b",
        ),
        (Stance.FORBIDS, FORBIDS.pattern + r"|不要(?!求)|先不|暂停|停止"),
        (
            Stance.DOES_NOT,
            r"(?<![可能要得准许是如])不(?![得能可许准同仅但只论管含少超足满过慎力明是算属])|(?<!有)无(?![需须论法害])|没有|"
            r"\b(?:not|never|no)\b",
        ),
        (
            Stance.ALLOWS,
            r"可以|(?<![不方才许认否])可(?![能靠行信追读识])|准许|允许|有权|\b(?:may|can|allowed)\b",
        ),
        (
            Stance.REQUIRES,
            r"应当|必须|须|(?<![确如])需要?(?!求)|(?<![不重主只概摘])要(?![求素约点])|一律|立即|及时|"
            r"\b(?:must|shall|has to|have to)\b",
        ),
    )
)
CLAUSE = re.compile(r"[，,；;。：:！？!?\n]|\.\s")
# What holds only of those the clause before names, or only then.
_CONDITION = re.compile(r"(?:的|时|前|后|期间)$")
_SETTLED_BEFORE = re.compile(r"后|满|到期|凭|核[对实]|经")
# What the company says it does not do, it forbids.
_OURS = re.compile(r"^(?:本|我)?公司(?:一律|均|都)?$|^我们$")
# Whether a condition must be met is asked by its name: 还得再问客户吗, 要不要主管签字.
_AGREEMENT = re.compile(
    r"同意|授权|批准|许可|审批|签字|点头|征得|再?问(?:一下|一声|过)?(?:客户|本人|主管|领导)"
)
_DENIED = re.compile(r"^(?:否|无|不|no|none)$", re.IGNORECASE)
_TURNED = re.compile(r"拒绝|要求|申请|责令|不")
_HAN = re.compile(r"[㐀-鿿]")
# Words that every question and every rule holds.
_COMMON = re.compile(r"客户|公司|信息|资料|数据")
_EMPTY = frozenset("的了吗么呢吧把被给我你他她们这那个些是在有和与就都还也不没可以能要会得须应当行")
_WITHOUT = re.compile(r"(?:没有?|未|不)([㐀-鿿]{2})")
_COPULA = re.compile(
    r"算|是不是|是(?!否)|属于|[违犯合]法|[违合]规|对[吗不]|够|\b(?:is|are|was|were)\b"
)
# How much of what is governed the question must hold, and more where no word forbids it.
_MET, _MET_PLAINLY = 0.5, 0.6
_AS_GOOD = 0.75

_NO = frozenset(
    {
        Verdict.MAY_NOT,
        Verdict.NOT_YET,
        Verdict.NEED_NOT,
        Verdict.IS_NOT,
        Verdict.WILL_NOT,
        Verdict.THERE_IS_NONE,
    }
)
_WORDS = {
    (Way.MAY, False, Stance.FORBIDS): Verdict.MAY_NOT,
    (Way.MAY, False, Stance.DOES_NOT): Verdict.MAY_NOT,
    (Way.MAY, False, Stance.ALLOWS): Verdict.MAY,
    (Way.MAY, True, Stance.REQUIRES): Verdict.MAY_NOT,
    (Way.MAY, True, Stance.FREES): Verdict.MAY,
    (Way.MUST, False, Stance.REQUIRES): Verdict.MUST,
    (Way.MUST, False, Stance.FREES): Verdict.NEED_NOT,
    (Way.MUST, False, Stance.DOES_NOT): Verdict.NEED_NOT,
    (Way.MUST, True, Stance.REQUIRES): Verdict.MUST,
    (Way.MUST, True, Stance.FREES): Verdict.NEED_NOT,
    (Way.WILL, False, Stance.DOES_NOT): Verdict.WILL_NOT,
    (Way.THERE_IS, False, Stance.DOES_NOT): Verdict.THERE_IS_NONE,
}


def stance_on(question: str, sentence: str) -> Stance | None:
    """What the sentence says of the act asked about, where it says one thing of it."""
    met = [
        (one, stance)
        for stance, governed in _stances(question, sentence)
        if (one := _meets(question, governed, named=stance is not Stance.DOES_NOT))
    ]
    if not met:
        return None
    best = max(one for one, _ in met)
    said = {stance for one, stance in met if one >= _AS_GOOD * best}
    if said == {Stance.FORBIDS, Stance.DOES_NOT}:
        return Stance.FORBIDS
    return said.pop() if len(said) == 1 else None


def word_from(question: str, sentence: str) -> Verdict | None:
    """Yes or no to a closed question, where the sentence settles it."""
    form = form_of(question)
    if form.way in (Way.OPEN, Way.TOLD):
        return None
    stance = stance_on(also_in_chinese(question), sentence)
    if stance is None:
        return None
    if stance is Stance.LIMITS:
        both_of_it = _AGREEMENT.search(question) and _AGREEMENT.search(sentence)
        if form.way is Way.MUST and not form.negated and both_of_it:
            return Verdict.MUST
        # Whether the condition holds only the asker knows; 看情况 was seldom the right word here.
        return Verdict.MAY_NOT if form.way is Way.MAY and _lacks(question, sentence) else None
    return _WORDS.get((_plainly(question, form.way), form.negated, stance))


def also_in_chinese(question: str) -> str:
    """An English question with the Chinese words for what it speaks of."""
    return " ".join((question, *(one for many in in_chinese(question) for one in many)))


def agrees(word: Verdict, sentence: str) -> bool:
    """Whether a word may open a sentence that does not settle it: a no only one that denies something."""
    stances = {found[0] for clause in CLAUSE.split(sentence) if (found := shown(clause))}
    return word is not Verdict.DEPENDS and (word in _NO) == bool(
        stances & {Stance.FORBIDS, Stance.DOES_NOT}
    )


def _stances(question: str, sentence: str) -> Iterator[tuple[Stance, str]]:
    """What each clause does, with the words it governs."""
    before, limited = "", False
    for clause in filter(None, map(str.strip, CLAUSE.split(sentence))):
        said = _said(question, before, clause, limited=limited)
        if said:
            yield said
        limited = said is not None and said[0] is Stance.LIMITS
        before = clause


def _said(question: str, before: str, clause: str, *, limited: bool) -> tuple[Stance, str] | None:
    """What one clause does behind another, which may hold a condition (`limited`: surely does)."""
    if _DENIED.match(clause):
        return Stance.DOES_NOT, before
    found = shown(clause)
    # 收件人是陌生人的: a condition says nothing by itself; 暂停 of what is to be stopped says yes.
    if not found or clause.endswith("的") or ("停" in question and "停" in found[1]):
        return None
    stance, _, begins, governed = found
    if stance is Stance.DOES_NOT and _OURS.match(begins):
        stance = Stance.FORBIDS
    conditioned = bool(_CONDITION.search(before)) and not _meets(question, before)
    if stance is Stance.LIMITS:
        return stance, f"{before} {clause}"
    if stance is Stance.FORBIDS and (limited or conditioned):
        return Stance.LIMITS, governed
    if stance is Stance.REQUIRES and conditioned:
        return None
    if stance is Stance.ALLOWS:
        if _TURNED.search(governed) and not _TURNED.search(question):
            return None
        if conditioned or (_SETTLED_BEFORE.search(begins) and not _meets(question, begins)):
            return Stance.LIMITS, governed
    return stance, governed


def shown(clause: str) -> tuple[Stance, str, str, str] | None:
    """The stance of a clause, the words that show it, those before them, and those they govern."""
    for stance, shown in _SHOWN:
        if found := shown.search(clause):
            begins, governed = clause[: found.start()], clause[found.end() :]
            return stance, found[0], begins, governed or clause
    return None


def _meets(question: str, governed: str, *, named: bool = True) -> float:
    """How much of what is governed the question speaks of; 0 where too little."""
    asked, told = frozenset(_HAN.findall(question)) - _EMPTY, telling(governed)
    share = sum(one in asked for one in told) / len(told) if told else 0.0
    if named and things(question) & things(governed):
        return 1.0
    return share if share >= (_MET if named else _MET_PLAINLY) else 0.0


def telling(text: str) -> list[str]:
    """The characters of a text but those that every question and every rule holds."""
    return [one for one in _HAN.findall(_COMMON.sub("", text)) if one not in _EMPTY]


def _lacks(question: str, sentence: str) -> bool:
    """Whether the condition is what the question says there is not: 没加密 beside 加密后才能."""
    return any(one in sentence for one in _WITHOUT.findall(question))


def _plainly(question: str, way: Way) -> Way:
    """客户姓名写吗 asks whether one does it, as 要写吗 does."""
    return Way.MUST if way is Way.IS and not _COPULA.search(question.lower()) else way
