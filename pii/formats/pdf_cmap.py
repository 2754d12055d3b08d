"""Character maps of PDF fonts (ISO 32000-2, 9.7.5 and 9.10.3): how long a code is, what it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BLOCK = re.compile(
    rb"begin(codespacerange|bfchar|bfrange|cidchar|cidrange)(.*?)end(?:\1)", re.DOTALL
)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|(-?\d+)")
_MOST = 200_000
"""Entries a map may spread to: a range of four bytes is four billion."""


@dataclass
class CMap:
    """One map. `spaces` are (bytes, low, high); without any, codes are as long as the font says."""

    spaces: list[tuple[int, int, int]] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    cids: dict[int, int] = field(default_factory=dict)

    def length_at(self, data: bytes, at: int) -> int:
        """How many bytes the code at a place has (9.7.6.3)."""
        for length in range(1, 5):
            code = data[at : at + length]
            if len(code) == length and any(
                size == length and _within(code, low, high) for size, low, high in self.spaces
            ):
                return length
        return min((size for size, _, _ in self.spaces), default=1)


def _within(code: bytes, low: int, high: int) -> bool:
    """Whether each byte lies in the range of its own place."""
    size = len(code)
    return all(
        a <= b <= c
        for a, b, c in zip(low.to_bytes(size, "big"), code, high.to_bytes(size, "big"), strict=True)
    )


def parse_cmap(data: bytes) -> CMap:
    """The map written in a stream."""
    made = CMap()
    for block in _BLOCK.finditer(data):
        tokens = _tokens(block.group(2))
        kind = block.group(1)
        if kind == b"codespacerange":
            for low in tokens:
                high = next(tokens, None)
                if isinstance(low, bytes) and isinstance(high, bytes) and len(low) == len(high):
                    made.spaces.append((len(low), _int(low), _int(high)))
        elif kind == b"bfchar":
            for code in tokens:
                text = next(tokens, None)
                if isinstance(code, bytes) and isinstance(text, bytes):
                    made.texts[_int(code)] = _utf16(text)
        else:
            _read_ranges(made, kind, tokens)
    return made


def _read_ranges(made: CMap, kind: bytes, tokens: Iterator[object]) -> None:
    for low in tokens:
        high = next(tokens, None) if kind != b"cidchar" else low
        value = next(tokens, None)
        if not (isinstance(low, bytes) and isinstance(high, bytes)):
            continue
        first, last = _int(low), min(_int(high), _int(low) + 0xFFFF)
        if len(made.texts) + len(made.cids) > _MOST:
            return
        if isinstance(value, int):
            made.cids |= {code: value + code - first for code in range(first, last + 1)}
        elif isinstance(value, bytes):
            made.texts |= {
                code: _utf16(value, code - first) for code in range(first, last + 1) if value
            }
        elif isinstance(value, list):
            made.texts |= {first + n: _utf16(one) for n, one in enumerate(value)}


def _tokens(data: bytes) -> Iterator[object]:
    """Hexadecimal strings as bytes, numbers as int, arrays of strings as lists."""
    array: list[bytes] | None = None
    for match in _TOKEN.finditer(data):
        if match.group(2):
            array = []
        elif match.group(3):
            yield array or []
            array = None
        elif match.group(4):
            yield int(match.group(4))
        else:
            digits = b"".join(match.group(1).split())
            value = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
            if array is None:
                yield value
            else:
                array.append(value)


def _int(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _utf16(data: bytes, step: int = 0) -> str:
    """The text of a destination; a range counts its last unit up."""
    if len(data) == 1:
        data = b"\0" + data
    if step:
        data = data[:-2] + ((_int(data[-2:]) + step) & 0xFFFF).to_bytes(2, "big")
    return data.decode("utf-16-be", "replace")
