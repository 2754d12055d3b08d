"""Where a rule comes from, and how sure we are of it."""

from dataclasses import dataclass
from datetime import date

from knowledge.duties import Confidence

__all__ = ["Citation", "Confidence"]


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
