"""The articles that clocks, retention rules, playbooks and closing steps rest on."""

from collections.abc import Iterator, Mapping

from knowledge.citing import Citer, Citing
from tickets.clocks.data import clocks
from tickets.closing.data import closing_data
from tickets.notices.data import NoticeKind, notice_rules
from tickets.playbooks.data import playbooks
from tickets.registers.kinds import Kind
from tickets.retention.rules import rulebook


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


def of_closing_steps() -> Iterator[Citing]:
    """Every statutory step of a closing project with its article."""
    for step in closing_data().steps:
        yield Citing(Citer.CLOSING, step.id, step.name, step.cite.instrument, step.cite.article)


def of_kinds(kinds: Mapping[str, Kind]) -> Iterator[Citing]:
    """Every article a kind of register entry, its clocks, calls and keeping period rest on."""
    for kind in kinds.values():
        clocks = [(f"{kind.id}/{one.id}", one.name, one.cite) for one in kind.clocks]
        calls = [(f"{kind.id}/{one.link}", kind.name, one.cite) for one in kind.calls_for]
        own = [(kind.id, kind.name, one) for one in (*kind.cites, kind.keep.cite)]
        for identity, name, cite in (*own, *clocks, *calls):
            if cite is not None:
                yield Citing(Citer.REGISTER, identity, name, cite.instrument, cite.article)


def of_notices() -> Iterator[Citing]:
    """Every article that a kind of notice rests on."""
    for kind in NoticeKind:
        rules = notice_rules(kind)
        for cite in rules.citations:
            yield Citing(Citer.NOTICE, kind.value, rules.name, cite.instrument, cite.article)
