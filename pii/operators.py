"""What a treated value looks like.

Replacement itself is presidio-anonymizer's: it works from right to left, so offsets stay true. The
new values are chosen beforehand from left to right, so that the first customer is customer A.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pii.case import Case
from pii.findings import Finding
from pii.kinds import Kind
from pii.policy import RedactionPolicy, Treatment

_PLAIN = re.compile(r"[^0-9A-Za-z㐀-鿿]")
# How many characters stay at each end. Where a short rest could be guessed, only the outermost.
_ENDS = {
    Kind.MOBILE: (3, 4), Kind.BANK_CARD: (0, 4), Kind.RESIDENT_ID: (1, 1),
    Kind.FOREIGNER_ID: (1, 1), Kind.CREDIT_CODE: (2, 2), Kind.PLATE: (2, 1), Kind.VIN: (3, 2),
    Kind.PERSON_NAME: (1, 0), Kind.IP_ADDRESS: (0, 0), Kind.MAC_ADDRESS: (0, 0),
}  # fmt: skip


def label(kind: Kind) -> str:
    """The kind's name in brackets nobody uses for anything else."""
    return f"〔{kind.display.zh}〕"


def mask(kind: Kind, value: str) -> str:
    """The value with its middle hidden: 138****8000."""
    if kind is Kind.EMAIL:
        local, _, domain = value.rpartition("@")
        return f"{local[:1]}***@{'*' * max(1, domain.find('.'))}{domain[domain.find('.') :]}"
    if kind is Kind.LANDLINE:
        return re.sub(r"\d", "*", value[:-2]) + value[-2:] if len(value) > 4 else "****"
    plain = _PLAIN.sub("", value)
    head, tail = _ENDS.get(kind, (1, 1))
    if kind is Kind.MOBILE and len(plain) > 11:
        plain = plain[-11:]
    if len(plain) < head + tail + 3:
        head, tail = (min(1, head) if len(plain) > 2 or kind is Kind.PERSON_NAME else 0), 0
    hidden = max(1, len(plain) - head - tail)
    return plain[:head] + "*" * hidden + (plain[-tail:] if tail else "")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of text and what stands there afterwards."""

    start: int
    end: int
    text: str
    finding: Finding


def edits(
    text: str, findings: Sequence[Finding], policy: RedactionPolicy, case: Case
) -> list[Edit]:
    """The edits a policy asks for, from left to right; kept findings make none."""
    made = []
    for finding in sorted(findings, key=lambda f: f.start):
        value = text[finding.start : finding.end]
        treatment = policy.treatment(finding.kind, value)
        if treatment is not Treatment.KEEP:
            new = treated(finding.kind, value, treatment, case, keep_region=policy.keep_region)
            made.append(Edit(finding.start, finding.end, new, finding))
    return made


def treated(
    kind: Kind, value: str, treatment: Treatment, case: Case, *, keep_region: bool = False
) -> str:
    """The new value."""
    if treatment is Treatment.MASK:
        return mask(kind, value)
    if treatment is Treatment.LABEL:
        return label(kind)
    if treatment is Treatment.DROP:
        return ""
    return case.stand_in(kind, value, treatment, keep_region=keep_region) or label(kind)


def apply(text: str, made: Sequence[Edit]) -> str:
    """The text after the edits, by presidio-anonymizer."""
    if not made:
        return text
    engine, result_type, config = _anonymizer()
    results = [result_type(str(i), edit.start, edit.end, 1.0) for i, edit in enumerate(made)]
    operators = {
        str(i): config("custom", {"lambda": _constant(edit.text)}) for i, edit in enumerate(made)
    }
    treated_text: str = engine.anonymize(
        text, results, operators, merge_entities_with_spaces=False
    ).text
    return treated_text


def _constant(value: str) -> Any:
    return lambda _: value


@cache
def _anonymizer() -> tuple[Any, Any, Any]:
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

    build: Any = AnonymizerEngine  # its constructor is untyped
    return build(), RecognizerResult, OperatorConfig
