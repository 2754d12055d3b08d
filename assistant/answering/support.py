"""Does a text carry a statement? What a model words is held to it; reviewed wording is not.

Two plain tests, meant to refuse too much rather than too little. Polarity: a statement that permits
needs a permission in the words it quotes, one that forbids or obliges needs a duty there. Overlap:
a statement shares enough of its words with what it rests on.
"""

import re

# Share of the statement's word pairs that its sources must hold.
OVERLAP = 0.3

_FORBIDS = re.compile(
    r"不得|不能|不可以|不可(?!抗|缺)|不允许|不准|禁止|严禁|"
    r"\b(?:must|may|can|shall)\s+not\b|\bcannot\b|\bprohibited\b|\bforbidden\b|\bno one may\b",
    re.IGNORECASE,
)
_PERMITS = re.compile(
    r"可以|准许|允许|无需|无须|不用|不必|不需要?|除外|免予|"
    r"\b(?:may|can|allowed|permitted|need not|not required|no need|without)\b",
    re.IGNORECASE,
)
_OBLIGES = re.compile(
    r"应当|应该|必须|须|需要|要|至少|不少于|\b(?:must|shall|should|have to|has to|required|need to|at least)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]{3,}")
_HAN = re.compile(r"[㐀-鿿]+")


def carries(statement: str, *, quoted: str, sources: str) -> bool:
    """Whether the quoted words and the sources behind them carry the statement."""
    return _polarity_holds(statement, quoted) and overlap(statement, sources) >= OVERLAP


def overlap(statement: str, sources: str) -> float:
    """The share of the statement's pairs of characters (or English words) found in the sources."""
    said = _pieces(statement)
    return len(said & _pieces(sources)) / len(said) if said else 0.0


def _polarity_holds(statement: str, quoted: str) -> bool:
    forbidden = _FORBIDS.search(quoted)
    left = _FORBIDS.sub(" ", statement)
    if _PERMITS.search(left) and not _PERMITS.search(_FORBIDS.sub(" ", quoted)):
        return False
    if left != statement or _OBLIGES.search(left):
        return bool(forbidden or _OBLIGES.search(quoted))
    return True


def _pieces(text: str) -> set[str]:
    pairs = {run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1)}
    return pairs | set(_WORD.findall(text.lower()))
