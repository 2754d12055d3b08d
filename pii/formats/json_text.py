"""JSON (RFC 8259) and JSON Lines: every string, number and key, read under its key.

The text stays as it is written, order, spacing and duplicate keys included; only a changed piece is
spelled anew. A treated number becomes a string.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from pii.errors import TooLarge, UnreadableDocument
from pii.formats.encoding import decode
from pii.formats.keys import key_label, speaks
from pii.formats.opening import Opening
from pii.formats.segments import Segment, TextDocument
from pii.labels import vocabulary
from records.language import Bilingual

_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|-?\d[\d.eE+\-]*|true|false|null|NaN|-?Infinity', re.DOTALL
)
_LONE = re.compile(r"[\ud800-\udfff]")
_FEW_DIGITS = 5
_SHOWN_KEY = re.compile(r"[A-Za-z_][A-Za-z_\-]{0,30}")


@dataclass
class _Level:
    """An object or array that is open while the tokens go by."""

    is_object: bool
    key: str = ""
    index: int = 0
    expects_key: bool = False


def open_json(data: bytes, _: Opening) -> TextDocument:
    """A JSON document by values and keys."""
    decoded = decode(data)
    _load(decoded.text)
    return _opened(decoded.text, decoded.encode, [(0, len(decoded.text))])


def open_json_lines(data: bytes, _: Opening) -> TextDocument:
    """A file with one JSON document a line."""
    decoded = decode(data)
    lines = [m.span() for m in re.finditer(r"[^\r\n]+", decoded.text) if m.group().strip()]
    for start, end in lines:
        _load(decoded.text[start:end])
    return _opened(decoded.text, decoded.encode, lines)


def _load(text: str) -> object:
    """Raises unless the text is JSON. Numbers stay text: some are too long for an integer."""
    try:
        loaded: object = json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=list)
    except RecursionError as error:
        raise TooLarge(
            "JSON 嵌套过深，未作处理。", "The JSON is nested too deeply; refused."
        ) from error
    except ValueError as error:
        raise UnreadableDocument(
            "JSON 有语法错误，未作处理。请改正后重试。",
            "The JSON has a syntax error; it was not processed. Correct it and retry.",
        ) from error
    return loaded


def _opened(
    text: str, encode: Callable[[str], bytes], documents: list[tuple[int, int]]
) -> TextDocument:
    segments: list[Segment] = []
    spans: list[tuple[int, int]] = []
    line, counted = 1, 0
    for start, end in documents:
        for segment, span in _Reading().read(text, start, end):
            line += text.count("\n", counted, span[0])
            counted = span[0]
            place = Bilingual(f"第{line}行{segment.place.zh}", f"line {line}{segment.place.en}")
            segments.append(Segment(place, segment.text, segment.label, segment.technical))
            spans.append(span)
    return TextDocument(
        text, encode, segments, spans, lambda i, new: _spell(new, text[slice(*spans[i])])
    )


@dataclass
class _Reading:
    """Walks over the tokens of one JSON document, knowing which key each stands under."""

    levels: list[_Level] = field(default_factory=list)

    def read(self, text: str, start: int, end: int) -> Iterator[tuple[Segment, tuple[int, int]]]:
        for match in _TOKEN.finditer(text, start, end):
            piece = match.group()
            segment = self._segment(piece)
            if segment is not None:
                yield segment, match.span()

    def _segment(self, piece: str) -> Segment | None:
        level = self.levels[-1] if self.levels else None
        if piece in "{[":
            self.levels.append(_Level(piece == "{", expects_key=piece == "{"))
        elif piece in "}]":
            self.levels.pop()
        elif piece == "," and level is not None:
            level.index += 1
            level.expects_key = level.is_object
        elif piece == ":" and level is not None:
            level.expects_key = False
        elif piece[0] == '"':
            return self._string(piece, level)
        elif piece[0] in "-0123456789":
            return self._number(piece)
        return None

    def _string(self, piece: str, level: _Level | None) -> Segment | None:
        value = _LONE.sub("�", str(json.loads(piece, strict=False)))
        if level is not None and level.expects_key:
            level.key = value
            return Segment(Bilingual("的键", ", a key"), value, technical=not speaks(value))
        if not value.strip():
            return None
        return Segment(self._place(), value, self._label())

    def _number(self, piece: str) -> Segment | None:
        label = self._label()
        known = label is not None and vocabulary().kind_of(label) is not None
        if not known and sum(char.isdigit() for char in piece) < _FEW_DIGITS:
            return None
        return Segment(self._place(), _plain_number(piece), label)

    def _label(self) -> str | None:
        return key_label([level.key for level in self.levels if level.is_object])

    def _place(self) -> Bilingual:
        keys = [level.key for level in self.levels if level.is_object]
        # A key may itself be a name: only plain ones are shown.
        shown = "." + keys[-1] if keys and _SHOWN_KEY.fullmatch(keys[-1]) else ""
        return Bilingual(shown, shown)


def _plain_number(piece: str) -> str:
    """A whole number without exponent: 1.38E10 is a mobile number nobody would find."""
    try:
        number = Decimal(piece)
    except InvalidOperation:
        return piece
    whole = number == number.to_integral_value() and abs(number.adjusted()) < 25
    return f"{number:.0f}" if whole and "E" in piece.upper() else piece


def _spell(new: str, piece: str) -> str:
    """The new value as a JSON string, in ASCII where the old one was."""
    return json.dumps(new, ensure_ascii=piece.isascii() and "\\u" in piece)


def read_json_again(data: bytes, _: Opening) -> list[Segment]:
    """The second reading, by Python's json module."""
    return list(_values(_load(decode(data).text)))


def read_json_lines_again(data: bytes, _: Opening) -> list[Segment]:
    """The second reading of a file with one JSON document a line."""
    lines = [line for line in re.split(r"[\r\n]+", decode(data).text) if line.strip()]
    return [segment for line in lines for segment in _values(_load(line))]


def _values(loaded: object) -> Iterator[Segment]:
    """Values and keys with their labels, without recursion."""
    place = Bilingual("JSON（复核）", "the JSON (second reading)")
    waiting: list[tuple[object, tuple[str, ...]]] = [(loaded, ())]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, list):
            for item in value:
                if isinstance(item, tuple):
                    yield Segment(place, item[0], technical=not speaks(item[0]))
                    waiting.append((item[1], (*path, item[0])[-2:]))
                else:
                    waiting.append((item, path))
        elif isinstance(value, str) and value.strip():
            label = key_label(path)
            known = label is not None and vocabulary().kind_of(label) is not None
            digits = sum(char.isdigit() for char in value)
            if known or digits >= _FEW_DIGITS or not value.isascii() or value[0].isalpha():
                yield Segment(place, _LONE.sub("�", value), label)
