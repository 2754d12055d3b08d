"""English questions to companies whose policies are Chinese: is the rule found, told, and said in English?

`python -m evals.english HOME` prints the failures of what may be read, and figures of both halves, over a home
whose statutes are there already; the suites of `python -m evals english` are the same over a home of their own.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from assistant.answering.answers import Answer, Outcome
from assistant.app import App, build
from assistant.law.ingest_knowledge import ingest_knowledge
from assistant.questions.ask import ask
from assistant.settings import Settings
from evals.asked import DATASETS, EXAMPLES
from evals.asked_scores import statements
from evals.company_rules import Company, Rule, companies
from evals.harness import Result, Score
from evals.own_rules import rules_of, sections_of
from knowledge.own_rules import OwnRules
from knowledge.own_rules import rules_of as rules_in
from knowledge.provisions import Provision
from pii.cleared import public_text
from records.data_files import Entry, load
from records.people import Person, Role, add_person

FILE = DATASETS / "english_rules.yaml"
_EXAMPLE = "example"
_READ, _HELD = "read", "held"
# Just below what was reached, of what may be read and of what is held.
THRESHOLDS = {
    "a right rule found first": (0.73, 0.73),
    "told first": (0.6, 0.5),
    "told": (0.73, 0.73),
    "yes or no, rightly": (0.66, 0.5),
    "not the opposite word": (1.0, 1.0),
    "the fact in English": (0.76, 0.55),
    "told first, with its word and facts": (0.56, 0.46),
    "turned away where none answers": (0.8, 0.8),
}
_AWAY = frozenset({Outcome.NOT_FOUND, Outcome.OUTSIDE, Outcome.ASKED_BACK})
_CELL = re.compile(r"^([^：；]+)：([^；]*)$")
_QUOTED = re.compile(r"“.*”", re.DOTALL)


class EnglishCase(Entry):
    """A question, the sections that answer it and the words that do; what must be said in English."""

    q: str
    at: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    word: Literal["Yes", "No", ""] = ""
    says: tuple[str, ...] = ()

    def answered_by(self, section: Provision, said: str) -> bool:
        """Whether this rule of that section answers."""
        name = f"{section.instrument.partition('-')[0]} {section.article}"
        at = {name, f"{section.instrument.partition('-')[0]} {section.heading}"} & {*self.at}
        return bool(at) and (not self.words or any(one in said for one in self.words))


class Cases(Entry):
    """By company: what may be read, and what is only measured."""

    read: Mapping[str, tuple[EnglishCase, ...]] = Field(min_length=1)
    held: Mapping[str, tuple[EnglishCase, ...]] = Field(min_length=1)


@dataclass(frozen=True)
class Asked:
    """A question, the answer it got, and what of the rules answers it."""

    case: EnglishCase
    answer: Answer
    first: bool
    """Whether a right rule is the first found."""
    said: tuple[str, ...]
    """The right rules."""


def suites(app: App, administrator: Person, employee: Person) -> list[Result]:
    """A suite for each half and measure; the policies of the example are there again afterwards."""
    cases = load(FILE, Cases)
    halves: dict[str, list[Asked]] = {_READ: [], _HELD: []}
    for name in dict.fromkeys((*cases.read, *cases.held)):
        with tempfile.TemporaryDirectory() as folder:
            policies = written(name, Path(folder))
            ingest_knowledge(app, administrator, policies=policies)
            rules = rules_of(sections_of(policies))
        for half, of in ((_READ, cases.read), (_HELD, cases.held)):
            halves[half] += [_asked(app, employee, rules, one) for one in of.get(name, ())]
    ingest_knowledge(app, administrator, policies=EXAMPLES / "policy")
    return [result for half, asked in halves.items() for result in _results(half, asked)]


def written(name: str, folder: Path) -> Path:
    """The policies of a company as a folder of Markdown; those of the example as they are."""
    if name == _EXAMPLE:
        return EXAMPLES / "policy"
    (company,) = companies([name])
    for number, text in enumerate(_documents(company), start=1):
        (folder / f"{name}-{number}.md").write_text(text, encoding="utf-8")
    return folder


def _documents(company: Company) -> Iterator[str]:
    """A document whenever the numbers of its headings begin again."""
    lines: list[str] = []
    before: list[int] = []
    for heading in dict.fromkeys(rule.heading for rule in company.rules):
        number = [int(part) for part in heading.split()[0].split(".")]
        if number < before:
            yield "\n".join(lines)
            lines = []
        before = number
        of = [rule for rule in company.rules if rule.heading == heading]
        lines += [f"## {heading}", "", *_lines(of), ""]
    yield "\n".join(lines)


def _lines(rules: Sequence[Rule]) -> Iterator[str]:
    """Rows of a table as one, other rules as a list."""
    rows = [_cells(rule.words) for rule in rules]
    for rule, row, before in zip(rules, rows, [[], *rows], strict=False):
        if len(row) < 2:
            yield f"- {rule.words}"
            continue
        heads = [head for head, _ in row]
        if heads != [head for head, _ in before]:
            yield from ("", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}")
        yield f"| {' | '.join(cell for _, cell in row)} |"


def _cells(words: str) -> list[tuple[str, str]]:
    parts = [_CELL.match(part) for part in words.rstrip("。").split("；")]
    return [(part[1], part[2]) for part in parts if part] if all(parts) else []


def rules_of_folder(folder: Path) -> list[tuple[Provision, str, str]]:
    """Each rule of these policies: its section, its words, and the same to be read."""
    return [(one, *rule) for one in sections_of(folder) for rule in rules_in(one.text)]


def _asked(app: App, person: Person, rules: OwnRules, case: EnglishCase) -> Asked:
    right = tuple(
        said.rstrip("。；") for section, _, said in rules.rules if case.answered_by(section, said)
    )
    if case.at and not right:
        raise ValueError(f"no rule answers: {case.q}")
    found = rules.search(public_text(case.q, source="evals"), limit=1)
    first = bool(found) and found[0].said.rstrip("。；") in right
    return Asked(case, ask(app, person, case.q), first, right)


def _results(half: str, asked: Sequence[Asked]) -> Iterator[Result]:
    answered, none = (
        [one for one in asked if one.case.at],
        [one for one in asked if not one.case.at],
    )
    polar = [one for one in answered if one.case.word]
    fact = [one for one in answered if one.case.says]
    for name, of, passed in (
        ("a right rule found first", answered, lambda one: one.first),
        ("told first", answered, lambda one: _told(one, _headline(one.answer))),
        ("told", answered, lambda one: _told(one, _every(one.answer))),
        ("yes or no, rightly", polar, _right_word),
        ("not the opposite word", polar, lambda one: not _wrong_word(one)),
        ("the fact in English", fact, _says),
        ("told first, with its word and facts", answered, _whole),
        ("turned away where none answers", none, lambda one: one.answer.outcome in _AWAY),
    ):
        suite = f"english, {half}: {name}"
        scores = (Score(one.case.q, passed(one), _headline(one.answer)) for one in of)
        yield Result(suite, tuple(scores), THRESHOLDS[name][half == _HELD])


def _headline(answer: Answer) -> str:
    return answer.conclusion.text if answer.conclusion else answer.instead


def _every(answer: Answer) -> str:
    return "\n".join(claim.text for claim in statements(answer))


def _told(one: Asked, text: str) -> bool:
    return any(said in text for said in one.said)


def _word(answer: Answer) -> str:
    opens = re.match(r"(?:\[[^\]]*\] )?(Yes|No)\b", _headline(answer))
    return opens[1] if opens else ""


def _right_word(one: Asked) -> bool:
    return _word(one.answer) == one.case.word


def _wrong_word(one: Asked) -> bool:
    return _word(one.answer) not in ("", one.case.word)


def _says(one: Asked) -> bool:
    """Whether each fact is said of a right rule, outside what is quoted."""
    text = _headline(one.answer)
    in_english = _QUOTED.sub(" ", text)
    return _told(one, text) and all(
        any(re.search(rf"\b{re.escape(way)}\b", in_english, re.I) for way in fact.split("|"))
        for fact in one.case.says
    )


def _whole(one: Asked) -> bool:
    word = not one.case.word or _right_word(one)
    return _told(one, _headline(one.answer)) and word and (not one.case.says or _says(one))


def main() -> None:
    """Ask over a home, print."""
    parser = argparse.ArgumentParser(prog="python -m evals.english", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--quiet", action="store_true", help="figures only")
    given = parser.parse_args()
    app = build(Settings(home=given.home))
    now = datetime.now(UTC)
    with app.database.transaction() as session:
        employee = add_person(session, name="evals", roles={Role.EMPLOYEE}, now=now)
        administrator = add_person(session, name="evals", roles=set(Role), now=now)
    try:
        for result in suites(app, administrator, employee):
            print(f"{result.share:.3f} of {len(result.scores)}  {result.suite}")
            if not given.quiet and f", {_READ}:" in result.suite:
                for one in result.failures:
                    print(f"      {one.case}\n          {one.reason[:400]}")
    finally:
        app.close()


if __name__ == "__main__":
    main()
