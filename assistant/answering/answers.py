"""What a question gets back: claims with citations that were checked, or a reasoned refusal."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.answering.clarify import Clarification
from knowledge.duties import Confidence
from knowledge.provisions import Level
from records.language import Bilingual, Language


class Outcome(StrEnum):
    """How the question ended."""

    ANSWERED = "answered"
    DECLINED = "declined"
    """An unlawful wish: why not, and the lawful way."""
    ASKED_BACK = "asked_back"
    """Nothing can be said before one fact is known."""
    NOT_FOUND = "not_found"
    """Within the subject, but no rule was found: somebody to ask."""
    OUTSIDE = "outside"
    """Outside the subject, or no question at all: what can be asked here."""

    @property
    def label(self) -> Bilingual:
        """What it is called."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.ANSWERED: Bilingual("有依据的回答", "Answered with sources"),
    Outcome.DECLINED: Bilingual("不能这样做", "This may not be done"),
    Outcome.ASKED_BACK: Bilingual("先问一句", "One question first"),
    Outcome.NOT_FOUND: Bilingual("没有找到依据", "No source found"),
    Outcome.OUTSIDE: Bilingual("不在回答范围内", "Outside the subject"),
}


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of one provision, found letter for letter in the stored text."""

    number: int
    provision_id: str
    instrument: str
    heading: str
    level: Level
    words: str
    in_force_since: date | None
    source: str
    # False where the day is our best reading of when this version took effect.
    date_certain: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """A provision our duties rest on whose text is not loaded, so it cannot be quoted."""

    instrument: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved an answer, and on which day."""

    id: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement, the numbers of the quotations that carry it, and how sure we are.

    `is_law` is False for what must not be shown as law: unverified, or resting on recommended
    standards, foreign texts or company policy alone. `is_policy` marks the last of these, which
    binds the staff all the same. `level` is the lowest rank among what it rests on. `contested` says
    that it is disputed, so that both readings are shown; `changed` that an article it rests on no
    longer reads as when we checked; `approval` that it is the company's own approved answer; `beside`
    that it is another rule that may matter, no condition of the conclusion; `masked` that something is
    masked in the words quoted, so that they are not letter for letter.
    """

    text: str
    quotations: tuple[int, ...] = ()
    mentions: tuple[Mention, ...] = ()
    confidence: Confidence = Confidence.VERIFIED
    is_law: bool = True
    is_policy: bool = False
    level: Level | None = None
    contested: bool = False
    changed: bool = False
    approval: Approval | None = None
    beside: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question, as of a date.

    `conclusion` stands where the outcome is ANSWERED or DECLINED; otherwise `instead` is what is
    said: whom to ask, what can be asked, or the greeting returned. `question` is the question as
    understood: in a thread, made whole by what was asked before (`follows`). `clarification` is the
    one fact to ask back, if any. `masked` names the kinds of personal data taken out of the
    question, in the reader's language. `dropped` counts drafted claims that failed the check.
    `first` is True for the first answer of a thread, where limits are stated. `ask_instead` are
    reviewed questions like one that has no answer.
    """

    id: str
    question: str
    language: Language
    outcome: Outcome
    conclusion: Claim | None
    conditions: tuple[Claim, ...]
    next_steps: tuple[str, ...]
    quotations: tuple[Quotation, ...]
    as_of: date
    masked: tuple[str, ...]
    instead: str
    written_by: str
    dropped: int = 0
    follows: bool = False
    first: bool = True
    clarification: Clarification | None = None
    ask_instead: tuple[str, ...] = ()
