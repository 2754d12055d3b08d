"""Where a rule comes from, and how sure we are of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from records.language import Bilingual


class Confidence(StrEnum):
    """How far the source of a rule was checked."""

    VERIFIED = "verified"
    VERIFIED_SECONDARY = "verified_secondary"
    UNVERIFIED = "unverified"

    @property
    def label(self) -> Bilingual:
        """The words shown beside a rule."""
        return _LABELS[self]


_LABELS = {
    Confidence.VERIFIED: Bilingual("已核对原文", "checked against the text"),
    Confidence.VERIFIED_SECONDARY: Bilingual(
        "仅据转载或摘要核对", "checked in a reprint or summary only"
    ),
    Confidence.UNVERIFIED: Bilingual("待核实,不作为法律依据", "to be verified; not shown as law"),
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A duty and the article it rests on; the article is None where its number was not seen."""

    duty_id: str
    instrument: str
    article: str | None
    confidence: Confidence
    in_force_since: date | None = None

    @property
    def is_law(self) -> bool:
        """False for what a person must still check: it may be shown, never as law."""
        return self.confidence is not Confidence.UNVERIFIED
