"""Data files of ours, read strictly: a mistake stops with path, line and entry."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import BadData

# The C parser reads our duties in a tenth of the time; where PyYAML lacks it, the plain one serves.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Entry(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Entry)


def load(path: Path, model: type[Model]) -> Model:
    """The file as the model it must satisfy."""
    try:
        text = path.read_text(encoding="utf-8")
        loader = _Loader(text)
        node = loader.get_single_node()
        value = loader.construct_document(node) if node else None
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(path.name, type(error).__name__) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path.name}:{mark.line + 1}" if mark else path.name
        raise BadData(place, getattr(error, "problem", None) or "not YAML") from error
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        line = _line(node, first["loc"])
        where = ".".join(str(part) for part in first["loc"])
        raise BadData(
            f"{path.name}:{line}", f"{_entry(value, first['loc'])}{where}: {first['msg']}"
        ) from error


def _line(node: yaml.Node | None, place: tuple[int | str, ...]) -> int:
    """The line of the deepest part of the place that the file has."""
    for part in place:
        below = _child(node, part)
        if below is None:
            break
        node = below
    return node.start_mark.line + 1 if node else 1


def _child(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        item: yaml.Node = node.value[part]
        return item
    if isinstance(node, yaml.MappingNode):
        below: yaml.Node | None = next(
            (value for key, value in node.value if key.value == str(part)), None
        )
        return below
    return None


def _entry(value: object, place: tuple[int | str, ...]) -> str:
    """The id of the innermost entry that has one, to find it by search."""
    found = ""
    for part in place:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            found = f"{value['id']} "
    return found
