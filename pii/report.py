"""The report that goes with a redacted document: counts, places, decisions; no originals."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter

from pii.kinds import Kind, Sensitivity, facts
from pii.policy import Disclosure, PolicyAbout, Treatment
from records.language import Bilingual

TREATMENTS: dict[Treatment, Bilingual] = {
    Treatment.MASK: Bilingual("遮盖", "masked"),
    Treatment.PSEUDONYM: Bilingual("代称", "pseudonym"),
    Treatment.SURROGATE: Bilingual("替代值", "surrogate"),
    Treatment.ENCRYPT: Bilingual("密码串（可由保险库还原）", "token (the vault restores it)"),
    Treatment.LABEL: Bilingual("换成类别名", "replaced by its kind"),
    Treatment.DROP: Bilingual("删除", "removed"),
    Treatment.KEEP: Bilingual("保留", "kept"),
}
SENSITIVITIES = {
    Sensitivity.ORDINARY: Bilingual("一般", "ordinary"),
    Sensitivity.SENSITIVE: Bilingual("敏感", "sensitive"),
}
DISCLOSURES = {
    Disclosure.PUBLIC: Bilingual("公开", "public"),
    Disclosure.NON_PUBLIC: Bilingual("非公开", "non-public"),
}


@dataclass(frozen=True)
class ReportLine:
    """One finding. Offsets are in the redacted segment, so the line shows nothing original."""

    place: Bilingual
    kind: Kind
    treatment: Treatment
    score: float
    reason: str
    start: int
    end: int
    segment: int
    """Index into the report's segments."""


@dataclass(frozen=True)
class Circumstances:
    """What only the one who asked for the copy knows."""

    made_at: datetime | None = None
    case: str = ""
    """The number of the case whose stand-ins were used."""
    original_fingerprint: str = ""
    """A keyed digest of the original. A plain one would let a short file be guessed."""
    disclosure: Mapping[Kind, Disclosure] = field(default_factory=dict)
    """The company's public and non-public kinds."""


@dataclass(frozen=True)
class RedactionReport:
    """What was found in one document, what was done, and how the result was checked."""

    document: str
    format: str
    policy: str
    about: PolicyAbout
    lines: tuple[ReportLine, ...]
    counts: Mapping[Kind, int]
    removed: tuple[str, ...]
    checked_by: str
    redacted_sha256: str
    segments: tuple[tuple[str, str], ...]
    circumstances: Circumstances = Circumstances()

    def treatments(self, kind: Kind) -> dict[Treatment, int]:
        """What happened to the findings of a kind, and how often."""
        return dict(Counter(line.treatment for line in self.lines if line.kind is kind))

    def to_json(self) -> str:
        """The report for programs. Places are those of the redacted copy."""
        return json.dumps(
            {
                **self._head(),
                "removed": list(self.removed),
                "findings": [_line_data(line) for line in self.lines],
            },
            ensure_ascii=False,
            indent=2,
        )

    def summary(self) -> dict[str, object]:
        """The body of the signed summary: the counts, and what ties it to copy and report."""
        report = hashlib.sha256(self.to_json().encode()).hexdigest()
        return {**self._head(), "removed": len(self.removed), "report_sha256": report}

    def _head(self) -> dict[str, object]:
        made = self.circumstances
        return {
            "document": self.document,
            "format": self.format,
            "policy": self.policy,
            "recipient": _both(self.about.recipient),
            "purpose": _both(self.about.purpose),
            "basis": [f"{basis.law} {basis.article}" for basis in self.about.basis],
            "made_at": made.made_at.isoformat(timespec="seconds") if made.made_at else None,
            "case": made.case or None,
            "counts": {kind.value: count for kind, count in self.counts.items()},
            "kinds": {kind.value: self._kind_data(kind) for kind in self.counts},
            "checked_by": self.checked_by,
            "original_fingerprint": made.original_fingerprint or None,
            "redacted_sha256": self.redacted_sha256,
        }

    def _kind_data(self, kind: Kind) -> dict[str, object]:
        disclosure, known = self.circumstances.disclosure.get(kind), facts()[kind]
        return {
            "class": known.sensitivity.value,
            "category": known.category,
            "source": known.source,
            "doubt": known.doubt,
            "disclosure": disclosure.value if disclosure else None,
            "treatments": {t.value: n for t, n in self.treatments(kind).items()},
        }


_STORED = TypeAdapter(RedactionReport)


def stored_report(report: RedactionReport) -> bytes:
    """The whole report as bytes, to be kept for its day."""
    return _STORED.dump_json(report)


def read_stored(data: bytes) -> RedactionReport:
    """The report as it was kept."""
    return _STORED.validate_json(data)


def _both(words: Bilingual) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _line_data(line: ReportLine) -> dict[str, object]:
    return {
        "place": _both(line.place),
        "kind": line.kind.value,
        "class": line.kind.sensitivity.value,
        "treatment": line.treatment.value,
        "score": round(line.score, 2),
        "reason": line.reason,
        "segment": line.segment,
        "start": line.start,
        "end": line.end,
    }
