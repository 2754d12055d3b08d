"""What the model is trained on: texts that stand beside each other, and questions with those that answer each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from evals.company_rules import FITTED_ON, ONLY_MEASURED, companies
from evals.duty_training import questions
from knowledge.duties import load_duties
from knowledge.duty_vectors import said_of


@dataclass(frozen=True)
class Group:
    """The duties of a topic or the rules of a company; questions, and which answer each."""

    texts: list[str] = field(default_factory=list)
    asked: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)


def of_duties() -> Iterator[Group]:
    """The duties by topic, and seven in ten of the questions written for them."""
    duties = load_duties()
    topics: dict[int, Group] = defaultdict(Group)
    places: dict[str, tuple[int, ...]] = {}
    for duty in duties.values():
        texts = topics[duty.topic].texts
        places[duty.id] = tuple(range(len(texts), len(texts) + 3))
        texts += said_of(duty)
    # By the others, which the model never sees, the choice of a duty is weighed (evals/duty_training).
    first, _ = questions.by_part()
    for one in first:
        topics[duties[one.name].topic].asked.append((one.text, places[one.name]))
    yield from topics.values()


def of_companies() -> Iterator[Group]:
    """The invented companies but those held out."""
    for one in companies():
        if one.name not in (*FITTED_ON, *ONLY_MEASURED):
            group = Group([f"{rule.heading}：{rule.words}" for rule in one.rules])
            for place, rule in enumerate(one.rules):
                group.asked.extend((asked, (place,)) for asked in rule.asked)
            yield group
