"""What the company's own rules say of a question: each sentence and each row of a table by itself.

A section holds many rules, and only one of them answers. Policies are few, so that every sentence
is weighed: by its own words and those of its section and heading, by words that mean nearly the same,
by the duties it and the question turn on, by what is asked for (a day, a person, a number, a form), and
above all by how near both lie as they are read.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.asked import in_same_words
from knowledge.character_runs import SharedRuns
from knowledge.duty_model import DutyModel
from knowledge.embeddings import Vectors, built_in, built_in_senses, unit
from knowledge.glossary import in_chinese
from knowledge.provisions import Provision
from knowledge.search import score_words
from knowledge.sentences import Passages, read_question
from knowledge.ties import best_first
from knowledge.tokens import pairs, stop_words, terms, words
from knowledge.traditional import simplified
from knowledge.word_index import Concept, Question, Scores, WordIndex, understand
from pii.cleared import ClearedText, public_text
from records.data_files import Entry, load

WEIGHED = Path(__file__).parent / "weights" / "own_rules.yaml"
# For how many audiences and days the rules are kept taken apart.
_MOST_READERS = 6
# A policy of more sentences is searched by its first ones only: beyond that it is no set of rules.
MOST = 20_000

_CELLS = re.compile(r"[｜|]")
_RULE_OFF = re.compile(r"^[\s:：—-]*$")
_SENTENCE = re.compile(r"[^。；！？]+[。；！？]*")
# How slowly a rule falls behind the best, as log-odds.
_SLOW = 2
_ITEM = re.compile(r"^(?:[-*•]|\d{1,2}[.、．]|[（(]?\d{1,2}[)）])\s*")
_SOFT = 1.5
_NO_WORDS = np.zeros(0, dtype=np.intp)
# What a question may be after, and what a rule that tells it holds.
_WANTS = (
    (
        r"几天|多久|多长时间|几年|几个月|多少天|几小时|几个小时|几号|何时|什么时候|哪天|最晚|截止|到期|"
        r"\b(?:how long|when|deadline|how many (?:days|months|years|hours))\b",
        r"[\d一二三四五六七八九十百]+\s*(?:个)?(?:工作日|日|天|年|月|小时|周)|永久|立即|当日|当天",
    ),
    (
        r"谁|哪个部门|找哪|什么人|哪个岗|\bwho(?:m|se)?\b",
        r"负责人|岗|组长|主管|部门|经理|专员|小组",
    ),
    (
        r"几个|几份|几次|几样|多少(?!天|年|个月)|多大|\bhow (?:many|much|often|big)\b",
        r"[\d一二三四五六七八九十两百千]+\s*(?:人|名|项|份|次|个|条|类|户|台|平方|分)|每",
    ),
    (
        r"多(?:[细碎宽窄厚粗深高]|长(?!时间))|几毫米|几级|哪一?级|尺寸|\bhow (?:fine|small|wide|thick|large|strong)\b",
        r"毫米|厘米|公分|[一二三四五六七八九\d]级|[A-Z]-\d|\d\s*位|\b(?:mm|cm|level|characters)\b",
    ),
    (r"哪些|什么东西|哪几|有哪|包括|\b(?:what|which)\b", r"、.*、"),
    (r"表|单子|登记在哪|填什么|\bforms?\b", r"表单|登记表|申请表|[A-Z]{2,}-[A-Z\d-]+"),
    (
        r"吗|[么嘛]$|行不|可不可以|能不能|可以|要不要|用不用|该不该|能|\b(?:may|can|must|should)\b",
        r"不得|禁止|不|须|应|才|可以|一律",
    ),
)
_ASKS_AND_TELLS = tuple((re.compile(a, re.I), re.compile(b)) for a, b in _WANTS)


@dataclass(frozen=True)
class OwnRule:
    """One rule of a policy: the words of its section, and how likely they are to answer, 0 to 1."""

    section: Provision
    words: str
    """Letter for letter."""
    said: str
    """The same to be read: a row of a table with the heads of its columns."""
    score: float


class Evidence(Entry):
    """What each kind of evidence that a rule answers counts for; of words, runs, runs with each thing
    called by one name, and sense, for the rule, its section, its headings, and heading and rule together."""

    rule: tuple[float, float, float, float]
    section: tuple[float, float, float, float]
    heading: tuple[float, float, float, float]
    together: tuple[float, float, float, float]
    wants: tuple[float, ...]
    """That it tells what is asked for: a time, a person, a number, a size, several things, a form, yes or no."""
    rule_duties: float
    section_duties: float
    meets: tuple[float, float]
    """How near the words asked come to those of the rule, and of heading and rule together."""
    read: tuple[float, float, float]
    """How near the question lies, as it is read, to the rule, to the nearest rule of its section, and to that whole."""


class Chance(Entry):
    """What tells whether the best rule answers."""

    in_its_section: float
    """The share of the likelihood of all that its section has, as a logarithm."""
    read: float
    duties: float
    less: float

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """What each number of `whether` counts for."""
        return _flat(self)


class Weighed(Entry):
    """What was fitted (`python -m evals.own_rules`)."""

    evidence: Evidence
    chance: Chance

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """What each row of `OwnRules.evidence` counts for."""
        return _flat(self.evidence)

    def chance_of(
        self, seen: NDArray[np.float64], score: NDArray[np.float64], section: NDArray[np.intp]
    ) -> float:
        """How likely it is that the best rule answers, 0 to 1."""
        told = self.chance.counts @ whether(seen, score, section)
        return float(1 / (1 + np.exp(-told)))


def _flat(counts: Entry) -> NDArray[np.float64]:
    rows = counts.model_dump().values()
    return np.concatenate([np.atleast_1d(np.array(row, dtype=float)) for row in rows])


class Sought:
    """A question as rules are sought by it: an English one also in the Chinese words for what it speaks of."""

    def __init__(self, question: ClearedText) -> None:
        meant = in_chinese(question.text)
        words = " ".join(dict.fromkeys(word for many in meant for word in many))
        self.text = f"{question.text} {words}" if words else question.text
        self.understood = _with(understand(question.text), meant, words)
        self.same = in_same_words(self.text)
        texts = [question, *([public_text(words, source="glossary")] if words else ())]
        self.sense = unit(built_in().encode(texts).sum(axis=0, keepdims=True))[0]


class OwnRules:
    """The rules of some sections, those one audience may read on one day."""

    def __init__(self, sections: Sequence[Provision], model: DutyModel, passages: Passages) -> None:
        taken = _taken_apart(sections)
        self.rules = [(sections[row], words, said) for row, words, said in taken]
        if not self.rules:
            return
        self.section = np.array([row for row, _, _ in taken], dtype=np.intp)
        self._model = model
        headings = [
            simplified(f"{one.instrument} {one.chapter or ''} {one.heading}") for one in sections
        ]
        # Likened to questions, which come in simplified characters; told as they stand.
        said = [simplified(said) for _, _, said in self.rules]
        together = _with_heading(sections, taken)
        whole = _whole(sections)
        # Each with what leads from its rows to the rules.
        self._fields = (
            (_Field(said), np.arange(len(said))),
            (_Field(whole), self.section),
            (_Field(headings), self.section),
            (_Field(together), np.arange(len(said))),
        )
        self._meets = (_Meets(said), _Meets(together))
        self._rule_duties = self._duties_of(together)
        self._section_duties = self._duties_of(whole)[self.section]
        self._read = passages(_public(together))
        self._read_whole = passages(_public(whole))
        self._tells = np.array(
            [[bool(tells.search(one)) for one in said] for _, tells in _ASKS_AND_TELLS], dtype=float
        )

    def search(self, question: ClearedText, *, limit: int = 4) -> list[OwnRule]:
        """The rules that may answer, best first, with the chance of each; none where there are none."""
        if not self.rules:
            return []
        seen, weighed = self.evidence(question), _weighed()
        score = weighed.counts @ seen
        chance = weighed.chance_of(seen, score, self.section)
        return [
            OwnRule(section, words, said, _falling(chance, score, at))
            for at in best_first(score)[:limit]
            for section, words, said in [self.rules[at]]
        ]

    def evidence(self, question: ClearedText) -> NDArray[np.float64]:
        """What speaks for each rule, a row a kind of evidence in the order of `Evidence`."""
        sought = Sought(question)
        of_fields = [field.seen(sought)[:, rows] for field, rows in self._fields]
        asks = np.array([bool(asks.search(question.text)) for asks, _ in _ASKS_AND_TELLS])
        duties = self._turns_on([question])[0]
        read = read_question(question)
        near = self._read @ read
        nearest = np.zeros(len(self._read_whole))
        np.maximum.at(nearest, self.section, near)
        return np.vstack(
            [
                *of_fields,
                asks[:, None] * self._tells,
                self._rule_duties @ duties,
                self._section_duties @ duties,
                *(meets.seen(sought.text) for meets in self._meets),
                near,
                nearest[self.section],
                (self._read_whole @ read)[self.section],
            ]
        )

    def _duties_of(self, texts: Sequence[str]) -> Vectors:
        return self._turns_on(_public(texts))

    def _turns_on(self, texts: Sequence[ClearedText]) -> Vectors:
        """How much each text speaks of each duty, at length one."""
        return unit(np.exp(self._model.weigh(texts)[0] / _SOFT))


class _Field:
    """Texts, likened to a question in four ways."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._words = WordIndex.build((terms(text) for text in texts), {})
        self._runs = SharedRuns(texts)
        self._same_runs = SharedRuns([in_same_words(text) for text in texts])
        self._sense = built_in().encode(_public(texts))

    def seen(self, question: Sought) -> Scores:
        """Words, runs, runs of the same words, sense: a row each, from 0 to 1."""
        return np.array(
            [
                score_words(self._words, question.understood),
                self._runs.with_text(question.text),
                self._same_runs.with_text(question.same),
                np.maximum(self._sense @ question.sense, 0),
            ]
        )


