"""The report that goes with a redacted document: counts, places, decisions; no originals."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pii.kinds import Kind, Sensitivity, facts
from pii.policy import Treatment
from records.language import Bilingual, Language

TREATMENTS: dict[Treatment, Bilingual] = {
    Treatment.MASK: Bilingual("遮盖", "masked"),
    Treatment.PSEUDONYM: Bilingual("代称", "pseudonym"),
    Treatment.LABEL: Bilingual("换成类别名", "replaced by its kind"),
    Treatment.DROP: Bilingual("删除", "removed"),
    Treatment.KEEP: Bilingual("保留", "kept"),
}
_CLASSES = {
    Sensitivity.ORDINARY: Bilingual("一般", "ordinary"),
    Sensitivity.SENSITIVE: Bilingual("敏感", "sensitive"),
}
_SHOWN = 500


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
class RedactionReport:
    """What was found in one document, what was done, and how the result was checked."""

    document: str
    format: str
    policy: str
    lines: tuple[ReportLine, ...]
    counts: Mapping[Kind, int]
    removed: tuple[str, ...]
    checked_by: str
    original_sha256: str
    redacted_sha256: str
    segments: tuple[tuple[str, str], ...]

    def to_json(self) -> str:
        """The report for programs. Places and texts are those of the redacted copy."""
        return json.dumps(
            {
                "document": self.document,
                "format": self.format,
                "policy": self.policy,
                "counts": {kind.value: count for kind, count in self.counts.items()},
                "classes": {kind.value: _class_data(kind) for kind in self.counts},
                "removed": list(self.removed),
                "checked_by": self.checked_by,
                "original_sha256": self.original_sha256,
                "redacted_sha256": self.redacted_sha256,
                "findings": [_line_data(line) for line in self.lines],
            },
            ensure_ascii=False,
            indent=2,
        )

    def to_markdown(self, language: Language) -> str:
        """The report for people."""
        say = _Sayer(language)
        rows = [
            *say.heading(self.document),
            say.fact("策略", "Policy", self.policy),
            say.fact("复核", "Checked by", self.checked_by),
            say.fact("原文件 SHA-256", "Original SHA-256", self.original_sha256),
            say.fact("脱敏后 SHA-256", "Redacted SHA-256", self.redacted_sha256),
            "",
            say("| 种类 | 类别 | 依据 | 数量 |", "| Kind | Class | Source | Count |"),
            "|---|---|---|---|",
            *(
                (
                    f"| {kind.display.pick(language)} | "
                    f"{_CLASSES[kind.sensitivity].pick(language)} | {facts()[kind].source} | {n} |"
                )
                for kind, n in self.counts.items()
            ),
        ]
        if self.removed:
            rows += [
                "",
                say("## 已移除的部分（图片等）", "## Parts removed (pictures and the like)"),
                "",
            ]
            rows += [f"- `{part}`" for part in self.removed]
        return "\n".join([*rows, *self._findings(say, language)]) + "\n"

    def _findings(self, say: "_Sayer", language: Language) -> list[str]:
        if not self.lines:
            return ["", say("未发现个人信息。", "No personal information was found.")]
        rows = [
            "",
            say("## 逐处记录", "## Findings"),
            "",
            say("| 位置 | 种类 | 处理 | 把握 |", "| Place | Kind | Treatment | Score |"),
            "|---|---|---|---|",
        ]
        for line in self.lines[:_SHOWN]:
            cells = (
                line.place.pick(language),
                line.kind.display.pick(language),
                TREATMENTS[line.treatment].pick(language),
                f"{line.score:.2f}",
            )
            rows.append(f"| {' | '.join(cells)} |")
        rest = len(self.lines) - _SHOWN
        if rest > 0:
            rows += [
                "",
                say(f"另有 {rest} 处，见 JSON 报告。", f"{rest} more are in the JSON report."),
            ]
        return rows


class _Sayer:
    def __init__(self, language: Language) -> None:
        self._language = language

    def __call__(self, zh: str, en: str) -> str:
        return Bilingual(zh, en).pick(self._language)

    def heading(self, document: str) -> list[str]:
        return [f"# {self('脱敏报告', 'Redaction report')}: {document}", ""]

    def fact(self, zh: str, en: str, value: str) -> str:
        return f"- {self(zh, en)}: {value}"


def _class_data(kind: Kind) -> dict[str, str | None]:
    """The class of a kind, who says so, and what is in doubt about it."""
    known = facts()[kind]
    return {
        "class": known.sensitivity.value,
        "category": known.category,
        "source": known.source,
        "doubt": known.doubt,
    }


def _line_data(line: ReportLine) -> dict[str, object]:
    return {
        "place": {"zh": line.place.zh, "en": line.place.en},
        "kind": line.kind.value,
        "class": line.kind.sensitivity.value,
        "treatment": line.treatment.value,
        "score": round(line.score, 2),
        "reason": line.reason,
        "segment": line.segment,
        "start": line.start,
        "end": line.end,
    }
