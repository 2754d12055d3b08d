"""doc and wps of Word 97 to 2003 and WPS Office: read as a docx is, see `word.py`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from struct import error as StructError

from knowledge.errors import BrokenNumbering, PolicyTooLarge, UnreadablePolicy, UnsettledChanges
from knowledge.reading import doc_file, doc_lists, doc_marks
from knowledge.reading.doc_file import DocFile, plc, read_streams
from knowledge.reading.doc_marks import Formatting, Marks, is_dark, is_on, is_unseen
from knowledge.reading.documents import LARGEST_FILE, Reading
from knowledge.sections import Line

_FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_NOTE, _COMMENT, _SHAPE, _CELL, _SECTION = "\x02", "\x05", "\x08", "\x07", "\x0c"
_SYMBOL = "("
_ENDS = re.compile(r"[\r\x07\x0c]")
_SHOWN: dict[int, str | None] = {ord("\x0b"): "\n", ord("\x0c"): "\n", ord("\x0e"): "\n", 0x1E: "-"}
_SHOWN |= {code: None for code in range(32) if code not in {9, 10, 11, 12, 14, 0x1E}}
# Fields whose numbers Word counts and never writes down.
_COUNTING = re.compile(r"\s*(?:AUTONUM|LISTNUM)", re.IGNORECASE)
_NO_LIST = frozenset({0, 0xF801})
# Cells of tables counted in; a law has a few thousand.
_MOST_PARAGRAPHS = 200_000


def read_doc(path: Path) -> Reading:
    """The visible lines; a file locked, damaged, too old or with open tracked changes is refused."""
    try:
        return read(read_streams(path))
    except OSError as error:
        raise UnreadablePolicy from error


def read(streams: Mapping[str, bytes]) -> Reading:
    """The visible lines by the streams of a file: WordDocument, 0Table or 1Table, Data."""
    try:
        file = DocFile(streams)
        walk = _Walk(file)
        body = walk.blocks(file.body.start, file.body.stop)
        comments = (_plain(text) for text in _story(file, file.comments).split(_COMMENT))
        return Reading(tuple(body), (*walk.hidden, *filter(None, comments)))
    except (StructError, KeyError, IndexError) as error:
        # A structure that is cut off or points beyond the file.
        raise UnreadablePolicy from error


@dataclass(frozen=True)
class _Paragraph:
    start: int
    end: int
    mark: str
    style: int
    marks: Marks

    @property
    def in_table(self) -> bool:
        return is_on(self.marks, doc_marks.IN_TABLE)

    @property
    def row_ends(self) -> bool:
        return is_on(self.marks, doc_marks.ROW_END)


class _Walk:
    """Reads paragraphs in order and remembers what it left out."""

    def __init__(self, file: DocFile) -> None:
        self.hidden: list[str] = []
        self._file = file
        self._formatting = Formatting(file)
        self._lists = doc_lists.counter(file)
        self._sections = {end - 1 for _, end, _ in plc(file.part(doc_file.SECTIONS), 12)}
        self._notes = {
            **_notes(file, "注", doc_file.NOTE_MARKS, doc_file.NOTES, file.notes),
            **_notes(file, "尾注", doc_file.ENDNOTE_MARKS, doc_file.ENDNOTES, file.endnotes),
        }
        self._boxes = _boxes(file)
        self._fields: list[int] = []
        self._read = 0

    def blocks(self, start: int, end: int) -> Iterator[Line]:
        """Every paragraph and table row between two positions; what stands in one is below it."""
        row: list[_Paragraph] = []
        for paragraph in self._paragraphs(start, end):
            if not paragraph.in_table:
                yield from self._row(row)
                row = []
                yield from self._paragraph(paragraph, shaded=False)
            elif paragraph.row_ends and paragraph.mark == _CELL:
                yield from self._row([*row, paragraph])
                row = []
            else:
                row.append(paragraph)
        yield from self._row(row)

    def _row(self, row: list[_Paragraph]) -> Iterator[Line]:
        if not row:
            return
        shades = _cell_shades(row[-1].marks)
        cells: list[list[str]] = [[]]
        for paragraph in row:
            if paragraph.row_ends:
                continue
            shaded = len(cells) <= len(shades) and is_dark(shades[len(cells) - 1])
            lines = self._paragraph(paragraph, shaded=shaded)
            cells[-1] += filter(None, (line.text.strip() for line in lines))
            if paragraph.mark == _CELL:
                cells.append([])
        yield Line("｜".join(" ".join(cell) for cell in cells if cell))

    def _paragraph(self, paragraph: _Paragraph, *, shaded: bool) -> Iterator[Line]:
        shades = (doc_marks.PARAGRAPH_SHADE, doc_marks.PARAGRAPH_SHADE_80)
        shaded = shaded or any(is_dark(paragraph.marks.get(one, b"")) for one in shades)
        text, due = self._visible(paragraph, shaded=shaded)
        number = self._number(paragraph.marks) if text.strip() else ""
        level = self._formatting.heading(paragraph.style)
        yield Line(f"{number} {text}".strip() if number else text, level)
        for mark, story in due:
            lines = self.blocks(story.start, story.stop)
            if mark:
                words = filter(None, (line.text.strip() for line in lines))
                yield Line(f"{mark} {' '.join(words)}", item=True)
            else:
                yield from lines

    def _visible(
        self, paragraph: _Paragraph, *, shaded: bool
    ) -> tuple[str, list[tuple[str, range]]]:
        """What a reader sees of a paragraph, and the boxes and notes that stand below it."""
        words: list[str] = []
        unseen: list[str] = []
        boxes: list[tuple[str, range]] = []
        notes: list[tuple[str, range]] = []
        for start, end, raw in self._formatting.stretches(paragraph.start, paragraph.end + 1):
            marks = self._formatting.characters(raw, paragraph.style)
            if is_on(marks, doc_marks.INSERTED) or is_on(marks, doc_marks.DELETED):
                raise UnsettledChanges
            into = unseen if is_unseen(marks, shaded=shaded) else words
            special = is_on(marks, doc_marks.SPECIAL)
            for position in range(start, min(end, paragraph.end)):
                sign = self._file.text[position]
                if self._in_field(sign, position) or (special and sign == _SYMBOL):
                    continue
                if position in self._notes:
                    mark, story = self._notes[position]
                    words.append(mark)
                    notes.append((mark, story))
                elif sign == _SHAPE and position in self._boxes:
                    boxes += (("", story) for story in self._boxes[position])
                if sign != _NOTE:
                    into.append(sign)
        if hidden := _plain("".join(unseen)):
            self.hidden.append(hidden)
        return _shown("".join(words)), [*boxes, *notes]

    def _in_field(self, sign: str, position: int) -> bool:
        """Whether a character belongs to what makes a field rather than to what it shows."""
        if sign == _FIELD:
            if _COUNTING.match(self._file.text, position + 1):
                raise BrokenNumbering
            self._fields.append(position)
        elif sign in {_RESULT, _FIELD_END} and self._fields:
            self._fields[-1:] = [-1] if sign == _RESULT else []
        return any(opened >= 0 for opened in self._fields)

    def _number(self, marks: Marks) -> str:
        wanted = marks.get(doc_marks.LIST, b"\0\0")
        place = int.from_bytes(wanted, "little")
        if place in _NO_LIST:
            return ""
        # The upper half says the same of a paragraph that keeps its own indents.
        place = 0x10000 - place if place > 0xF801 else place
        level = marks.get(doc_marks.LEVEL, b"\0")[0]
        return self._lists.number(str(place), level)

    def _paragraphs(self, start: int, end: int) -> Iterator[_Paragraph]:
        at = start
        for found in _ENDS.finditer(self._file.text, start, end):
            if found[0] == _SECTION and found.start() not in self._sections:
                continue
            style, marks = self._formatting.paragraph(found.start())
            yield _Paragraph(at, found.start(), found[0], style, marks)
            at = found.end()
            self._read += 1
            if self._read > _MOST_PARAGRAPHS:
                raise PolicyTooLarge(LARGEST_FILE)
        if at < end:
            style, marks = self._formatting.paragraph(end - 1)
            yield _Paragraph(at, end, "", style, marks)


def _cell_shades(marks: Marks) -> list[bytes]:
    for sprm, size in ((doc_marks.CELL_SHADES, 10), (doc_marks.CELL_SHADES_80, 2)):
        if raw := marks.get(sprm, b""):
            return [raw[i : i + size] for i in range(0, len(raw), size)]
    return []


def _notes(
    file: DocFile, name: str, marks: int, texts: int, story: range
) -> dict[int, tuple[str, range]]:
    """Where a note is referred to → its mark, and where it stands; numbered in the order of the text."""
    places = [start for start, _, _ in plc(file.part(marks), 2)]
    stretches = (one for one, _ in _stretches(file, texts, 0, story))
    return {
        place: (f"[{name}{count}]", stretch)
        for count, (place, stretch) in enumerate(zip(places, stretches, strict=False), 1)
        if place in file.body
    }


def _boxes(file: DocFile) -> dict[int, list[range]]:
    """Where a text box is anchored → where its text stands."""
    anchors = {entry[:4]: start for start, _, entry in plc(file.part(doc_file.SHAPES), 26)}
    found: dict[int, list[range]] = defaultdict(list)
    for stretch, entry in _stretches(file, doc_file.BOXES, 22, file.boxes):
        place = anchors.get(entry[14:18])
        if place is not None and place in file.body:
            found[place].append(stretch)
    return found


def _stretches(file: DocFile, part: int, size: int, story: range) -> Iterator[tuple[range, bytes]]:
    """Where the texts of a story stand; none may be read twice. What lies behind the story is none."""
    before = 0
    for start, end, entry in plc(file.part(part), size):
        if start < before:
            raise UnreadablePolicy
        if start >= len(story):
            return
        yield story[start:end], entry
        before = max(before, start, end)


def _story(file: DocFile, story: range) -> str:
    return file.text[story.start : story.stop]


def _plain(text: str) -> str:
    return _shown(text.replace("\r", " ")).strip()


def _shown(text: str) -> str:
    """Without the signs that only steer Word; two halves of a rare character put together."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.translate(_SHOWN)
