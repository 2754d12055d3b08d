"""A notice to one client as a letter: the template of its language filled, then cut into blocks.

What people give is text and nothing else. It enters a template as a value, so braces in a name are
characters; and no value stands at the beginning of a line, so a name cannot become a heading.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from knowledge.numerals import article_heading
from knowledge.sources import by_name
from records.language import Bilingual, Language, language_of
from tickets.citation import Citation
from tickets.drafts.filling import DRILL, MISSING
from tickets.notices.data import (
    BREAK,
    FOLDER,
    Addressee,
    Element,
    Form,
    NoticeRules,
    Tongue,
    clean,
    day_of,
    for_client,
    in_english,
)

PAGE_BREAK = "\n\n――――――――\n\n"


class BlockKind(StrEnum):
    """What a block of a letter is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ELEMENT = "element"
    CHOICE = "choice"
    SIGNED = "signed"


@dataclass(frozen=True)
class Block:
    """One block; an element has its label."""

    kind: BlockKind
    text: str = field(repr=False)
    label: str = ""
    """With its colon."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The text, a line each."""
        return tuple(self.text.split(BREAK))


@dataclass(frozen=True)
class Shown:
    """An element as a letter shows it."""

    name: Bilingual
    text: str = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """A letter to one client. Its digest leaves the day out: that is the day it goes."""

    reference: str
    drill: bool
    pages: tuple[str, ...] = field(repr=False)
    """One text a language."""

    @property
    def digest(self) -> str:
        """What approval is given for."""
        whole = "\0".join((self.reference, str(self.drill), *self.pages))
        return hashlib.sha256(whole.encode()).hexdigest()

    def laid_out(self, on: date | None = None) -> tuple[tuple[Block, ...], ...]:
        """The blocks of each page; the day it goes stands under the signature."""
        return tuple(tuple(_dated(blocks(page), on)) for page in self.pages)

    def text(self, on: date | None = None) -> str:
        """The letter as plain text."""
        pages = [
            "\n\n".join(block.label + "\n".join(block.lines) for block in page)
            for page in self.laid_out(on)
        ]
        head = [DRILL] if self.drill else []
        return "\n\n".join([*head, PAGE_BREAK.join(pages)]) + "\n"


@cache
def _templates() -> Environment:
    # Text, never markup: nothing to escape.
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701
    )


def write_letter(
    rules: NoticeRules,
    given: Mapping[str, str],
    addressee: Addressee,
    *,
    reference: str,
    tongue: Tongue,
    drill: bool,
) -> Letter:
    """The letter to one client; an element nobody gave stands in it as missing."""
    texts = for_client(given, addressee)
    pages = []
    for language in (addressee.tongue or tongue).languages:
        signed = _said(rules.elements[rules.signed_by], texts, language).replace(BREAK, " ")
        page = (
            _templates()
            .get_template(f"letter.{language.value}.md.j2")
            .render(
                kind=rules,
                reference=reference,
                name=clean(addressee.name, one_line=True),
                elements=list(_shown(rules, texts, language)),
                # What is not verified is never shown as law.
                cites=[_cite(one) for one in rules.citations if one.is_law and one.article],
                signed=signed,
            )
        )
        pages.append(page)
    return Letter(reference, drill, tuple(pages))


def example_letter(
    rules: NoticeRules, given: Mapping[str, str], *, tongue: Tongue, drill: bool
) -> Letter:
    """The letter as it stands before there is any client."""
    nobody = Addressee("〔客户姓名 / name of the client〕")
    return write_letter(rules, given, nobody, reference="N-…", tongue=tongue, drill=drill)


def _shown(rules: NoticeRules, texts: Mapping[str, str], language: Language) -> Iterator[Shown]:
    for key, one in rules.elements.items():
        if key != rules.signed_by and (texts.get(key) or not one.optional):
            yield Shown(one.name, _said(one, texts, language))


def _said(one: Element, texts: Mapping[str, str], language: Language) -> str:
    """What an element says in this language; in the one it was given in where it has no other."""
    own = texts.get(in_english(one.key)) if language is Language.EN else None
    text = clean(own or texts.get(one.key, ""))
    day = day_of(text) if one.form is not Form.TEXT else None
    if day is not None:
        return _day(day, language)
    return text or MISSING.format(name=one.name.pick(language))


def _day(day: date, language: Language) -> str:
    zh = f"{day.year}年{day.month}月{day.day}日"
    return zh if language is Language.ZH else day.isoformat()


def _cite(one: Citation) -> Bilingual:
    article = one.article or ""
    law = by_name().get(one.instrument)
    english = max((way for way in law.abbreviations if way.isascii()), key=len) if law else ""
    return Bilingual(
        f"《{one.instrument}》{article_heading(article)}",
        f"{english} ({one.instrument}), article {article}",
    )


def blocks(page: str) -> Iterator[Block]:
    """The blocks of one page, in order."""
    marks = (
        ("# ", BlockKind.TITLE),
        ("## ", BlockKind.HEADING),
        ("- ", BlockKind.CHOICE),
        ("> ", BlockKind.SIGNED),
    )
    for line in page.split("\n"):
        if not line.strip():
            continue
        for mark, kind in marks:
            if line.startswith(mark):
                yield Block(kind, line.removeprefix(mark))
                break
        else:
            if line.startswith("**"):
                label, _, text = line.removeprefix("**").partition("** ")
                yield Block(BlockKind.ELEMENT, text, label)
            else:
                yield Block(BlockKind.PARAGRAPH, line)


def _dated(page: Iterable[Block], on: date | None) -> Iterator[Block]:
    language = Language.EN
    for block in page:
        if block.kind is BlockKind.TITLE:
            language = language_of(block.text)
        yield block
        if block.kind is BlockKind.SIGNED and on is not None:
            yield Block(BlockKind.SIGNED, _day(on, language))
