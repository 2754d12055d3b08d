"""The lines of a report: each finding by its place in the copy."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from pii.formats.opening import Format
from pii.formats.segments import Opened, Segment
from pii.policy import RedactionPolicy
from pii.redact import Treated
from pii.report import RedactionReport, ReportLine


def report_of(
    *,
    name: str,
    form: Format,
    policy: RedactionPolicy,
    opened: Opened,
    segments: Sequence[Segment],
    treated: Sequence[Treated],
    data: bytes,
) -> RedactionReport:
    """What was found in the segments, what was done, and the digest of the copy."""
    lines = [
        line
        for number, (segment, one) in enumerate(zip(segments, treated, strict=True))
        for line in _lines(number, segment, one, policy)
    ]
    counts = Counter(line.kind for line in lines)
    return RedactionReport(
        document=name,
        format=form.name,
        policy=policy.name,
        about=policy.about,
        lines=tuple(lines),
        counts=dict(counts.most_common()),
        removed=tuple(opened.removed),
        checked_by=form.checked_by,
        redacted_sha256=hashlib.sha256(data).hexdigest(),
        segments=tuple((s.whole_place.zh, t.text) for s, t in zip(segments, treated, strict=True)),
    )


def _lines(
    number: int, segment: Segment, one: Treated, policy: RedactionPolicy
) -> list[ReportLine]:
    lines = []
    shift = 0
    texts = {edit.start: edit.text for edit in one.edits}
    for finding in one.findings:
        original = segment.text[finding.start : finding.end]
        treatment = policy.treatment(finding.kind, original)
        start = finding.start + shift
        length = len(texts.get(finding.start, original))
        shift += length - (finding.end - finding.start)
        lines.append(
            ReportLine(
                segment.place_at(finding.start),
                finding.kind,
                treatment,
                finding.score,
                finding.reason,
                start,
                start + length,
                number,
            )
        )
    return lines
