"""All that an answer to one question may rest on, gathered from the library, best first."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from assistant.answering.answers import Mention
from assistant.answering.article_asked import what_it_is_about
from assistant.answering.due_dates import due_dates
from assistant.answering.follow_up import FollowUp, duties_of_follow_up, rules_of_follow_up
from assistant.answering.incident_told import HAPPENED, name_of, tells_of
from assistant.answering.named import named_in
from assistant.answering.own_periods import later_of, own_period, words_of
from assistant.answering.own_rule import DUTIES, MOST, NEARLY, OWN_RULE, leads_before, rules_to_tell
from assistant.answering.penalties import Penalty, penalty_asked, penalty_in, tells
from assistant.answering.refusals import Refusal, refusal_for
from assistant.answering.sensitive_kinds import named_as_sensitive, speaks_of_the_kind
from assistant.answering.sources import (
    Source,
    best_of,
    duty_source,
    own_rule_source,
    provision_source,
    rule_sources,
)
from assistant.answering.value_asked import holds_what_is_asked
from assistant.answering.verdicts import LIKE_ENOUGH, verdict
from assistant.answering.ways import Way, form_of
from knowledge.asked import share_something, things
from knowledge.duties import Asked, Duty
from knowledge.library import DutyHit, Library, OwnRule
from knowledge.provisions import PUBLIC, Level, Provision
from pii.cleared import ClearedText, public_text
from records.language import Bilingual, Language
from tickets.incidents.facts import IncidentKind
from tickets.retention.facts import Decision, HolderType, RecordFacts
from tickets.retention.record_text import binds_others

PROVISIONS = 4
_INCIDENTS = 11
# A plan for incidents answers what is asked of one, or of the plan.
_INCIDENT_PLAN = re.compile(
    r"应急.{0,2}预案|事件.{0,4}预案|\bincident\b.{0,20}\bplan\b", re.IGNORECASE
)
_OF_INCIDENTS = re.compile(
    r"应急|事件|事故|预案|外泄|丢|遗失|被[偷黑]|值班|incident|\blost\b|hack|emergency|wrong (?:person|address)|"
    + HAPPENED.pattern,
    re.IGNORECASE,
)
# How likely the question must turn on the best duty for its yes or no to be said.
SURE_OF_DUTY = 0.3
_JOINT = re.compile(r"[:：?？。]|\.(?=\s)")
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+(?=\S)")


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
    library: Library,
    question: ClearedText,
    *,
    language: Language,
    as_of: date,
    decision: Decision | None,
    audience: frozenset[str] = PUBLIC,
    approved: tuple[Source, ...] = (),
    goes_on: bool = False,
    joined: bool = False,
    follow_up: FollowUp | None = None,
    facts: RecordFacts | None = None,
    holder: HolderType | None = None,
    published: Callable[[str], bool] = lambda _: False,
    incident: IncidentKind | None = None,
    said: ClearedText | None = None,
) -> Material:
    """Everything the library holds for the question that the audience may read, in force that day.

    Where talk `goes_on` about the subject, a question need not name a thing of it again; one `joined` of two
    gets a yes or no only where a reviewed one is like it, and its second is sought alone as well (`follow_up`).
    `facts` are those behind the decision; what binds only companies of another kind than the `holder` is left
    out. `published` tells which mailboxes and numbers of a policy may be shown. `incident` is what the question
    tells that went wrong; where its name was put to it, `said` is what was asked.
    """
    hits = [
        hit
        for hit in library.search(question, as_of=as_of, audience=audience, limit=2 * PROVISIONS)
        if holds_what_is_asked(question.text, hit.provision.text)
    ]
    laws = [hit.provision for hit in hits if hit.provision.level is not Level.POLICY]
    near_sections = [hit.provision for hit in hits if hit.provision.level is Level.POLICY]

    def own_rules(asked: ClearedText) -> list[OwnRule]:
        return rules_to_tell(library, asked, as_of=as_of, audience=audience, published=published)

    def duties_found(asked: ClearedText) -> list[DutyHit]:
        return _duties_found(library, asked, goes_on=goes_on)

    own, hits_of_duties = own_rules(what_it_is_about(question)), duties_found(question)
    if follow_up:
        own = rules_of_follow_up(own, follow_up, own_rules)[:MOST]
        hits_of_duties = duties_of_follow_up(hits_of_duties, follow_up, duties_found)
    keeping = own_period(facts, own_rules) if facts and not facts.also else None
    own_words: frozenset[Bilingual] = frozenset()
    if decision and facts and keeping:
        later = later_of(decision, keeping, facts, as_of)
        own_words = words_of(later) - words_of(decision)
        decision = later
    best = [
        hit
        for hit in hits_of_duties
        if (holder is None or not binds_others(hit.duty.binds, holder, question.text))
        and holds_what_is_asked(question.text, hit.duty.duty)
    ]
    near = [
        hit
        for hit in best
        if hit.score >= NEARLY * best[0].score
        and (
            hit.share >= SURE_OF_DUTY or _related(hit.duty.said.zh, question, best[0].duty.said.zh)
        )
    ]
    may_be_incident = not near or any(hit.duty.topic == _INCIDENTS for hit in near)
    if not (may_be_incident or incident or _OF_INCIDENTS.search(question.text)):
        own = [rule for rule in own if not _INCIDENT_PLAN.search(rule.section.instrument)]
    own = [
        rule
        for rule in own
        if rule is own[0] or _related(f"{rule.section.heading}{rule.said}", question, own[0].said)
    ]
    duties = [hit.duty for hit in near if hit.duty.has_begun(as_of)]
    answering = [duty_source(library, duty, as_of) for duty in duties]
    if duties:
        answering[0] = _with_due_dates(answering[0], duties[0], question, as_of)
    if duties and (penalty := penalty_asked(question.text)):
        answering = _with_penalty(library, penalty, answering, duties[0], as_of)
    kept = own_rule_source(keeping.rule, question, as_of, published, sure=True) if keeping else None
    standing = tuple(source for source in answering if source.stands)
    named = named_in(library, question, as_of, audience)
    on_it = _rules_on(incident, own_rules)
    own = [*on_it, *(rule for rule in own if rule not in on_it)][: max(len(own), 1)]
    leads = bool(on_it) or (
        bool(own)
        and leads_before(library, question, own[0], near)
        and not _law_alone_names_it(question, answering, own[0])
    )
    sure = leads or (bool(own) and own[0].score >= OWN_RULE)
    refusal = refusal_for((said or question).text)
    return Material(
        question=question,
        language=language,
        as_of=as_of,
        named=named.sources,
        absent=named.absent,
        notes=named.notes,
        only_ended=named.only_ended and bool(near) and near[0].share >= SURE_OF_DUTY,
        duties=_with_verdict(
            library, question, standing, {hit.duty.id: hit.share for hit in near}, joined=joined
        ),
        provisions=tuple(provision_source(one) for one in laws[:PROVISIONS]),
        policies=_with_kept(
            kept,
            [
                own_rule_source(rule, question, as_of, published, sure=sure)
                for rule in own
                if leads or near
            ],
        )
        or tuple(provision_source(one) for one in near_sections[:PROVISIONS]),
        own_period=kept.key if kept else "",
        own_words=own_words,
        own_rule=leads,
        may_be_incident=may_be_incident,
        incident=incident,
        decision=decision,
        rules=rule_sources(library, decision, as_of),
        refusal=refusal,
        approved=approved,
        forbidding=tuple(
            duty_source(library, library.duties[key], as_of)
            for key in (library.likeliest_duties(question, refusal.duties) if refusal else ())
        ),
    )


def _duties_found(library: Library, question: ClearedText, *, goes_on: bool) -> list[DutyHit]:
    """The duties that answer best; to which article says so, by the other words, where those find any."""
    for asked in dict.fromkeys((what_it_is_about(question), question)):
        if found := library.search_duties(asked, limit=DUTIES, goes_on=goes_on):
            return found
    return []


def _law_alone_names_it(question: ClearedText, answering: Sequence[Source], rule: OwnRule) -> bool:
    """Whether the law names as sensitive what is asked about, and the rule does not speak of it."""
    quoted = (one.text for source in answering[:1] for one in source.provisions)
    named = named_as_sensitive(question.text, quoted)
    return named is not None and not speaks_of_the_kind(question.text, rule.words)


def _rules_on(
    incident: IncidentKind | None, own_rules: Callable[[ClearedText], list[OwnRule]]
) -> list[OwnRule]:
    """The rule of the company's section on such incidents, where it has one."""
    called = name_of(incident)
    if called is None:
        return []
    found = own_rules(public_text(called.zh, source="kind of incident"))
    return [rule for rule in found if tells_of(incident, rule.section.heading)][:1]


