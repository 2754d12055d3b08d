"""A value found once with certainty is personal information wherever it stands in the document."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pii.findings import CERTAIN, Finding, resolve
from pii.firm_names import end_of_brand, short_forms
from pii.kinds import Kind
from pii.latin_names import LOWER, UPPER, latin_names
from pii.name_context import is_ordinary_word
from pii.occurrences import ValueIndex
from pii.surnames import surnames
from pii.words import is_cut_out

_HAN = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(rf"[{UPPER}][{LOWER}'’\-]+(?: (?:[A-Z]\.|[{UPPER}{LOWER}'’\-]+)){{1,3}}")
_WITH_GIVEN = re.compile(r"[㐀-鿿]{3,4}")
_BEFORE_GIVEN, _AFTER_GIVEN = (
    frozenset("叫给让请和跟找由问与对归陪等帮替派催是接送向带用说"),
    frozenset("说的来去已会在给也就和她他吗呢今明昨月数把被没不又还都要想先刚正"),
)
# 明远妈妈 is the mother of 明远; nobody is the mother of a word.
_OF_GIVEN = re.compile(
    r"(?:的?(?:妈妈|爸爸|妈|爸|奶奶|爷爷|外婆|外公|家长|姐姐|哥哥|妹妹|弟弟|媳妇|老公|老婆))(?![㐀-鿿]?[店家])"
)
_LEADS_TO_A_FIRM = frozenset("付方给找由经和与向同从")
_SHORTEST_PART = 4
_GIVEN, _SHORTEST_FIRM = 2, 6
PART = 0.7
"""The score of a part of a name: found elsewhere, but never the cause of further findings."""
BRAND = "brand"
"""The reason of a firm's brand that is looked for: it may be a word, too."""
_NOT_SPREAD = frozenset({Kind.ORGANISATION, Kind.BIRTH_DATE, Kind.COORDINATES})
# A password of letters and figures is no word; a door code of figures may be any number.
_MADE_UP = re.compile(r"(?=[!-~]*[A-Za-z])(?=[!-~]*\d)[!-~]{6,}")


@dataclass(frozen=True, slots=True)
class Known:
    """A value found with certainty in another file of the case."""

    kind: Kind
    value: str = field(repr=False)
    score: float


def spreads(kind: Kind, value: str, score: float) -> bool:
    """Whether the value is certain and particular enough to be looked for elsewhere."""
    if score < CERTAIN or kind in _NOT_SPREAD or "\n" in value:
        return False
    if kind is Kind.PASSWORD:
        return _MADE_UP.fullmatch(value) is not None
    if _HAN.search(value):
        return len(value) >= 2
    return sum(char.isalnum() for char in value) >= 6


def is_whole_firm(kind: Kind, value: str, score: float) -> bool:
    """Whether the value is a firm's name long enough to be nothing else."""
    return kind is Kind.ORGANISATION and score >= CERTAIN and len(value) >= _SHORTEST_FIRM


def parts_of(kind: Kind, value: str) -> list[str]:
    """What else stands for the person: first or last name in Latin letters, 明远 of 陈明远."""
    if kind is not Kind.PERSON_NAME:
        return []
    if _WITH_GIVEN.fullmatch(value) and surnames().is_full_name(value):
        given = value[2:] if value[:2] in surnames().compound else value[1:]
        return [given] if len(given) == _GIVEN else []
    if "·" in value:
        return [part for part in value.split("·") if len(part) >= _GIVEN]
    if not _LATIN.fullmatch(value):
        return []
    words = re.split(r"[ .]+", value)
    known = latin_names()
    particular = [w for w in words if len(w) >= _SHORTEST_PART and known.may_be_name(w)]
    # A syllable of pinyin alone is too often something else: Long, Chang.
    return [w for w in particular if w not in known.surnames] if len(words) > 1 else []


def _is_alone(text: str, start: int, end: int, found: Finding) -> bool:
    """Whether a given name of two characters stands where a name stands, not inside a word."""
    if found.score > PART:
        return True
    if _OF_GIVEN.match(text, end):
        return True
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    led = not _HAN.match(before) or before in _BEFORE_GIVEN
    if led and (not _HAN.match(after) or after in _AFTER_GIVEN):
        return True
    given = text[start:end]
    if given in surnames().never_names or not is_cut_out(text, start, end):
        return False
    return led or not is_ordinary_word(given)


