"""What is known of an incident, and how grave it is: plain values."""

from dataclasses import dataclass
from enum import StrEnum

from records.language import Bilingual
from tickets.citation import Citation, Confidence


class IncidentKind(StrEnum):
    """What happened."""

    LOST_DEVICE = "lost_device"
    MISSENT_MAIL = "missent_mail"
    RANSOMWARE = "ransomware"
    INSIDER_EXPORT = "insider_export"
    VENDOR_BREACH = "vendor_breach"
    EXPOSED_STORAGE = "exposed_storage"
    LOST_PAPER = "lost_paper"
    ACCOUNT_TAKEOVER = "account_takeover"
    PHISHING = "phishing"
    UNAUTHORISED_ACCESS = "unauthorised_access"
    WRONG_DISCLOSURE = "wrong_disclosure"
    REGULATOR_INQUIRY = "regulator_inquiry"
    OTHER = "other"

    @property
    def on_network(self) -> bool:
        """False for paper and for an inquiry: neither is a 网络安全事件 by itself."""
        return self not in (IncidentKind.LOST_PAPER, IncidentKind.REGULATOR_INQUIRY)

    @property
    def is_breach(self) -> bool:
        """False for a regulator's inquiry: a question is not a leak."""
        return self is not IncidentKind.REGULATOR_INQUIRY


class Severity(StrEnum):
    """The four grades of the annex to 国家网络安全事件报告管理办法."""

    GENERAL = "general"
    LARGER = "larger"
    MAJOR = "major"
    EXTREME = "extreme"

    @property
    def rank(self) -> int:
        """0 for general to 3 for extreme."""
        return tuple(Severity).index(self)

    @property
    def label(self) -> Bilingual:
        """一般, 较大, 重大 or 特别重大."""
        return _LABELS[self]


_LABELS = {
    Severity.GENERAL: Bilingual("一般", "general"),
    Severity.LARGER: Bilingual("较大", "larger"),
    Severity.MAJOR: Bilingual("重大", "major"),
    Severity.EXTREME: Bilingual("特别重大", "extremely grave"),
}


@dataclass(frozen=True)
class IncidentFacts:
    """What is known of an incident. None means unknown, and the reasons then say so."""

    kind: IncidentKind
    people: int | None = None
    sensitive: bool | None = None
    important_data: bool | None = None
    critical_infrastructure: bool = False
    whole_outage_minutes: int | None = None
    main_outage_minutes: int | None = None
    lives_affected: int | None = None
    loss_yuan: int | None = None
    minors: bool = False
    eu_residents: bool = False
    suspected_crime: bool = False
    central_organ: bool = False
    bank: bool = False
    archives: bool = False


COUNTS = frozenset(
    {"people", "whole_outage_minutes", "main_outage_minutes", "lives_affected", "loss_yuan"}
)
"""Facts that are whole numbers or unknown."""
MAYBE = frozenset({"sensitive", "important_data"})
"""Facts that are yes, no or unknown; the others but the kind are yes or no."""


@dataclass(frozen=True)
class Grading:
    """The severity, why and by which rule, and what more would raise it.

    Provisional while the head count is unknown, or where only an unverified figure or a general
    clause gives the grade.
    """

    severity: Severity
    reasons: tuple[Bilingual, ...]
    citations: tuple[Citation, ...]
    confidence: Confidence
    provisional: bool
    would_raise: tuple[Bilingual, ...] = ()
