"""Prompts as files: rendered strictly, from cleared text only."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pii.cleared import ClearedText, public_text

_PROMPTS = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "prompts"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - plain text for a model, never a page
    keep_trailing_newline=True,
)


def render(name: str, values: Mapping[str, ClearedText]) -> ClearedText:
    """The prompt with its values. A missing value raises; only cleared text gets in."""
    text = _PROMPTS.get_template(f"{name}.md.j2").render(
        {key: value.text for key, value in values.items()}
    )
    return public_text(text, source=f"prompt {name}")
