"""Replies about redacted files: counts and what was checked, never an original."""

from assistant.redaction.redacted_copies import RedactedFile
from integrations.replies.model import Action, Fact, Point, Reply, Section, Tone
from integrations.replies.wording import moment
from pii.kinds import Sensitivity
from records.language import Bilingual, Language

_SENSITIVE = Bilingual("敏感个人信息", "sensitive")


def redaction_reply(file: RedactedFile, *, language: Language) -> Reply:
    """What was found in the file, how the copy was checked, and until when it can be fetched."""
    report = file.report
    zh, total = language is Language.ZH, sum(report.counts.values())
    kinds = tuple(
        Point(
            f"{kind.display.pick(language)} × {count}",
            _SENSITIVE.pick(language) if kind.sensitivity is Sensitivity.SENSITIVE else "",
        )
        for kind, count in report.counts.items()
    )
    removed = tuple(Point(part) for part in report.removed)
    sections = (
        Section("发现的个人信息" if zh else "Personal information found", kinds),
        Section("已移除的部分" if zh else "Parts removed", removed),
    )
    return Reply(
        language=language,
        tone=Tone.GOOD,
        title=f"已脱敏：{file.name}" if zh else f"Redacted: {file.name}",
        lead=Point(_lead(total).pick(language)),
        facts=(
            Fact("策略" if zh else "Policy", report.policy),
            Fact("复核" if zh else "Checked by", report.checked_by),
            Fact("可下载至" if zh else "Kept until", moment(file.keep_until, language)),
        ),
        sections=tuple(section for section in sections if section.points),
        actions=(Action("网页“脱敏”可下载" if zh else "Download under Redact", file.file_id),),
    )


def _lead(total: int) -> Bilingual:
    if total == 0:
        return Bilingual(
            "没有发现个人信息；副本已去除隐藏的属性和元数据。",
            "No personal information was found; hidden properties and metadata were removed.",
        )
    return Bilingual(
        f"处理了 {total} 处个人信息，副本重新读取并再次扫描后放行。",
        f"{total} places of personal information were treated; the copy was read again and "
        "scanned again before release.",
    )
