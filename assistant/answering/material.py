"""What an answer may rest on: duties, provisions and rules, each with the text behind it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.answers import Approval, Mention
from assistant.answering.approved import Content
from assistant.answering.article_asked import what_it_is_about
from assistant.answering.due_dates import due_dates, own_limit_ends
from assistant.answering.fines import asks_fine, fine_in, has_amount
from assistant.answering.incident_told import name_of, tells_of
from assistant.answering.own_periods import later_of, own_period, words_of
from assistant.answering.own_rule import (
    DUTIES,
    NEARLY,
    OWN_RULE,
    around,
    leads_before,
    rules_to_tell,
)
from assistant.answering.refusals import Refusal, refusal_for
from assistant.answering.stances import permits
from assistant.answering.support import (
    addresses_in,
    longest_without_addresses,
    may_be_told,
    without_addresses,
)
from assistant.answering.verdicts import LIKE_ENOUGH, verdict
from assistant.answering.ways import Way, form_of
from knowledge.asked import share_something, things
from knowledge.checked import has_changed
from knowledge.duties import Asked, Citation, Confidence, Duty, Verdict, is_law
from knowledge.library import DutyHit, Library, OwnRule
from knowledge.lookup import Lookup
from knowledge.provisions import PUBLIC, Level, Provision, Standing
from knowledge.renumberings import moved
from knowledge.sources import short_name
from pii.cleared import ClearedText, public_text
from records.language import Bilingual, Language
from tickets.incidents.facts import IncidentKind
from tickets.retention.facts import Decision, HolderType, RecordFacts, RuleOutcome, Status
from tickets.retention.record_text import binds_others

BINDING = frozenset({Level.LAW, Level.REGULATION, Level.RULE, Level.INTERPRETATION})
PROVISIONS = 4
_INCIDENTS = 11
# How likely the question must turn on the best duty for its yes or no to be said.
SURE_OF_DUTY = 0.3
# Long enough for any paragraph that matters, or a section of a policy; short enough to read in a chat.
LONGEST_WHOLE, LONGEST_SECTION = 240, 360
_MASKED = re.compile(r"〔[^〔〕]{2,12}〕")
_JOINT = re.compile(r"[:：?？。]|\.(?=\s)")
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to rest on: our words for it, and the provisions that carry it."""

    key: str
    text: Bilingual
    provisions: tuple[Provision, ...]
    mentions: tuple[Mention, ...] = ()
    confidence: Confidence = Confidence.VERIFIED
    is_law: bool = True
    # Which paragraph or item was asked for, as its words.
    part: str | None = None
    # Of a rule of the company's, told with what stands around it, the sentence that answers.
    sentence: str = ""
    # The word that answers the question outright, where a reviewed question like it carries one.
    verdict: Verdict | None = None
    # The readings of a disputed point, each with who holds it.
    readings: tuple[Bilingual, ...] = ()
    contested: bool = False
    # An article it rests on no longer reads as when it was checked.
    changed: bool = False
    approval: Approval | None = None
    # False for a rule of the company's that only may answer.
    sure: bool = True

    @property
    def stands(self) -> bool:
        """Whether anything carries it on the day asked about."""
        return bool(self.provisions or self.mentions)


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
    facts: RecordFacts | None = None,
    holder: HolderType | None = None,
    published: Callable[[str], bool] = lambda _: False,
    incident: IncidentKind | None = None,
    said: ClearedText | None = None,
) -> Material:
    """Everything the library holds for the question that the audience may read, in force that day.

    Where talk `goes_on` about the subject, a question need not name a thing of it again; one `joined` of two
    gets a yes or no only where a reviewed one is like it. `facts` are those behind the decision; what binds
    only companies of another kind than the `holder` is left out. `published` tells which mailboxes and numbers of a
    policy may be shown. `incident` is what the question tells that went wrong; where its name was put
    to it, `said` is what was asked.
    """
    hits = library.search(question, as_of=as_of, audience=audience, limit=2 * PROVISIONS)
    laws = [hit.provision for hit in hits if hit.provision.level is not Level.POLICY]
    near_sections = [hit.provision for hit in hits if hit.provision.level is Level.POLICY]

    def own_rules(asked: ClearedText) -> list[OwnRule]:
        return rules_to_tell(library, asked, as_of=as_of, audience=audience, published=published)

    own = own_rules(what_it_is_about(question))
    keeping = own_period(facts, own_rules) if facts and not facts.also else None
    own_words: frozenset[Bilingual] = frozenset()
    if decision and facts and keeping:
        later = later_of(decision, keeping, facts, as_of)
        own_words = words_of(later) - words_of(decision)
        decision = later
    best = [
        hit
        for hit in _duties_found(library, question, goes_on=goes_on)
        if holder is None or not binds_others(hit.duty.binds, holder, question.text)
    ]
    near = [
        hit
        for hit in best
        if hit.score >= NEARLY * best[0].score
        and (
            hit.share >= SURE_OF_DUTY or _related(hit.duty.said.zh, question, best[0].duty.said.zh)
        )
    ]
    own = [
        rule
        for rule in own
        if rule is own[0] or _related(f"{rule.section.heading}{rule.said}", question, own[0].said)
    ]
    duties = [hit.duty for hit in near if hit.duty.has_begun(as_of)]
    answering = [duty_source(library, duty, as_of) for duty in duties]
    if duties:
        answering[0] = _with_due_dates(answering[0], duties[0], question, as_of)
    if asks_fine(question.text):
        answering = _with_fine(answering)
    kept = own_rule_source(keeping.rule, question, as_of, published, sure=True) if keeping else None
    standing = tuple(source for source in answering if source.stands)
    named = _named(library, question, as_of, audience)
    on_it = _rules_on(incident, own_rules)
    own = [*on_it, *(rule for rule in own if rule not in on_it)][: max(len(own), 1)]
    leads = bool(on_it) or (bool(own) and leads_before(library, question, own[0], near))
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
        may_be_incident=not near or any(hit.duty.topic == _INCIDENTS for hit in near),
        incident=incident,
        decision=decision,
        rules=_rules(library, decision, as_of),
        refusal=refusal,
        approved=approved,
        forbidding=tuple(
            duty_source(library, library.duties[key], as_of)
            for key in (library.likeliest_duties(question, refusal.duties) if refusal else ())
        ),
    )