class _Meets:
    """Texts as the directions of their words in general language."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._model = built_in_senses()
        known = [self._known(text) for text in texts]
        lengths = np.array([len(one) for one in known])
        words, self._place = np.unique(np.concatenate([*known, _NO_WORDS]), return_inverse=True)
        self._units = unit(self._model.of(words))
        # The texts any word of which is known, and where the words of each begin.
        self._rows = np.flatnonzero(lengths)
        self._starts = np.concatenate([[0], np.cumsum(lengths)])[self._rows]
        self._size = len(texts)

    def seen(self, question: str) -> Scores:
        """How near each text's words come to those asked, the rarer counting more, 0 to 1."""
        asked = self._known(question)
        nearest = np.zeros((self._size, len(asked)), dtype=np.float32)
        if len(asked) and len(self._rows):
            close = (unit(self._model.of(asked)) @ self._units.T).take(self._place, axis=1)
            best = np.maximum.reduceat(close, self._starts, axis=1)
            nearest[self._rows] = np.maximum(best.T, 0)
        rare = self._model.idf[asked]
        found: Scores = nearest**2 @ (rare / max(rare.sum(), np.float32(1e-9)))
        return found

    def _known(self, text: str) -> NDArray[np.intp]:
        places = self._model.columns
        found = {places[t] for t in terms(text) if t in places and t not in stop_words()}
        return np.array(sorted(found), dtype=np.intp)


