"""What rank a text has, and whether it holds on a given day."""

from enum import StrEnum

from records.language import Bilingual


class Level(StrEnum):
    """The rank of a text; only the first four bind everyone."""

    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    INTERPRETATION = "interpretation"
    STANDARD = "standard"
    FOREIGN = "foreign"
    POLICY = "policy"

    @property
    def label(self) -> Bilingual:
        """The rank in words."""
        return _LEVEL_LABELS[self]


class Standing(StrEnum):
    """Whether a text holds on the day asked about."""

    IN_FORCE = "in_force"
    FUTURE = "future"
    REPEALED = "repealed"
    AMENDED = "amended"
    DRAFT = "draft"

    @property
    def label(self) -> Bilingual:
        """The standing in words."""
        return _STANDING_LABELS[self]


_LEVEL_LABELS = {
    Level.LAW: Bilingual("法律", "law"),
    Level.REGULATION: Bilingual("行政法规", "administrative regulation"),
    Level.RULE: Bilingual("部门规章及规范性文件", "departmental rule"),
    Level.INTERPRETATION: Bilingual("司法解释", "judicial interpretation"),
    Level.STANDARD: Bilingual("标准", "standard"),
    Level.FOREIGN: Bilingual("境外法律与标准", "foreign law or standard"),
    Level.POLICY: Bilingual("公司制度", "company policy"),
}
_STANDING_LABELS = {
    Standing.IN_FORCE: Bilingual("现行有效", "in force"),
    Standing.FUTURE: Bilingual("尚未施行", "not yet in force"),
    Standing.REPEALED: Bilingual("已废止", "repealed"),
    Standing.AMENDED: Bilingual("已被修改的旧文本", "superseded by an amendment"),
    Standing.DRAFT: Bilingual("征求意见稿", "draft"),
}
