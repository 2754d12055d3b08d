"""Does a text carry a statement? What a model words is held to it; reviewed wording is not.

Plain tests, meant to refuse too much rather than too little:

- polarity: what permits needs a permission in the words quoted, what forbids or obliges a duty;
  and clause by clause the statement does not say 可以 where the words it repeats say 不得;
- exception: where the sentence quoted makes one (但书, 除外, 另有规定), the statement says there is one;
- subject: whom the statement names, its sources name;
- overlap: the statement, and each sentence of it, shares enough of its words with what it rests on;
- condition: where the words quoted permit or release on a condition (采取措施能够避免危害的，可以不通知),
  each sentence that permits says there is one; so it does where they forbid and only an exception permits;
- nothing strange: no link, markup, address or long number, even where a source has one.

Measured on drafts made wrong on purpose: `python -m evals.verification`.
"""

import re
from collections.abc import Callable

from assistant.answering.stances import FORBIDS, OBLIGES, permits

# Share of the statement's word pairs that its sources, and that the words quoted, must hold.
OVERLAP = 0.3
QUOTE_OVERLAP = 0.15
# A sentence the quotation says nothing of must be borne out by the sources all the more.
RIDER_OVERLAP = 0.4

_EXCEPTION = re.compile(
    r"除外|但(?:是)?[，,]?(?!不限于)|另有规定|除.{1,40}外|\b(?:except|unless|otherwise provided)\b",
    re.I,
)
_EXCEPTS = re.compile(
    r"除外|除非|但|例外|不过|另有|除.{1,30}外|看情况|要看|一般|通常|"
    r"\b(?:except|unless|otherwise|however|but|generally|depends)\b",
    re.IGNORECASE,
)
# Who may be named as the one who must or may. Words for the asker's own side need no source.
_ACTORS = re.compile(
    r"主管部门|监管部门|网信部门|网信办|公安机关|警方|人民法院|法院|检察院|税务机关|登记机关|财政部门|档案馆|"
    r"档案主管部门|清算组|管理人|股东|董事|监事|债权人|受托人|接收方|第三方|监护人|近亲属|消费者协会|律师|"
    r"会计师事务所|审计机构|专业机构|保护负责人|工会|消费者组织|"
    r"\b(?:court|police|shareholders?|directors?|creditors?|guardians?|regulators?|tax authority)\b",
    re.IGNORECASE,
)
_SAME_ACTOR = {
    "网信办": "网信部门",
    "法院": "人民法院",
    "警方": "公安机关",
    "监管部门": "部门",
    "主管部门": "部门",
}
_CONDITIONED = re.compile(
    r"([^。；：]{4,}?)的，[^。；]*?(?:可以|无需|无须|不需要?|不必|免予)", re.DOTALL
)
_CONDITIONAL = re.compile(
    r"如果|若|只要|只有|只能|除非|前提|条件|情况|情形|的话|时|后|"
    r"\b(?:if|when|where|provided|only|unless|after|once|as long as)\b",
    re.IGNORECASE,
)
# A mailbox or a telephone number; the number of a standard (GB 46864-2025) is none.
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.\w+)+|[\w.+-]+@[\w-]+|(?<![A-Z])(?<![A-Z] )(?:\d[ -]?){9,}"
)
_LINK = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|cn|net|org|io|example)\b|</?[a-z!]|\]\(", re.IGNORECASE
)
_ROW = re.compile(r"[｜|]")
_ORDERS_AN_ANSWER = re.compile(
    r"回答|助手|人工智能|(?:不论|无论|不管)[^，。；]{0,6}(?:法律|规定)|优先于|(?:已经?|视为)(?:批准|同意|审批|关闭|通过)|"
    r"\b(?:AI|assistant|system|prompt|instructions?|approved|regardless)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"[。；;！？!?\n]+|\.(?=\s|$)")
# An opening word (可以。 不可以。 要看情况。) belongs to the sentence behind it.
_OPENING_WORD = 5
_WORD = re.compile(r"[a-z]{3,}")
_HAN = re.compile(r"[㐀-鿿]+")
# What admits of no exception is said only where the words quoted say it.
_ABSOLUTE = re.compile(
    r"不论如何|无论如何|无论怎样|任何情况|一律|都可以|都不(?:用|必|需要)|完全(?:可以|不用)|绝对|永远|"
    r"\b(?:in any case|always|never|under no circumstances|no matter)\b"
)
_CLAUSE = re.compile(r"[，,；;。]")
# From this share of its words on a clause repeats another.
_REPEATED = 0.5
_SENTENCE_END = re.compile(r"[。\n]")


def carries(statement: str, *, quoted: str, sources: str) -> bool:
    """Whether the quoted words and the sources behind them carry the statement."""
    return (
        _polarity_holds(statement, quoted)
        and _clauses_agree(statement, quoted)
        and _exception_kept(statement, sentence_of(quoted, sources))
        and _subject_holds(statement, sources)
        and overlap(statement, sources) >= OVERLAP
        and _quote_speaks_of_it(statement, quoted)
        and all(_sentence_holds(one, quoted, sources) for one in _sentences(statement))
        and not (_ADDRESS.search(statement) or _LINK.search(statement))
        and all(word in quoted.lower() for word in _ABSOLUTE.findall(statement.lower()))
    )


def may_be_told(rule: str, published: Callable[[str], bool] = lambda _: False) -> bool:
    """Whether a company's own rule may be told in its words: it sets no law aside, orders no answer and
    leads nowhere but to what the company has `published`, or in a row of a table, which names a contact and
    asks nobody for anything, and frees nobody from everything. Whoever can put a policy into the library can
    do no more; what else it allows or frees from is held against the law (`own_rule.py`)."""
    rest = _ADDRESS.sub(" ", rule)
    leads = not _ROW.search(rule) and not all(map(published, addresses_in(rule)))
    sweeping = permits(rest) and _ABSOLUTE.search(rest.lower().replace("都可以", "可以"))
    return not (leads or sweeping or _LINK.search(rest) or _ORDERS_AN_ANSWER.search(rest))


def addresses_in(text: str) -> list[str]:
    """The mailboxes and telephone numbers of a text, as they stand."""
    return [found[0].strip(" -") for found in _ADDRESS.finditer(text)]


def without_addresses(text: str, instead: str) -> str:
    """The text with each mailbox and telephone number replaced."""
    return _ADDRESS.sub(instead, text)


def longest_without_addresses(text: str) -> str:
    """The longest stretch of a text that holds no mailbox and no telephone number."""
    return max((piece.strip(" ｜|（(）)") for piece in _ADDRESS.split(text)), key=len)


def overlap(statement: str, sources: str) -> float:
    """The share of the statement's pairs of characters (or English words) found in the sources."""
    said = _pieces(statement)
    return len(said & _pieces(sources)) / len(said) if said else 0.0


def sentence_of(quoted: str, text: str) -> str:
    """The whole sentence the words stand in, and the one behind it where that begins with 但."""
    at = text.find(quoted)
    if at < 0:
        return quoted
    begin = max((m.end() for m in _SENTENCE_END.finditer(text, 0, at)), default=0)
    end = _SENTENCE_END.search(text, at + len(quoted) - 1)
    stop = end.end() if end else len(text)
    if text[stop : stop + 1] == "但":
        behind = _SENTENCE_END.search(text, stop)
        stop = behind.end() if behind else len(text)
    return text[begin:stop]


def _polarity_holds(statement: str, quoted: str) -> bool:
    forbidden = FORBIDS.search(quoted)
    left = FORBIDS.sub(" ", statement)
    if permits(statement) and not permits(quoted):
        return False
    if FORBIDS.search(statement):
        # What is only obliged is not thereby forbidden: 应当通知 carries no 不得.
        return bool(forbidden) or bool(re.search(r"只|仅|方可|\bonly\b", quoted))
    if OBLIGES.search(left):
        return bool(forbidden or OBLIGES.search(quoted))
    return True


def _clauses_agree(statement: str, quoted: str) -> bool:
    """Whether each clause that repeats one of the quotation forbids, permits or obliges as it does."""
    given = [(clause, _sense(clause)) for clause in _CLAUSE.split(quoted)]
    for clause in _CLAUSE.split(statement):
        sense = _sense(clause)
        likest, theirs = max(given, key=lambda one: overlap(clause, one[0]))
        if sense and theirs and sense != theirs and overlap(clause, likest) >= _REPEATED:
            return False
    return True


def _sense(clause: str) -> str:
    if FORBIDS.search(clause):
        return "forbids"
    if permits(clause):
        return "permits"
    return "obliges" if OBLIGES.search(clause) else ""


def _sentences(statement: str) -> list[str]:
    """The sentences of a statement: true words must not carry a false sentence behind them."""
    pieces = [one.strip() for one in _SENTENCES.split(statement) if one.strip()]
    if len(pieces) > 1 and len(pieces[0]) <= _OPENING_WORD:
        return [f"{pieces[0]}，{pieces[1]}", *pieces[2:]]
    return pieces


def _sentence_holds(sentence: str, quoted: str, sources: str) -> bool:
    needed = OVERLAP if _quote_speaks_of_it(sentence, quoted) else RIDER_OVERLAP
    return (
        overlap(sentence, sources) >= needed
        and _condition_kept(sentence, quoted)
        and _permitted_as_exception(sentence, quoted)
    )


def _permitted_as_exception(sentence: str, quoted: str) -> bool:
    """不得公开，取得单独同意的除外: whoever says 可以 says when."""
    forbids_but = FORBIDS.search(quoted) and not permits(_EXCEPTION.sub(" ", quoted))
    if not (forbids_but and permits(sentence)):
        return True
    return bool(_EXCEPTS.search(sentence) or _CONDITIONAL.search(sentence))


def _condition_kept(sentence: str, quoted: str) -> bool:
    condition = _CONDITIONED.search(quoted)
    if condition is None or not permits(sentence) or _CONDITIONAL.search(sentence):
        return True
    return overlap(condition[1], sentence) >= _REPEATED


def _exception_kept(statement: str, sentence: str) -> bool:
    return not _EXCEPTION.search(sentence) or bool(_EXCEPTS.search(statement))


def _subject_holds(statement: str, sources: str) -> bool:
    """Whether everybody the statement names occurs in what it rests on."""
    low = sources.lower()
    named = {match[0].lower() for match in _ACTORS.finditer(statement)}
    return all(actor in low or _SAME_ACTOR.get(actor, actor) in low for actor in named)


def _quote_speaks_of_it(statement: str, quoted: str) -> bool:
    """A statement in another language than the quotation shares no characters with it."""
    if bool(_HAN.search(statement)) != bool(_HAN.search(quoted)):
        return True
    return overlap(statement, quoted) >= QUOTE_OVERLAP


def _pieces(text: str) -> set[str]:
    pairs = {run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1)}
    return pairs | set(_WORD.findall(text.lower()))
