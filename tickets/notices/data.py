"""Customer notices as reviewed data: kinds, what each must say and by which article, what is missing.

Rules only. An element nobody gave is named; as long as one is missing the notice is neither approved
nor sent. Letters are made in `tickets/notices/letters.py`.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import model_validator

from records.data_files import Entry, load
from records.errors import BadInput
from records.language import Bilingual, Language
from tickets.citation import Citation
from tickets.data import Cited, Said
from tickets.drafts.filling import LONGEST_ELEMENT, DraftKind, draft_file

FOLDER = Path(__file__).parent
APPROVERS = 2
NAMED_ROWS = 5
# A break inside a value; no line of a template begins after it.
BREAK = "\u2028"
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


class NoticeKind(StrEnum):
    """What a notice is for; each has its file of that name."""

    DESTRUCTION = "destruction"
    TRANSFER = "transfer"
    PARTICULARS = "particulars"
    BREACH = "breach"
    ENTRUSTING = "entrusting"
    SHARING = "sharing"
    REQUEST_GRANTED = "request_granted"
    REQUEST_REFUSED = "request_refused"
    REQUEST_EXTENDED = "request_extended"

    @property
    def label(self) -> Bilingual:
        """The title of the letter."""
        return notice_rules(self).name


class Tongue(StrEnum):
    """Which languages a letter is written in."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"

    @property
    def languages(self) -> tuple[Language, ...]:
        """One language, or both in this order."""
        return (Language.ZH, Language.EN) if self is Tongue.BOTH else (Language(self.value),)


class Form(StrEnum):
    """How an element is written; a deadline must lie ahead when the notice goes out."""

    TEXT = "text"
    DATE = "date"
    DEADLINE = "deadline"


class ElementData(Entry):
    """One thing a notice says. `words` stand in the article that asks for it."""

    name: Said | None = None
    hint: Said | None = None
    cite: str | None = None
    words: str | None = None
    optional: bool = False
    form: Form = Form.TEXT


