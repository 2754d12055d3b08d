"""The articles of an official text: 第四十七条, Article 33, 5.4 of a standard, 一、 of a notice."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from knowledge.errors import BrokenNumbering, NoArticles
from knowledge.numerals import article_heading, article_label, to_number
from knowledge.sections import Line

_CN = r"[〇零一二三四五六七八九十百千]+"
_NUMERAL = rf"(?:{_CN}|[0-9０-９]+)"
_MARKDOWN = re.compile(r"^#{1,6}\s+")
_PART = re.compile(
    rf"^第\s*{_NUMERAL}\s*(?:编|分编|章|节|部分)(?=\s|[：:、]|$)|^(?:CHAPTER|Chapter|SECTION|PART|TITLE)\s+[0-9IVXLC]+\b"
)
_ANNEX = re.compile(
    r"^(附件|附录|附表|ANNEX|Annex|APPENDIX|Appendix)\s*([0-9A-Z一二三四五六七八九十]*)\s*[：:]?\s*(.*)$"
)
_ARTICLE = re.compile(
    rf"^(第\s*{_NUMERAL}\s*条(?:\s*之\s*{_CN})?)(?=[\s：:、]|[^\s])\s*[：:、]?\s*(.*)$"
)
_SET_APART = re.compile(rf"^第\s*{_NUMERAL}\s*条(?:\s*之\s*{_CN})?(?:[\s　：:、]|$)")
_ENGLISH = re.compile(
    r"^(?:Article|Art\.|Section|§)\s*([0-9]{1,4}[A-Za-z]?)(?![0-9(])\s*[.:–—-]?\s*(.*)$"
)
_DECIMAL = re.compile(
    r"^([0-9]{1,2}(?:\.[0-9]{1,2}){0,4})(?:[.．、]?\s+|(?=[^\d.．、,，\s%年月日个]))(\S.*)$"
)
_CLAUSE = re.compile(rf"^({_CN})、\s*(.+)$")
_CONTENTS = re.compile(r"^目\s*[录次]$|^(?:table of )?contents$", re.IGNORECASE)
_LEADER = re.compile(r"(?:\t|\.{3,}|…{1,}|·{3,})\s*\d+\s*$")
_FEW = 2


@dataclass(frozen=True)
class Article:
    """One article with its label, what it is called, the chapter it stands in and its words."""

    label: str
    heading: str
    chapter: str | None
    text: str


@dataclass(frozen=True)
class Articles:
    """All articles in order, and whether their numbers run on without a gap."""

    articles: tuple[Article, ...]
    gaps: tuple[str, ...]


_Opening = tuple[str, str, str]
_Reader = Callable[[str], _Opening | None]


def split_articles(lines: Iterable[Line], *, standard: bool = False) -> Articles:
    """The articles of a text by the one habit of numbering that it has.

    A standard counts 5.1, 5.2; a notice counts 一、 二、. Raises NoArticles where there is no
    numbering, BrokenNumbering where a number stands twice.
    """
    clean = [line for line in (_bare(one.text) for one in lines) if line]
    clean = [line for line in clean if not _LEADER.search(line)]
    habits = ((_english, 1), (_decimal, 3)) if standard else ((_clause, _FEW), (_english, 1))
    for reader, least in ((_chinese, 1), *habits):
        if sum(reader(line) is not None for line in clean) >= least:
            found = list(_split(clean, reader))
            if not found:
                # Lines begin with numbers, and no article does: 第五条规定的期限…
                break
            labels = [one.label for one in found]
            if len(set(labels)) < len(labels):
                raise BrokenNumbering
            return Articles(tuple(found), tuple(_gaps(labels)))
    raise NoArticles


def _bare(text: str) -> str:
    return _MARKDOWN.sub("", text.strip()).replace("**", "").strip()


def _chinese(line: str) -> _Opening | None:
    found = _ARTICLE.match(line)
    label = article_label(found[1]) if found else None
    return (label, article_heading(label), found[2]) if found and label else None


def _english(line: str) -> _Opening | None:
    found = _ENGLISH.match(line)
    return (found[1], f"Article {found[1]}", found[2]) if found else None


def _decimal(line: str) -> _Opening | None:
    found = _DECIMAL.match(line)
    return (found[1], found[1], found[2]) if found else None


def _clause(line: str) -> _Opening | None:
    found = _CLAUSE.match(line)
    number = to_number(found[1]) if found else None
    return (str(number), f"{found[1]}、", found[2]) if found and number else None


def _split(lines: list[str], reader: _Reader) -> Iterator[Article]:
    chapters: list[str] = []
    open_article: tuple[str, str, str | None] | None = None
    words: list[str] = []
    last = ""
    for line in lines:
        if _CONTENTS.match(line):
            continue
        opening, annex = reader(line), _ANNEX.match(line)
        if opening and reader is _chinese and not _SET_APART.match(line):
            # "第十条规定的期限…" opens a paragraph, unless it is the very next article's turn.
            opening = opening if _is_next(opening[0], last) else None
        last = opening[0] if opening else last
        part = _PART.match(line) and reader is not _decimal
        if opening is None and annex is None and not part:
            words.append(line)
            continue
        if open_article and words:
            yield Article(*open_article, "\n".join(words))
            open_article = None
        if part:
            chapters = _opened(chapters, " ".join(line.split()))
            open_article, words = None, []
        elif opening:
            label, heading, rest = opening
            open_article, words = (
                (label, heading, " ".join(chapters) or None),
                [rest] if rest else [],
            )
        elif annex:
            label = f"{annex[1]}{annex[2]}"
            open_article, words = (label, label, None), [annex[3]] if annex[3] else []
    if open_article and words:
        yield Article(*open_article, "\n".join(words))


def _is_next(label: str, last: str) -> bool:
    number, last_number = label.partition("之")[0], last.partition("之")[0]
    if not last_number.isdecimal():
        return label == "1"
    step = int(number) - int(last_number)
    return step == 1 or (step == 0 and "之" in label and label != last)


def _opened(chapters: list[str], title: str) -> list[str]:
    """The chapter this title opens, under the part it stands in."""
    depth = {"编": 0, "分": 1, "部": 0, "章": 2, "节": 3}
    rank = next((r for mark, r in depth.items() if mark in title[:6]), 2)
    kept = [
        one for one in chapters if next((r for m, r in depth.items() if m in one[:6]), 2) < rank
    ]
    return [*kept, title]


def _gaps(labels: list[str]) -> Iterator[str]:
    numbers = [int(label) for label in labels if label.isdecimal()]
    for one, following in pairwise(numbers):
        if following != one + 1:
            yield f"{one}–{following}"
