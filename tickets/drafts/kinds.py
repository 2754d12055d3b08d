"""What may be drafted for an incident."""

from enum import StrEnum

from records.language import Bilingual


class DraftKind(StrEnum):
    """What a draft is for."""

    FIRST_REPORT = "first_report"
    PROGRESS_REPORT = "progress_report"
    CLOSING_REPORT = "closing_report"
    INDIVIDUALS = "individuals"
    INTERNAL = "internal"

    @property
    def label(self) -> Bilingual:
        """The title of the draft."""
        return _TITLES[self]


_TITLES = {
    DraftKind.FIRST_REPORT: Bilingual("事件首次报告", "First report of an incident"),
    DraftKind.PROGRESS_REPORT: Bilingual("事件进展报告", "Progress report"),
    DraftKind.CLOSING_REPORT: Bilingual("事件处置总结报告", "Closing report"),
    DraftKind.INDIVIDUALS: Bilingual("个人信息安全事件通知", "Notice to individuals"),
    DraftKind.INTERNAL: Bilingual("内部通报", "Internal update"),
}
