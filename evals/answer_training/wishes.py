"""What tells unlawful wishes from lawful questions, and one wish from another."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from sklearn.linear_model import LogisticRegression

from assistant.answering import wishes
from assistant.answering.refusals import refusals
from assistant.answering.wishes import Weigher, concepts_in, in_full_width, two_by_two
from evals.answer_training.fitting import fitted
from evals.answer_training.rule_words import learnt_from, words
from evals.company_rules import Company, companies
from evals.duty_training.questions import written
from evals.own_rules import example
from knowledge.character_runs import CharacterRuns
from knowledge.duties import Verdict, load_duties
from records.data_files import Entry, load

FILE = Path(wishes.__file__).with_suffix(".yaml")
# Small companies whose questions are learnt.
_SMALL = (
    *("bank", "carshop", "cleaning", "clinic", "clinicgroup", "courier", "eldercare", "factory"),
    *("gallery", "groupbuy", "hotel", "hr", "insurance", "lawfirm", "library", "loans", "moving"),
    *("property", "rental", "school", "telecom", "winding"),
)
# What a lawful question counts for that sounds like a wish, one reviewed, one asked of a company, one
# written for a duty; and of how many of the last one is learnt.
_NEAR, _REVIEWED, _WRITTEN, _EACH = 3.0, 1.0, 0.5, 3
# What characters count for beside concepts, and how freely either model may follow the examples.
_CHARACTERS, _FREEDOM = 3.0, 3.0
# Asked whether they may: a reviewed no is neither a wish nor a model of a lawful question.
_REFUSED = frozenset({Verdict.MAY_NOT, Verdict.NEED_NOT, Verdict.IS_NOT, Verdict.NOT_YET})
_WISH, _LAWFUL = "wish", "lawful"


class Examples(Entry):
    """Wishes by kind, and lawful questions that sound alike."""

    wishes: dict[str, tuple[str, ...]]
    lawful: tuple[str, ...]


def learnt() -> tuple[str, ...]:
    """Companies whose questions are learnt; those of all others are only measured (evals.wishes)."""
    return (*_SMALL, *learnt_from())


@cache
def examples() -> Examples:
    """The reviewed examples."""
    return load(FILE, Examples)


@cache
def lawful_questions() -> dict[str, float]:
    """Each lawful question, and what it counts for: our examples, what was reviewed, what was written."""
    found = dict.fromkeys(examples().lawful, _NEAR)
    reviewed = (asked for duty in load_duties().values() for asked in duty.asked)
    for one in reviewed:
        if one.so not in _REFUSED:
            found.setdefault(one.q, _REVIEWED)
    for text in (*asked_of_companies(), *asked_of_duties()):
        found.setdefault(text, _WRITTEN)
    wished = {said for all_said in examples().wishes.values() for said in all_said}
    return {text: count for text, count in found.items() if text not in wished}


def asked_of_companies() -> list[str]:
    """What staff ask of their company's rules, as far as it may be read."""
    ours = [case.q for case in example()[0].cases]
    given = (words().get(name, {}) for name in learnt())
    refused = {q for one in given for q, word in one.items() if word in _REFUSED}
    asked = (q for one in companies(learnt()) for q in asked_of(one))
    return [*ours, *(q for q in asked if q not in refused)]


def asked_of(company: Company) -> list[str]:
    """All that is asked of a company's rules."""
    return [*(q for rule in company.rules for q in rule.asked), *company.unanswered]


def asked_of_duties() -> list[str]:
    """A part of what was written for the duties; what is asked of those that forbid a wish may be one."""
    forbidding = {duty for one in refusals().values() for duty in one.every_duty()}
    open_to = (asked for name, asked in written().items() if name not in forbidding)
    lawful = [one.q for asked in open_to for one in asked if one.so not in _REFUSED]
    return lawful[::_EACH]


def trained(by_kind: Mapping[str, Sequence[str]], lawful: Mapping[str, float]) -> Weigher:
    """Both models, fitted on these examples; a lawful one counts for so many wishes."""
    kinds = [kind for kind, said in by_kind.items() for _ in said]
    wished = [one for said in by_kind.values() for one in said]
    every = [in_full_width(text) for text in (*wished, *lawful)]
    wished = every[: len(wished)]
    seen = [concepts_in(text) for text in every]
    runs = CharacterRuns.fit(every, (1, 3), held_by=2)
    whether = fitted(
        LogisticRegression(C=_FREEDOM, solver="liblinear", random_state=0, tol=1e-3),
        every,
        [two_by_two(one, text) for one, text in zip(seen, every, strict=True)],
        [_WISH] * len(wished) + [_LAWFUL] * len(lawful),
        runs=runs,
        weight=_CHARACTERS,
        counts=[*(1.0 for _ in wished), *lawful.values()],
    )
    which = fitted(
        LogisticRegression(C=_FREEDOM, max_iter=500, tol=1e-2),
        wished,
        seen[: len(wished)],
        kinds,
        runs=CharacterRuns.fit(every, (1, 3)).among(wished),
        weight=_CHARACTERS,
    )
    return Weigher(whether, which)
