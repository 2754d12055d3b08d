"""Which items make a set: as many as asked for, over topics and kinds, the same for the same seed."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import cycle
from random import Random

from assistant.quizzes import making, question_files
from assistant.quizzes.flaws import flaws_of, is_duplicate
from assistant.quizzes.grounds import Grounds, carried, grounds_of
from assistant.quizzes.items import Item, ItemKind, MadeFrom
from assistant.quizzes.question_files import (
    PartyEntry,
    PeriodEntry,
    ScenarioEntry,
    StatementEntry,
)
from knowledge.duties import Asked, Topic
from knowledge.library import Library
from records.language import Language

MOST_ITEMS = 200
# How a set is mixed: each turn takes from the next of these.
_TURNS = (
    (MadeFrom.SCENARIO, ItemKind.SINGLE),
    (MadeFrom.PERIOD, ItemKind.SINGLE),
    (MadeFrom.ASKED, ItemKind.TRUE_FALSE),
    (MadeFrom.STATEMENT, ItemKind.MULTIPLE),
    (MadeFrom.PERIOD, ItemKind.SINGLE),
    (MadeFrom.SCENARIO, ItemKind.SINGLE),
    (MadeFrom.STATEMENT, ItemKind.TRUE_FALSE),
    (MadeFrom.PARTY, ItemKind.SINGLE),
    (MadeFrom.ASKED, ItemKind.TRUE_FALSE),
)
_TOGETHER = 4

Build = Callable[[int], Item | None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What set is wanted."""

    count: int = 30
    seed: int = 1
    language: Language = Language.ZH
    # All topics and kinds where empty.
    topics: frozenset[int] = frozenset()
    kinds: frozenset[ItemKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Made:
    """The items, and how many were wanted: fewer where the law loaded gives no more."""

    items: tuple[Item, ...]
    wanted: int

    @property
    def missing(self) -> int:
        """How many could not be made."""
        return self.wanted - len(self.items)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An item not yet made: what from, about which duties, and how."""

    made_from: MadeFrom
    duties: tuple[str, ...]
    topic: int
    kind: ItemKind
    build: Build


@dataclass(slots=True)
class _Chosen:
    """What is in the set so far, to keep it varied."""

    rng: Random
    items: list[Item] = field(default_factory=list)
    duties: Counter[str] = field(default_factory=Counter)
    topics: Counter[int] = field(default_factory=Counter)

    def add(self, item: Item) -> None:
        self.items.append(item)
        self.duties.update(item.duties)
        self.topics[item.topic] += 1

    def place(self, kind: ItemKind) -> int:
        """Where the next key of this kind should stand: the place that has had fewest."""
        used = Counter(min(one.key) for one in self.items if one.kind is kind)
        places = list(range(2 if kind is ItemKind.TRUE_FALSE else 4))
        self.rng.shuffle(places)
        return min(places, key=lambda place: used[place])


class Maker:
    """Makes items of what one library holds on one day; grounds are looked up once."""

    def __init__(self, library: Library, day: date) -> None:
        self._library = library
        self._day = day
        self._grounds: dict[str, Grounds | None] = {}

    def make(self, wish: Wish, *, taken: Collection[str] = ()) -> Made:
        """The set; `taken` are origins of items that exist already."""
        rng = _rng(f"{wish.seed}|{wish.language}")
        waiting: dict[tuple[MadeFrom, ItemKind], list[_Candidate]] = {}
        for one in self._candidates(wish, rng):
            waiting.setdefault((one.made_from, one.kind), []).append(one)
        for group in waiting.values():
            rng.shuffle(group)
        chosen = _Chosen(rng)
        for turn in cycle(_TURNS):
            if len(chosen.items) >= wish.count or not any(waiting.values()):
                break
            if item := self._next(waiting.get(turn, []), chosen, taken):
                chosen.add(item)
        rng.shuffle(chosen.items)
        return Made(tuple(chosen.items), wish.count)

    def all_items(self, language: Language) -> list[Item]:
        """Every item that can be made, each truth and each place of a key once; for tests."""
        rng = _rng("all")
        found = [
            item
            for one in self._candidates(Wish(language=language), rng)
            for place in range(2 if one.kind is ItemKind.TRUE_FALSE else 4)
            if (item := one.build(place))
        ]
        return list({item.origin: item for item in found}.values())

    def accepts(self, item: Item) -> bool:
        """Whether it has no flaw and what it cites carries it."""
        return not flaws_of(item, self._library.duties) and carried(item, self._library, self._day)

    def _next(
        self,
        waiting: list[_Candidate],
        chosen: _Chosen,
        taken: Collection[str],
    ) -> Item | None:
        """The next good item of one kind, from duties and topics used least."""
        while waiting:
            best = min(
                waiting,
                key=lambda one: (
                    max(chosen.duties[key] for key in one.duties),
                    chosen.topics[one.topic],
                ),
            )
            waiting.remove(best)
            item = best.build(chosen.place(best.kind))
            if (
                item
                and item.origin not in taken
                and not any(is_duplicate(item, other) for other in chosen.items)
                and self.accepts(item)
            ):
                return item
        return None

    def _candidates(self, wish: Wish, rng: Random) -> list[_Candidate]:
        found = [*self._entries(wish.language), *self._asked(wish.language)]
        if wish.language is Language.ZH:
            found += self._together(rng)
        return [
            one
            for one in found
            if (not wish.topics or one.topic in wish.topics)
            and (not wish.kinds or one.kind in wish.kinds)
        ]

    def _entries(self, language: Language) -> list[_Candidate]:
        """What is written in questions/*.yaml; situations and statements only in Chinese."""
        found = [
            self._one(MadeFrom.PERIOD, ItemKind.SINGLE, e.duty, partial(self._period, e, language))
            for e in question_files.periods()
        ]
        found += [
            self._one(MadeFrom.PARTY, ItemKind.SINGLE, e.duty, partial(self._party, e, language))
            for e in question_files.parties()
        ]
        found += [
            self._one(
                MadeFrom.SCENARIO, ItemKind.SINGLE, e.duty, partial(self._scenario, e, language)
            )
            for e in question_files.scenarios()
        ]
        if language is not Language.ZH:
            return found
        return found + [
            self._one(MadeFrom.STATEMENT, ItemKind.TRUE_FALSE, e.duty, partial(self._statement, e))
            for e in question_files.statements()
        ]

    def _asked(self, language: Language) -> list[_Candidate]:
        """Everyday questions of the duties that a word answers."""
        left_out = question_files.left_out()
        return [
            self._one(
                MadeFrom.ASKED,
                ItemKind.TRUE_FALSE,
                duty.id,
                partial(self._everyday, duty.id, asked, language),
            )
            for duty in self._library.duties.values()
            if duty.id not in left_out.duties
            for asked in duty.asked
            if asked.q not in left_out.questions
            and asked.so in making.OPPOSITE
            and asked.q.isascii() == (language is Language.EN)
        ]

    def _together(self, rng: Random) -> list[_Candidate]:
        """Statements of one topic, four to a question."""
        duties = self._library.duties
        found = []
        for topic in duties.topics:
            entries = [
                one for one in question_files.statements() if duties[one.duty].topic == topic.topic
            ]
            rng.shuffle(entries)
            for i in range(0, len(entries) - _TOGETHER + 1, _TOGETHER):
                four = tuple(entries[i : i + _TOGETHER])
                found.append(
                    _Candidate(
                        MadeFrom.STATEMENT,
                        tuple(one.duty for one in four),
                        topic.topic,
                        ItemKind.MULTIPLE,
                        partial(self._four, four, topic, rng.random()),
                    )
                )
        return found

    def _one(self, made_from: MadeFrom, kind: ItemKind, key: str, build: Build) -> _Candidate:
        return _Candidate(made_from, (key,), self._library.duties[key].topic, kind, build)

    def _period(self, entry: PeriodEntry, language: Language, place: int) -> Item | None:
        grounds = self._ground(entry.duty)
        duties = self._library.duties
        return making.period_item(entry, grounds, duties, language, place) if grounds else None

    def _party(self, entry: PartyEntry, language: Language, place: int) -> Item | None:
        grounds = self._ground(entry.duty)
        return making.party_item(entry, grounds, language, place) if grounds else None

    def _scenario(self, entry: ScenarioEntry, language: Language, place: int) -> Item | None:
        grounds = self._ground(entry.duty)
        return making.scenario_item(entry, grounds, language, place) if grounds else None

    def _statement(self, entry: StatementEntry, place: int) -> Item | None:
        grounds = self._ground(entry.duty)
        return making.statement_item(entry, grounds, place) if grounds else None

    def _everyday(self, key: str, asked: Asked, language: Language, place: int) -> Item | None:
        grounds = self._ground(key)
        return making.asked_item(asked, grounds, language, place) if grounds else None

    def _four(
        self, entries: tuple[StatementEntry, ...], topic: Topic, seed: float, _place: int
    ) -> Item | None:
        grounds = tuple(g for one in entries if (g := self._ground(one.duty)))
        if len(grounds) < len(entries):
            return None
        return making.choices_item(entries, grounds, topic, _rng(seed))

    def _ground(self, key: str) -> Grounds | None:
        if key not in self._grounds:
            duty = self._library.duties[key]
            self._grounds[key] = grounds_of(self._library, duty, self._day)
        return self._grounds[key]


def _rng(seed: object) -> Random:
    """Chance that comes out the same each time; nothing here is a secret."""
    return Random(str(seed))  # noqa: S311
