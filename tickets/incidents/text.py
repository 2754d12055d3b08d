"""What a report says of an incident: its kind, how many people, what data, crime or not."""

import re
from functools import cache
from pathlib import Path

from records.data_files import Entry, load
from tickets.incidents.facts import IncidentFacts, IncidentKind
from tickets.numbers_in_text import NUMBER, number, plain_numbers
from tickets.words_in_text import Pattern, said

_WORDS_FILE = Path(__file__).parent / "words.yaml"


class KindWords(Entry):
    """Words that name a kind of incident."""

    kind: IncidentKind
    words: Pattern


class IncidentWords(Entry):
    """words.yaml."""

    kinds: tuple[KindWords, ...]
    sensitive: Pattern
    not_sensitive: Pattern
    minors: Pattern
    eu: Pattern
    crime: Pattern
    critical: Pattern
    central: Pattern
    bank: Pattern
    archives: Pattern
    negated: Pattern
    people_after: Pattern
    people_bare: Pattern
    people_before: Pattern
    not_people: Pattern


@cache
def _words() -> IncidentWords:
    return load(_WORDS_FILE, IncidentWords)


def facts_from_text(text: str) -> IncidentFacts:
    """The facts a report states; what it does not state stays unknown or False."""
    words, low = _words(), plain_numbers(text)
    kind = next(
        (one.kind for one in words.kinds if any(said(one.words, low, denied_by=words.negated))),
        IncidentKind.OTHER,
    )

    def says(pattern: str) -> bool:
        return any(said(pattern, low, denied_by=words.negated))

    return IncidentFacts(
        kind=kind,
        people=_people(low, words),
        sensitive=_sensitive(low, words),
        critical_infrastructure=says(words.critical),
        minors=says(words.minors),
        eu_residents=says(words.eu),
        suspected_crime=says(words.crime) or kind is IncidentKind.RANSOMWARE,
        central_organ=says(words.central),
        bank=says(words.bank),
        archives=says(words.archives),
    )


def _sensitive(text: str, words: IncidentWords) -> bool | None:
    if re.search(words.not_sensitive, text):
        return False
    return True if any(said(words.sensitive, text, denied_by=words.negated)) else None


def _people(text: str, words: IncidentWords) -> int | None:
    """The largest count of people or records; records count as people, the stricter reading."""
    counts = [
        value
        for match in re.finditer(NUMBER, text)
        if (value := number(match[0])) is not None
        and value > 0
        and _counts_people(text, match, words)
    ]
    return max(counts, default=None)


def _counts_people(text: str, match: re.Match[str], words: IncidentWords) -> bool:
    after = text[match.end() : match.end() + 40]
    # 几百, 数千, 上万 are no figure: unknown is handled as the graver case.
    if text[: match.start()].endswith(("几", "数", "上", "成")):
        return False
    if re.match(words.not_people, after):
        return False
    if re.match(words.people_after, after):
        return True
    before = text[max(0, match.start() - 16) : match.start()]
    return bool(re.match(words.people_bare, after) and re.search(words.people_before, before))
