"""The duties' own small index, built in memory from the files."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from knowledge.addresses import parse_address
from knowledge.asked import AskedIndex, in_same_words
from knowledge.character_runs import SharedRuns
from knowledge.duties import Asked, Duties, Duty, is_law, load_duties
from knowledge.embeddings import Vectors, built_in
from knowledge.regimes import membership, named_in
from knowledge.search import score_words
from knowledge.sources import short_name
from knowledge.synonyms import on_other_matters, on_subject
from knowledge.tokens import terms
from knowledge.word_index import Scores, WordIndex, understand
from pii.cleared import ClearedText, public_text

# What each kind of evidence counts for: a conditional logit fitted on everyday questions the index did
# not hold (`python -m evals.duty_ranking`, which also measures it).
WEIGHTS = {
    "asked": 7.6,  # likeness to the three nearest everyday questions of the duty
    "meant": 3.0,  # nearness in sense to the three nearest
    "letters": 14.8,  # runs of characters shared with all that is said of the duty
    "same_letters": 16.3,  # the same, each thing called by one name alone
    "words": 2.5,  # how much of the question the duty's own words cover
    "sense": 1.6,  # nearness in sense to the duty's own words
    # A regime it belongs to and the question does not name. Fitted it is half of that: few everyday
    # questions stand between a regime and the general rule, and those decide.
    "unnamed": -2.0,
    "named": 1.2,  # a regime it belongs to and the question names
}
# The chance that anything answers: by the best of the duties, the greatest likeness to what is asked of
# any, the most of the question any covers, and whether it names a thing of the subject. Fitted on the
# same questions and on others about the weather, expenses and computers.
_BEST, _ASKED, _WORDS, _SUBJECT, _LESS = 0.52, 0.24, 3.72, 1.2, -3.2
# Below this chance nothing answers.
ENOUGH, ENOUGH_OFF_SUBJECT = 0.82, 0.93
# Above this one the question may be a badly put one of ours: what comes nearest is named.
MAYBE = 0.5
# How slowly a duty falls behind the best: one whose weight is 2 lower counts for 0.7 as much.
_SLOW = 5.6
_NEAREST = 3
# A duty that rests on an article the question names answers it at least this well.
_NAMED_ARTICLE = np.float32(0.5)
# What may not be presented as law (unverified, foreign, a recommended standard) stays this little
# behind the best that may, unless the question names its regime.
_BEHIND = np.float32(0.999)

Rows = NDArray[np.bool_]

_BUILDING = Lock()


@dataclass(frozen=True)
class DutyHit:
    """A duty that answers a question, how well, and what share of the question it covers, 0 to 1."""

    duty: Duty
    score: float
    covers: float


class DutySearch:
    """Search over duties by what people ask, then by trigger, duty, note and cited laws."""

    def __init__(self, duties: Duties) -> None:
        self._duties = tuple(duties.values())
        titles = {topic.topic: topic.title.zh for topic in duties.topics}
        texts = [_text(duty, titles[duty.topic]) for duty in self._duties]
        asked = [[one.q for one in duty.questions] for duty in self._duties]
        self._index = WordIndex.build((terms(text.text) for text in texts), {})
        self._asked = AskedIndex(asked)
        self._meant = built_in().encode(texts)
        questions = [public_text(one, source="duties") for many in asked for one in many]
        self._meant_by_asking = built_in().encode(questions)
        self._of_duty = _places(asked)
        said = ["\n".join((text.text, *many)) for text, many in zip(texts, asked, strict=True)]
        self._letters = SharedRuns(said)
        self._same_letters = SharedRuns([in_same_words(one) for one in said])
        self._rows = {duty.id: row for row, duty in enumerate(self._duties)}
        self._regimes = [membership(duty) for duty in self._duties]
        self._resting_on: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, duty in enumerate(self._duties):
            for citation in duty.citations:
                for article in citation.articles:
                    self._resting_on[citation.instrument, article].append(row)
        self._law = np.array([is_law(duty) for duty in self._duties])

    def search(
        self, question: ClearedText, *, limit: int = 8, goes_on: bool = False
    ) -> list[DutyHit]:
        """The duties that answer the question, best first; none when nothing does.

        Where talk `goes_on` about the subject, a question need not name a thing of it again.
        """
        evidence = self.evidence(question)
        scores = self._scores(question, evidence, goes_on=goes_on)
        best = np.argsort(-scores, kind="stable")[:limit]
        covers = np.maximum(evidence["words"], evidence["asked"])
        return [
            DutyHit(self._duties[r], float(scores[r]), float(covers[r]))
            for r in best
            if scores[r] > 0
        ]

    def asked_of(self, question: ClearedText, duty: Duty) -> list[tuple[Asked, float]]:
        """The duty's everyday questions, each with its likeness to this one, 0 to 1."""
        likeness = self._asked.likeness_in(question.text, self._rows[duty.id])
        return list(zip(duty.questions, likeness, strict=True))

    def near_miss(self, question: ClearedText, *, limit: int = 3) -> list[Duty]:
        """The duties a question without an answer comes nearest to; none where it is far from all."""
        evidence = self.evidence(question)
        weight = _weighed(evidence)
        inside = on_subject(question.text)
        if _chance(evidence, weight, question.text, inside=inside) < MAYBE:
            return []
        return [self._duties[row] for row in np.argsort(-weight, kind="stable")[:limit]]

    def evidence(self, question: ClearedText) -> dict[str, Scores]:
        """What speaks for each duty, one column for each of `WEIGHTS`."""
        text = question.text
        understood = understand(text)
        sense = built_in().encode([question])[0]
        named = named_in(text)
        return {
            "asked": self._nearest(self._asked.likeness(text, on_subject=understood.on_subject)),
            "meant": self._nearest(self._meant_by_asking @ sense),
            "letters": self._letters.with_text(text),
            "same_letters": self._same_letters.with_text(in_same_words(text)),
            "words": score_words(self._index, understood),
            "sense": np.maximum(self._meant @ sense, 0),
            "unnamed": np.array([of.unnamed(named) for of in self._regimes], dtype=np.float32),
            "named": np.array([bool(of.bound & named) for of in self._regimes], dtype=np.float32),
        }

    def _nearest(self, likeness: Vectors) -> Scores:
        """For each duty the mean likeness of the everyday questions nearest to the one asked."""
        of_duty = np.append(likeness, np.float32(0))[self._of_duty]
        best: Scores = np.partition(of_duty, -_NEAREST, axis=1)[:, -_NEAREST:].mean(axis=1)
        return best

    def _scores(
        self, question: ClearedText, evidence: dict[str, Scores], *, goes_on: bool
    ) -> Scores:
        """How well each duty answers, 0 where none does."""
        weight = _weighed(evidence)
        inside = goes_on or on_subject(question.text)
        chance = _chance(evidence, weight, question.text, inside=inside)
        scores = (chance * np.exp((weight - weight.max()) / _SLOW)).astype(np.float32)
        named_article = self._call_by_address(question.text, scores)
        if chance < (ENOUGH if inside else ENOUGH_OFF_SUBJECT):
            scores[~named_article] = 0
        whose = (evidence["named"] > 0) & (evidence["unnamed"] == 0)
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


