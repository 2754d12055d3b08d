"""A draft by the language model. It sees cleared text only, and is checked like any other draft."""

import json
import re
from collections.abc import Callable, Iterator

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answering.drafts import Draft, Point
from assistant.answering.material import Material
from assistant.answering.prompts import render
from assistant.answering.sources import Source
from assistant.errors import ModelFailed
from assistant.models import LanguageModel
from pii.cleared import ClearedText, public_text
from records.language import Language

LONGEST_SOURCE = 1200
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Point(_Reply):
    text: str = Field(min_length=1, max_length=600)
    sources: list[str] = Field(max_length=6)
    quote: str | None = Field(default=None, max_length=600)


class Drafted(_Reply):
    """What the model is to write: the conclusion first, then conditions and exceptions."""

    conclusion: _Point | None
    conditions: list[_Point] = Field(default=[], max_length=8)


def draft_with(model: LanguageModel, material: Material, heard: Callable[[Point], bool]) -> Draft:
    """The model's draft. Raises ModelFailed where its reply is not what was asked for.

    `heard` is given each point as soon as it is complete, the conclusion first; where it says no to
    one, the model is not listened to any further.
    """
    numbered = {f"S{i}": key for i, key in enumerate(material.sources(), start=1)}
    language = "中文" if material.language is Language.ZH else "英文"
    instructions = render("answer", {"language": public_text(language, source="settings")})
    values = {
        "as_of": public_text(material.as_of.isoformat(), source="clock"),
        "question": material.question,
        "sources": _listed(material, numbered),
    }
    text, told = "", 0
    for piece in model.stream(instructions, render("material", values), Drafted):
        text += piece
        if "}" in piece:
            points = [_point(one, numbered) for one in complete_points(text)]
            for point in points[told:]:
                told += 1
                if not heard(point):
                    raise ModelFailed("NotCarried")
    reply = _parsed(text)
    return Draft(
        conclusion=_point(reply.conclusion, numbered) if reply.conclusion else None,
        conditions=tuple(_point(point, numbered) for point in reply.conditions),
        written_by=model.name,
    )


def complete_points(text: str) -> Iterator[_Point]:
    """The points of a reply that is still being written, as far as they are complete."""
    for start, end in objects(text):
        try:
            yield _Point.model_validate_json(text[start:end])
        except ValidationError:
            continue


def objects(text: str) -> Iterator[tuple[int, int]]:
    """Innermost {…} that are closed, in order; braces inside strings do not count."""
    opened: int | None = None
    in_string = escaped = False
    for place, character in enumerate(text):
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = opened is not None
        elif character == "{":
            opened = place
        elif character == "}" and opened is not None:
            yield opened, place + 1
            opened = None


def _parsed(text: str) -> Drafted:
    """The reply as JSON; mended where that is plain: a comma too many, an end cut off."""
    begin = text.find("{")
    body = text[begin : text.rfind("}") + 1] if begin >= 0 else ""
    for candidate in (body, _TRAILING_COMMA.sub(r"\1", body)):
        try:
            return Drafted.model_validate(json.loads(candidate))
        except (ValueError, RecursionError):
            continue
    points = list(complete_points(text))
    if points and '"conclusion"' in text and not re.search(r'"conclusion"\s*:\s*null', text):
        return Drafted(conclusion=points[0], conditions=points[1:8])
    raise ModelFailed("NotJson")


def _point(point: _Point, numbered: dict[str, str]) -> Point:
    # An unknown number stays as it is: the check then finds no such source and drops the point.
    keys = tuple(numbered.get(number, number) for number in point.sources)
    return Point(point.text, keys, point.quote or None)


def _listed(material: Material, numbered: dict[str, str]) -> ClearedText:
    sources = material.sources()
    entries = [_entry(number, sources[key], material) for number, key in numbered.items()]
    return public_text("\n\n".join(entries), source="knowledge base")


def _entry(number: str, source: Source, material: Material) -> str:
    lines = [f"[{number}]（{source.confidence}）{source.text.pick(material.language)}"]
    for provision in source.provisions:
        name = f"《{provision.instrument}》{provision.heading}（{provision.level}）"
        lines.append(f"{name}：{provision.text[:LONGEST_SOURCE]}")
    lines += [f"《{m.instrument}》{'、'.join(m.articles)}（正文未装入）" for m in source.mentions]
    return "\n".join(lines)