def _with_kept(kept: Source | None, told: Sequence[Source]) -> tuple[Source, ...]:
    """The rules to tell, once each, the one on keeping among them."""
    told = list({one.key: one for one in reversed(told)}.values())[::-1]
    if kept is None:
        return tuple(told)
    beside = kept.key in (one.key for one in told)
    return (*(kept if one.key == kept.key else one for one in told), *(() if beside else (kept,)))


def _with_verdict(
    library: Library,
    question: ClearedText,
    duties: tuple[Source, ...],
    shares: Mapping[str, float],
    *,
    joined: bool,
) -> tuple[Source, ...]:
    """The duties, the best with yes or no, where that was reviewed and the question surely turns on it."""
    best = best_of(duties)
    if best is None or shares.get(best.key, 0) < SURE_OF_DUTY:
        return duties
    duty = library.duties[best.key]
    near = library.asked_of(question, duty)
    # What should I check, behind a sentence that tells of the police, is no question of yes or no.
    asks_openly = form_of(_SENTENCE_END.split(question.text)[-1]).way is Way.OPEN
    if asks_openly or (joined and not asks_the_same(question.text, near)):
        return duties
    word = named_as_sensitive(question.text, (one.text for one in best.provisions))
    word = word or verdict(question.text, duty, near, shares[best.key])
    return tuple(replace(one, verdict=word) if one is best else one for one in duties)


