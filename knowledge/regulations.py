"""Official texts in files → documents, one for each version: 名称(YYYY-MM-DD).docx and its like."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knowledge.articles import Article, Articles, split_articles
from knowledge.errors import BadRegulationName
from knowledge.levels import Level, Standing
from knowledge.particulars import Given, describe, side_car
from knowledge.policies import SkippedFile, files_below
from knowledge.provisions import Provision
from knowledge.reading.documents import Reading, read_document
from knowledge.sections import Line
from knowledge.sources import by_name, names, short_name
from knowledge.store import Document, Particulars
from records.errors import ProductError
from records.language import Bilingual

KIND = "regulation"
READING = 5

_NAME = re.compile(r"(?P<name>.+?)\s*[(（](?P<version>\d{4}-\d\d-\d\d)[)）]")
_DAY = r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_BEGINS = (re.compile(rf"^{_DAY}\s*起?施行", re.MULTILINE), re.compile(rf"自\s*{_DAY}\s*起\s*施行"))
_AT_ONCE = re.compile(r"自\s*(?:公布|发布|印发|颁布)之日起\s*(?:施行|实施|执行)")
_PUBLISHED = re.compile(rf"{_DAY}[^。\n]{{0,40}}?(?:公布|发布|印发|通过|修订|修正|修改|令)")
_DRAFT = re.compile(r"征求意见稿|草案|draft", re.IGNORECASE)
# 本办法自 2025 年 5 月 1 日起施行。《…》同时废止。 is how a text ends.
_LAST_WORDS = re.compile(
    r"(?:起\s*(?:施行|实施|生效|执行)|同时(?:予以)?废止|停止(?:施行|执行))[。；;]?$"
)
_HEAD = 12


@dataclass(frozen=True)
class _Text:
    """One file, understood."""

    name: str
    adopted: date
    effective: date
    certain: bool
    ends: date | None
    ends_as: Standing | None
    level: Level
    source: str
    content_hash: str
    articles: Articles
    remarks: tuple[Bilingual, ...]


def read_regulations(folder: Path) -> Iterator[Document | SkippedFile]:
    """Every text below the folder; which version ends which is settled in the database."""
    for path in files_below(folder):
        name = path.relative_to(folder).as_posix()
        try:
            yield read_regulation(path, name)
        except ProductError as error:
            yield SkippedFile(name, error.message)


def read_regulation(
    path: Path, name: str, *, kind: str = KIND, given: Given | None = None
) -> Document:
    """One text; a file that cannot be used raises an error that says why.

    What is `given` takes the place of a side-car file.
    """
    beside = given if given is not None and given != Given() else side_car(path)
    reading = read_document(path, instructions_reviewed=beside.instructions_reviewed)
    described = describe(beside, reading.lines)
    return _document(_text(path, name, reading, described.given, described.lines), kind)


def _text(
    path: Path, source: str, reading: Reading, given: Given, lines: tuple[Line, ...]
) -> _Text:
    found = _NAME.fullmatch(path.stem)
    name = _full_name(lines, given.name or (found["name"] if found else path.stem), given)
    body = "\n".join(line.text for line in lines)
    adopted = given.adopted or _day_in_name(found) or _published(lines)
    if adopted is None:
        raise BadRegulationName
    level = given.level or _level(name)
    articles = split_articles(
        (line for line in lines if not line.text.startswith("# ")),
        standard=level in {Level.STANDARD, Level.FOREIGN},
    )
    effective, certain = _effective(name, adopted, body, given)
    ends_as = {"draft": Standing.DRAFT, "repealed": Standing.REPEALED}.get(given.status)
    if ends_as is None and _DRAFT.search(name):
        ends_as = Standing.DRAFT
    if ends_as is None and given.ends:
        ends_as = Standing.REPEALED
    return _Text(
        name=name,
        adopted=adopted,
        effective=effective,
        certain=certain,
        ends=given.ends,
        ends_as=ends_as,
        level=level,
        source=given.source or source,
        content_hash=hashlib.sha256(
            f"{READING}\0{given!r}\0".encode() + path.read_bytes()
        ).hexdigest(),
        articles=articles,
        remarks=(*reading.remarks, *_gaps(articles), *_after_the_end(articles)),
    )


def _day_in_name(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    try:
        return date.fromisoformat(found["version"])
    except ValueError as error:
        raise BadRegulationName from error


def _published(lines: tuple[Line, ...]) -> date | None:
    """The newest day of adoption or publication that the head of the text names."""
    head = "\n".join(line.text for line in lines[:_HEAD])
    days = [_date(day) for day in _PUBLISHED.findall(head)]
    return max((day for day in days if day), default=None)


def _date(parts: tuple[str, ...]) -> date | None:
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def _full_name(lines: tuple[Line, ...], given: str, particulars: Given) -> str:
    """The catalogue's name for it, else the title in the text, else the file's."""
    known = names()
    if particulars.name:
        return known.get(particulars.name, particulars.name)
    title = next((line.text[1:].strip() for line in lines if line.text.startswith("# ")), given)
    return known.get(title) or known.get(given) or title


def _effective(name: str, adopted: date, body: str, given: Given) -> tuple[date, bool]:
    """The day it takes effect, and whether somebody says so."""
    if given.effective:
        return given.effective, True
    # A revised text often still names the day its first version began.
    said = [
        day
        for pattern in _BEGINS
        for day in reversed([_date(day) for day in pattern.findall(body)])
        if day and day >= adopted
    ]
    known = by_name().get(name)
    if known and known.version_effective and known.version == adopted.isoformat():
        return known.version_effective, known.date_certain or known.version_effective in said
    if said:
        return said[0], True
    return adopted, _AT_ONCE.search(body) is not None


def _level(name: str) -> Level:
    known = by_name().get(name)
    if known:
        return known.level
    if name.startswith("最高人民"):
        return Level.INTERPRETATION
    if re.match(r"(?:GB|JR|DA|YD|GA|TC)(?:/[TZ])?\s?\d", name):
        return Level.STANDARD
    if name.isascii():
        return Level.FOREIGN
    if name.startswith("中华人民共和国") and name.endswith(("法", "法典")):
        return Level.LAW
    return Level.REGULATION if name.endswith("条例") else Level.RULE


def _gaps(articles: Articles) -> tuple[Bilingual, ...]:
    if not articles.gaps:
        return ()
    shown = "、".join(articles.gaps[:5])
    return (
        Bilingual(
            f"条号不连续（{shown}），请核对有没有缺条。",
            f"The article numbers do not run on ({shown}): check that nothing is missing.",
        ),
    )


def _after_the_end(articles: Articles) -> tuple[Bilingual, ...]:
    """A page's links and imprint run into the last article; a person must look."""
    lines = articles.articles[-1].text.splitlines()
    ended = next((n for n, line in enumerate(lines, 1) if _LAST_WORDS.search(line)), len(lines))
    rest = [line for line in lines[ended:] if line[-1:] not in {"。", "；"}]
    if not rest:
        return ()
    return (
        Bilingual(
            f"最后一条的施行日期之后还有 {len(rest)} 行文字，请核对是不是网页的其他内容。",
            f"{len(rest)} lines follow the day of effect in the last article: check that they "
            "are not the rest of a web page.",
        ),
    )


