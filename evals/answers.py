"""Do answers quote a right article first, and are questions outside the subject turned away?"""

from pathlib import Path

from assistant.answering.answers import Answer, Outcome
from assistant.app import App
from assistant.questions.ask import ask
from evals.asked_scores import statements
from evals.harness import Result, Score, run
from records.data_files import Entry, load
from records.people import Person

DATASET = Path(__file__).parent / "datasets" / "questions.yaml"
ANSWERED = 0.8
TURNED_AWAY = 1.0
_AWAY = frozenset({Outcome.NOT_FOUND, Outcome.OUTSIDE})


class Question(Entry):
    """One question, and any one article that a right answer quotes; or that it has no answer."""

    id: str
    ask: str
    any: tuple[str, ...] = ()
    none: bool = False


class _Questions(Entry):
    questions: tuple[Question, ...]


def questions() -> tuple[Question, ...]:
    """The questions of the dataset."""
    return load(DATASET, _Questions).questions


def answer_suites(app: App, person: Person) -> tuple[Result, Result, Result]:
    """Right article behind the first that is said of the law; right article anywhere; turned away."""
    inside = [one for one in questions() if not one.none]
    outside = [one for one in questions() if one.none]
    answers = {one.id: ask(app, person, one.ask) for one in (*inside, *outside)}
    return (
        run(
            "answers: a right article behind what is said first of the law",
            inside,
            lambda one: _hit(one, answers[one.id], first_only=True),
            threshold=ANSWERED,
        ),
        run(
            "answers: a right article in the answer",
            inside,
            lambda one: _hit(one, answers[one.id], first_only=False),
            threshold=ANSWERED,
        ),
        run(
            "answers: turned away",
            outside,
            lambda one: _turned_away(one, answers[one.id]),
            threshold=TURNED_AWAY,
        ),
    )


def _hit(question: Question, answer: Answer, *, first_only: bool) -> Score:
    cited = _cited(answer, first_only=first_only)
    wanted = {tuple(one.rsplit(" ", 1)) for one in question.any}
    return Score(question.id, bool(cited & wanted), f"{question.ask} → {sorted(cited)}")


def _cited(answer: Answer, *, first_only: bool) -> set[tuple[str, ...]]:
    """(name without 中华人民共和国, article) of what the answer quotes or names."""
    claims = statements(answer)
    if first_only:
        # The company's own rule may stand before it.
        claims = tuple(one for one in claims if not one.is_policy)[:1]
    numbers = {number for claim in claims for number in claim.quotations}
    quoted = {q.provision_id for q in answer.quotations if q.number in numbers}
    cited = {_short(*_name_and_article(provision_id)) for provision_id in quoted}
    mentions = [mention for claim in claims for mention in claim.mentions]
    return cited | {_short(m.instrument, a) for m in mentions for a in m.articles}


def _name_and_article(provision_id: str) -> tuple[str, str]:
    name, _, rest = provision_id.partition("@")
    return name, rest.rpartition("#")[2]


def _short(name: str, article: str) -> tuple[str, str]:
    return name.removeprefix("中华人民共和国"), article


def _turned_away(question: Question, answer: Answer) -> Score:
    return Score(question.id, answer.outcome in _AWAY, question.ask)
