"""What a file says of itself: front matter, a side-car .yaml, or a table at its head."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from knowledge.errors import BadParticulars, UnreadablePolicy
from knowledge.levels import Level
from knowledge.sections import Line
from records.data_files import Entry, read_yaml

_LONGEST = 20_000
_FENCE = "---"
_HEAD = 15
_DAY = r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})"
_KEYS = {
    "version": r"版本号?|Version",
    "owner": r"归口部门|责任部门|主责部门|制定部门|编制部门|负责部门|Owner",
    "approved": r"批准日期|审批日期|Approved(?: on)?",
    "effective": r"生效日期|实施日期|施行日期|Effective(?: date)?",
    "review_by": r"复审日期|下次评审日期|下次复审|评审日期|Review(?: by| date)?",
    "audience": r"可见范围|知悉范围|Audience",
}
_EVERYBODY = frozenset({"全体员工", "全员", "全体", "公开", "所有人", "everyone", "all"})


class Given(Entry):
    """The particulars of a file; whatever is left out is read from the text or its name."""

    name: str | None = None
    # Of an official text: the day this version was adopted or published.
    adopted: date | None = None
    version: str | None = Field(default=None, max_length=40)
    effective: date | None = None
    # The first day it no longer holds.
    ends: date | None = None
    status: Literal["in_force", "draft", "repealed"] = "in_force"
    level: Level | None = None
    owner: str | None = Field(default=None, max_length=80)
    audience: str | None = Field(default=None, pattern=r"^[^\s|,]{1,40}$")
    approved: date | None = None
    review_by: date | None = None
    source: str | None = None
    instructions_reviewed: bool = False


@dataclass(frozen=True)
class Described:
    """The particulars, and the lines that are the text itself."""

    given: Given
    lines: tuple[Line, ...]


def beside(path: Path) -> Path | None:
    """The .yaml file that describes another, if there is one: 制度.docx.yaml or 制度.yaml."""
    for candidate in (path.with_name(f"{path.name}.yaml"), path.with_suffix(".yaml")):
        if candidate != path and candidate.is_file():
            return candidate
    return None


def side_car(path: Path) -> Given:
    """What the file beside says; nothing where there is none."""
    described = beside(path)
    if described is None:
        return Given()
    if described.stat().st_size > _LONGEST:
        raise BadParticulars(described.name)
    try:
        return _given(described.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadablePolicy from error


def describe(given: Given, lines: tuple[Line, ...]) -> Described:
    """The side-car's word first, then the front matter's, then the table's at the head."""
    front, rest = _front_matter(lines)
    head = _head_table(rest)
    merged = {**head, **_said(front), **_said(given)}
    return Described(_validated(merged), rest)


def _said(given: Given) -> dict[str, object]:
    return given.model_dump(exclude_unset=True, mode="json")


def _front_matter(lines: tuple[Line, ...]) -> tuple[Given, tuple[Line, ...]]:
    first = next((n for n, line in enumerate(lines) if line.text.strip()), None)
    if first is None or lines[first].text.strip() != _FENCE:
        return Given(), lines
    for end in range(first + 1, min(first + 40, len(lines))):
        if lines[end].text.strip() == _FENCE:
            words = "\n".join(line.text for line in lines[first + 1 : end])
            return _given(words), lines[end + 1 :]
    return Given(), lines


def _given(words: str) -> Given:
    try:
        value = read_yaml(words)
    except ValueError as error:
        raise BadParticulars("yaml") from error
    if value is None:
        return Given()
    if not isinstance(value, dict):
        raise BadParticulars("yaml")
    return _validated(value)


def _validated(value: dict[str, object]) -> Given:
    if isinstance(value.get("version"), int | float):
        value = {**value, "version": str(value["version"])}
    try:
        return Given.model_validate_json(json.dumps(value, default=str), strict=True)
    except ValidationError as error:
        places = error.errors(include_url=False, include_input=False, include_context=False)
        raise BadParticulars(".".join(map(str, places[0]["loc"])) or "yaml") from None


def _head_table(lines: Iterable[Line]) -> dict[str, object]:
    head = [line.text.strip() for line in lines if line.text.strip()][:_HEAD]
    found: dict[str, object] = {}
    for text in head:
        for key, words in _KEYS.items():
            match = re.search(
                rf"(?:^|[｜|\s])(?:{words})\s*[：:｜|]\s*([^｜|\s]+)", text, re.IGNORECASE
            )
            if match and key not in found:
                value = _value(key, match[1].strip())
                if value is not None:
                    found[key] = value
    return found


def _value(key: str, words: str) -> str | None:
    if key == "audience":
        return "all" if words.lower() in _EVERYBODY else words[:40]
    if key in {"version", "owner"}:
        return words[:40]
    day = re.match(_DAY, words)
    try:
        return date(*map(int, day.groups())).isoformat() if day else None
    except ValueError:
        return None
