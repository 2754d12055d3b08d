"""What weighs the word that opens an answer by a company's own rule: datasets/rule_words.yaml."""

from collections.abc import Iterator, Sequence
from functools import cache

from sklearn.linear_model import LogisticRegression

from assistant.answering.linear import Linear
from assistant.answering.rule_words import NONE, seen_of
from evals.answer_training.fitting import fitted
from evals.asked import DATASETS
from evals.company_rules import ONLY_MEASURED, Company, Rule, companies
from knowledge.character_runs import CharacterRuns, SharedRuns
from records.data_files import Entry, load

FILE = DATASETS / "rule_words.yaml"
# What a rule that does not answer the question counts for, beside one that does.
_ANOTHER_RULE = 0.25
_HELD_BY = 5

Example = tuple[str, str, str, float]
"""A question, a rule, the word it gives, and what that counts for."""


class _File(Entry):
    companies: dict[str, dict[str, str]]


@cache
def words() -> dict[str, dict[str, str]]:
    """By company the word of each question."""
    return load(FILE, _File).companies


def learnt_from() -> list[str]:
    """The companies whose words are learnt; those of the others are only measured."""
    return [name for name in words() if name not in ONLY_MEASURED]


def examples(*, measured: bool = False) -> Iterator[Example]:
    """Each question with its rule, and with the likest rule of another heading, which gives it no word.

    Of the companies that are only measured, or of all others.
    """
    for company in companies(ONLY_MEASURED if measured else learnt_from()):
        yield from _of(company, words()[company.name])


def _of(company: Company, given: dict[str, str]) -> Iterator[Example]:
    runs = SharedRuns([rule.words for rule in company.rules])
    for rule in company.rules:
        for asked in rule.asked:
            if asked in given:
                yield asked, rule.words, given[asked], 1.0
                other = _likest(company.rules, runs, asked, rule)
                yield asked, other.words, NONE, _ANOTHER_RULE


def _likest(rules: Sequence[Rule], runs: SharedRuns, asked: str, answering: Rule) -> Rule:
    alike = runs.with_text(asked)
    others = [row for row, rule in enumerate(rules) if rule.heading != answering.heading]
    return rules[max(others, key=lambda row: alike[row])]


def trained(fitted_on: Sequence[Example]) -> Linear:
    """The model, fitted on such examples."""
    texts = [(asked.lower(), rule) for asked, rule, _, _ in fitted_on]
    return fitted(
        LogisticRegression(max_iter=3000, tol=1e-3),
        texts,
        [seen_of(asked, rule) for asked, rule, _, _ in fitted_on],
        [word for _, _, word, _ in fitted_on],
        runs=CharacterRuns.fit([one for both in texts for one in both], (1, 2), held_by=_HELD_BY),
        counts=[count for _, _, _, count in fitted_on],
    )
