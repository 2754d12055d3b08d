"""What a question says about a record: its kind, holder, dates, disputes and holds."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field

from records.data_files import Entry, load
from tickets.dates_in_text import FoundDate, find_date, years_named
from tickets.retention.facts import Flag, HolderType, RecordFacts, RecordKind, StartEvent
from tickets.retention.rules import rulebook
from tickets.words_in_text import Pattern, said

_WORDS_FILE = Path(__file__).parent / "words.yaml"


class KindWords(Entry):
    """Words that name a kind of record."""

    kind: RecordKind
    words: Pattern


class HolderWords(Entry):
    """Words that name a holder."""

    holder: HolderType
    words: Pattern
    trade: Pattern = ""
    """Words of its trade that do not say who holds the record."""


class EventWords(Entry):
    """Words that name an event."""

    event: StartEvent
    words: Pattern


class FlagWords(Entry):
    """Words that settle a flag."""

    flag: Flag
    is_: bool = Field(alias="is")
    words: Pattern


class RecordWords(Entry):
    """words.yaml."""

    about: tuple[Pattern, ...]
    kinds: tuple[KindWords, ...]
    holders: tuple[HolderWords, ...]
    not_yet: Pattern
    events: tuple[EventWords, ...]
    closed: Pattern
    negated: Pattern
    whether_kept: Pattern
    disputes: Pattern
    holds: Pattern
    flags: tuple[FlagWords, ...]


@cache
def _words() -> RecordWords:
    return load(_WORDS_FILE, RecordWords)


def record_facts_from_text(text: str, *, today: date) -> RecordFacts | None:
    """The facts a question states, or None if it is not about keeping or destroying a record."""
    words, low = _words(), text.lower()
    kinds = _kinds(low, words)
    if not kinds or not is_about_keeping(low):
        return None
    kind = kinds[0]
    happened, not_happened = _events(low, words.events, words.not_yet)
    found = _dated(low, words.events, today)
    dates: dict[StartEvent, date] = {}
    event = None if not_happened else _event_of(kind, happened)
    if found and event:
        dates[event] = found.day
        happened -= {event}
    return RecordFacts(
        kind=kind,
        holder=next((h.holder for h in words.holders if re.search(h.words, low)), None),
        dates=dates,
        hold=_open(low, words.holds, words),
        dispute=_open(low, words.disputes, words),
        happened=frozenset(happened),
        not_happened=frozenset(not_happened),
        flags=_flags(low, words.flags),
        approximate=bool(dates) and found is not None and found.approximate,
        also=kinds[1:],
        whether_kept=bool(re.search(words.whether_kept, low)),
    )


def is_about_keeping(text: str) -> bool:
    """Whether a text speaks of keeping or destroying something."""
    return any(re.search(pattern, text.lower()) for pattern in _words().about)


# Said of everything; beside a named kind it adds nothing.
_GENERAL = frozenset({RecordKind.CLIENT_FILES, RecordKind.CUSTOMER_LIST})
_FINANCE = frozenset(HolderType) - {
    HolderType.COMPANY,
    HolderType.ECOMMERCE_PLATFORM,
    HolderType.MEDICAL,
    HolderType.CREDIT_AGENCY,
}
_CLAUSE = re.compile(r"[，,。；;、\n]")


def kind_spans(text: str) -> list[tuple[int, int]]:
    """Where a text names kinds of records, in order; what is said of everything only if alone."""
    found = _found(text.lower(), _words().kinds)
    named = [one for one in found if one[2] not in _GENERAL] or found
    return sorted((start, end) for start, end, _ in named)


def first_kind(text: str) -> RecordKind | None:
    """The kind of record that a text names first."""
    found = sorted(_found(text.lower(), _words().kinds))
    return found[0][2] if found else None


def events_named(text: str) -> frozenset[StartEvent]:
    """The events that a text names, whether or not they happened."""
    low = text.lower()
    return frozenset(one.event for one in _words().events if re.search(one.words, low))


def binds_others(binds: Iterable[str], holder: HolderType, text: str) -> bool:
    """Whether all whom a rule binds are companies of another trade, and the text speaks of none of them."""
    low = text.lower()
    for bound in binds:
        trade = next((one for one in _words().holders if re.search(one.words, bound)), None)
        if trade is None or _alike(trade.holder, holder):
            return False
        if re.search(f"{trade.words}|{trade.trade}" if trade.trade else trade.words, low):
            return False
    return True


def _alike(one: HolderType, other: HolderType) -> bool:
    """What binds financial institutions binds insurers and brokers too."""
    return one is other or {one, other} <= _FINANCE


def holder_spans(text: str) -> list[tuple[int, int]]:
    """Where a text says who holds the record: the surest word for it alone."""
    matches = (re.search(one.words, text.lower()) for one in _words().holders)
    return [match.span() for match in matches if match][:1]


def holder_named(text: str) -> HolderType | None:
    """The kind of company that the whole of a text names, such as 银行; None where it says more."""
    low = text.strip().lower()
    return next((h.holder for h in _words().holders if re.fullmatch(h.words, low)), None)


def _found(text: str, known: Iterable[KindWords]) -> list[tuple[int, int, RecordKind]]:
    """Where each kind is named. Words inside longer ones count once."""
    spans: list[tuple[int, int, RecordKind]] = []
    for one in known:
        for match in re.finditer(one.words, text):
            if not any(start < match.end() and match.start() < end for start, end, _ in spans):
                spans.append((match.start(), match.end(), one.kind))
    return spans


def _kinds(text: str, words: RecordWords) -> tuple[RecordKind, ...]:
    """The kinds named, the one that must be kept longest first.

    What ended (ended the contract, 合同到期) is none of them, where another is named.
    """
    found = _found(text, words.kinds)
    ends = [match.span() for one in words.events for match in re.finditer(one.words, text)]
    others = [
        one for one in found if not any(begin <= one[0] and one[1] <= end for begin, end in ends)
    ]
    kinds = list(dict.fromkeys(kind for _, _, kind in others or found))
    named = [kind for kind in kinds if kind not in _GENERAL] or kinds
    return tuple(sorted(named, key=rulebook().longest_minimum, reverse=True))


def _dated(text: str, events: Iterable[EventWords], today: date) -> FoundDate | None:
    """The date of what ended; None where several dates stand and none is plainly its own."""
    clauses = [one for one in _CLAUSE.split(text) if find_date(one, today)]
    if len(clauses) > 1:
        said = [c for c in clauses if any(re.search(one.words, c) for one in events)]
        clauses = said if len(said) == 1 else []
    elif not clauses:
        return find_date(text, today)
    if not clauses or len(years_named(clauses[0], today)) > 1:
        return None
    return find_date(clauses[0], today)


# A bare date beside these is the record's own ("2015年的会计凭证"). Any other event must be
# named: "三年没有联系" does not say that the relationship ended.
_BARE = frozenset(StartEvent) - {
    StartEvent.RELATIONSHIP_ENDED,
    StartEvent.ACCOUNT_CLOSED,
    StartEvent.CONSENT_WITHDRAWN,
    StartEvent.PURPOSE_ACHIEVED,
    StartEvent.EMPLOYMENT_ENDED,
    StartEvent.DISPUTE_CLOSED,
    StartEvent.LAST_VISIT,
    StartEvent.LAST_DISCHARGE,
    StartEvent.BAD_CONDUCT_ENDED,
}


def _event_of(kind: RecordKind, happened: set[StartEvent]) -> StartEvent | None:
    """The event a date belongs to: the one named, otherwise the record's own making."""
    own = rulebook().kinds[kind].event
    if not happened:
        return own if own in _BARE else None
    # An employee's contract "terminated" has ended the employment, not a client relationship.
    if own in happened or own is StartEvent.EMPLOYMENT_ENDED:
        return own
    return next(event for event in StartEvent if event in happened)


def _events(
    text: str, events: Iterable[EventWords], not_yet: str
) -> tuple[set[StartEvent], set[StartEvent]]:
    happened: set[StartEvent] = set()
    waiting: set[StartEvent] = set()
    for one in events:
        for match in re.finditer(one.words, text):
            before = text[max(0, match.start() - 16) : match.start()]
            (waiting if re.search(not_yet, before) else happened).add(one.event)
    return happened, waiting - happened


def _open(text: str, pattern: str, words: RecordWords) -> bool:
    """True if the word occurs, is not denied before it and not closed right after it."""
    return any(
        not re.match(rf"\s*(?<!没)(?<!未)(?:{words.closed})", text[match.end() : match.end() + 16])
        for match in said(pattern, text, denied_by=words.negated)
    )


def _flags(text: str, flags: Iterable[FlagWords]) -> dict[Flag, bool]:
    found: dict[Flag, bool] = {}
    for one in flags:
        if one.flag not in found and re.search(one.words, text):
            found[one.flag] = one.is_
    return found
