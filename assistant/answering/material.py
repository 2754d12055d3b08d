"""All that an answer to one question may rest on, gathered from the library, best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from assistant.answering.answers import Mention
from assistant.answering.duties_told import SURE_OF_DUTY, duties_near, duty_sources, with_verdict
from assistant.answering.follow_up import FollowUp
from assistant.answering.incident_told import but_plans, rules_on
from assistant.answering.named import named_in
from assistant.answering.own_periods import keeping_of
from assistant.answering.own_rule import (
    OWN_RULE,
    leads_before,
    on_one_thing,
    rules_found,
    rules_to_tell,
)
from assistant.answering.refusals import Refusal, refusal_for
from assistant.answering.search import Search
from assistant.answering.sensitive_kinds import law_alone_names_it
from assistant.answering.sources import (
    Source,
    duty_source,
    own_rule_source,
    provision_source,
    rule_sources,
)
from assistant.answering.value_asked import holds_what_is_asked
from knowledge.library import DutyHit, OwnRule
from knowledge.provisions import Level, Provision
from pii.cleared import ClearedText
from records.language import Bilingual, Language
from tickets.incidents.facts import IncidentKind
from tickets.retention.facts import Decision, RecordFacts

_PROVISIONS = 4
_INCIDENTS = 11


@dataclass(frozen=True, slots=True)
class Material:
    """All that was found for one question, best first in each list."""

    question: ClearedText
    language: Language
    as_of: date
    named: tuple[Source, ...]
    # Articles the question names that are not there, as 《instrument》article.
    absent: tuple[Mention, ...]
    duties: tuple[Source, ...]
    provisions: tuple[Source, ...]
    policies: tuple[Source, ...]
    decision: Decision | None
    rules: dict[str, Source]
    refusal: Refusal | None = None
    # What forbids the thing declined.
    forbidding: tuple[Source, ...] = ()
    # What to know of the articles named: an old number, another version, a day not certain.
    notes: tuple[Bilingual, ...] = ()
    # Whether only a law was named that is no longer one, and a duty surely says what holds now.
    only_ended: bool = False
    # The company's approved answer to this question, a source for each provision it cites.
    approved: tuple[Source, ...] = ()
    # The key of the company's own rule on how long the kind is kept, where one surely says so, and what
    # of the decision rests on it.
    own_period: str = ""
    own_words: frozenset[Bilingual] = frozenset()
    # Whether a rule of the company's own is told before the law.
    own_rule: bool = False
    # Whether what was asked may be of something that went wrong: a duty of the incident plan answers.
    may_be_incident: bool = True
    # What the question tells that went wrong.
    incident: IncidentKind | None = None

    def sources(self) -> dict[str, Source]:
        """Every source by its key; what was asked for by name comes before the same, found."""
        listed = (*self.named, *self.duties, *self.provisions, *self.policies)
        by_key: dict[str, Source] = {}
        for source in (*self.forbidding, *self.approved, *listed, *self.rules.values()):
            by_key.setdefault(source.key, source)
        return by_key


def gather(
    search: Search,
    question: ClearedText,
    *,
    said: ClearedText,
    language: Language,
    facts: RecordFacts | None,
    incident: IncidentKind | None,
    joined: bool,
    follow_up: FollowUp | None,
    approved: tuple[Source, ...],
) -> Material:
    """Everything the library holds for the question that the audience may read, in force that day.

    Where it tells an `incident`, the name of that was put to what was `said`. Whether a record may go is decided
    by its `facts`. One `joined` of two gets a yes or no only where a reviewed one is like it, and its second is
    sought alone as well (`follow_up`).
    """
    library, as_of, own_rules = search.library, search.as_of, partial(rules_to_tell, search)
    near = duties_near(search, question, follow_up)
    duties = duty_sources(search, question, near)
    may_be_incident = not near or any(hit.duty.topic == _INCIDENTS for hit in near)
    own = rules_found(search, question, follow_up)
    if not may_be_incident:
        own = but_plans(own, question.text, incident)
    own = on_one_thing(own, question.text)
    on_incident = rules_on(incident, own_rules)
    own = [*on_incident, *(one for one in own if one not in on_incident)][: max(len(own), 1)]
    leads = bool(on_incident) or _leads(search, question, own, near, duties)
    sure = leads or (bool(own) and own[0].score >= OWN_RULE)
    keeping = keeping_of(facts, own_rules, as_of)
    tell = partial(own_rule_source, question=question, as_of=as_of, published=search.published)
    kept = tell(keeping.rule, sure=True) if keeping.rule else None
    told = [tell(rule, sure=sure) for rule in own] if leads or near else []
    laws, sections = _provisions(search, question)
    named = named_in(search, question)
    refusal = refusal_for(said.text)
    return Material(
        question=question,
        language=language,
        as_of=as_of,
        named=named.sources,
        absent=named.absent,
        notes=named.notes,
        only_ended=named.only_ended and bool(near) and near[0].share >= SURE_OF_DUTY,
        duties=with_verdict(library, question, duties, near, joined=joined),
        provisions=tuple(map(provision_source, laws)),
        policies=_with_kept(kept, told) or tuple(map(provision_source, sections)),
        own_period=kept.key if kept else "",
        own_words=keeping.words,
        own_rule=leads,
        may_be_incident=may_be_incident,
        incident=incident,
        decision=keeping.decision,
        rules=rule_sources(library, keeping.decision, as_of),
        refusal=refusal,
        approved=approved,
        forbidding=_forbidding(search, question, refusal),
    )


def _provisions(
    search: Search, question: ClearedText
) -> tuple[Sequence[Provision], Sequence[Provision]]:
    """The articles and the sections of company policy that answer, best first."""
    hits = search.library.search(
        question, as_of=search.as_of, audience=search.audience, limit=2 * _PROVISIONS
    )
    found = [
        hit.provision for hit in hits if holds_what_is_asked(question.text, hit.provision.text)
    ]
    laws = [one for one in found if one.level is not Level.POLICY]
    sections = [one for one in found if one.level is Level.POLICY]
    return laws[:_PROVISIONS], sections[:_PROVISIONS]


def _leads(
    search: Search,
    question: ClearedText,
    own: Sequence[OwnRule],
    near: Sequence[DutyHit],
    duties: Sequence[Source],
) -> bool:
    """Whether the first of the company's own rules is told before the duties."""
    if not own or not leads_before(search.library, question, own[0], near):
        return False
    quoted = (one.text for duty in duties[:1] for one in duty.provisions)
    return not law_alone_names_it(question.text, quoted, own[0].words)


def _forbidding(
    search: Search, question: ClearedText, refusal: Refusal | None
) -> tuple[Source, ...]:
    """The duties that forbid the thing declined, the likeliest first."""
    library = search.library
    keys = library.likeliest_duties(question, refusal.duties) if refusal else ()
    return tuple(duty_source(library, library.duties[key], search.as_of) for key in keys)


def _with_kept(kept: Source | None, told: Sequence[Source]) -> tuple[Source, ...]:
    """The rules to tell, once each, the one on keeping among them."""
    told = list({one.key: one for one in reversed(told)}.values())[::-1]
    if kept is None:
        return tuple(told)
    beside = kept.key in (one.key for one in told)
    return (*(kept if one.key == kept.key else one for one in told), *(() if beside else (kept,)))
