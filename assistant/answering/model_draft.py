"""A draft by the language model. It sees cleared text only, and is checked like any other draft."""

import json
import re

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answering.drafts import Draft, Point
from assistant.answering.material import Material, Source
from assistant.answering.prompts import render
from assistant.errors import ModelFailed
from assistant.model import LanguageModel
from pii.cleared import ClearedText, public_text
from records.language import Language

LONGEST_SOURCE = 1200
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Point(_Reply):
    text: str = Field(min_length=1, max_length=600)
    sources: list[str] = Field(max_length=6)
    quote: str | None = Field(default=None, max_length=600)


class _Draft(_Reply):
    conclusion: _Point | None
    conditions: list[_Point] = Field(default=[], max_length=8)


def draft_with(model: LanguageModel, material: Material) -> Draft:
    """The model's draft. Raises ModelFailed where its reply is not what was asked for."""
    numbered = {f"S{i}": key for i, key in enumerate(material.sources(), start=1)}
    language = "中文" if material.language is Language.ZH else "英文"
    instructions = render("answer", {"language": public_text(language, source="settings")})
    values = {
        "as_of": public_text(material.as_of.isoformat(), source="clock"),
        "question": material.question,
        "sources": _listed(material, numbered),
    }
    reply = _parse(model.reply(instructions, render("material", values)))
    return Draft(
        conclusion=_point(reply.conclusion, numbered) if reply.conclusion else None,
        conditions=tuple(_point(point, numbered) for point in reply.conditions),
        written_by=model.name,
    )


def _parse(text: str) -> _Draft:
    found = _OBJECT.search(text)
    try:
        return _Draft.model_validate(json.loads(found[0] if found else ""))
    except (json.JSONDecodeError, ValidationError) as error:
        raise ModelFailed(type(error).__name__) from None


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
