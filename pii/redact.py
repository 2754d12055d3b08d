"""Text in, cleared text out: the second maker of `ClearedText`."""

from collections.abc import Sequence
from dataclasses import dataclass

from pii.case import Case
from pii.cleared import ClearedText, redacted_text
from pii.detect import Detector
from pii.findings import Finding
from pii.operators import Edit, apply, edits
from pii.policy import RedactionPolicy, Treatment
from pii.propagate import Known, everywhere

_ROUNDS = 4


@dataclass(frozen=True)
class Redaction:
    """Cleared text and what was found. Offsets are in the original, which is kept nowhere else."""

    cleared: ClearedText
    findings: tuple[Finding, ...]


def redact(
    text: str, detector: Detector, policy: RedactionPolicy, case: Case | None = None
) -> Redaction:
    """The text with every finding treated as the policy says."""
    treated = redact_all([text], [None], detector=detector, policy=policy, case=case or Case())[0]
    return Redaction(redacted_text(treated.text), tuple(treated.findings))


@dataclass(frozen=True)
class Treated:
    """One text after treatment: findings and edits in the original, and the new text."""

    text: str
    findings: list[Finding]
    edits: list[Edit]


def redact_all(
    texts: Sequence[str],
    labels: Sequence[str | None],
    *,
    detector: Detector,
    policy: RedactionPolicy,
    case: Case,
    technical: Sequence[bool] | None = None,
    also: Sequence[Known] = (),
) -> list[Treated]:
    """Many texts of one document. A certain value found in one, or in the case, is treated in all.

    So is what an earlier round left in the copy (`also`).

    Treating a value changes what the name model reads beside it, so the result is looked at again
    until nothing new turns up. In technical texts (style names, attributes) the model's own guesses
    do not count: a style renamed for looking like a person would spoil the layout.
    """
    flags = technical or [False] * len(texts)
    found = [
        _serious(findings, flag)
        for findings, flag in zip(detector.find_all(texts, labels=labels), flags, strict=True)
    ]
    made, found = _treat(texts, found, policy, case, also)
    for _ in range(_ROUNDS):
        more = _second_look(
            texts, labels, detector=detector, policy=policy, made=made, technical=flags
        )
        if not any(more):
            break
        found = [[*f, *m] for f, m in zip(found, more, strict=True)]
        made, found = _treat(texts, found, policy, case, also)
    return [
        Treated(apply(t, m), sorted(f, key=lambda x: x.start), m)
        for t, f, m in zip(texts, found, made, strict=True)
    ]


def survey(
    texts: Sequence[str], labels: Sequence[str | None], detector: Detector, case: Case
) -> None:
    """Let a case learn what is certain in these texts, before any file of it is written."""
    case.learn(texts, detector.find_all(texts, labels=labels))


def _treat(
    texts: Sequence[str],
    found: list[list[Finding]],
    policy: RedactionPolicy,
    case: Case,
    also: Sequence[Known],
) -> tuple[list[list[Edit]], list[list[Finding]]]:
    found = everywhere(texts, found, [*also, *case.known])
    case.learn(texts, found)
    return [edits(t, f, policy, case) for t, f in zip(texts, found, strict=True)], found


def _serious(findings: list[Finding], technical: bool) -> list[Finding]:
    return [f for f in findings if not (technical and f.reason.endswith("/model"))]


def _second_look(
    texts: Sequence[str],
    labels: Sequence[str | None],
    *,
    detector: Detector,
    policy: RedactionPolicy,
    made: Sequence[list[Edit]],
    technical: Sequence[bool],
) -> list[list[Finding]]:
    """What a scan of the treated texts still finds outside the treated values, in old offsets."""
    changed = [i for i, edits_made in enumerate(made) if edits_made]
    more: list[list[Finding]] = [[] for _ in texts]
    if not changed:
        return more
    after = [apply(texts[i], made[i]) for i in changed]
    again = detector.find_all(after, labels=[labels[i] for i in changed])
    for i, after_text, findings in zip(changed, after, again, strict=True):
        for finding in _serious(findings, technical[i]):
            moved = _before(finding, made[i])
            value = after_text[finding.start : finding.end]
            if moved is not None and policy.treatment(finding.kind, value) is not Treatment.KEEP:
                more[i].append(moved)
    return more


def _before(finding: Finding, made: Sequence[Edit]) -> Finding | None:
    """A finding of the treated text in offsets of the original; None where it meets an edit."""
    shift = 0
    for edit in made:
        new_start = edit.start + shift
        new_end = new_start + len(edit.text)
        if finding.end <= new_start:
            break
        if finding.start < new_end:
            return None
        shift += len(edit.text) - (edit.end - edit.start)
    return Finding(
        finding.kind, finding.start - shift, finding.end - shift, finding.score, finding.reason
    )
