"""Who must do what, when, by which provision, how sure we are: duties/*.yaml, one a topic.

More ways in which people ask for each duty are in everyday/*.yaml, apart from what a lawyer reads.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from knowledge.levels import Level
from knowledge.sources import Checked as Confidence
from knowledge.sources import by_name
from records.data_files import BadDataFile, Entry, load
from records.language import Bilingual

__all__ = [
    "Asked",
    "Citation",
    "Confidence",
    "Duties",
    "Duty",
    "Period",
    "Topic",
    "Verdict",
    "is_law",
    "load_duties",
]

FOLDER = Path(__file__).parent / "duties"
EVERYDAY = Path(__file__).parent / "everyday"
_BINDING = frozenset({Level.LAW, Level.REGULATION, Level.RULE, Level.INTERPRETATION})


class _Words(Entry):
    zh: str
    en: str


class Citation(Entry):
    """The provisions a duty rests on, in one instrument."""

    instrument: str
    articles: tuple[str, ...]
    in_force_since: date | None = None
    # Since when the articles bear these numbers, where an amendment renumbered them.
    numbering_since: date | None = None
    article_note: str | None = None
    checked_in: Literal["statute text", "official text", "secondary source", "memory"]


class Period(Entry):
    """A deadline, a retention period, a frequency, a notice period or a time of validity."""

    kind: Literal["deadline", "retention", "frequency", "validity", "notice"]
    number: int | None = None
    unit: Literal[
        "hour", "day", "workday", "month", "year", "date", "regular", "immediate", "permanent"
    ]
    # max: at the latest; min: at least.
    bound: Literal["max", "min", "exact"]
    counted_from: _Words | None = None


class Verdict(StrEnum):
    """The word that answers an everyday question outright, as people say it."""

    MAY = "可以"
    MAY_NOT = "不可以"
    MUST = "要"
    NEED_NOT = "不用"
    IS = "是"
    IS_NOT = "不是"
    WILL = "会"
    WILL_NOT = "不会"
    THERE_IS = "有"
    THERE_IS_NONE = "没有"
    NOT_YET = "还不行"
    DEPENDS = "看情况"

    @property
    def said(self) -> Bilingual:
        """The word as the opening of a sentence."""
        return Bilingual(self.value, _VERDICTS_EN[self])


_VERDICTS_EN = {
    Verdict.MAY: "Yes, that is allowed",
    Verdict.MAY_NOT: "No, that is not allowed",
    Verdict.MUST: "Yes, you must",
    Verdict.NEED_NOT: "No, there is no need",
    Verdict.IS: "Yes",
    Verdict.IS_NOT: "No",
    Verdict.WILL: "Yes, it will",
    Verdict.WILL_NOT: "No, it will not",
    Verdict.THERE_IS: "Yes, there is",
    Verdict.THERE_IS_NONE: "No, there is none",
    Verdict.NOT_YET: "Not yet",
    Verdict.DEPENDS: "It depends",
}


class Asked(Entry):
    """An everyday question, and the word that answers it where one word can."""

    q: str
    so: Verdict | None = None


def _plain_question(value: object) -> object:
    return {"q": value} if isinstance(value, str) else value


Question = Annotated[Asked, BeforeValidator(_plain_question)]


class _DutyEntry(Entry):
    id: str = Field(pattern=r"^OB-\d{3}$")
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    # Where this is no law: the duty of law it goes with, which leads where this one is asked about.
    under: str | None = None
    binds: tuple[str, ...] = Field(min_length=1)
    trigger: str
    # What it is about, as the opening of an answer: short enough to stand before a colon.
    about: _Words
    duty: str
    duty_en: str
    # What people type when this is the duty they need; our own words, never the statute's.
    # A question that a word answers carries it: {q: 能卖客户名单吗, so: 不可以}.
    asked: tuple[Question, ...] = Field(min_length=1)
    period: Period | None = None
    citations: tuple[Citation, ...] = Field(min_length=1)
    penalty: tuple[Citation, ...] = ()
    confidence: Confidence
    note: str | None = None
    # Where the point is disputed: each reading with what it rests on. Shown side by side.
    readings: tuple[_Words, ...] = ()


class Duty(_DutyEntry):
    """One duty, in our own words, with what it rests on."""

    topic: int
    # Further wordings of everyday/*.yaml.
    also_asked: tuple[Asked, ...] = ()

    @property
    def questions(self) -> tuple[Asked, ...]:
        """Every everyday question that leads here."""
        return self.asked + self.also_asked

    @property
    def said(self) -> Bilingual:
        """The duty as a sentence by itself: what it is about, and what is to be done."""
        return Bilingual(f"{self.about.zh}：{self.duty}", f"{self.about.en}: {self.duty_en}")

    def has_begun(self, as_of: date) -> bool:
        """Whether something it rests on holds by that day; an unknown day counts as begun."""
        return any(c.in_force_since is None or c.in_force_since <= as_of for c in self.citations)


class Topic(Entry):
    """One subject: its number and name."""

    topic: int
    slug: str
    title: _Words

    @property
    def name(self) -> Bilingual:
        """The name in both languages."""
        return Bilingual(self.title.zh, self.title.en)


class _File(Topic):
    duties: tuple[_DutyEntry, ...] = Field(min_length=1)


class _Everyday(Entry):
    topic: int
    asked: dict[str, tuple[Question, ...]]


class Duties(Mapping[str, Duty]):
    """All duties, found by id (OB-075) or slug (delete-when-done), in the order of the files."""

    def __init__(self, duties: tuple[Duty, ...], topics: tuple[Topic, ...]) -> None:
        self.topics = topics
        self._ordered = duties
        self._by_key = MappingProxyType({key: d for d in duties for key in (d.id, d.slug)})

    def __getitem__(self, key: str) -> Duty:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return (duty.id for duty in self._ordered)

    def __len__(self) -> int:
        return len(self._ordered)


def is_law(duty: Duty) -> bool:
    """Whether the duty may be presented as law: its source was read, and it is of binding rank.

    A duty read only in a secondary source qualifies, and must carry its confidence as a label; one
    from memory, or resting on recommended standards or foreign texts alone, never does.
    """
    if duty.confidence is Confidence.UNVERIFIED:
        return False
    known = by_name()
    return any(
        citation.checked_in != "memory"
        and citation.instrument in known
        and known[citation.instrument].level in _BINDING
        and known[citation.instrument].status != "draft"
        for citation in duty.citations
    )


def read_duties(folder: Path, everyday: Path | None = None) -> Duties:
    """The duties of a folder, with the everyday questions of another; the first mistake stops.

    The error says path, line and entry.
    """
    duties: dict[str, Duty] = {}
    topics = []
    asked = _read_everyday(everyday) if everyday else {}
    for path in sorted(folder.glob("*.yaml")):
        file = load(path, _File)
        topics.append(Topic(topic=file.topic, slug=file.slug, title=file.title))
        for entry in file.duties:
            duty = Duty(topic=file.topic, also_asked=asked.pop(entry.id, ()), **dict(entry))
            if duty.id in duties or duty.slug in duties:
                raise BadDataFile(path, f"{duty.id} ({duty.slug}) stands twice")
            unknown = _unknown_instrument(duty)
            if unknown:
                raise BadDataFile(path, f"{duty.id} cites {unknown}, not in the catalogue")
            duties[duty.id] = duties[duty.slug] = duty
    if everyday and asked:
        raise BadDataFile(everyday, f"{', '.join(asked)}: no such duty")
    ordered = dict.fromkeys(duties[key].id for key in duties)
    return Duties(tuple(duties[key] for key in ordered), tuple(topics))


@cache
def load_duties() -> Duties:
    """The duties shipped with the product."""
    return read_duties(FOLDER, EVERYDAY)


def _read_everyday(folder: Path) -> dict[str, tuple[Asked, ...]]:
    asked: dict[str, tuple[Asked, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for duty_id, questions in load(path, _Everyday).asked.items():
            if duty_id in asked:
                raise BadDataFile(path, f"{duty_id} stands twice")
            asked[duty_id] = questions
    return asked


def _unknown_instrument(duty: Duty) -> str | None:
    cited = (citation.instrument for citation in (*duty.citations, *duty.penalty))
    return next((name for name in cited if name not in by_name()), None)
