"""Footnotes and endnotes of a Word document: the mark in the text, and what the note says."""

from collections.abc import Iterator
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KINDS = {"footnote": "注", "endnote": "尾注"}
# Word keeps the lines above the notes as notes too.
_NO_NOTE = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class Notes:
    """Numbers notes in the order in which the text refers to them, as Word does."""

    def __init__(self, document: Any) -> None:
        self._held = dict(_notes(document))
        self._count = dict.fromkeys(_KINDS, 0)
        self._due: list[tuple[str, Any]] = []

    def marks(self, run: Any) -> str:
        """The marks of the notes a run refers to; each note is then due below its paragraph."""
        found = ""
        for kind, name in _KINDS.items():
            for reference in run.iter(f"{_W}{kind}Reference"):
                note = self._held.get((kind, reference.get(f"{_W}id")))
                if note is not None:
                    self._count[kind] += 1
                    mark = f"[{name}{self._count[kind]}]"
                    self._due.append((mark, note))
                    found += mark
        return found

    def due(self) -> list[tuple[str, Any]]:
        """The notes referred to since this was asked last, with their marks."""
        due, self._due = self._due, []
        return due


def _notes(document: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    from docx.oxml import parse_xml

    for part in document.part.package.iter_parts():
        for kind in _KINDS:
            if str(part.partname).endswith(f"/{kind}s.xml"):
                for note in parse_xml(part.blob).iter(f"{_W}{kind}"):
                    if note.get(f"{_W}type") not in _NO_NOTE:
                        yield (kind, note.get(f"{_W}id")), note
