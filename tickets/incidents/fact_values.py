"""The facts of an incident as people give them: what may be said of each, and how it is read."""

from collections.abc import Mapping

from records.errors import BadInput
from tickets.incidents.facts import COUNTS, MAYBE, IncidentFacts, IncidentKind
from tickets.numbers_in_text import number

Fact = IncidentKind | int | bool | None
NAMES = tuple(IncidentFacts.__dataclass_fields__)
HIGHEST = {"loss_yuan": 10**13}
MOST = 2_000_000_000
YES = frozenset({"yes", "y", "true", "是", "有"})
NO = frozenset({"no", "n", "false", "否", "无", "没有"})


def check_facts(facts: Mapping[str, Fact]) -> None:
    """Nothing, or BadInput for a fact nobody knows of or a value it cannot have."""
    if set(facts) <= set(NAMES) and all(_fits(name, value) for name, value in facts.items()):
        return
    raise BadInput(
        "事实只能是：种类、人数等数字（非负整数或不明）、是否敏感和是否重要数据（是、否、不明）"
        "以及是或否的各项。",
        "Facts are: kind, figures such as people (a whole number or unknown), sensitive and "
        "important data (yes, no, unknown), and the others yes or no.",
    )


def _fits(name: str, value: Fact) -> bool:
    if name == "kind":
        return isinstance(value, IncidentKind)
    if name in COUNTS:
        return value is None or (type(value) is int and 0 <= value <= HIGHEST.get(name, MOST))
    return isinstance(value, bool) or (value is None and name in MAYBE)


def read_fact(name: str, untrusted_text: str) -> Fact:
    """A fact as typed: 1200, 1.2万, yes, 否; nothing typed is unknown. Raises BadInput."""
    text = untrusted_text.strip().lower()
    if name == "kind":
        if text in set(IncidentKind):
            return IncidentKind(text)
    elif not text:
        return None if name in COUNTS | MAYBE else False
    elif name in COUNTS:
        value = number(text)
        if value is not None and _fits(name, value):
            return value
    elif text in YES | NO:
        return text in YES
    raise BadInput(
        "请填数字（如 1200、1.2万）或“是”“否”；不清楚就留空。",
        "Give a number (1200, 1.2万) or yes or no; leave it empty if unknown.",
    )


def read_facts(untrusted: Mapping[str, str]) -> dict[str, Fact]:
    """Every fact that was answered. Raises BadInput."""
    return {
        name: read_fact(name, untrusted[name]) for name in NAMES if untrusted.get(name, "").strip()
    }