def _document(text: _Text, kind: str) -> Document:
    known = by_name().get(text.name)
    ends, ends_as = text.ends, text.ends_as
    newer = known and known.version and known.version > text.adopted.isoformat()
    if known and newer and known.version_effective and ends_as is None:
        # The catalogue knows a newer version than this file holds.
        ends, ends_as = known.version_effective, Standing.AMENDED
    identity = f"{short_name(text.name)}@{text.effective.isoformat()}"
    if ends_as is Standing.DRAFT:
        identity = f"{short_name(text.name)}@draft-{text.adopted.isoformat()}"
    document = Document(
        id=identity,
        kind=kind,
        name=text.name,
        level=text.level,
        effective_from=text.effective,
        effective_to=ends,
        ends_as=ends_as,
        source=text.source,
        provisions=(),
        content_hash=f"{text.content_hash}:{text.name}:{text.effective}:{ends}",
        particulars=Particulars(
            adopted=text.adopted, date_certain=text.certain, remarks=text.remarks
        ),
    )
    provisions = tuple(_provision(document, one) for one in text.articles.articles)
    return replace(document, provisions=provisions)


def _provision(document: Document, article: Article) -> Provision:
    return Provision(
        id=f"{document.id}#{article.label}",
        instrument=document.name,
        article=article.label,
        heading=article.heading,
        chapter=article.chapter,
        text=article.text,
        level=document.level,
        effective_from=document.effective_from,
        effective_to=document.effective_to,
        source=document.source,
        ends_as=document.ends_as,
        date_certain=document.particulars.date_certain,
    )
