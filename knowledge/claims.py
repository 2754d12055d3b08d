"""Who may be which version: two files that claim the same are both refused, and told of each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from knowledge.errors import SameVersionTwice
from knowledge.levels import Level, Standing
from knowledge.policies import SkippedFile
from knowledge.store import Document

_NONE: Mapping[str, Document] = MappingProxyType({})


@dataclass(frozen=True)
class Judged:
    """What may be stored, what was refused, and the ids that stay as they are in the database."""

    documents: tuple[Document, ...]
    refused: tuple[SkippedFile, ...] = ()
    contested: frozenset[str] = frozenset()


def judge(documents: Iterable[Document], *, taken: Mapping[str, Document] = _NONE) -> Judged:
    """Each version once; `taken` is what another kind of source holds already, by id.

    A copy of that, word for word, is left out without a word.
    """
    by_claim: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        by_claim[_claim(document)].append(document)
    undated = _undated(by_claim)
    clear: list[Document] = []
    refused: list[SkippedFile] = []
    contested: set[str] = set()
    for group in by_claim.values():
        rivals = group if len(group) > 1 else undated.get(group[0].id, group)
        for one in group:
            if one.id in taken:
                held = taken[one.id]
                if words_of(held) != words_of(one):
                    refused.append(_refusal(one, held.source))
            elif len(rivals) == 1:
                clear.append(one)
            else:
                other = next(rival for rival in rivals if rival.source != one.source)
                refused.append(_refusal(one, other.source))
                contested.add(one.id)
    return Judged(tuple(clear), tuple(refused), frozenset(contested))


def words_of(document: Document) -> list[tuple[str, str]]:
    """What a version says, article by article."""
    return [(one.article, one.text) for one in document.provisions]


def _claim(document: Document) -> tuple[str, str]:
    if document.level is Level.POLICY:
        return document.name, document.particulars.version or str(document.effective_from)
    return document.name, document.id


def _undated(by_claim: dict[tuple[str, str], list[Document]]) -> dict[str, list[Document]]:
    """Policies of one title of which one names no day: nobody could say which holds."""
    titles: dict[str, list[Document]] = defaultdict(list)
    for group in by_claim.values():
        for one in group:
            if one.level is Level.POLICY and one.ends_as is not Standing.DRAFT:
                titles[one.name].append(one)
    return {
        one.id: versions
        for versions in titles.values()
        if len(versions) > 1 and any(v.effective_from is None for v in versions)
        for one in versions
    }


def _refusal(document: Document, other: str) -> SkippedFile:
    return SkippedFile(document.source, SameVersionTwice(document.source, other).message)
