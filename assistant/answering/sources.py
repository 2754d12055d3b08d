"""One thing an answer may rest on, with the text behind it: an article, a duty, a rule, an approved answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.answers import Approval, Mention
from assistant.answering.approved import Content
from assistant.answering.due_dates import own_limit_ends
from assistant.answering.own_rule import around
from assistant.answering.stances import permits
from assistant.answering.support import (
    addresses_in,
    longest_without_addresses,
    may_be_told,
    without_addresses,
)
from knowledge.checked import has_changed
from knowledge.duties import Citation, Confidence, Duty, Verdict, is_law
from knowledge.library import Library, OwnRule
from knowledge.provisions import Level, Provision, Standing
from pii.cleared import ClearedText
from records.language import Bilingual
from tickets.retention.facts import Decision, RuleOutcome, Status

BINDING = frozenset({Level.LAW, Level.REGULATION, Level.RULE, Level.INTERPRETATION})
# Long enough for any paragraph that matters, or a section of a policy; short enough to read in a chat.
LONGEST_WHOLE, LONGEST_SECTION = 240, 360
_MASKED = re.compile(r"〔[^〔〕]{2,12}〕")


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
    # And when its limit ends, told behind it.
    ends: Bilingual | None = None
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
        ends=ends,
        sure=sure,
    )


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


def rule_sources(library: Library, decision: Decision | None, as_of: date) -> dict[str, Source]:
    """Every rule a decision considered, or that stops the record, by its id."""
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