def asks_the_same(joined: str, near: Sequence[tuple[Asked, float]]) -> bool:
    """Whether a reviewed question is like one joined of two, and asks of the act that the second does.

    Likeness to the first alone (she wants to see her data: does she have to pay?) carries no yes or no.
    """
    acts = form_of(_JOINT.split(joined.strip(" ?？"))[-1]).actions
    return bool(acts) and any(
        likeness >= LIKE_ENOUGH and acts <= form_of(one.q).actions for one, likeness in near
    )


def _with_penalty(
    library: Library, penalty: Penalty, sources: list[Source], duty: Duty, as_of: date
) -> list[Source]:
    """The sources of a question how heavy a penalty is, best of `duty`: the first that tells it, or the first with
    the words of an article it rests on, otherwise of one that punishes its breach."""
    best, *others = sources
    if tells(penalty, best.text.zh):
        return sources
    if words := _in_words(penalty, best.provisions):
        text = Bilingual(best.text.zh + words, f"{best.text.en} {words}")
        return [replace(best, text=text), *others]
    punishing = {(one.instrument, article) for one in duty.penalty for article in one.articles}
    telling = (
        duty_source(library, one, as_of)
        for one in library.duties.values()
        if tells(penalty, one.said.zh)
        and one.has_begun(as_of)
        and punishing & {(c.instrument, a) for c in one.citations for a in c.articles}
    )
    beside = (one for one in others if tells(penalty, one.text.zh))
    first = next(chain(beside, telling), best)
    return [first, *(one for one in sources if one.key != first.key)]


def _in_words(penalty: Penalty, provisions: Sequence[Provision]) -> str:
    """How heavy it is by the first of these that says so, word for word, as it is quoted."""
    for one in provisions:
        if words := penalty_in(penalty, one.text):
            return f"《{one.instrument}》{one.heading}：{words}。".replace("\n", "")
    return ""


def _with_due_dates(source: Source, duty: Duty, question: ClearedText, as_of: date) -> Source:
    """The best duty, with the day its limit ends where the question gives the day it begins."""
    due = due_dates(duty, question.text, as_of)
    if due is None:
        return source
    return replace(source, text=Bilingual(source.text.zh + due.zh, source.text.en + due.en))


def _related(told: str, question: ClearedText, headline: str) -> bool:
    """Whether what is told beside the headline speaks of a thing that it or the question speaks of."""
    return share_something(told, question.text) or bool(things(told) & things(headline))
