"""Facts of a record as somebody gives them, by the names under which the engine asks for them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from records.errors import BadInput
from tickets.retention.facts import Flag, HolderType, RecordFacts, RecordKind, StartEvent

_YES_NO = {"yes": True, "no": False}
# Asked as one question; either day ends the purpose.
_PURPOSE = "purpose"


def with_facts(facts: RecordFacts, given: Mapping[str, str]) -> RecordFacts:
    """The facts with those given: `holder` and `record_kind` by their words, days as 2026-11-23, yes or no.

    Raises BadInput naming the fact that is not known or cannot be read.
    """
    for name, text in given.items():
        facts = _with(facts, name, text.strip())
    return facts


def _with(facts: RecordFacts, name: str, text: str) -> RecordFacts:
    try:
        if name == "holder":
            return replace(facts, holder=HolderType(text))
        if name == "record_kind":
            return replace(facts, kind=RecordKind(text), also=())
        if name in set(Flag):
            return replace(facts, flags={**facts.flags, Flag(name): _YES_NO[text]})
        event = StartEvent.PURPOSE_ACHIEVED if name == _PURPOSE else StartEvent(name)
        day = date.fromisoformat(text)
    except (ValueError, KeyError):
        raise BadInput(*_unreadable(name)) from None
    return replace(
        facts,
        dates={**facts.dates, event: day},
        not_happened=facts.not_happened - {event},
        approximate=False,
    )


def _unreadable(name: str) -> tuple[str, str]:
    if name == "holder":
        words = ", ".join(HolderType)
    elif name == "record_kind":
        words = ", ".join(RecordKind)
    elif name in set(Flag):
        words = "yes, no"
    elif name == _PURPOSE or name in set(StartEvent):
        return f"{name} 请写日期，如 2026-11-23。", f"Give {name} as a day like 2026-11-23."
    else:
        words = ", ".join(("holder", "record_kind", *StartEvent, *Flag))
        return f"没有这一项。可以补充：{words}。", f"There is no such fact. There are: {words}."
    return f"{name} 请从这些里选：{words}。", f"Choose {name} from: {words}."
