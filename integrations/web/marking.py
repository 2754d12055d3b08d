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