def _duties_found(library: Library, question: ClearedText, *, goes_on: bool) -> list[DutyHit]:
    """The duties that answer best; for which article says so, by the words with or without that, as is surer."""
    found = [
        library.search_duties(asked, limit=DUTIES, goes_on=goes_on)
        for asked in dict.fromkeys((question, what_it_is_about(question)))
    ]
    return max(found, key=lambda hits: max((hit.share for hit in hits), default=0.0))


def _rules_on(
    incident: IncidentKind | None, own_rules: Callable[[ClearedText], list[OwnRule]]
) -> list[OwnRule]:
    """The rule of the company's section on such incidents, where it has one."""
    called = name_of(incident)
    if called is None:
        return []
    found = own_rules(public_text(called.zh, source="kind of incident"))
    return [rule for rule in found if tells_of(incident, rule.section.heading)][:1]


def provision_source(provision: Provision) -> Source:
    """A provision as its own source."""
    text = Bilingual(provision.text, provision.text)
    return Source(
        key=provision.id, text=text, provisions=(provision,), is_law=provision.level in BINDING
    )


def own_rule_source(
    rule: OwnRule,
    question: ClearedText,
    as_of: date,
    published: Callable[[str], bool] = lambda _: False,
    *,
    sure: bool,
) -> Source:
    """One rule of a policy, with the day its limit ends where the question gives the day it begins.

    A short section is quoted whole, so that what stands before and behind the rule is read with it. A
    mailbox or number that is not `published` is not shown, and of what was masked the section is named where
    it stands.
    """
    section = rule.section.text
    words, said = around(rule)
    part = words

    def may_show(text: str) -> bool:
        return all(map(published, addresses_in(text)))

    name, number = rule.section.instrument, rule.section.article
    place = f"见《{name}》{number if number != name else ''}"
    # What was masked when the policy was taken in is to be found where it stands.
    said = _MASKED.sub(rf"\g<0>（{place}）", said)
    if not may_show(part):
        said, part = without_addresses(said, place), longest_without_addresses(part)
    elif len(section) <= LONGEST_SECTION and may_show(section) and not permits(section):
        part = section if may_be_told(section, published) else part
    ends = own_limit_ends(rule.said, question.text, as_of)
    return Source(
        key=f"{rule.section.id}#{words}",
        text=Bilingual(said + (ends.zh if ends else ""), said + (ends.en if ends else "")),
        provisions=(rule.section,),
        is_law=False,
        part=part,
        sentence=rule.said,
        sure=sure,
    )


def _with_kept(kept: Source | None, told: Sequence[Source]) -> tuple[Source, ...]:
    """The rules to tell, once each, the one on keeping among them."""
    told = list({one.key: one for one in reversed(told)}.values())[::-1]
    if kept is None:
        return tuple(told)
    beside = kept.key in (one.key for one in told)
    return (*(kept if one.key == kept.key else one for one in told), *(() if beside else (kept,)))


