"""Business documents with gold spans: who and what in them is personal, and what only looks so.

Six sets of two halves: `tuned`, `fresh`, `everyday`, `mixed`, `blind` and `said` templates may be read while the
detector is improved, the `…held_out` ones are only measured. No two share a template, and of rare surnames, foreign
names, firms, roads and estates what is held out draws from a half of its own.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import yaml

from evals.datasets.business_people import (
    COMPANIES,
    COMPANY_KINDS,
    PEOPLE,
    Company,
    Person,
    Pools,
    pools,
)
from evals.datasets.business_values import TRAPS, VALUES

Half = Literal[
    "tuned",
    "held_out",
    "fresh",
    "fresh_held_out",
    "everyday",
    "everyday_held_out",
    "mixed",
    "mixed_held_out",
    "blind",
    "blind_held_out",
    "said",
    "said_held_out",
]
HALVES: tuple[Half, ...] = get_args(Half)
READABLE = frozenset[Half]({"tuned", "fresh", "everyday", "mixed", "blind", "said"})
_SPLIT_SEED = 20261127
_HOLE = re.compile(r"\{([a-z]+\d*)(?:\.(\w+))?\}")
_LINE = 38
"""Characters a line of a scanned page holds."""
_ROWS = re.compile(r"^%(\d+) (.*\n)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document and what it is: a kind, or the name of a trap."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BusinessDocument:
    """A text, the personal data in it, and the look-alikes that must stay."""

    name: str
    text: str
    personal: tuple[Span, ...]
    traps: tuple[Span, ...]


def documents(half: Half, *, seed: int = 11, each: int = 6) -> list[BusinessDocument]:
    """`each` documents of every template of a half, the same for the same seed."""
    chosen = random.Random(f"{half}{seed}")
    pool = pools(int(half not in READABLE))
    made = [
        (
            genre,
            _fill(f"{genre}-{number}-{copy}{suffix_of(genre, template)}", template, chosen, pool),
        )
        for genre, templates in _templates(half).items()
        for number, template in enumerate(templates, 1)
        for copy in range(each)
    ]
    return [
        scanned(document, chosen) if genre.startswith("scan") else document
        for genre, document in made
    ]


_TABLES = frozenset({"table", "register", "fund_sheet"})
_MISREAD = {"0": "O", "1": "l", "5": "S", "8": "B"}
_NUMBERS = frozenset({"resident_id", "bank_card", "mobile"})


def scanned(document: BusinessDocument, chosen: random.Random) -> BusinessDocument:
    """The document as a scanner gives it back: lines broken anywhere, digits taken for letters."""
    numbers = [span for span in document.personal if span.kind in _NUMBERS]
    pieces: list[str] = []
    places = [0]
    width = 0
    for at, char in enumerate(document.text):
        inside = any(span.start < at < span.end for span in numbers)
        shown = _MISREAD.get(char, char) if inside and chosen.random() < 0.06 else char
        width = 0 if char == "\n" else width + 1
        if width == _LINE:
            shown, width = shown + "\n", 0
        pieces.append(shown)
        places.append(places[-1] + len(shown))
    moved = [
        [Span(s.kind, places[s.start], places[s.end - 1] + 1) for s in spans]
        for spans in (document.personal, document.traps)
    ]
    return BusinessDocument(document.name, "".join(pieces), tuple(moved[0]), tuple(moved[1]))


def suffix_of(genre: str, template: str) -> str:
    """The file type a template is of."""
    if genre not in _TABLES and not genre.endswith("_rows"):
        return ".txt"
    return ".tsv" if "\t" in template else ".csv"


def _templates(half: Half) -> dict[str, list[str]]:
    """The first set has a file for each half; of the others every second genre, by chance, is held out."""
    if half in ("tuned", "held_out"):
        return _read(half)
    templates = _read(half.removesuffix("_held_out"))
    genres = sorted(templates)
    random.Random(_SPLIT_SEED).shuffle(genres)
    return {genre: templates[genre] for genre in genres[int(half not in READABLE) :: 2]}


def _read(name: str) -> dict[str, list[str]]:
    path = Path(__file__).parent / f"business_{name}.yaml"
    templates: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return templates


def _fill(name: str, template: str, chosen: random.Random, pool: Pools) -> BusinessDocument:
    template = "".join(_rows(template))
    people: dict[str, Person] = {}
    firms: dict[str, Company] = {}
    values: dict[tuple[str, str], str] = {}
    pieces: list[str] = []
    personal: list[Span] = []
    traps: list[Span] = []
    length = position = 0
    for hole in _HOLE.finditer(template):
        who, what = hole.group(1), hole.group(2)
        length += hole.start() - position
        pieces.append(template[position : hole.start()])
        position = hole.end()
        if who in TRAPS:
            kind, value, spans = who, TRAPS[who](chosen, pool), traps
        elif who[0] in COMPANIES:
            if who not in firms:
                firms[who] = COMPANIES[who[0]](chosen, pool)
            written = what or "name"
            kind, value, spans = COMPANY_KINDS[written], getattr(firms[who], written), traps
        else:
            if who not in people:
                people[who] = PEOPLE[who[0]](chosen, pool)
            kind, value = _value(people, values, who, what, chosen, pool)
            spans = personal
        pieces.append(value)
        # Whether 先生 stays is nobody's leak.
        named = len(people[who].surname) if what in ("title", "call") else len(value)
        spans.append(Span(kind, length, length + named))
        length += len(value)
    pieces.append(template[position:])
    return BusinessDocument(name, "".join(pieces), tuple(personal), tuple(traps))


def _value(
    people: dict[str, Person],
    values: dict[tuple[str, str], str],
    who: str,
    what: str | None,
    chosen: random.Random,
    pool: Pools,
) -> tuple[str, str]:
    """The kind and the value of a hole; the same person has the same value throughout."""
    if what is None:
        return "person_name", people[who].name
    kind, make = VALUES[what]
    if (who, what) not in values:
        values[who, what] = make(people[who], chosen, pool)
    return kind, values[who, what]


def _rows(template: str) -> Iterator[str]:
    """The template with each `%6 ` line written six times, every time about somebody else."""
    position = 0
    for row in _ROWS.finditer(template):
        yield template[position : row.start()]
        for number in range(int(row.group(1))):
            yield re.sub(r"\{r(?=[.}])", f"{{r{number}", row.group(2))
        position = row.end()
    yield template[position:]
