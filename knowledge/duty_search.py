"""The duties' own small index, built in memory from the files."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from knowledge.addresses import parse_address
from knowledge.asked import AskedIndex
from knowledge.duties import Asked, Duties, Duty, is_law, load_duties
from knowledge.embeddings import built_in
from knowledge.regimes import membership, named_in
from knowledge.search import FLOOR, score_words
from knowledge.sources import short_name
from knowledge.tokens import terms
from knowledge.word_index import Scores, WordIndex, understand
from pii.cleared import ClearedText, public_text

# Under these weights the floor of the search serves duties too: of 65 questions outside the subject
# in tests/knowledge/questions.yaml the best reaches 0.30, of 78 inside one stays below 0.35.
#
# What the words of the duty itself, and likeness to what it is about, count for beside its likeness to
# an everyday question, and how much less that likeness tells off the subject. Measured with each
# everyday question set aside in turn (`python -m evals.verdicts`).
_WORDS = np.float32(0.5)
_ABOUT = np.float32(0.4)
# Nothing outside the subject names a thing of it, so that inside it less likeness is enough.
_FLOOR_INSIDE, _LEAST = np.float32(0.25), np.float32(0.01)
# What nearness in sense counts for in the order; it never decides whether anything answers at all.
_SENSE = np.float32(0.5)
_OFF_SUBJECT = np.float32(0.8)
# A duty of a regime the question does not name steps back; of one it names, it steps forward.
_UNNAMED_REGIME, _NAMED_REGIME = np.float32(0.6), np.float32(1.15)
# A duty that rests on an article the question names answers it at least this well.
_NAMED_ARTICLE = np.float32(0.5)
# What may not be presented as law (unverified, foreign, a recommended standard) stays this little
# behind the best that may, unless the question names its regime.
_BEHIND = np.float32(0.999)

Rows = NDArray[np.bool_]

_BUILDING = Lock()


@dataclass(frozen=True)
class DutyHit:
    """A duty that answers a question, and how well."""

    duty: Duty
    score: float


class DutySearch:
    """Search over duties by what people ask, then by trigger, duty, note and cited laws."""

    def __init__(self, duties: Duties) -> None:
        self._duties = tuple(duties.values())
        titles = {topic.topic: topic.title.zh for topic in duties.topics}
        texts = [_text(duty, titles[duty.topic]) for duty in self._duties]
        self._index = WordIndex.build((terms(text.text) for text in texts), {})
        self._asked = AskedIndex([[one.q for one in duty.questions] for duty in self._duties])
        self._about = AskedIndex([[duty.about.zh, duty.about.en] for duty in self._duties])
        self._meant = built_in().encode(texts)
        self._rows = {duty.id: row for row, duty in enumerate(self._duties)}
        self._regimes = [membership(duty) for duty in self._duties]
        self._resting_on: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, duty in enumerate(self._duties):
            for citation in duty.citations:
                for article in citation.articles:
                    self._resting_on[citation.instrument, article].append(row)
        self._law = np.array([is_law(duty) for duty in self._duties])

    def search(self, question: ClearedText, *, limit: int = 8) -> list[DutyHit]:
        """The duties that answer the question, best first; none when nothing does."""
        scores = self._scores(question)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [DutyHit(self._duties[r], float(scores[r])) for r in best if scores[r] > 0]

    def asked_of(self, question: ClearedText, duty: Duty) -> list[tuple[Asked, float]]:
        """The duty's everyday questions, each with its likeness to this one, 0 to 1."""
        likeness = self._asked.likeness_in(question.text, self._rows[duty.id])
        return list(zip(duty.questions, likeness, strict=True))

    def _scores(self, question: ClearedText) -> Scores:
        """How well each duty answers, 0 where it does not."""
        text = question.text
        understood = understand(text)
        near = self._asked.nearness(text, on_subject=understood.on_subject)
        if not understood.on_subject:
            near *= _OFF_SUBJECT
        left = (1 - near) * (1 - _WORDS * score_words(self._index, understood))
        about = self._about.nearness(text, on_subject=understood.on_subject)
        scores = 1 - left * (1 - _ABOUT * about)
        answers = scores >= _FLOOR_INSIDE if understood.on_subject else 1 - left >= FLOOR
        named = named_in(text)
        unnamed = np.array([of.unnamed(named) for of in self._regimes])
        scores *= _UNNAMED_REGIME**unnamed
        whose = np.array([bool(of.bound & named) for of in self._regimes]) & (unnamed == 0)
        scores[whose] *= _NAMED_REGIME
        named_article = self._call_by_address(text, scores)
        np.minimum(scores, 1, out=scores)
        sense = np.maximum(self._meant @ built_in().encode([question])[0], 0)
        blended = (scores + _SENSE * sense) / (1 + _SENSE)
        answers |= named_article
        scores = np.where(answers, np.clip(blended, _LEAST, 1), 0).astype(np.float32)
        return _let_law_lead(scores, self._law, ~self._law & ~whose)

    def _call_by_address(self, text: str, scores: Scores) -> Rows:
        """Raise the duties that rest on an article the question names, and say which they are."""
        named = np.zeros(len(scores), dtype=bool)
        for address in parse_address(text):
            rows = self._resting_on.get((address.instrument, address.article), [])
            named[rows] = True
        scores[named] = _NAMED_ARTICLE + (1 - _NAMED_ARTICLE) * scores[named]
        return named


def duty_search() -> DutySearch:
    """The search over the duties shipped with the product, built once whoever asks first."""
    with _BUILDING:
        return _built()


@cache
def _built() -> DutySearch:
    return DutySearch(load_duties())


def _let_law_lead(scores: Scores, law: Rows, behind: Rows) -> Scores:
    """The scores, none of the rows `behind` above the best of `law` that answers the question."""
    lead = scores[law].max(initial=0.0)
    if lead > 0:
        scores[behind] = np.minimum(scores[behind], lead * _BEHIND)
    return scores


def _text(duty: Duty, topic: str) -> ClearedText:
    laws = " ".join(short_name(citation.instrument) for citation in duty.citations)
    binds = " ".join(duty.binds)
    about = f"{duty.about.zh} {duty.about.en}"
    parts = (about, duty.trigger, duty.duty, duty.note, duty.duty_en, binds, laws, topic)
    return public_text("\n".join(filter(None, parts)), source=duty.id)