def duty_source(library: Library, duty: Duty, as_of: date) -> Source:
    """A duty, with the provisions it cites as far as their text is loaded."""
    provisions, mentions = _resolve(library, duty.citations, as_of)
    return Source(
        key=duty.id,
        text=duty.said,
        provisions=provisions,
        mentions=mentions,
        confidence=duty.confidence,
        is_law=is_law(duty),
        readings=tuple(Bilingual(one.zh, one.en) for one in duty.readings),
        contested=bool(duty.readings),
        changed=has_changed(provisions),
    )


def approved_sources(
    number: str, content: Content, provisions: Sequence[Provision], approval: Approval
) -> tuple[Source, ...]:
    """An approved answer, once for each provision it cites: the company's word, not the law's."""
    cited = zip(content.citations, provisions, strict=True)
    return tuple(
        Source(
            key=f"{number}#{provision.id}",
            text=content.text,
            provisions=(provision,),
            is_law=False,
            part=one.words or None,
            approval=approval,
        )
        for one, provision in cited
    )


def best_of(duties: Sequence[Source]) -> Source | None:
    """The duty a conclusion may rest on: the first that is more than a lead."""
    return next((one for one in duties if one.confidence is not Confidence.UNVERIFIED), None)


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
    if best is None or shares[best.key] < SURE_OF_DUTY:
        return duties
    duty = library.duties[best.key]
    near = library.asked_of(question, duty)
    # What should I check, behind a sentence that tells of the police, is no question of yes or no.
    asks_openly = form_of(_SENTENCE_END.split(question.text)[-1]).way is Way.OPEN
    if asks_openly or (joined and not asks_the_same(question.text, near)):
        return duties
    word = verdict(question.text, duty, near, shares[best.key])
    return tuple(replace(one, verdict=word) if one is best else one for one in duties)


def asks_the_same(joined: str, near: Sequence[tuple[Asked, float]]) -> bool:
    """Whether a reviewed question is like one joined of two, and asks of the act that the second does.

    Likeness to the first alone (she wants to see her data: does she have to pay?) carries no yes or no.
    """
    acts = form_of(_JOINT.split(joined.strip(" ?？"))[-1]).actions
    return bool(acts) and any(
        likeness >= LIKE_ENOUGH and acts <= form_of(one.q).actions for one, likeness in near
    )


def _with_fine(sources: list[Source]) -> list[Source]:
    """The sources of a question how much the fine is: the first with the figure of its article, or one that has it."""
    if not sources or has_amount(sources[0].text.zh):
        return sources
    best, *others = sources
    for one in best.provisions:
        if fine := fine_in(one.text):
            # Word for word, as it is quoted.
            told = f"《{one.instrument}》{one.heading}：{fine}。".replace("\n", "")
            return [
                replace(best, text=Bilingual(best.text.zh + told, f"{best.text.en} {told}")),
                *others,
            ]
    fined = (one for one in others if "罚" in one.text.zh and has_amount(one.text.zh))
    first = next(fined, best)
    return [first, *(one for one in sources if one is not first)]


def _with_due_dates(source: Source, duty: Duty, question: ClearedText, as_of: date) -> Source:
    """The best duty, with the day its limit ends where the question gives the day it begins."""
    due = due_dates(duty, question.text, as_of)
    if due is None:
        return source
    return replace(source, text=Bilingual(source.text.zh + due.zh, source.text.en + due.en))


def _related(told: str, question: ClearedText, headline: str) -> bool:
    """Whether what is told beside the headline speaks of a thing that it or the question speaks of."""
    return share_something(told, question.text) or bool(things(told) & things(headline))


@dataclass(frozen=True, slots=True)
class _Named:
    """The provisions a question names, the names that lead to none, and what to know of either."""

    sources: tuple[Source, ...]
    absent: tuple[Mention, ...]
    notes: tuple[Bilingual, ...]
    only_ended: bool


