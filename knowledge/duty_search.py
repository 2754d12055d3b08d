"""The duties' own small index, built in memory from the files."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from knowledge.addresses import parse_address
from knowledge.asked import AskedIndex, in_same_words
from knowledge.character_runs import SharedRuns
from knowledge.duties import Asked, Duties, Duty, is_law, load_duties
from knowledge.duty_model import DutyModel, duty_model
from knowledge.duty_vectors import DutyVectors
from knowledge.embeddings import Vectors, built_in
from knowledge.regimes import membership, named_in
from knowledge.search import score_words
from knowledge.sources import short_name
from knowledge.synonyms import on_other_matters, on_subject
from knowledge.ties import best_first
from knowledge.tokens import terms
from knowledge.word_index import Scores, WordIndex, understand
from pii.cleared import ClearedText, public_text
from records.data_files import Entry, load
from records.language import Language, language_of

# What each kind of evidence counts for, and the chance that anything answers: a conditional logit and a
# logistic regression, fitted on questions the search did not hold (`python -m evals.duty_training`).
WEIGHED = Path(__file__).parent / "weights" / "duties.yaml"
# Below this chance nothing answers.
ENOUGH, ENOUGH_OFF_SUBJECT = 0.5, 0.95
# Above this one the question may be a badly put one of ours: what comes nearest is named.
MAYBE = 0.25
# Off the subject in English: how likely it must be, or how like a question that was reviewed.
LIKELY, LIKE = 0.5, 0.22
# How slowly a duty falls behind the best: one whose weight is 2 lower counts for 0.7 as much.
_SLOW = 5.6
_NEAREST = 3
# So much less likely, as log-odds, a duty is still nearly as likely as another.
_NEARLY = 3.0
# A duty that rests on an article the question names answers it at least this well.
_NAMED_ARTICLE = np.float32(0.5)
# What may not be presented as law (unverified, foreign, a recommended standard) stays this little
# behind the best that may, unless the question names its regime.
_BEHIND = np.float32(0.999)

Rows = NDArray[np.bool_]

_BUILDING = Lock()


@dataclass(frozen=True)
class DutyHit:
    """A duty that answers a question, how well, and how likely it is rather than any other, 0 to 1."""

    duty: Duty
    score: float
    share: float


@dataclass(frozen=True)
class Seen:
    """What speaks for each duty, a row a kind of `Evidence`, and how far none of them beats the best."""

    of: dict[str, Scores]
    none: float


class Evidence(Entry):
    """What each kind of evidence that a duty answers counts for."""

    learnt: float  # what the trained model gives the duty, as log-odds
    asked: float  # likeness to the three nearest everyday questions of the duty
    letters: float  # runs of characters shared with all that is said of the duty
    same_letters: float  # the same, each thing called by one name alone
    words: float  # how much of the question the duty's own words cover
    sense: float  # nearness in sense to the duty's own words
    read: float  # nearness to what the duty says, as the sentence model reads it
    asked_read: float  # nearness to the three nearest everyday questions of the duty, so read
    unnamed: float  # a regime it belongs to and the question does not name
    named: float  # a regime it belongs to and the question names


class Chance(Entry):
    """What tells whether any duty answers."""

    best: float  # the weight of the best
    none: float  # what the trained model gives none of them beyond the best
    asked: float  # the greatest likeness to what is asked of any
    words: float  # the most of the question any covers
    subject: float  # that it names a thing of the subject
    less: float  # taken off before all else


class Weighed(Entry):
    """What was fitted beside the trained model."""

    evidence: Evidence
    chance: Chance


class DutySearch:
    """Search over duties by what people ask, then by trigger, duty, note and cited laws."""

    def __init__(
        self, duties: Duties, model: DutyModel, vectors: DutyVectors, weighed: Weighed
    ) -> None:
        self._model, self._vectors, self._chance = model, vectors, weighed.chance
        self._counts = np.array([*weighed.evidence.model_dump().values()], dtype=np.float32)
        self._duties = tuple(duties.values())
        if model.names[:-1] != tuple(duties):
            raise ValueError(
                "duties.npz was trained on other duties: run evals.duty_training again"
            )
        titles = {topic.topic: topic.title.zh for topic in duties.topics}
        texts = [_text(duty, titles[duty.topic]) for duty in self._duties]
        asked = [[one.q for one in duty.questions] for duty in self._duties]
        self._index = WordIndex.build((terms(text.text) for text in texts), {})
        self._asked = AskedIndex(asked)
        self._meant = built_in().encode(texts)
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
        seen = self.evidence(question)
        weight = self._weighed(seen)
        scores = self._scores(question, seen, weight, goes_on=goes_on)
        best = best_first(scores)[:limit]
        shares = np.exp(weight - weight.max())
        shares /= shares.sum()
        return [
            DutyHit(self._duties[row], float(scores[row]), float(shares[row]))
            for row in best
            if scores[row] > 0
        ]

    def asked_of(self, question: ClearedText, duty: Duty) -> list[tuple[Asked, float]]:
        """The duty's everyday questions, each with its likeness to this one, 0 to 1."""
        likeness = self._asked.likeness_in(question.text, self._rows[duty.id])
        return list(zip(duty.questions, likeness, strict=True))

    def likeliest(self, question: ClearedText, duties: Sequence[str]) -> list[str]:
        """Of some duties, by id, those the question turns on, first first: all that are nearly as likely."""
        weight = self._weighed(self.evidence(question))
        told = sorted(((float(weight[self._rows[one]]), one) for one in duties), reverse=True)
        return [one for weighs, one in told if weighs >= told[0][0] - _NEARLY]

    def near_miss(self, question: ClearedText, *, limit: int = 3) -> list[Duty]:
        """The duties a question without an answer comes nearest to; none where it is far from all.

        Everyday English meets some question by chance (business trips, business ethics): there one must also be
        like it, or the chance that any duty answers be good.
        """
        seen = self.evidence(question)
        weight = self._weighed(seen)
        inside = on_subject(question.text)
        chance = self._chance_of(seen, weight, question.text, inside=inside)
        if chance < MAYBE:
            return []
        near = [self._duties[row] for row in best_first(weight)[:limit]]
        if inside or chance >= LIKELY or language_of(question.text) is Language.ZH:
            return near
        like = max((one for duty in near for _, one in self.asked_of(question, duty)), default=0.0)
        return near if like >= LIKE else []

    def evidence(self, question: ClearedText) -> Seen:
        """What speaks for each duty, a row a kind of `Evidence`, and for none of them."""
        text = question.text
        understood = understand(text)
        sense = built_in().encode([question])[0]
        named = named_in(text)
        (learnt,), (none,) = self._model.weigh([question])
        read, asked_read = self._vectors.near(question)
        of = {
            "learnt": learnt,
            "asked": self._nearest(self._asked.likeness(text, on_subject=understood.on_subject)),
            "letters": self._letters.with_text(text),
            "same_letters": self._same_letters.with_text(in_same_words(text)),
            "words": score_words(self._index, understood),
            "sense": np.maximum(self._meant @ sense, 0),
            "read": read,
            "asked_read": self._nearest(asked_read),
            "unnamed": np.array([of.unnamed(named) for of in self._regimes], dtype=np.float32),
            "named": np.array([bool(of.bound & named) for of in self._regimes], dtype=np.float32),
        }
        return Seen(of, float(none - learnt.max()))

    def _nearest(self, likeness: Vectors) -> Scores:
        """For each duty the mean likeness of the everyday questions nearest to the one asked."""
        of_duty = np.append(likeness, np.float32(0))[self._of_duty]
        best: Scores = np.partition(of_duty, -_NEAREST, axis=1)[:, -_NEAREST:].mean(axis=1)
        return best

    def _scores(
        self, question: ClearedText, seen: Seen, weight: Scores, *, goes_on: bool
    ) -> Scores:
        """How well each duty answers, 0 where none does."""
        if goes_on:
            # What was said before says what it is about: that by itself it is about nothing counts not.
            seen = replace(seen, none=min(seen.none, 0.0))
        evidence = seen.of
        inside = goes_on or on_subject(question.text)
        chance = self._chance_of(seen, weight, question.text, inside=inside)
        scores = (chance * np.exp((weight - weight.max()) / _SLOW)).astype(np.float32)
        named_article = self._call_by_address(question.text, scores)
        if chance < (ENOUGH if inside else ENOUGH_OFF_SUBJECT):
            scores[~named_article] = 0
        whose = (evidence["named"] > 0) & (evidence["unnamed"] == 0)
        behind = ~self._law & ~whose
        best = int(scores.argmax())
        law = self._rows.get(self._duties[best].under or "")
        if behind[best] and law is not None:
            scores[law] = scores[best]
        return _let_law_lead(scores, self._law, behind)

    def _weighed(self, seen: Seen) -> Scores:
        weighed: Scores = self._counts @ np.array([*seen.of.values()])
        return weighed

    def _chance_of(self, seen: Seen, weight: Scores, text: str, *, inside: bool) -> float:
        """How likely it is that any duty answers, 0 to 1; not at all, where other matters are named."""
        if on_other_matters(text):
            return 0.0
        counts = np.array([*self._chance.model_dump().values()])
        told = float(counts @ whether(seen, weight, inside=inside))
        return float(1 / (1 + np.exp(-told)))

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
    duties = load_duties()
    return DutySearch(duties, duty_model(), DutyVectors.load(duties), load(WEIGHED, Weighed))


def whether(seen: Seen, weight: Scores, *, inside: bool) -> NDArray[np.float64]:
    """What tells whether any duty answers, one for each of `Chance`."""
    asked, words = (float(seen.of[name].max()) for name in ("asked", "words"))
    return np.array([float(weight.max()), seen.none, asked, words, float(inside), 1.0])


def _let_law_lead(scores: Scores, law: Rows, behind: Rows) -> Scores:
    """The scores, none of the rows `behind` above the best of `law` that answers the question."""
    lead = scores[law].max(initial=0.0)
    if lead > 0:
        scores[behind] = np.minimum(scores[behind], lead * _BEHIND)
    return scores


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
