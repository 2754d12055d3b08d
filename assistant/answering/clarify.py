"""What to ask back, and what an answer to it adds to the question."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field

from records.data_files import Entry, Said, load
from records.language import Bilingual, Language
from tickets.dates_in_text import date_spans, year_told
from tickets.retention.facts import Decision, Status
from tickets.retention.record_text import kind_spans
from tickets.words_in_text import Pattern

FILE = Path(__file__).parent / "clarifications.yaml"
DISPUTE = "dispute"
_WORDS = "{words}"
_LONGEST_REPLY = 40
_LETS_GO = frozenset({Status.MAY_DESTROY, Status.MUST_DELETE})
_ASKS = re.compile(
    r"[?？]|吗|呢$|有没有|[能要可会]不[能要可会]|什么|怎么|多久|哪|谁|how|what|when|who", re.I
)
_DISPUTE_SAID = re.compile(
    r"纠纷|官司|诉讼|争议|投诉|检查|调查|审计|欠款|dispute|lawsuit|inspect|audit|complaint", re.I
)


class _Option(Entry):
    id: str
    says: Said
    adds: Said
    on_a_day: bool = False


class _Fact(Entry):
    options: tuple[_Option, ...] = ()
    adds: Said | None = None


class _Before(Entry):
    id: str
    words: Pattern
    unless: Pattern
    ask: Said
    options: tuple[_Option, ...] = Field(min_length=2)


class _Beside(Entry):
    ask: Said
    options: tuple[_Option, ...] = Field(min_length=2)


class _File(Entry):
    before: tuple[_Before, ...]
    facts: Mapping[str, _Fact]
    dispute: _Beside


@dataclass(frozen=True, slots=True)
class Option:
    """One answer offered: its id, and what the button says."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Clarification:
    """One question asked back. Without options it is answered in the person's own words."""

    id: str
    question: str
    options: tuple[Option, ...]


@cache
def _file() -> _File:
    return load(FILE, _File)


def ask_before(question: str, language: Language, settled: Collection[str]) -> Clarification | None:
    """What must be known before anything can be answered, unless it was asked already."""
    low = question.lower()
    for one in _file().before:
        asked = one.id in settled or re.search(one.unless, low)
        if not asked and re.search(one.words, low):
            return _clarification(one.id, one.ask.both().pick(language), one.options, language)
    return None


def ask_beside(
    question: str, decision: Decision, language: Language, settled: Collection[str]
) -> Clarification | None:
    """The fact that would settle the retention engine's answer, unless it was asked already."""
    for fact in decision.missing:
        known = _file().facts.get(fact.name)
        if known is not None and fact.name not in settled:
            return _clarification(fact.name, fact.question.pick(language), known.options, language)
    if decision.alternatives and "holder" not in settled:
        # The answer lists every kind of holder: one word makes it short.
        holder = next((f for f in decision.missing if f.name == "holder"), None)
        question_text = holder.question if holder else _HOLDER
        options = _file().facts["holder"].options
        return _clarification("holder", question_text.pick(language), options, language)
    silent = not _DISPUTE_SAID.search(question)
    if decision.status in _LETS_GO and silent and DISPUTE not in settled:
        beside = _file().dispute
        return _clarification(DISPUTE, beside.ask.both().pick(language), beside.options, language)
    return None


_HOLDER = Bilingual("你们是哪类单位？", "What kind of company are you?")


def added_by(
    clarification: str,
    reply: str,
    choice: str,
    language: Language,
    *,
    today: date,
    at_once: bool = True,
) -> str | None:
    """What a reply to a clarification adds to the question; None if it is no reply to it.

    `choice` is the id of the button pressed. Typed words count where they are short and name an
    option (its number, or its words), or where the fact is told in words. Where it was asked not
    `at_once` before but earlier in the thread, the words must be the option's own.
    """
    options, free = _answers(clarification)
    chosen = next((one for one in options if one.id == choice), None)
    said = reply.strip(" 。.!！")
    if chosen is not None or not said or len(said) > _LONGEST_REPLY or _ASKS.search(said):
        return chosen.adds.both().pick(language) if chosen else None
    days = [said[start:end] for start, end in date_spans(said)]
    if year := year_told(said, today):
        days = [f"{year}年"]
    chosen = _typed(said if at_once else _beside(said, days), options, begun=at_once)
    told = chosen.adds.both().pick(language) if chosen else ""
    if free and days and (chosen.on_a_day if chosen else at_once or not kind_spans(said)):
        day = days[0] if chosen or year else said
        told += free.both().pick(language).replace(_WORDS, day)
    return told or None


def _beside(said: str, days: Sequence[str]) -> str:
    """What is said beside the days."""
    for day in days:
        said = said.replace(day, "")
    return said.strip(" ，,。.的")


def _typed(said: str, options: tuple[_Option, ...], *, begun: bool) -> _Option | None:
    low = said.lower()
    if low.isdecimal() and 0 < int(low) <= len(options):
        return options[int(low) - 1]
    exact = [o for o in options if low in (o.says.zh.lower(), o.says.en.lower(), o.id)]
    starts = [o for o in options if low.startswith((o.says.zh.lower(), o.says.en.lower()))]
    return next(iter(exact or (starts if begun else ())), None)


def _answers(clarification: str) -> tuple[tuple[_Option, ...], Said | None]:
    file = _file()
    if clarification == DISPUTE:
        return file.dispute.options, None
    if clarification in file.facts:
        return file.facts[clarification].options, file.facts[clarification].adds
    before = next((one for one in file.before if one.id == clarification), None)
    return (before.options if before else ()), None


def _clarification(
    name: str, question: str, options: tuple[_Option, ...], language: Language
) -> Clarification:
    offered = tuple(Option(one.id, one.says.both().pick(language)) for one in options)
    return Clarification(name, question, offered)
