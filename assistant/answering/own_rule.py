"""Which rules of the company's own an answer tells, and whether one is told before the law."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

from assistant.answering.article_asked import Texts, place_asked, what_it_is_about
from assistant.answering.follow_up import FollowUp, rules_of_follow_up
from assistant.answering.refusals import refusal_for
from assistant.answering.search import Search
from assistant.answering.stances import CLAUSE, permits
from assistant.answering.support import may_be_told
from assistant.answering.value_asked import holds_what_is_asked
from assistant.answering.verdicts import LIKE_ENOUGH, SURELY_OF_DUTY
from assistant.answering.ways import is_open
from knowledge.asked import share_something, things
from knowledge.duty_search import duty_search
from knowledge.library import DutyHit, Library, OwnRule
from knowledge.own_rules import without_mark
from pii.cleared import ClearedText, public_text

_MOST = 3
# How many duties count, and how nearly as well as the best each must fit.
DUTIES, NEARLY = 4, 0.6
# How likely the company's own rule must answer to be told at all, as the answer to what a company settles itself,
# as the answer to anything, and before a duty that a question like this was reviewed for. How likely a duty
# answers tells nothing of that: chosen on the half of evals/datasets/own_rules.yaml that may be read.
OWN_RULE_BESIDE, _OWN_RULE_INSIDE, OWN_RULE, OWN_RULE_SURE = 0.2, 0.3, 0.4, 0.45
# Up to how many characters a section or paragraph is told whole, as it stands or with the sentence that answers
# first; a list, and a paragraph from the rule on.
_LONGEST_WHOLE, _LONGEST_TURNED, _LONGEST_LIST, _LONGEST_ON = 80, 180, 240, 160
# Lines of more are rules apart, each told by itself.
_FEW_LINES = 3
_STEP = re.compile(r"\d{1,2}[.、．]\s*\S")
_ENDS = re.compile(r"[。！？]+")
_SENTENCE_ENDS = re.compile(r"[。！？\n]+")
_CELLS = re.compile(r"[｜|]")
_LAW_ASKED = re.compile(
    r"法律|法规|合法|违法|犯法|法定|罚.{0,6}(?:多少|几)|罚款|处罚|赔偿|举证|坐牢|判刑|判几年|犯罪|"
    r"\b(?:law|legal|lawful|illegal|fined?|penalt(?:y|ies)|jail|prison)\b",
    re.I,
)
# Asked for by name, the company's own rule answers wherever there is one.
_OWN_RULE_ASKED = re.compile(
    r"(?:公司|我们|咱们?|单位|内部)(?:里|的|自己的?)?(?:规定|要求|制度|规矩|手册|预案|流程)|手册[里上]|"
    r"\b(?:our|company|internal)(?: own)? (?:policy|rules?|manual|handbook|procedure)\b",
    re.IGNORECASE,
)
# Who approves or signs, by which form, in which steps: a company settles that itself, hardly any law does.
_SETTLED_INSIDE = re.compile(
    r"谁(?:来|能|可以|去|给)?(?:批|签|点头|审批|说了算)|(?:找|问|报给?|交给?)(?:谁|哪个(?:部门|岗))|"
    r"几个人(?:批|签|同意|在场)|(?:走|是)?(?:什么|啥|哪些|怎么个)(?:流程|手续)|"
    r"(?:哪|什么|啥)(?:张|个|份)?(?:表单?|单子?)(?!位)|填(?:什么|啥|哪)|"
    r"\bwho\s+(?:(?:can|may|must|should|has to|have to|needs? to|do I|do we|should I)\s+)*"
    r"(?:approves?|signs?|call|ask|tell|report to|handles?|checks?|watch(?:es)?)\b|\b(?:which|what) (?:form|slip)\b",
    re.IGNORECASE,
)


def rules_found(search: Search, question: ClearedText, follow_up: FollowUp | None) -> list[OwnRule]:
    """Those that answer a question, best first; to which article says so, by the other words."""
    to_tell = partial(rules_to_tell, search)
    found = to_tell(what_it_is_about(question))
    return rules_of_follow_up(found, follow_up, to_tell)[:_MOST] if follow_up else found


def rules_to_tell(search: Search, question: ClearedText) -> list[OwnRule]:
    """Those that may answer and may be told, best first."""
    found = search.library.own_rules(
        question, as_of=search.as_of, audience=search.audience, limit=_MOST
    )
    return [
        rule
        for rule in found
        if rule.score >= OWN_RULE_BESIDE
        and holds_what_is_asked(question.text, rule.words)
        and may_be_told(rule.words, search.published)
        and _is_there(search.library, rule.words)
        and not (permits(rule.words) and law_says_otherwise(rule.words))
    ]


def on_one_thing(rules: Sequence[OwnRule], question: str) -> list[OwnRule]:
    """The first of some rules, and those related to it or to the question."""
    return [
        rule
        for rule in rules
        if rule is rules[0]
        or related(f"{rule.section.heading}{rule.said}", question, rules[0].said)
    ]


def related(told: str, question: str, headline: str) -> bool:
    """Whether what is told beside the headline speaks of a thing that it or the question speaks of."""
    return share_something(told, question) or bool(things(told) & things(headline))


@lru_cache(maxsize=1024)
def law_says_otherwise(words: str) -> bool:
    """Whether what a rule allows, or frees from, is an unlawful wish, or of a matter on which the duties that
    come nearest say anything but that it is allowed. Of a rule the same whatever is asked."""
    if refusal_for(words):
        return True
    hits = duty_search().search(public_text(words, source="company policy"), limit=DUTIES)
    near = [hit.duty for hit in hits if hit.score >= NEARLY * hits[0].score]
    about = things(words)
    return any(about & things(one.said.zh) and not _allows(one.duty, about) for one in near)


def _allows(duty: str, about: frozenset[str]) -> bool:
    """Whether a clause of the duty that speaks of one of these things allows or frees."""
    return any(permits(clause) and about & things(clause) for clause in CLAUSE.split(duty))


def around(rule: OwnRule) -> tuple[str, str]:
    """A rule with what is said around it in the same breath: letter for letter, and to be read.

    A short section, list or paragraph is told whole, one of a few lines with the sentence that answers first;
    of a longer one that sentence and those behind it.
    """
    section = rule.section.text
    lines = section.split("\n")
    at = next((row for row, line in enumerate(lines) if rule.words in line), None)
    if at is None:
        return rule.words, rule.said
    listed, on = _listed(lines, at, rule.words), _from_here_on(lines[at], rule.words)
    if _may_stand(section) and len(section) <= _LONGEST_WHOLE:
        return section, _read(section)
    for words in (*listed, *_few_lines(section), *_whole(lines[at]), *on):
        if _may_stand(words):
            turned = words == section and not _are_steps(lines)
            return words, _first(rule.words, words) if turned else _read(words)
    return rule.words, rule.said


def _may_stand(words: str) -> bool:
    """Whether words may be told whole: no row of a table, nothing that allows, nothing that may not be told."""
    return not (_CELLS.search(words) or permits(words)) and may_be_told(words)


def _read(words: str) -> str:
    return "".join(without_mark(one) for one in words.split("\n"))


def _few_lines(section: str) -> Sequence[str]:
    few = len(section) <= _LONGEST_TURNED and section.count("\n") < _FEW_LINES
    return [section] if few else []


def _first(words: str, section: str) -> str:
    """A section to be read, the sentence these words stand in first."""
    at = section.find(words)
    lead = [*_SENTENCE_ENDS.finditer(section, 0, at)]
    begin = lead[-1].end() if lead else 0
    behind = _SENTENCE_ENDS.search(section, at + len(words) - 1)
    end = behind.end() if behind else len(section)
    return "".join(map(_read, (section[begin:end], section[:begin], section[end:])))


def _whole(words: str) -> Sequence[str]:
    return [words] if len(words) <= _LONGEST_WHOLE else []


def _listed(lines: Sequence[str], at: int, words: str) -> Iterator[str]:
    """The list these words of a line stand in or before, and what introduces it, ever less of it."""
    begin = next((row for row in range(at, -1, -1) if lines[row].endswith(("：", ":"))), None)
    if begin is None and _are_steps(lines):
        # The one that was met is not all that is to be done.
        steps = "\n".join(lines)
        if len(steps) <= _LONGEST_LIST:
            yield steps
    if begin is not None:
        first = _begin(lines[begin], words if begin == at else "：")
        for end in range(len(lines), max(at, begin + 1), -1):
            listed = "\n".join(lines[begin:end])[first:]
            if len(listed) <= _LONGEST_LIST:
                yield listed


def _are_steps(lines: Sequence[str]) -> bool:
    return all(map(_STEP.match, lines))


def _from_here_on(line: str, words: str) -> Iterator[str]:
    """The line from the sentence of these words on, ever less of it."""
    begin, least = _begin(line, words), line.find(words) + len(words)
    for end in (len(line), *(found.end() for found in reversed([*_ENDS.finditer(line)]))):
        if least <= end <= begin + _LONGEST_ON:
            yield line[begin:end]


def _begin(line: str, words: str) -> int:
    """Where the sentence begins in which these words stand last."""
    return max((found.end() for found in _ENDS.finditer(line, 0, line.rfind(words))), default=0)


def leads_before(
    library: Library, question: ClearedText, rule: OwnRule, duties: Sequence[DutyHit]
) -> bool:
    """Whether a rule is told before the duties found, best first: it was asked for, or likely answers.

    Before a duty that a question as good as this one was reviewed for it must surely do so. What allows
    something, or frees from it, never comes before a duty.
    """
    text = question.text
    place = place_asked(text)
    if _LAW_ASKED.search(text) or place is Texts.LAW or (duties and permits(rule.words)):
        return False
    likely = rule.score >= (_OWN_RULE_INSIDE if _SETTLED_INSIDE.search(text) else OWN_RULE)
    if not duties:
        return likely
    if is_open(text) and (_OWN_RULE_ASKED.search(text) or place is Texts.OWN):
        return True
    # The first may stand there for another, whose regime it belongs to.
    best = max(duties, key=lambda hit: hit.share)
    # Of what is disputed both readings are told first.
    if best.duty.readings and best.share >= SURELY_OF_DUTY:
        return False
    likeness = max((one for _, one in library.asked_of(question, best.duty)), default=0.0)
    if likeness >= LIKE_ENOUGH and rule.score < OWN_RULE_SURE:
        return False
    return likely


def _is_there(library: Library, words: str) -> bool:
    """Whether every article the words name is there, as far as its text is loaded."""
    named = library.addresses(words)
    return all(
        library.versions(one.instrument, one.article) or not library.instrument(one.instrument)
        for one in named
    )
