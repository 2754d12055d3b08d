"""Calendars and address cards (RFC 5545, 6350): folded lines joined, then read as lines of text."""

import re

from pii.formats.encoding import decode
from pii.formats.opening import Opening
from pii.formats.plain import numbered_segments
from pii.formats.segments import TextDocument

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"[^\r\n]+")


def open_calendar(data: bytes, _: Opening) -> TextDocument:
    """A calendar or address card, each line of content a text of its own.

    The copy's lines are not folded again: readers take lines of any length, and a name must not be
    cut in two.
    """
    decoded = decode(data)
    text = _FOLD.sub("", decoded.text)
    spans = [match.span() for match in _LINE.finditer(text)]
    return TextDocument(text, decoded.encode, numbered_segments(text, spans), spans)
