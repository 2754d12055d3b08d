"""What went wrong, where a question tells it, in whatever words: its name, the first step, what not to do."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from knowledge.library import OwnRule
from pii.cleared import ClearedText, public_text
from records.data_files import Entry, Said, load
from records.language import Bilingual, Language
from tickets.incidents.facts import IncidentFacts, IncidentKind
from tickets.incidents.text import facts_from_text
from tickets.playbooks.data import choose
from tickets.words_in_text import Pattern

FILE = Path(__file__).with_suffix(".yaml")
# What makes a question one of an incident that may have happened.
HAPPENED = re.compile(
    r"泄露|泄漏|丢了|丢失|被盗|失窃|发错|误发|勒索|黑客|入侵|breach|leak|lost|stolen|ransom", re.I
)
# A plan for incidents answers what is asked of one, or of the plan.
_PLAN = re.compile(r"应急.{0,2}预案|事件.{0,4}预案|\bincident\b.{0,20}\bplan\b", re.IGNORECASE)
_ASKED_OF = re.compile(
    r"应急|事件|事故|预案|外泄|丢|遗失|被[偷黑]|值班|incident|\blost\b|hack|emergency|wrong (?:person|address)|"
    + HAPPENED.pattern,
    re.IGNORECASE,
)


class _Named(Entry):
    kind: IncidentKind
    called: Said
    tells: Pattern


class _Act(Entry):
    kind: IncidentKind
    act: Pattern
    forbidden: Pattern
    says: Said


class _File(Entry):
    only_asked: Pattern
    happened: Pattern
    keeps_from_harm: Pattern
    named: tuple[_Named, ...]
    acts: tuple[_Act, ...]


@cache
def _file() -> _File:
    return load(FILE, _File)


def incident_in(question: str) -> IncidentKind | None:
    """The kind of incident a question tells of; None where it only asks about one, or of none."""
    file, low = _file(), question.lower()
    if re.search(file.only_asked, low):
        return None
    kind = facts_from_text(question).kind
    if not kind.is_breach or kind is IncidentKind.OTHER:
        return None
    return kind if _named(kind) or re.search(file.happened, low) else None


def keeps_from_harm(question: str) -> bool:
    """Whether, something having gone wrong, it is asked of an act that limits the harm: no weighed word forbids it."""
    return bool(HAPPENED.search(question) and re.search(_file().keeps_from_harm, question.lower()))


def with_its_name(
    question: ClearedText, kind: IncidentKind | None, language: Language
) -> ClearedText:
    """The question with what a policy calls the incident; as it was where it says so or that has no name.

    The name is a word of ours: what was cleared stays so.
    """
    named = _named(kind)
    if named is None or re.search(named.tells, question.text.lower()):
        return question
    called = named.called.both().pick(language)
    # Ways of asking are read from the end in Chinese, from the beginning in English.
    chinese = language is Language.ZH
    text = f"{called}：{question.text}" if chinese else f"{question.text} ({called})"
    return replace(question, text=text)


def rules_on(
    kind: IncidentKind | None, search: Callable[[ClearedText], Sequence[OwnRule]]
) -> list[OwnRule]:
    """The rule of the company's section on such incidents, where it has one."""
    named = _named(kind)
    if named is None:
        return []
    found = search(public_text(named.called.zh, source="kind of incident"))
    return [rule for rule in found if re.search(named.tells, rule.section.heading.lower())][:1]


def but_plans(rules: list[OwnRule], question: str, kind: IncidentKind | None) -> list[OwnRule]:
    """The rules without those of a plan for incidents, where neither one is told nor is asked of one."""
    if kind or _ASKED_OF.search(question):
        return rules
    return [rule for rule in rules if not _PLAN.search(rule.section.instrument)]


def warning(question: str, kind: IncidentKind | None, rule: str) -> Bilingual | None:
    """What not to do, where the question speaks of doing it and the rule forbids it."""
    asked, told = question.lower(), rule.lower()
    for one in _file().acts:
        if one.kind is kind and re.search(one.act, asked) and re.search(one.forbidden, told):
            return one.says.both()
    return None


def first_step(kind: IncidentKind) -> Bilingual:
    """What the playbook of such incidents begins with."""
    return choose(IncidentFacts(kind=kind)).steps[0].text


def _named(kind: IncidentKind | None) -> _Named | None:
    return next((one for one in _file().named if one.kind is kind), None)
