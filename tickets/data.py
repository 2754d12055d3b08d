"""Rule files in YAML, loaded through strict models: an unknown key is an error with its path."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from records.language import Bilingual
from tickets.citation import Citation, Confidence
from tickets.errors import BadDataFile

Model = TypeVar("Model", bound="Strict")


class Strict(BaseModel):
    """A frozen model that takes no unknown key and coerces nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _bilingual(value: object) -> Bilingual:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise ValueError("needs exactly the keys zh and en")
    zh, en = value["zh"], value["en"]
    if not (isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip()):
        raise ValueError("zh and en must both say something")
    return Bilingual(zh.strip(), en.strip())


Said = Annotated[Bilingual, PlainValidator(_bilingual)]


class Cited(Strict):
    """The citation block of a rule file."""

    duty: str = Field(pattern=r"^OB-\d{3}$")
    instrument: str = Field(min_length=2)
    article: str | None = None
    in_force_since: date | None = None
    confidence: Confidence

    def citation(self) -> Citation:
        """The same as a plain value."""
        return Citation(
            duty_id=self.duty,
            instrument=self.instrument,
            article=self.article,
            confidence=self.confidence,
            in_force_since=self.in_force_since,
        )


class _OneKeyLoader(yaml.SafeLoader):
    """YAML silently lets a second key win; in a rule file that hides a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {key!r} appears twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return dict(super().construct_mapping(node, deep))


def load(path: Path, model: type[Model]) -> Model:
    """The file's content as its model, or BadDataFile naming the path and the place."""
    try:
        # A SafeLoader subclass: no object but plain data can come out of it.
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_OneKeyLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadDataFile(path, " ".join(str(error).split())) from error
    try:
        # Through JSON, because only there strict mode still reads enums and dates from text.
        return model.model_validate_json(json.dumps(raw, default=str), strict=True)
    except ValidationError as error:
        raise BadDataFile(path, _places(error)) from error


def _places(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc']) or 'file'}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False)[:5]
    )
