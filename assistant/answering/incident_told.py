"""What went wrong, where a question tells it, in whatever words: its name, the first step, what not to do."""

import re
from functools import cache
from pathlib import Path

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


def with_its_name(question: str, kind: IncidentKind | None, language: Language) -> str:
    """The question with what a policy calls the incident; as it was where it says so or that has no name."""
    named = _named(kind)
    if named is None or re.search(named.tells, question.lower()):
        return question
    called = named.called.both().pick(language)
    # Ways of asking are read from the end in Chinese, from the beginning in English.
    return f"{called}：{question}" if language is Language.ZH else f"{question} ({called})"


def name_of(kind: IncidentKind | None) -> Bilingual | None:
    """What a policy calls such incidents."""
    named = _named(kind)
    return named.called.both() if named else None


def tells_of(kind: IncidentKind | None, heading: str) -> bool:
    """Whether a section is the one on such incidents."""
    named = _named(kind)
    return named is not None and bool(re.search(named.tells, heading.lower()))


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
