"""What a model can do, by its name: profiles.yaml."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from records.data_files import Entry, load
from tickets.words_in_text import Pattern

FILE = Path(__file__).parent / "profiles.yaml"

Rung = Literal["tool", "json", "plain"]


class Profile(Entry):
    """How to ask a family of models for JSON."""

    match: Pattern
    ladder: tuple[Rung, ...] = Field(min_length=1)
    limit_by: Literal["max_tokens", "max_completion_tokens"]
    temperature: bool = True
    extra: Mapping[str, Any] = Field(default_factory=dict)


class _File(Entry):
    profiles: tuple[Profile, ...]
    otherwise: Profile


def profile_of(model: str) -> Profile:
    """The profile of a model, or the cautious one."""
    known = (one for one in _file().profiles if re.search(one.match, model.lower()))
    return next(known, _file().otherwise)


@cache
def _file() -> _File:
    return load(FILE, _File)
