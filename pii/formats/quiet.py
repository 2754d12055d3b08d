"""What a part of a package cannot hold, asked of libxml2 at once instead of element by element.

The styles of one small Word document are some 18,000 elements that say nothing about anybody.
Walking them took nine tenths of the time of opening it. The answers here are never too few: where a
name or a text may occur the part is walked.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from lxml import etree

_VALUES = etree.XPath("//@*", smart_strings=False)
_TEXTS = etree.XPath("//text()", smart_strings=False)
_COMMENTS = etree.XPath("boolean(//comment())")
_REMEMBERED = 256
_silent: dict[bytes, None] = {}


class Spelling:
    """The names of elements and attributes that occur in a part."""

    def __init__(self, root: Any) -> None:
        self._elements = {_local(tag) for tag in {element.tag for element in root.iter("*")}}
        # As libxml2 writes them, a name stands right before `="`, whatever its prefix.
        self._written: bytes = etree.tostring(root)
        self.has_comments = bool(_COMMENTS(root))

    def has_element(self, names: Iterable[str]) -> bool:
        """Whether any element is called so."""
        return not self._elements.isdisjoint(names)

    def may_have_attribute(self, names: Iterable[str]) -> bool:
        """Whether an attribute may be called so; it may also be the end of a longer name."""
        return any(f'{name}="'.encode() in self._written for name in names)


def values_in(root: Any) -> set[str]:
    """Every value an attribute has, once."""
    return set(_VALUES(root))


def has_text(root: Any) -> bool:
    """Whether anything but white space stands between the tags, comments apart."""
    return any(text.strip() for text in set(_TEXTS(root)))


def known_as_silent(data: bytes) -> bool:
    """Whether a part with these bytes was read before, and nothing in it said anything.

    A company's documents share the styles and themes of a few templates.
    """
    return hashlib.sha256(data).digest() in _silent


def note_silent(data: bytes) -> None:
    """Remember, by its digest only, a part that says nothing."""
    _silent[hashlib.sha256(data).digest()] = None
    if len(_silent) > _REMEMBERED:
        _silent.pop(next(iter(_silent)), None)


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