class KindData(Entry):
    """One kind of notice, as its file gives it."""

    id: NoticeKind
    name: Said
    when: Said
    audience: Said
    not_needed: Said | None = None
    cite: dict[str, Cited]
    draft: DraftKind | None = None
    signed_by: str
    opening: Said
    elements: dict[str, ElementData]
    closing: Said
    reply: tuple[Said, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = draft_file().drafts[self.draft].elements if self.draft else {}
        for key, one in self.elements.items():
            if one.name is None and key not in names:
                raise ValueError(f"element {key} has no name")
            if (one.cite is None) != (one.words is None) or (one.cite or "") not in {
                "",
                *self.cite,
            }:
                raise ValueError(f"element {key}: a cite of this file and its words go together")
        if self.draft and set(names) != set(self.elements):
            raise ValueError("the elements are not those of the draft")
        if self.signed_by not in self.elements:
            raise ValueError("signed_by names no element")
        return self


class ColumnData(Entry):
    """columns.yaml: header words of a client table."""

    name: tuple[str, ...]
    mail: tuple[str, ...]
    address: tuple[str, ...]
    language: tuple[str, ...]


@dataclass(frozen=True)
class Element:
    """One thing a notice must, or may, say."""

    key: str
    name: Bilingual
    hint: Bilingual | None
    citation: Citation | None
    words: str | None
    optional: bool
    form: Form


@dataclass(frozen=True)
class NoticeRules:
    """Everything known of one kind of notice."""

    kind: NoticeKind
    name: Bilingual
    when: Bilingual
    audience: Bilingual
    not_needed: Bilingual | None
    citations: tuple[Citation, ...]
    signed_by: str
    opening: Bilingual
    elements: Mapping[str, Element]
    closing: Bilingual
    reply: tuple[Bilingual, ...]


@dataclass(frozen=True)
class Addressee:
    """One client: where the letter goes, and what it says to this client alone."""

    name: str = field(repr=False)
    mail: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    tongue: Tongue | None = None
    given: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Missing:
    """An element nobody gave; `rows` counts the clients who lack it, where others have it."""

    key: str
    name: Bilingual
    rows: tuple[int, ...] = ()


@cache
def notice_rules(kind: NoticeKind) -> NoticeRules:
    """One kind of notice, read at first use."""
    data = load(FOLDER / f"{kind.value}.yaml", KindData)
    if data.id is not kind:
        raise ValueError(f"{kind.value}.yaml holds {data.id.value}")
    names = draft_file().drafts[data.draft].elements if data.draft else {}
    return NoticeRules(
        kind=kind,
        name=data.name,
        when=data.when,
        audience=data.audience,
        not_needed=data.not_needed,
        citations=tuple(one.citation() for one in data.cite.values()),
        signed_by=data.signed_by,
        opening=data.opening,
        elements={
            key: Element(
                key,
                one.name or names[key],
                one.hint,
                data.cite[one.cite].citation() if one.cite else None,
                one.words,
                one.optional,
                one.form,
            )
            for key, one in data.elements.items()
        },
        closing=data.closing,
        reply=data.reply,
    )


@cache
def column_words() -> ColumnData:
    """The header words of a client table."""
    return load(FOLDER / "columns.yaml", ColumnData)


def in_english(key: str) -> str:
    """The key of an element's English wording, where it is given besides."""
    return f"{key}_en"


def checked(rules: NoticeRules, given: Mapping[str, str]) -> dict[str, str]:
    """What was given, trimmed, in the order of the elements. Raises BadInput, never quoting it."""
    texts = {in_english(key): key for key, one in rules.elements.items() if one.form is Form.TEXT}
    elements = dict(zip(rules.elements, rules.elements, strict=True)) | texts
    if unknown := set(given) - set(elements):
        raise BadInput(
            f"给出的要素有 {len(unknown)} 个不属于这份通知。可用：{'、'.join(rules.elements)}。",
            f"{len(unknown)} elements given are not of this notice. "
            f"Known: {', '.join(rules.elements)}.",
        )
    found = {key: given[key].strip() for key in elements if clean(given.get(key, ""))}
    for key, text in found.items():
        one = rules.elements[elements[key]]
        name = one.name
        if len(text) > LONGEST_ELEMENT:
            raise BadInput(f"“{name.zh}”太长，请精简。", f"“{name.en}” is too long.")
        if one.form is not Form.TEXT and day_of(text) is None:
            raise BadInput(
                f"“{name.zh}”请写成 2026-12-31 这样的日期。",
                f"Write “{name.en}” as a date like 2026-12-31.",
            )
    return found


def missing(
    rules: NoticeRules, given: Mapping[str, str], addressees: Iterable[Addressee]
) -> tuple[Missing, ...]:
    """Every element the notice must not go out without, one by one, with the clients who lack it."""
    people = tuple(addressees)
    found = []
    for key, one in rules.elements.items():
        if one.optional or given.get(key):
            continue
        rows = tuple(n for n, person in enumerate(people, 1) if not person.given.get(key))
        if rows or not people:
            found.append(Missing(key, one.name, rows if len(rows) < len(people) else ()))
    if not people:
        found.append(Missing("clients", Bilingual("收件人", "to whom it goes")))
    return tuple(found)


def overdue(
    rules: NoticeRules, given: Mapping[str, str], addressees: Iterable[Addressee], *, today: date
) -> tuple[Missing, ...]:
    """Every deadline that does not lie ahead: nobody can keep it."""
    deadlines = [one for one in rules.elements.values() if one.form is Form.DEADLINE]
    people = tuple(addressees)
    found = []
    for one in deadlines:
        late = tuple(
            n
            for n, person in enumerate(people, 1)
            if (day := day_of(person.given.get(one.key, given.get(one.key, "")))) and day <= today
        )
        if late:
            found.append(Missing(one.key, one.name, late if len(late) < len(people) else ()))
    return tuple(found)


def named(found: Iterable[Missing]) -> Bilingual:
    """The elements by name, with the numbers of the clients concerned."""
    zh, en = [], []
    for one in found:
        shown = "、".join(str(row) for row in one.rows[:NAMED_ROWS])
        more = len(one.rows) > NAMED_ROWS
        zh.append(one.name.zh + (f"（第 {shown}{' …' if more else ''} 位客户）" if shown else ""))
        rows = shown.replace("、", ", ") + (" …" if more else "")
        en.append(one.name.en + (f" (clients {rows})" if shown else ""))
    return Bilingual("；".join(zh), "; ".join(en))


def clean(text: str, *, one_line: bool = False) -> str:
    """A value without invisible characters; its line breaks kept as breaks, or made blanks."""
    lines = []
    for line in text.splitlines():
        seen = "".join(c for c in line if c == "\t" or unicodedata.category(c) not in _HIDDEN)
        lines.append(" ".join(seen.split()))
    return (" " if one_line else BREAK).join(line for line in lines if line)


def day_of(text: str) -> date | None:
    """The day written like 2026-12-31, or None."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def for_client(given: Mapping[str, str], addressee: Addressee) -> dict[str, str]:
    """What the letter to one client says: the notice's elements, the client's own before them.

    English wording of the notice says nothing beside what is the client's own.
    """
    own = {key: text for key, text in addressee.given.items() if text}
    others = {in_english(key) for key in own}
    return {**{key: text for key, text in given.items() if key not in others}, **own}
