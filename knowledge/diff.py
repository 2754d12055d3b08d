"""Two versions of a text, article by article: what stayed, moved, changed, came and went."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Protocol

from records.language import Bilingual

# Shared character pairs, as a share of both articles', from which two are taken for the same rule.
# 0.45 keeps the 2023 and 1999 texts of one regulation apart where nothing but vocabulary is common.
ALIKE = 0.45
_SHORT_EQUAL = 2
# 2025 and 2027 are two numbers, not one with a digit changed.
_UNIT = re.compile(r"\d+|\D", re.DOTALL)


class Written(Protocol):
    """What is compared: an article's label, heading and words."""

    @property
    def article(self) -> str:
        """Its label."""

    @property
    def heading(self) -> str:
        """How the text writes it."""

    @property
    def text(self) -> str:
        """Its words."""


class Kind(StrEnum):
    """What happened to an article."""

    SAME = "same"
    CHANGED = "changed"
    RENUMBERED = "renumbered"
    RENUMBERED_CHANGED = "renumbered_changed"
    ADDED = "added"
    REMOVED = "removed"

    @property
    def label(self) -> Bilingual:
        """In words."""
        return _LABELS[self]


_LABELS = {
    Kind.SAME: Bilingual("未变", "unchanged"),
    Kind.CHANGED: Bilingual("有修改", "changed"),
    Kind.RENUMBERED: Bilingual("条号变动", "renumbered"),
    Kind.RENUMBERED_CHANGED: Bilingual("条号变动并修改", "renumbered and changed"),
    Kind.ADDED: Bilingual("新增", "added"),
    Kind.REMOVED: Bilingual("删除", "removed"),
}


class Mark(StrEnum):
    """What happened to some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Some words, and whether they stayed, went or came."""

    mark: Mark
    words: str


@dataclass(frozen=True)
class Change:
    """One article in both versions, or in one."""

    kind: Kind
    old_article: str | None
    old_heading: str | None
    new_article: str | None
    new_heading: str | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Diff:
    """Every article of both versions, in the order of the new one; what went stands where it was."""

    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[Kind, int]:
        """How many articles of each kind."""
        return dict(Counter(change.kind for change in self.changes))

    @property
    def touched(self) -> tuple[Change, ...]:
        """Those that are not as they were."""
        return tuple(change for change in self.changes if change.kind is not Kind.SAME)


def compare(old: Sequence[Written], new: Sequence[Written]) -> Diff:
    """The difference of two versions; an article that only moved is recognised by its words."""
    pairs = _aligned([_bare(one.text) for one in old], [_bare(one.text) for one in new])
    taken = {b: a for a, b in pairs.items()}
    gone = [a for a in range(len(old)) if a not in pairs]
    changes: list[Change] = []
    for b, article in enumerate(new):
        before = taken.get(b)
        if before is not None:
            while gone and gone[0] < before:
                changes.append(_removed(old[gone.pop(0)]))
            changes.append(_both(old[before], article))
        else:
            pieces = (Piece(Mark.NEW, article.text),)
            changes.append(Change(Kind.ADDED, None, None, article.article, article.heading, pieces))
    changes += [_removed(old[a]) for a in gone]
    return Diff(tuple(changes))


def _removed(article: Written) -> Change:
    pieces = (Piece(Mark.GONE, article.text),)
    return Change(Kind.REMOVED, article.article, article.heading, None, None, pieces)


def _both(old: Written, new: Written) -> Change:
    same = _bare(old.text) == _bare(new.text)
    moved = old.article != new.article
    kind = {
        (True, False): Kind.SAME,
        (True, True): Kind.RENUMBERED,
        (False, False): Kind.CHANGED,
        (False, True): Kind.RENUMBERED_CHANGED,
    }[same, moved]
    pieces = (Piece(Mark.SAME, new.text),) if same else tuple(pieces_of(old.text, new.text))
    return Change(kind, old.article, old.heading, new.article, new.heading, pieces)


def _bare(text: str) -> str:
    return "".join(text.split())


def _aligned(old: list[str], new: list[str]) -> dict[int, int]:
    """Which article of the old is which of the new: equal words first, then the most alike."""
    pairs: dict[int, int] = {}
    where: dict[str, list[int]] = {}
    for b, text in enumerate(new):
        where.setdefault(text, []).append(b)
    for a, text in enumerate(old):
        if where.get(text):
            pairs[a] = where[text].pop(0)
    left_old = [a for a in range(len(old)) if a not in pairs]
    used = set(pairs.values())
    left_new = [b for b in range(len(new)) if b not in used]
    scored = sorted(_likenesses(old, new, left_old, left_new), reverse=True)
    for score, _, a, b in scored:
        if score >= ALIKE and a not in pairs and b not in used:
            pairs[a] = b
            used.add(b)
    return pairs


def _likenesses(
    old: list[str], new: list[str], left_old: list[int], left_new: list[int]
) -> Iterator[tuple[float, int, int, int]]:
    """Likeness and nearness of each pair that shares a rare enough pair of characters."""
    grams_old = {a: _grams(old[a]) for a in left_old}
    grams_new = {b: _grams(new[b]) for b in left_new}
    holders: dict[str, list[int]] = {}
    for b, grams in grams_new.items():
        for gram in grams:
            holders.setdefault(gram, []).append(b)
    common = max(20, len(left_new) // 8)
    for a, grams in grams_old.items():
        candidates = Counter(
            b for gram in grams for b in holders.get(gram, ()) if len(holders[gram]) <= common
        )
        for b, _ in candidates.most_common(12):
            shared = sum((grams & grams_new[b]).values())
            total = sum(grams.values()) + sum(grams_new[b].values())
            yield (2 * shared / total if total else 0.0), -abs(a - b), a, b


def _grams(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1)) or Counter([text])


def pieces_of(old: str, new: str) -> Iterator[Piece]:
    """The words of both, marked; a stray character in common does not break a change apart."""
    before, after = _UNIT.findall(old), _UNIT.findall(new)
    gone, came = "", ""
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        alone = b - a <= _SHORT_EQUAL and (gone or came) and b < len(before)
        if tag == "equal" and not alone:
            yield from _flushed(gone, came)
            gone, came = "", ""
            yield Piece(Mark.SAME, "".join(before[a:b]))
        else:
            gone, came = gone + "".join(before[a:b]), came + "".join(after[c:d])
    yield from _flushed(gone, came)


def _flushed(gone: str, came: str) -> Iterator[Piece]:
    if gone == came:
        if gone:
            yield Piece(Mark.SAME, gone)
        return
    if gone:
        yield Piece(Mark.GONE, gone)
    if came:
        yield Piece(Mark.NEW, came)
