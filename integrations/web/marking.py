"""Text with places marked: quoted words in an article, findings in a redacted file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pii.report import ReportLine


@dataclass(frozen=True, slots=True)
class Numbered:
    """A report line with the number it has in the table."""

    number: int
    line: ReportLine


def highlight(text: str, words: str) -> Markup:
    """The text with the first occurrence of the words marked, blanks aside; escaped throughout."""
    pattern = r"\s*".join(re.escape(char) for char in words if not char.isspace())
    found = re.search(pattern, text) if pattern else None
    if found is None:
        return escape(text)
    before, inside, after = text[: found.start()], found.group(), text[found.end() :]
    return escape(before) + Markup("<mark>{}</mark>").format(inside) + escape(after)


def marked_segment(text: str, lines: Sequence[Numbered]) -> Markup:
    """A redacted segment, each treated place marked and numbered; escaped throughout."""
    parts, position = [], 0
    for numbered in sorted(lines, key=lambda one: one.line.start):
        start, end = numbered.line.start, numbered.line.end
        if start < position or end > len(text):
            continue
        parts.append(escape(text[position:start]))
        parts.append(
            Markup(
                '<mark id="mark-{0}"><a href="#finding-{0}">{1}<sup>{0}</sup></a></mark>'
            ).format(numbered.number, text[start:end])
        )
        position = end
    parts.append(escape(text[position:]))
    return Markup("").join(parts)


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """A place of a text under review, the number of its group, and whether it is to stay."""

    start: int
    end: int
    group: int | None
    stays: bool


def reviewed_segment(text: str, places: Sequence[MarkedPlace]) -> Markup:
    """An original segment, each place marked and linked to its group; escaped throughout."""
    parts, position = [], 0
    for place in sorted(places, key=lambda one: (one.start, -one.end)):
        if place.start < position:
            continue
        parts.append(escape(text[position : place.start]))
        inside = text[place.start : place.end]
        state = "stays" if place.stays else "goes"
        if place.group is None:
            parts.append(Markup('<mark class="{}">{}</mark>').format(state, inside))
        else:
            link = Markup('<mark class="{0}" data-group="{1}"><a href="#group-{1}">{2}</a></mark>')
            parts.append(link.format(state, place.group, inside))
        position = place.end
    parts.append(escape(text[position:]))
    return Markup("").join(parts)
