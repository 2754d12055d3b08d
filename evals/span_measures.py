"""Gold spans against found spans: characters covered, precision, leaks, traps."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evals.datasets.business_documents import BusinessDocument, Span

CHECKSUMMED = frozenset({"resident_id", "bank_card"})
# Codes of firms: a policy may mask or keep them. A district beside an address may go with it.
NEITHER = frozenset({"credit", "place"})


@dataclass(frozen=True, slots=True)
class Read:
    """A document and what a detector would treat in it, offsets in the document."""

    document: BusinessDocument
    found: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the interval the true share lies in (Wilson, 95 %)."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share; 1.0 of nothing."""
        return self.hits / self.total if self.total else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end."""
        if not self.total:
            return 0.0, 1.0
        z = 1.96
        middle = self.value + z * z / (2 * self.total)
        reach = z * math.sqrt(
            self.value * (1 - self.value) / self.total + (z / (2 * self.total)) ** 2
        )
        scale = 1 + z * z / self.total
        return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.2%} ({self.hits}/{self.total}; {low:.2%}–{high:.2%})"


@dataclass(frozen=True, slots=True)
class KindMeasure:
    """One kind: gold spans of which nothing is left, found spans that meet something personal."""

    kind: str
    recall: Share
    precision: Share


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
        ids_precision=precision(reads, CHECKSUMMED, of_any_kind=True),
        others_whole=whole(reads, lambda kind: kind not in CHECKSUMMED | names | addresses),
        traps_kept=_share(
            not _meets(trap, read)
            for read in reads
            for trap in read.document.traps
            if trap.kind not in NEITHER
        ),
        leak_rate=1 - _share(not leaks(read) for read in reads),
    )


def by_kind(reads: Sequence[Read]) -> list[KindMeasure]:
    """Recall and precision of each kind that occurs, the most frequent first."""
    gold, whole_ones, found, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for read in reads:
        for span in read.document.personal:
            gold[span.kind] += 1
            whole_ones[span.kind] += _left(span, read) == 0
        for span in read.found:
            found[span.kind] += 1
            right[span.kind] += any(_overlap(g, span) for g in read.document.personal)
    return [
        KindMeasure(kind, Share(whole_ones[kind], gold[kind]), Share(right[kind], found[kind]))
        for kind, _ in (gold + found).most_common()
    ]


def over_redaction(reads: Sequence[Read]) -> Share:
    """Letters and digits treated although nobody's, of all that are nobody's."""
    lost = total = 0
    for read in reads:
        personal = _places(read.document.personal) | _places(
            trap for trap in read.document.traps if trap.kind in NEITHER
        )
        nobodys = {at for at, char in enumerate(read.document.text) if char.isalnum()} - personal
        total += len(nobodys)
        lost += len(nobodys & _places(read.found))
    return Share(lost, total)


def _places(spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


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


def precision(reads: Iterable[Read], kinds: frozenset[str], *, of_any_kind: bool = False) -> float:
    """The share of found spans of these kinds that meet anything personal of the same kinds.

    A driving licence's number is an identity number, so for those any kind will do.
    """
    return _share(
        any((of_any_kind or g.kind in kinds) and _overlap(g, f) for g in read.document.personal)
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