def _named(
    library: Library, question: ClearedText, as_of: date, audience: frozenset[str]
) -> _Named:
    sources: list[Source] = []
    absent: list[Mention] = []
    notes: list[Bilingual] = []
    ends: set[str] = set()
    for address in library.addresses(question.text, audience):
        found = library.look_up(address, as_of=as_of, audience=audience)
        provision = found.provision
        notes += _earlier(provision, as_of) or found.notes
        ended = found.repeal.by if found.repeal else None
        if ended and ended.standing(as_of) is Standing.IN_FORCE:
            # What is no longer law is answered by the words that ended it.
            sources.append(_with_notes(ended, found, ended.text))
            ends.add(ended.id)
            continue
        if provision is None or provision.standing(as_of) is not Standing.IN_FORCE:
            absent.append(Mention(address.instrument, (address.article,)))
            continue
        sources.append(_with_notes(provision, found, found.words))
        renumbered = moved(address.instrument, address.article)
        if renumbered and renumbered.since <= as_of:
            # Whoever writes an old number may mean the rule it bore: both are quoted.
            now = [
                library.provision(address.instrument, new, as_of=as_of) for new in renumbered.new
            ]
            known = {source.key for source in sources}
            sources += [provision_source(one) for one in now if one and one.id not in known]
    keys = {source.key for source in sources}
    return _Named(
        tuple(sources), tuple(absent), tuple(dict.fromkeys(notes)), bool(ends) and keys == ends
    )


def _earlier(provision: Provision | None, as_of: date) -> tuple[Bilingual, ...]:
    """Of a text that holds no more, where it may be read: an answer rests on what is in force."""
    if provision is None or provision.standing(as_of) is Standing.IN_FORCE:
        return ()
    name = f"《{short_name(provision.instrument)}》{provision.heading}"
    until = f"（至 {provision.effective_to}）" if provision.effective_to else ""
    until_en = f" (until {provision.effective_to})" if provision.effective_to else ""
    return (
        Bilingual(
            f"{name}的旧文本{until}不是现行规定，不能据以作答；旧文本可在网页“法规与制度”查阅，"
            "或用 compliance knowledge show。",
            f"The earlier text of {name}{until_en} is not in force, so no answer rests on it; read it "
            "under Law & policy on the web, or with compliance knowledge show.",
        ),
    )


def _with_notes(provision: Provision, found: Lookup, words: str | None) -> Source:
    """A provision that was asked for by name, its text behind what there is to know of it."""
    text = Bilingual(
        "".join((*(note.zh for note in found.notes), provision.text)),
        " ".join((*(note.en for note in found.notes), provision.text)),
    )
    binding = provision.level in BINDING
    return Source(provision.id, text, (provision,), is_law=binding, part=words)


def _rules(library: Library, decision: Decision | None, as_of: date) -> dict[str, Source]:
    if decision is None:
        return {}
    decisions = (decision, *(alternative.decision for alternative in decision.alternatives))
    outcomes = {o.rule_id: o for one in decisions for o in one.considered if o.applies}
    # What stops a record (a dispute, a hold) decides without being one of its rules.
    outcomes |= {one.deciding.rule_id: one.deciding for one in decisions if one.deciding}
    disputed = {
        one.deciding.rule_id for one in decisions if one.deciding and one.status is Status.CONTESTED
    }
    return {
        key: _rule_source(library, outcome, as_of, contested=key in disputed)
        for key, outcome in outcomes.items()
    }


def _rule_source(library: Library, outcome: RuleOutcome, as_of: date, *, contested: bool) -> Source:
    cited = outcome.citation
    articles = (cited.article,) if cited.article else ()
    provisions, mentions = _carried_by(
        library, cited.instrument, articles, as_of, since=cited.in_force_since
    )
    return Source(
        key=outcome.rule_id,
        text=outcome.reason,
        provisions=provisions,
        mentions=mentions,
        confidence=cited.confidence,
        is_law=cited.is_law,
        contested=contested,
        changed=has_changed(provisions),
    )


def _resolve(
    library: Library, citations: tuple[Citation, ...], as_of: date
) -> tuple[tuple[Provision, ...], tuple[Mention, ...]]:
    provisions: list[Provision] = []
    mentions: list[Mention] = []
    for citation in citations:
        found, named = _carried_by(
            library, citation.instrument, citation.articles, as_of, since=citation.in_force_since
        )
        provisions += found
        mentions += named
    return tuple(provisions), tuple(mentions)


def _carried_by(
    library: Library,
    instrument: str,
    articles: tuple[str, ...],
    as_of: date,
    *,
    since: date | None,
) -> tuple[tuple[Provision, ...], tuple[Mention, ...]]:
    """The articles in force on that day, and a mention of those whose text is not loaded.

    What is loaded but was not in force, or began later, carries nothing: it is neither.
    """
    if since is not None and since > as_of:
        return (), ()
    provisions: list[Provision] = []
    unloaded: list[str] = []
    for article in articles:
        provision = library.provision(instrument, article, as_of=as_of)
        if provision and provision.standing(as_of) is Standing.IN_FORCE:
            provisions.append(provision)
        elif not library.versions(instrument, article):
            unloaded.append(article)
    named = (Mention(instrument, tuple(unloaded)),) if unloaded or not articles else ()
    return tuple(provisions), named
