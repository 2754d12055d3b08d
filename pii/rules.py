"""What a company or a reviewer has decided about texts, applied over any detector.

An allowed text is not personal: the company publishes it, or a reviewer said so. A denied text is
always of the kind that was given. Both compare as people read: full width, blanks, hyphens and
case make no difference. There are no regular expressions, so no rule can be slow or match more
than it shows: in a pattern `#` is one digit, and one `*` is letters, digits, `.`, `_` and `-`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from pii.detect import Detector
from pii.errors import RuleMistake
from pii.findings import Finding
from pii.kinds import Kind, Sensitivity
from pii.normalise import BOUNDARY, normalise
from pii.occurrences import ValueIndex
from records.language import Bilingual

LONGEST = 200
BEFORE = 24
"""How far before a text, in the same clause, the words may stand that its rule asks for."""
# Numbers that are somebody's own: a pattern never lets one through, only the exact text does.
OWN_NUMBERS = frozenset(
    kind for kind in Kind if kind.sensitivity is Sensitivity.SENSITIVE
) | {Kind.PERSON_NAME, Kind.VIN, Kind.IMEI, Kind.PLATE}  # fmt: skip
# A number under 手机 or under 电话 is the same number.
_ALIKE = ({Kind.MOBILE, Kind.LANDLINE},)
_MARKS = re.compile(r"[^0-9a-z㐀-鿿]")
# A pattern keeps what ends a name in a mailbox: *@qinghe.example must not let @notqinghe.example by.
_LOOSE_MARKS = re.compile(r"[\s\-()（）+]")
_HAN = re.compile(r"[㐀-鿿]")
_CLAUSE_END = re.compile(r"[\n\r\t。；;，,、|]")
_FEWEST_LITERALS = 4


class Effect(StrEnum):
    """What a rule does."""

    ALLOW = "allow"
    DENY = "deny"


EFFECTS = {
    Effect.ALLOW: Bilingual("放行", "allow"),
    Effect.DENY: Bilingual("必遮", "always hide"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision about a text of a kind."""

    effect: Effect
    kind: Kind
    text: str = field(repr=False)
    after: tuple[str, ...] = ()
    """Words of which one must stand shortly before, or be the label; empty means anywhere."""
    is_pattern: bool = False


def lasting(rule: Rule) -> Rule:
    """The rule, if it may hold for every document. Raises RuleMistake where it reaches too far."""
    problem = _problem(rule)
    if problem:
        raise RuleMistake(*problem)
    return rule


def key_of(text: str) -> str:
    """The text as rules compare it."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())


def _problem(rule: Rule) -> tuple[str, str] | None:
    plain = key_of(rule.text)
    if len(rule.text) > LONGEST or not all(0 < len(words) <= BEFORE for words in rule.after):
        return (
            f"规则的文字最长 {LONGEST} 字，前文词语为 1 至 {BEFORE} 字。",
            f"A rule holds up to {LONGEST} characters, its words before 1 to {BEFORE}.",
        )
    if not rule.is_pattern and len(plain) < (2 if _HAN.search(plain) else 4):
        return (
            "规则的文字太短，会误伤别处。请写完整（汉字至少 2 个，字母数字至少 4 个）。",
            "The text of the rule is too short and would reach too far: at least 2 Chinese "
            "characters, or 4 letters and digits.",
        )
    if rule.is_pattern and (
        rule.effect is Effect.DENY
        or rule.kind in OWN_NUMBERS
        or len(plain) < _FEWEST_LITERALS
        or rule.text.count("*") > 1
    ):
        return (
            "通配只能用于放行单位公布的电话、邮箱、地址等，最多一个 *，且至少有 4 个固定字符；"
            "姓名、证件号、卡号等请逐个写明。",
            "A pattern may only allow published phones, mailboxes, addresses and the like, with "
            "one * at most and 4 fixed characters; write names and personal numbers out in full.",
        )
    return None


@dataclass(frozen=True)
class Rules:
    """The rules in force, ready to apply."""

    rules: tuple[Rule, ...] = ()

    @cached_property
    def allowed(self) -> dict[str, list[Rule]]:
        """Exact texts that are allowed, by the key they compare by."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if rule.effect is Effect.ALLOW and not rule.is_pattern and key_of(rule.text):
                found.setdefault(key_of(rule.text), []).append(rule)
        return found

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], Rule]]:
        """Patterns that are allowed. One `*` at most, so matching is linear."""
        return [(_compiled(rule.text), rule) for rule in self.rules if rule.is_pattern]

    @cached_property
    def published(self) -> ValueIndex:
        """Where an allowed text stands: what is found inside it is part of it."""
        texts = [rule.text for rules in self.allowed.values() for rule in rules]
        return ValueIndex([*map(_folded, texts), *map(key_of, texts)])

    def publish(self, text: str) -> bool:
        """Whether the text as a whole is one that is allowed wherever it stands."""
        exact = self.allowed.get(key_of(text), ())
        like = (rule for pattern, rule in self.patterns if pattern.fullmatch(_loosely(text)))
        return any(not rule.after for rule in (*exact, *like))

    @cached_property
    def denied(self) -> dict[str, Kind]:
        """Denied texts as written and run together, with their kinds."""
        found: dict[str, Kind] = {}
        for rule in self.rules:
            if rule.effect is Effect.DENY and key_of(rule.text):
                found[_folded(rule.text)] = rule.kind
                found[key_of(rule.text)] = rule.kind
        return found

    @cached_property
    def denied_index(self) -> ValueIndex:
        """Where a denied text stands."""
        return ValueIndex(self.denied)


