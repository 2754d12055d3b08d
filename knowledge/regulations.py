"""A folder of official texts, named 名称(YYYY-MM-DD).md → documents, version by version."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knowledge.errors import BadRegulationName, EmptyPolicy
from knowledge.levels import Level, Standing
from knowledge.loaders import read_lines
from knowledge.numerals import article_heading
from knowledge.policies import SkippedFile, files_below
from knowledge.provisions import Provision
from knowledge.sections import Line, split
from knowledge.sources import by_name, names, short_name
from knowledge.store import Document
from records.errors import ProductError

KIND = "regulation"
READING = 1

_NAME = re.compile(r"(?P<name>.+)[(（](?P<version>\d{4}-\d\d-\d\d)[)）]")
_DAY = r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_BEGINS = (re.compile(rf"^{_DAY}\s*起?施行", re.MULTILINE), re.compile(rf"自\s*{_DAY}\s*起施行"))


@dataclass(frozen=True)
class _Text:
    name: str
    version: date
    effective: date
    level: Level
    source: str
    content_hash: str
    articles: tuple[tuple[str, str | None, str], ...]


def read_regulations(folder: Path) -> Iterator[Document | SkippedFile]:
    """Every text below the folder; of several versions of one, the later ends the earlier."""
    texts: list[_Text] = []
    for path in files_below(folder):
        try:
            texts.append(_read(path))
        except ProductError as error:
            yield SkippedFile(path.relative_to(folder).as_posix(), error.message)
    for text in texts:
        yield _document(text, [t for t in texts if t.name == text.name])


def _read(path: Path) -> _Text:
    found = _NAME.fullmatch(path.stem)
    if found is None or path.suffix.lower() != ".md":
        raise BadRegulationName
    try:
        version = date.fromisoformat(found["version"])
    except ValueError as error:
        raise BadRegulationName from error
    lines = read_lines(path)
    name = _full_name(lines, found["name"])
    articles = tuple(
        (section.number, section.chapter, section.text)
        for section in split(line for line in lines if not line.text.startswith("# "))
        if section.number[0].isdecimal()
    )
    if not articles:
        raise EmptyPolicy
    body = "\n".join(line.text for line in lines)
    return _Text(
        name=name,
        version=version,
        effective=_effective(name, version, body),
        level=_level(name),
        source=path.name,
        content_hash=hashlib.sha256(f"{READING}\0".encode() + path.read_bytes()).hexdigest(),
        articles=articles,
    )


def _full_name(lines: list[Line], given: str) -> str:
    """The catalogue's name for it, else the title in the text, else the file's."""
    title = next((line.text[1:].strip() for line in lines if line.text.startswith("# ")), given)
    known = names()
    return known.get(title) or known.get(given) or title


def _effective(name: str, version: date, body: str) -> date:
    known = by_name().get(name)
    if known and known.version_effective and known.version == version.isoformat():
        return known.version_effective
    for pattern in _BEGINS:
        days = [date(*map(int, day)) for day in pattern.findall(body)]
        # A revised text often still names the day its first version began.
        later = [day for day in days if day >= version]
        if later:
            return later[-1]
    return version


def _level(name: str) -> Level:
    known = by_name().get(name)
    if known:
        return known.level
    if name.startswith("最高人民"):
        return Level.INTERPRETATION
    return Level.REGULATION if name.endswith("条例") else Level.RULE


def _document(text: _Text, versions: list[_Text]) -> Document:
    known = by_name().get(text.name)
    later = [other.effective for other in versions if other.version > text.version]
    if known and known.version_effective and known.version and known.version > str(text.version):
        # The catalogue knows a newer version than the folder holds.
        later.append(known.version_effective)
    ends = min(later) if later else None
    identity = f"{short_name(text.name)}@{text.effective.isoformat()}"
    document = Document(
        id=identity,
        kind=KIND,
        name=text.name,
        level=text.level,
        effective_from=text.effective,
        effective_to=ends,
        ends_as=Standing.AMENDED if ends else None,
        source=text.source,
        provisions=(),
        content_hash=f"{text.content_hash}:{text.name}:{text.effective}:{ends}",
    )
    return replace(document, provisions=tuple(_provisions(document, text)))


def _provisions(document: Document, text: _Text) -> Iterator[Provision]:
    for label, chapter, words in text.articles:
        yield Provision(
            id=f"{document.id}#{label}",
            instrument=document.name,
            article=label,
            heading=article_heading(label.partition("-")[0]),
            chapter=chapter,
            text=words,
            level=document.level,
            effective_from=document.effective_from,
            effective_to=document.effective_to,
            source=document.source,
            ends_as=document.ends_as,
        )
