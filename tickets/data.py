"""What the rule files of tickets have in common: sentences in two languages, and citations."""

from datetime import date
from typing import Annotated

from pydantic import Field, PlainValidator

from records.data_files import Entry
from records.language import Bilingual
from tickets.citation import Citation, Confidence


def _bilingual(value: object) -> Bilingual:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise ValueError("needs exactly the keys zh and en")
    zh, en = value["zh"], value["en"]
    if not (isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip()):
        raise ValueError("zh and en must both say something")
    return Bilingual(zh.strip(), en.strip())


Said = Annotated[Bilingual, PlainValidator(_bilingual)]


class Cited(Entry):
    """The citation block of a rule file."""

    duty: str = Field(pattern=r"^OB-\d{3}$")
    instrument: str = Field(min_length=2)
    article: str | None = None
    in_force_since: date | None = None
    confidence: Confidence

    def citation(self) -> Citation:
        """The same as a plain value."""
        return Citation(
            duty_id=self.duty,
            instrument=self.instrument,
            article=self.article,
            confidence=self.confidence,
            in_force_since=self.in_force_since,
        )