def _compiled(pattern: str) -> re.Pattern[str]:
    literal = re.escape(_loosely(pattern))
    return re.compile(literal.replace(r"\*", "[0-9a-z._]{1,64}").replace(r"\#", "[0-9]"))


def _loosely(text: str) -> str:
    return _LOOSE_MARKS.sub("", unicodedata.normalize("NFKC", text).lower())


def _folded(text: str) -> str:
    """The text as normalised text spells it, lower-case."""
    return _lower(normalise([text.strip()]).text.partition(BOUNDARY)[0])


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


class RuledDetector:
    """A detector whose findings obey the rules in force, asked for anew at every call."""

    def __init__(self, detector: Detector, rules: Callable[[], Rules]) -> None:
        self._detector = detector
        self._rules = rules

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        """Findings in one text."""
        return self.find_all([text], labels=[label])[0]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        """Findings in each text: allowed ones gone, denied texts added."""
        found = self._detector.find_all(texts, labels=labels)
        rules = self._rules()
        if not rules.rules:
            return found
        given = labels or [None] * len(texts)
        view = _View(texts)
        if rules.allowed or rules.patterns:
            spans = view.occurrences(rules.published) if rules.allowed else [[] for _ in texts]
            found = [
                [f for f in findings if not _is_allowed(f, text, label, inside, rules)]
                for text, label, findings, inside in zip(texts, given, found, spans, strict=True)
            ]
        if rules.denied:
            denied = view.occurrences(rules.denied_index)
            found = [
                _with_denied(findings, spans, rules)
                for findings, spans in zip(found, denied, strict=True)
            ]
        return found


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    value: str


class _View:
    """Texts normalised once, and what stands where in each of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._starts = [0]
        for text in texts[:-1]:
            self._starts.append(self._starts[-1] + len(text) + 1)
        self._normalised = normalise(texts)
        self._text = _lower(self._normalised.text)

    def occurrences(self, index: ValueIndex) -> list[list[_Span]]:
        """Every place of an indexed value, in the offsets of the text it stands in."""
        found: list[dict[tuple[int, int], _Span]] = [{} for _ in range(self._count)]
        for first, last, value in index.find(self._text):
            start, end = self._normalised.span(first, last)
            number = bisect_right(self._starts, start) - 1
            base = self._starts[number]
            found[number].setdefault((start, end), _Span(start - base, end - base, value))
        return [list(spans.values()) for spans in found]


def _is_allowed(
    finding: Finding, text: str, label: str | None, published: Iterable[_Span], rules: Rules
) -> bool:
    value = text[finding.start : finding.end]
    key = key_of(value)
    for rule in rules.allowed.get(key, ()):
        if _alike(rule.kind, finding.kind) and _stands_after(rule, text, finding.start, label):
            return True
    if finding.kind in OWN_NUMBERS - {Kind.PERSON_NAME}:
        return False
    for span in published:
        if span.start <= finding.start and finding.end <= span.end:
            whole = rules.allowed.get(key_of(span.value), ())
            part = finding.end - finding.start < span.end - span.start
            if any(
                (part or _alike(rule.kind, finding.kind))
                and _stands_after(rule, text, span.start, label)
                for rule in whole
            ):
                return True
    return any(
        _alike(rule.kind, finding.kind)
        and pattern.fullmatch(_loosely(value))
        and _stands_after(rule, text, finding.start, label)
        for pattern, rule in rules.patterns
    )


def _alike(one: Kind, other: Kind) -> bool:
    return one is other or any(one in group and other in group for group in _ALIKE)


def _stands_after(rule: Rule, text: str, start: int, label: str | None) -> bool:
    if not rule.after:
        return True
    before = _CLAUSE_END.split(text[max(0, start - BEFORE) : start])[-1]
    return any(words in before or words == label for words in rule.after)


def _with_denied(
    findings: Sequence[Finding], spans: Sequence[_Span], rules: Rules
) -> list[Finding]:
    """Denied texts are findings of their own. What they meet keeps its rest: nothing is bared."""
    if not spans:
        return list(findings)
    denied: list[Finding] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not denied or span.start >= denied[-1].end:
            kind = rules.denied[span.value]
            denied.append(Finding(kind, span.start, span.end, 1.0, f"{kind.value}/denied"))
    kept: list[Finding] = []
    for finding in findings:
        kept += _rest_of(finding, denied)
    return sorted([*kept, *denied], key=lambda f: f.start)


def _rest_of(finding: Finding, denied: Sequence[Finding]) -> list[Finding]:
    rest, start = [], finding.start
    for other in denied:
        if other.end <= start or other.start >= finding.end:
            continue
        if start < other.start:
            rest.append(replace(finding, start=start, end=other.start))
        start = max(start, other.end)
    if start < finding.end:
        rest.append(replace(finding, start=start))
    return rest