def everywhere(
    texts: Sequence[str], found: Sequence[Sequence[Finding]], known: Iterable[Known] = ()
) -> list[list[Finding]]:
    """The findings, and every other occurrence of a certain value in any of the texts.

    What other files of the case made certain counts like what these texts make certain.
    """
    values: dict[str, Finding] = {}
    parts: dict[str, Finding] = {}
    brands: dict[str, Finding] = {}
    for one in known:
        finding = Finding(one.kind, 0, len(one.value), one.score, "case")
        values[one.value] = finding
        if one.score >= CERTAIN:
            parts |= {part: replace(finding, score=PART) for part in parts_of(one.kind, one.value)}
    _learn_firms(texts, found, parts, brands)
    found = [_without_brands(text, f, brands) for text, f in zip(texts, found, strict=True)]
    for text, findings in zip(texts, found, strict=True):
        for finding in findings:
            value = text[finding.start : finding.end]
            if spreads(finding.kind, value, finding.score):
                values.setdefault(value, finding)
                parts |= {
                    part: replace(finding, score=PART) for part in parts_of(finding.kind, value)
                }
    if not values and not parts and not brands:
        return [list(findings) for findings in found]
    values = brands | parts | values
    index = ValueIndex(values)
    return [
        _with_occurrences(text, findings, values, index)
        for text, findings in zip(texts, found, strict=True)
    ]


def without_brands(
    texts: Sequence[str], found: Sequence[Sequence[Finding]]
) -> list[Sequence[Finding]]:
    """Without people who are the brand of a firm that another of the texts names whole."""
    brands: dict[str, Finding] = {}
    _learn_firms(texts, found, {}, brands)
    return [_without_brands(text, f, brands) for text, f in zip(texts, found, strict=True)]


def _learn_firms(
    texts: Sequence[str],
    found: Sequence[Sequence[Finding]],
    parts: dict[str, Finding],
    brands: dict[str, Finding],
) -> None:
    for text, findings in zip(texts, found, strict=True):
        for finding in findings:
            if finding.kind is Kind.ORGANISATION and finding.score >= CERTAIN:
                _learn_firm(text[finding.start : finding.end], finding, parts, brands)


def _learn_firm(
    name: str, finding: Finding, parts: dict[str, Finding], brands: dict[str, Finding]
) -> None:
    """A firm's name, its short forms, and its brand, which may be a word as well."""
    forms = short_forms(name)
    parts.setdefault(name, finding)
    for form in forms.sure:
        parts.setdefault(form, finding)
    if forms.brand and forms.brand not in brands:
        brands[forms.brand] = replace(finding, score=PART, reason=BRAND)


def _without_brands(
    text: str, findings: Sequence[Finding], brands: dict[str, Finding]
) -> Sequence[Finding]:
    """Without brands that the model took for people, unless a usual surname begins them and no word does."""
    if not brands:
        return findings
    return [
        f
        for f in findings
        if not (f.kind is Kind.PERSON_NAME and f.reason.endswith("/model"))
        or not _is_brand(text[f.start : f.end], brands)
    ]


def _is_brand(name: str, brands: dict[str, Finding]) -> bool:
    """Whether a brand or one behind a little word: 万象成, 付芙川; 李宁 may be somebody."""
    if name[1:] in brands and name[0] in _LEADS_TO_A_FIRM:
        return True
    return name in brands and (
        not surnames().begins_usually(name) or (len(name) > 2 and is_ordinary_word(name[:2]))
    )


def _why(source: Finding) -> str:
    return f"{source.kind.value}/{'case' if source.reason == 'case' else 'elsewhere'}"


def _end(text: str, start: int, end: int, source: Finding) -> int | None:
    """Where the occurrence ends; None where it is a piece of another word."""
    if source.reason == BRAND:
        return end_of_brand(text, start, end)
    return end if end - start > 2 or _is_alone(text, start, end, source) else None


def _with_occurrences(
    text: str, findings: Sequence[Finding], values: dict[str, Finding], index: ValueIndex
) -> list[Finding]:
    taken = {(finding.start, finding.end) for finding in findings}
    fresh = []
    for start, end, value in index.find(text):
        source, last = values[value], _end(text, start, end, values[value])
        if last is not None and (start, last) not in taken:
            fresh.append(Finding(source.kind, start, last, source.score, _why(source)))
    return resolve([*findings, *fresh]) if fresh else list(findings)
