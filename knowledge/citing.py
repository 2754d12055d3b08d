"""What cites what: one neutral record for duties, clocks, rules, playbooks, policies and more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.addresses import parse_address
from knowledge.duties import Duties
from knowledge.provisions import Provision
from records.language import Bilingual


class Citer(StrEnum):
    """What kind of thing cites."""

    DUTY = "duty"
    CLOCK = "clock"
    RETENTION = "retention"
    PLAYBOOK = "playbook"
    CLOSING = "closing_step"
    REGISTER = "register"
    POLICY = "policy"
    APPROVED = "approved_answer"
    NOTICE = "notice"
    QUIZ = "quiz_item"

    @property
    def label(self) -> Bilingual:
        """In words."""
        return _LABELS[self]


_LABELS = {
    Citer.DUTY: Bilingual("义务", "duty"),
    Citer.CLOCK: Bilingual("时限", "clock"),
    Citer.RETENTION: Bilingual("保存期限", "retention rule"),
    Citer.PLAYBOOK: Bilingual("应急预案步骤", "playbook step"),
    Citer.CLOSING: Bilingual("注销法定步骤", "statutory step of a closing"),
    Citer.REGISTER: Bilingual("台账", "register"),
    Citer.POLICY: Bilingual("公司制度", "company policy"),
    Citer.APPROVED: Bilingual("已批准的答复", "approved answer"),
    Citer.NOTICE: Bilingual("客户通知", "notice to clients"),
    Citer.QUIZ: Bilingual("培训试题", "quiz item"),
}


@dataclass(frozen=True)
class Citing:
    """One thing that rests on one article; `article` is None where the whole text is cited."""

    citer: Citer
    id: str
    name: Bilingual
    instrument: str
    article: str | None


def of_duties(duties: Duties) -> Iterator[Citing]:
    """Every article a duty or its penalty rests on."""
    for duty in duties.values():
        for citation in (*duty.citations, *duty.penalty):
            for article in citation.articles or (None,):
                name = Bilingual(duty.duty, duty.duty_en)
                yield Citing(Citer.DUTY, duty.id, name, citation.instrument, article)


def of_policies(sections: Iterable[Provision], names: dict[str, str]) -> Iterator[Citing]:
    """Every article that company policy names."""
    for section in sections:
        for address in parse_address(section.text, names):
            name = Bilingual(*(f"{section.instrument} {section.heading}",) * 2)
            yield Citing(Citer.POLICY, section.id, name, address.instrument, address.article)