def whether(
    seen: NDArray[np.float64], score: NDArray[np.float64], section: NDArray[np.intp]
) -> NDArray[np.float64]:
    """What tells whether the best of the rules answers, one for each number of `Chance`."""
    best = int(score.argmax())
    likely = np.exp(score - score[best])
    share = np.log(likely[section == section[best]].sum() / likely.sum())
    # The rows of `Evidence`: from its end three that are read, two that meet, two of duties.
    return np.array([share, seen[-3, best], seen[-7, best], 1.0])


def _falling(chance: float, score: NDArray[np.float64], at: int) -> float:
    """How likely a rule answers beside the best."""
    return float(chance * np.exp((score[at] - score.max()) / _SLOW))


_taken: dict[tuple[Provision, ...], OwnRules] = {}
_taking = threading.Lock()


def own_rules_of(sections: Sequence[Provision], model: DutyModel, passages: Passages) -> OwnRules:
    """The rules of these sections, taken apart once for all who read them, whatever index they came from."""
    key = tuple(sections)
    with _taking:
        if key not in _taken:
            if len(_taken) == _MOST_READERS:
                _taken.pop(next(iter(_taken)))
            _taken[key] = OwnRules(sections, model, passages)
        return _taken[key]


def read_ahead(sections: Sequence[Provision], passages: Passages) -> None:
    """Have read and kept what a search will want of these sections, so that nobody who asks waits for it."""
    if taken := _taken_apart(sections):
        passages(_public(_with_heading(sections, taken)))
        passages(_public(_whole(sections)))


def rules_of(text: str) -> Iterator[tuple[str, str]]:
    """The rules of a section: their words as they stand, and the same to be read."""
    heads: list[str] = []
    for line in text.split("\n"):
        cells = [cell.strip() for cell in _CELLS.split(line.strip().strip("｜|"))]
        if len(cells) < 2:
            heads = []
            for one in filter(str.strip, _SENTENCE.findall(line)):
                yield one.strip(), re.sub(r"；$", "。", without_mark(one))
        elif all(map(_RULE_OFF.match, cells)):
            continue
        elif len(heads) != len(cells):
            heads = cells
        else:
            told = zip(heads, cells, strict=True)
            yield (
                line,
                "；".join(f"{head}：{cell}" for head, cell in told if not _RULE_OFF.match(cell)),
            )


def _with(asked: Question, meant: Sequence[tuple[str, ...]], in_words: str) -> Question:
    """The question with each thing meant as its Chinese words, any of which may stand for it."""
    concepts = [Concept(*_alternatives(many)) for many in meant]
    return replace(
        asked,
        concepts=(*asked.concepts, *concepts),
        pairs=(*asked.pairs, *dict.fromkeys(pairs(in_words))),
    )


def _alternatives(many: Sequence[str]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    own, *others = (tuple(words(one)) for one in many)
    return own, tuple(others)


def without_mark(line: str) -> str:
    """A line of a list without what marks it as one."""
    return _ITEM.sub("", line.strip())


def _taken_apart(sections: Sequence[Provision]) -> list[tuple[int, str, str]]:
    """Every rule: the row of its section, its words, and the same to be read."""
    every = ((row, *rule) for row, one in enumerate(sections) for rule in rules_of(one.text))
    return list(islice(every, MOST))


def _with_heading(
    sections: Sequence[Provision], taken: Sequence[tuple[int, str, str]]
) -> list[str]:
    return [simplified(f"{sections[row].heading}：{said}") for row, _, said in taken]


def _whole(sections: Sequence[Provision]) -> list[str]:
    return [simplified(f"{one.heading}\n{one.text}") for one in sections]


def _public(texts: Sequence[str]) -> list[ClearedText]:
    return [public_text(text, source="company policy") for text in texts]


@cache
def _weighed() -> Weighed:
    return load(WEIGHED, Weighed)