def _weighed(evidence: dict[str, Scores]) -> Scores:
    weights = np.array([*WEIGHTS.values()], dtype=np.float32)
    weighed: Scores = np.array([evidence[name] for name in WEIGHTS]).T @ weights
    return weighed


def _chance(evidence: dict[str, Scores], weight: Scores, text: str, *, inside: bool) -> float:
    """How likely it is that any duty answers, 0 to 1; not at all, where other matters are named."""
    if on_other_matters(text):
        return 0.0
    told = _BEST * weight.max() + _ASKED * evidence["asked"].max()
    told += _WORDS * evidence["words"].max() + _SUBJECT * inside + _LESS
    return float(1 / (1 + np.exp(-told)))


def _places(asked: Sequence[Sequence[str]]) -> NDArray[np.intp]:
    """For each duty the places of its questions among all, padded with the place after the last."""
    widest = max(_NEAREST, *map(len, asked))
    total = sum(map(len, asked))
    places = np.full((len(asked), widest), total, dtype=np.intp)
    begun = 0
    for row, many in enumerate(asked):
        places[row, : len(many)] = range(begun, begun + len(many))
        begun += len(many)
    return places


def _text(duty: Duty, topic: str) -> ClearedText:
    laws = " ".join(short_name(citation.instrument) for citation in duty.citations)
    binds = " ".join(duty.binds)
    about = f"{duty.about.zh} {duty.about.en}"
    parts = (about, duty.trigger, duty.duty, duty.note, duty.duty_en, binds, laws, topic)
    return public_text("\n".join(filter(None, parts)), source=duty.id)
