"""A draft answer, before it is checked: points, and what each says it rests on."""

from dataclasses import dataclass

RULES = "rules"


@dataclass(frozen=True, slots=True)
class Point:
    """One drafted statement: keys of its sources, and words to quote if the writer chose some."""

    text: str
    sources: tuple[str, ...]
    quote: str | None = None
    beside: bool = False
    """Another rule that may matter, no condition of the conclusion."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An unchecked answer by the rules or by the model named."""

    conclusion: Point | None
    conditions: tuple[Point, ...] = ()
    next_steps: tuple[str, ...] = ()
    written_by: str = RULES
