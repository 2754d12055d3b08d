"""Data files of ours in YAML, read strictly: the first mistake stops with path, line and entry."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from records.errors import BadInput
from records.language import Bilingual

# The C parser reads our duties in a tenth of the time; where PyYAML lacks it, the plain one serves.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[int | str, ...]


class BadDataFile(BadInput):
    """A data file breaks its own rules; the message names the place."""

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        # The file and the folder it lies in: enough to find it, and no machine's path.
        shown = "/".join(path.parts[-2:]) + (f":{line}" if line else "")
        super().__init__(
            f"数据文件有误（{shown}）：{problem}。请改正后重新启动。",
            f"Bad data file ({shown}): {problem}. Correct it and start again.",
        )


class Entry(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(Entry):
    """One statement in Chinese and English, as a data file gives it."""

    zh: str
    en: str

    def both(self) -> Bilingual:
        """The same as the statement that doors pick a language of."""
        return Bilingual(self.zh, self.en)


Model = TypeVar("Model", bound=BaseModel)


def load(path: Path, model: type[Model]) -> Model:
    """The file as the model it must satisfy; nothing is coerced, no key may stand twice."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        for key in _repeated_keys(node):
            line = key.start_mark.line + 1
            raise BadDataFile(path, f"key {key.value} stands twice", line=line)
        value = loader.construct_document(node) if node else None
    except _Alias as error:
        raise BadDataFile(path, "an alias (*name): write it out", line=error.line) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadDataFile(path, type(error).__name__) from error
    except (ValueError, RecursionError) as error:
        # What looks like a value of YAML and is none: 2026-02-30.
        raise BadDataFile(path, "a date or number that does not exist") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "not YAML"
        raise BadDataFile(path, problem, line=line) from error
    try:
        # Through JSON, because only there strict mode still reads enums and dates from text.
        return model.model_validate_json(json.dumps(value, default=str), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        problem = f"{_entry(value, first['loc'])}{where}: {first['msg']}"
        raise BadDataFile(path, problem, line=_line(node, first["loc"])) from error


def read_yaml(untrusted: str) -> Any:
    """What a short text in YAML says. Raises ValueError where it is none, or has an alias."""
    try:
        loader = _Loader(untrusted)
        node = loader.get_single_node()
        list(_nodes(node))
        return loader.construct_document(node) if node else None
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("not YAML") from error


def line_of(path: Path, place: Place) -> int:
    """The line of a place in a file that was read before: for mistakes only seen across entries."""
    return _line(_Loader(path.read_text(encoding="utf-8")).get_single_node(), place)


def _repeated_keys(root: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """YAML silently lets a second key win; in a rule file that hides a mistake."""
    for node in _nodes(root):
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key
                seen.add(key.value)


class _Alias(ValueError):
    """A node that stands for another: a few lines of them, each naming the one before ten times,
    unfold into more than any memory holds."""

    def __init__(self, line: int) -> None:
        super().__init__("an alias")
        self.line = line


def _nodes(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Every node as it stands in the file. Raises _Alias where one is met twice."""
    met: set[int] = set()
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        if id(node) in met:
            raise _Alias(node.start_mark.line + 1)
        met.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in reversed(node.value) for part in reversed(pair)]
        elif isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)


def _line(node: yaml.Node | None, place: Place) -> int:
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


def _entry(value: object, place: Place) -> str:
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
