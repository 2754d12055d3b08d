"""What the model is trained on: texts that stand beside each other, and questions with those that answer each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from evals.company_rules import ONLY_MEASURED, ORDERED_ON, companies
from evals.duty_training import questions as of_duties
from evals.lay_questions import written_questions
from evals.retrieval_training.corpus import read_corpus
from knowledge.duties import load_duties
from knowledge.duty_vectors import said_of
from knowledge.sources import short_name


@dataclass(frozen=True)
class Group:
    """The duties of a topic, the articles of a law or the rules of a company; questions, and which answer each."""

    texts: list[str] = field(default_factory=list)
    asked: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)


def of_the_law(as_of: date) -> Iterator[Group]:
    """The questions written for the duties, by topic, and those written for articles of the wheel's laws, by law."""
    duties = load_duties()
    topics: dict[int, Group] = defaultdict(Group)
    places: dict[str, tuple[int, ...]] = {}
    for duty in duties.values():
        texts = topics[duty.topic].texts
        places[duty.id] = tuple(range(len(texts), len(texts) + 3))
        texts += said_of(duty)
    # By the others, which the model never sees, the choice of a duty is weighed (evals/duty_training).
    first, _ = of_duties.by_part()
    for one in first:
        topics[duties[one.name].topic].asked.append((one.text, places[one.name]))
    yield from topics.values()

    laws: dict[str, Group] = defaultdict(Group)
    articles: dict[tuple[str, str], int] = {}
    for provision in read_corpus(as_of, None).provisions:
        law = short_name(provision.instrument)
        articles[law, provision.article] = len(laws[law].texts)
        laws[law].texts.append(f"{law}：{provision.text}")
    for asked in written_questions():
        (article,) = asked.gold
        if article in articles:
            laws[article[0]].asked.append((asked.ask, (articles[article],)))
    yield from (group for group in laws.values() if group.asked)


def of_companies() -> Iterator[Group]:
    """The invented companies but those held out."""
    for one in companies():
        if one.name not in (*ORDERED_ON, *ONLY_MEASURED):
            group = Group([f"{rule.heading}：{rule.words}" for rule in one.rules])
            for place, rule in enumerate(one.rules):
                group.asked.extend((asked, (place,)) for asked in rule.asked)
            yield group
