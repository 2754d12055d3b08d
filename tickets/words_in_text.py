"""Word patterns in data files, and whether a sentence says or denies them."""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


def said(pattern: str, text: str, *, denied_by: str) -> Iterator[re.Match[str]]:
    """The places where the text says the words and no denial stands right before them."""
    for match in re.finditer(pattern, text):
        if not re.search(denied_by, text[max(0, match.start() - 14) : match.start()]):
            yield match
