"""Which duties answer a question, and how each is told: with its last day, its penalty, yes or no."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain

from assistant.answering.article_asked import what_it_is_about
from assistant.answering.due_dates import due_dates
from assistant.answering.follow_up import FollowUp, duties_of_follow_up
from assistant.answering.incident_told import keeps_from_harm
from assistant.answering.own_rule import DUTIES, NEARLY, related
from assistant.answering.penalties import Penalty, penalty_asked, penalty_in, tells
from assistant.answering.search import Search
from assistant.answering.sensitive_kinds import named_as_sensitive
from assistant.answering.sources import Source, best_of, duty_source
from assistant.answering.value_asked import holds_what_is_asked
from assistant.answering.verdicts import LIKE_ENOUGH, verdict
from assistant.answering.ways import Way, form_of
from knowledge.duties import Asked, Duty, Verdict
from knowledge.library import DutyHit, Library
from knowledge.provisions import Provision
from pii.cleared import ClearedText
from records.language import Bilingual
from tickets.retention.record_text import binds_others

# How likely the question must turn on the best duty for its yes or no to be said.
SURE_OF_DUTY = 0.3
_JOINT = re.compile(r"[:：?？。]|\.(?=\s)")
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+(?=\S)")


def duties_near(search: Search, question: ClearedText, follow_up: FollowUp | None) -> list[DutyHit]:
    """The duties that answer, best first: the best, and those nearly as good that are surely or clearly on it too."""
    found = _found(search, question)
    if follow_up:
        found = duties_of_follow_up(found, follow_up, partial(_found, search))
    best = [
        hit
        for hit in found
        if (search.holder is None or not binds_others(hit.duty.binds, search.holder, question.text))
        and holds_what_is_asked(question.text, hit.duty.duty)
    ]
    return [
        hit
        for hit in best
        if hit.score >= NEARLY * best[0].score
        and (
            hit.share >= SURE_OF_DUTY
            or related(hit.duty.said.zh, question.text, best[0].duty.said.zh)
        )
    ]


def _found(search: Search, question: ClearedText) -> list[DutyHit]:
    """The duties that answer best; to which article says so, by the other words, where those find any."""
    for asked in dict.fromkeys((what_it_is_about(question), question)):
        if found := search.library.search_duties(asked, limit=DUTIES, goes_on=search.goes_on):
            return found
    return []


def duty_sources(search: Search, question: ClearedText, near: Sequence[DutyHit]) -> list[Source]:
    """Those of the duties that have begun; the day a limit ends and how heavy a penalty is, where that is asked."""
    library, as_of = search.library, search.as_of
    duties = [hit.duty for hit in near if hit.duty.has_begun(as_of)]
    if not duties:
        return []
    best, *others = (duty_source(library, duty, as_of) for duty in duties)
    told = [_with_due_dates(best, duties[0], question, as_of), *others]
    penalty = penalty_asked(question.text)
    return _with_penalty(library, penalty, told, duties[0], as_of) if penalty else told


def with_verdict(
    library: Library,
    question: ClearedText,
    duties: Sequence[Source],
    near: Sequence[DutyHit],
    *,
    joined: bool,
) -> tuple[Source, ...]:
    """The duties that stand, the best with yes or no, where that was reviewed and the question surely turns on it.

    One `joined` of two gets it only where a reviewed one is like it.
    """
    standing = tuple(one for one in duties if one.stands)
    shares = {hit.duty.id: hit.share for hit in near}
    best = best_of(standing)
    if best is None or shares.get(best.key, 0) < SURE_OF_DUTY:
        return standing
    duty = library.duties[best.key]
    reviewed = library.asked_of(question, duty)
    # What should I check, behind a sentence that tells of the police, is no question of yes or no.
    asks_openly = form_of(_SENTENCE_END.split(question.text)[-1]).way is Way.OPEN
    if asks_openly or (joined and not asks_the_same(question.text, reviewed)):
        return standing
    word = named_as_sensitive(question.text, (one.text for one in best.provisions))
    word = word or verdict(question.text, duty, reviewed, shares[best.key])
    if word is Verdict.MAY_NOT and keeps_from_harm(question.text):
        word = word if any(likeness >= LIKE_ENOUGH for _, likeness in reviewed) else None
    return tuple(replace(one, verdict=word) if one is best else one for one in standing)


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
