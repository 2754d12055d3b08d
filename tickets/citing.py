"""The articles that clocks, retention rules and playbooks rest on."""

from collections.abc import Iterator

from knowledge.citing import Citer, Citing
from tickets.clocks_data import clocks
from tickets.notices import NoticeKind, notice_rules
from tickets.playbooks import playbooks
from tickets.retention_rules import rulebook


def of_clocks() -> Iterator[Citing]:
    """Every clock with its article."""
    for clock in clocks():
        yield Citing(Citer.CLOCK, clock.id, clock.name, clock.cite.instrument, clock.cite.article)


def of_retention_rules() -> Iterator[Citing]:
    """Every retention rule with its article."""
    for rule in rulebook().rules:
        cite = rule.cite
        yield Citing(Citer.RETENTION, rule.id, rule.name, cite.instrument, cite.article)


def of_playbooks() -> Iterator[Citing]:
    """Every step of a playbook that names an article."""
    for playbook in playbooks():
        for step in playbook.steps:
            if step.instrument:
                identity = f"{playbook.id}/{step.number}"
                yield Citing(Citer.PLAYBOOK, identity, step.text, step.instrument, step.article)


def of_notices() -> Iterator[Citing]:
    """Every article that a kind of notice rests on."""
    for kind in NoticeKind:
        rules = notice_rules(kind)
        for cite in rules.citations:
            yield Citing(Citer.NOTICE, kind.value, rules.name, cite.instrument, cite.article)
