"""A reviewer's decision as a case to measure the detector by, without anybody's data in it.

What is kept is the sentence around the text, every value in it replaced by the name of its kind
in braces and every number by other digits. Invented values are put in when the case is measured
(`evals/reviewed.py`), so the file may lie in a repository. Only a text that a reviewer called not
personal, and that is no number, is kept as it stands: it is the case.
"""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from pii.kinds import Kind
from pii.review import Decision, Material, Place, Verdict
from pii.rules import key_of
from records.data_files import Entry

REACH = 40
_NUMBER = re.compile(r"\d{2,}")
_BRACES = str.maketrans("{}", "〔〕")


class EvalCase(Entry):
    """One sentence: `{kind}` marks hide what is known, `{?}` is the text in question."""

    id: str
    kind: Kind
    personal: bool
    """Whether the text must be found; otherwise it must be left alone."""
    text: str
    literal: str = ""
    """The text itself where it is not personal and is no number."""
    label: str | None = None


class EvalCases(Entry):
    """A suite file."""

    cases: tuple[EvalCase, ...]


def cases_of(
    material: Material, decisions: Sequence[Decision], chosen: random.Random
) -> list[EvalCase]:
    """A case for each decision that asks for one, from the first place its text stands at."""
    cases = []
    for decision in decisions:
        place = _first_place(material, decision) if decision.case else None
        if place is not None:
            cases.append(_case(material, decisions, decision, place, chosen))
    return cases


def added_to(path: Path, cases: Sequence[EvalCase], known: Sequence[EvalCase]) -> int:
    """How many cases were new to the suite file, which is written whole."""
    ids = {case.id for case in known}
    fresh = [case for case in cases if case.id not in ids]
    listed = [case.model_dump(mode="json", exclude_defaults=True) for case in (*known, *fresh)]
    draft = path.with_suffix(".part")
    draft.write_text(
        yaml.safe_dump({"cases": listed}, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    draft.replace(path)
    return len(fresh)


def _case(
    material: Material,
    decisions: Sequence[Decision],
    decision: Decision,
    place: Place,
    chosen: random.Random,
) -> EvalCase:
    read = material.segments[place.segment]
    known = _known(material, decisions, place.segment)
    before = _masked(read.text, max(0, place.start - REACH), place.start, known, chosen)
    after = _masked(read.text, place.end, min(len(read.text), place.end + REACH), known, chosen)
    personal = decision.verdict is not Verdict.REJECT
    value = read.text[place.start : place.end]
    return EvalCase(
        id=f"C-{chosen.randrange(16**12):012x}",
        kind=decision.new_kind or decision.kind,
        personal=personal,
        text=f"{before}{{?}}{after}",
        literal="" if personal or _NUMBER.search(value) or "@" in value else value,
        label=read.label if read.label and not _NUMBER.search(read.label) else None,
    )


def _known(
    material: Material, decisions: Sequence[Decision], segment: int
) -> list[tuple[int, int, Kind]]:
    """Every span of the segment that is somebody's, or was looked at."""
    spans = [
        (place.start, place.end, group.kind)
        for group in material.groups
        for place in group.places
        if place.segment == segment
    ]
    text = material.segments[segment].text
    for decision in decisions:
        if decision.verdict is Verdict.ADD:
            spans += [
                (found.start(), found.end(), decision.kind)
                for found in re.finditer(re.escape(decision.value), text)
            ]
    return sorted(spans)


def _masked(
    text: str, start: int, end: int, known: Sequence[tuple[int, int, Kind]], chosen: random.Random
) -> str:
    """A stretch with values named by kind; one that is cut by the edge is named whole."""
    pieces, position = [], start
    for first, last, kind in known:
        if last <= position or first >= end:
            continue
        pieces += [_renumbered(text[position:first], chosen), f"{{{kind.value}}}"]
        position = last
    if position < end:
        pieces.append(_renumbered(text[position:end], chosen))
    return "".join(pieces)


def _renumbered(text: str, chosen: random.Random) -> str:
    plain = text.translate(_BRACES)
    return _NUMBER.sub(lambda m: "".join(chosen.choices("0123456789", k=len(m[0]))), plain)


def _first_place(material: Material, decision: Decision) -> Place | None:
    for group in material.groups:
        if group.kind is decision.kind and key_of(group.value) == key_of(decision.value):
            return group.places[0]
    for number, read in enumerate(material.segments[:-1]):  # the last is the file's name
        at = read.text.find(decision.value)
        if at >= 0:
            return Place(number, at, at + len(decision.value), 1.0, "added", read.place)
    return None
