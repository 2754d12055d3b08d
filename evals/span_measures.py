"""Gold spans against found spans: characters covered, precision, leaks, traps."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evals.datasets.business_documents import BusinessDocument, Span

CHECKSUMMED = frozenset({"resident_id", "bank_card"})
# Codes of firms: a policy may mask or keep them.
NEITHER = frozenset({"credit"})


@dataclass(frozen=True, slots=True)
class Read:
    """A document and what a detector would treat in it, offsets in the document."""

    document: BusinessDocument
    found: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of a set of documents. Shares are 0 to 1; 1.0 where there was nothing to find."""

    documents: int
    names_covered: float
    names_precision: float
    addresses_covered: float
    addresses_precision: float
    ids_recall: float
    ids_precision: float
    others_whole: float
    traps_kept: float
    leak_rate: float
    """The share of documents in which any part of any personal value is left."""


def measure(reads: Sequence[Read]) -> Measures:
    """All figures at once."""
    names, addresses = frozenset({"person_name", "surname"}), frozenset({"address"})
    return Measures(
        documents=len(reads),
        names_covered=covered(reads, names),
        names_precision=precision(reads, names),
        addresses_covered=covered(reads, addresses),
        addresses_precision=precision(reads, addresses),
        ids_recall=whole(reads, lambda kind: kind in CHECKSUMMED),
        ids_precision=precision(reads, CHECKSUMMED),
        others_whole=whole(reads, lambda kind: kind not in CHECKSUMMED | names | addresses),
        traps_kept=_share(
            not _meets(trap, read)
            for read in reads
            for trap in read.document.traps
            if trap.kind not in NEITHER
        ),
        leak_rate=1 - _share(not leaks(read) for read in reads),
    )


def covered(reads: Iterable[Read], kinds: frozenset[str]) -> float:
    """The share of letters and digits of gold spans of these kinds that lie in any found span."""
    inside = total = 0
    for read in reads:
        for gold in read.document.personal:
            if gold.kind in kinds:
                left = _left(gold, read)
                total += _letters(read.document.text[gold.start : gold.end])
                inside += _letters(read.document.text[gold.start : gold.end]) - left
    return inside / total if total else 1.0


def precision(reads: Iterable[Read], kinds: frozenset[str]) -> float:
    """The share of found spans of these kinds that meet anything personal of the same kinds."""
    return _share(
        any(g.kind in kinds and _overlap(g, f) for g in read.document.personal)
        for read in reads
        for f in read.found
        if f.kind in kinds
    )


def whole(reads: Iterable[Read], wanted: Callable[[str], bool]) -> float:
    """The share of gold spans of which nothing is left."""
    return _share(
        _left(gold, read) == 0
        for read in reads
        for gold in read.document.personal
        if wanted(gold.kind)
    )


def leaks(read: Read) -> list[str]:
    """The kinds and values of which something is left."""
    text = read.document.text
    return [
        f"{gold.kind}: {text[gold.start : gold.end]}"
        for gold in read.document.personal
        if _left(gold, read)
    ]


def spoiled(read: Read) -> list[str]:
    """Found spans that meet nothing personal."""
    text = read.document.text
    return [
        f"{f.kind}: {text[f.start : f.end]}"
        for f in read.found
        if not any(_overlap(gold, f) for gold in read.document.personal)
    ]


def _left(gold: Span, read: Read) -> int:
    uncovered = [
        read.document.text[at]
        for at in range(gold.start, gold.end)
        if not any(f.start <= at < f.end for f in read.found)
    ]
    return _letters("".join(uncovered))


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _meets(trap: Span, read: Read) -> bool:
    return any(_overlap(trap, found) for found in read.found)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _share(passed: Iterable[bool]) -> float:
    results = list(passed)
    return sum(results) / len(results) if results else 1.0
