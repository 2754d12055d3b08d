"""Lines of text in a picture, each character with its place: PP-OCR models run by rapidocr.

The models lie in the package itself; their paths are given, so nothing is ever fetched.
"""

import math
import os
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pii.errors import UnreadableDocument

Pixels = NDArray[np.uint8]
Quad = tuple[tuple[float, float], ...]
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}
_SIDE, _SHORT = 2000, 736
_OVERLAP = 160
"""Long screenshots are read in tiles; a line is lost to a cut only if taller than half of this."""
_GOOD = 0.75
_UNSURE_LINE, _UNSURE_DIGIT = 0.6, 0.75
_NUMBER = re.compile(r"[0-9A-Za-z\-. ]*\d[0-9A-Za-z\-. ]{4,}")
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Char:
    """One character, how sure it is, and its corners."""

    text: str
    score: float
    quad: Quad


@dataclass(frozen=True)
class Line:
    """One line of text. `quad` runs from its upper left corner around it."""

    text: str
    score: float
    quad: Quad
    chars: tuple[Char, ...]

    @property
    def is_unsure(self) -> bool:
        """Whether it is read too badly to be judged: as a whole, or in a digit of a number."""
        if self.score < _UNSURE_LINE:
            return True
        text = "".join(char.text[:1] or " " for char in self.chars)
        return any(
            char.score < _UNSURE_DIGIT and char.text.isalnum()
            for number in _NUMBER.finditer(text)
            for char in self.chars[number.start() : number.end()]
        )


def read_lines(pixels: Pixels) -> list[Line]:
    """Every line in a picture, upright or turned by quarters, unsure ones too."""
    best, best_score, plain = [], -1.0, 0
    for quarter in (0, 2, 1, 3):
        lines = _read(np.ascontiguousarray(np.rot90(pixels, quarter)))
        score = _confidence(lines)
        if score > best_score:
            height, width = pixels.shape[:2]
            best = [turned_back(line, quarter, width, height) for line in lines]
            best_score = score
        plain = plain or len(lines)
        # Nothing there at all, or read well: no need to turn the picture.
        if not plain or score >= _GOOD:
            break
    return best


def _confidence(lines: Sequence[Line]) -> float:
    """The mean certainty of a character."""
    count = sum(len(line.text) for line in lines)
    return sum(line.score * len(line.text) for line in lines) / count if count else 0.0


def turned_back(line: Line, quarter: int, width: int, height: int) -> Line:
    """A line found in a picture turned by quarters, in the frame of the picture itself."""

    def back(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        return ((x, y), (width - y, x), (width - x, height - y), (y, height - x))[quarter]

    def quad(corners: Quad) -> Quad:
        return tuple(back(corner) for corner in corners)

    chars = tuple(Char(c.text, c.score, quad(c.quad)) for c in line.chars)
    return Line(line.text, line.score, quad(line.quad), chars)


def _read(pixels: Pixels) -> list[Line]:
    lines = []
    for left, top, right, bottom in _tiles(pixels.shape[1], pixels.shape[0]):
        for line in _read_tile(pixels[top:bottom, left:right]):
            x = sum(p[0] for p in line.quad) / 4
            y = sum(p[1] for p in line.quad) / 4
            half = _OVERLAP / 2
            inside = (left == 0 or x >= half) and (top == 0 or y >= half)
            inside &= right == pixels.shape[1] or x < right - left - half
            if inside and (bottom == pixels.shape[0] or y < bottom - top - half):
                lines.append(_moved(line, left, top))
    return lines


def _tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """The whole picture; a very long one in overlapping stretches."""
    long, short = max(width, height), min(width, height)
    if long <= 1.6 * _SIDE or long < 2.5 * short:
        yield 0, 0, width, height
        return
    step = max(min(_SIDE, 2 * short), 4 * _OVERLAP)
    for start in range(0, max(1, long - _OVERLAP), step - _OVERLAP):
        end = min(start + step, long)
        yield (start, 0, end, height) if width > height else (0, start, width, end)


def _moved(line: Line, x: float, y: float) -> Line:
    def quad(corners: Quad) -> Quad:
        return tuple((a + x, b + y) for a, b in corners)

    chars = tuple(Char(c.text, c.score, quad(c.quad)) for c in line.chars)
    return Line(line.text, line.score, quad(line.quad), chars)


def _read_tile(pixels: Pixels) -> list[Line]:
    ground = _padded(pixels)
    with _LOCK:
        result = _engine()(
            # The engine wants blue first, as OpenCV keeps colours.
            np.ascontiguousarray(ground[:, :, ::-1]),
            use_cls=False,
            return_word_box=True,
            return_single_char_box=True,
            text_score=0.0,
        )
    if result.boxes is None or result.txts is None:
        return []
    words = result.word_results or ()
    lines = []
    for number, (box, text) in enumerate(zip(result.boxes, result.txts, strict=True)):
        quad = _quad(box)
        found = words[number] if len(words) == len(result.txts) else ()
        chars = _chars(text, quad, found, float(result.scores[number]))
        lines.append(Line(text, float(result.scores[number]), quad, chars))
    return lines


def _padded(pixels: Pixels) -> Pixels:
    """At least as large as the engine wants it, by ground around: it would enlarge the picture."""
    height, width = pixels.shape[:2]
    if min(height, width) >= _SHORT:
        return pixels
    ground = np.empty((max(height, _SHORT), max(width, _SHORT), 3), np.uint8)
    ground[:] = np.median(np.concatenate([pixels[0], pixels[-1]]), axis=0)
    ground[:height, :width] = pixels
    return ground


def _quad(box: Any) -> Quad:
    return tuple((float(x), float(y)) for x, y in box)


def _chars(text: str, quad: Quad, found: Any, score: float) -> tuple[Char, ...]:
    """The engine's characters where they are the text's; else the line divided evenly."""
    visible = text.replace(" ", "")
    try:
        # In a line read downwards the engine's characters begin at their lower left corner.
        first = 1 if _is_upright(quad) else 0
        corners = [_quad(box) for _, _, box in found]
        given = tuple(
            Char(str(t), float(s), q[first:] + q[:first])
            for (t, s, _), q in zip(found, corners, strict=True)
        )
    except (TypeError, ValueError):
        given = ()
    if "".join(char.text for char in given).replace(" ", "") == visible:
        return given
    return tuple(
        Char(char, score, _slice(quad, n / len(text), (n + 1) / len(text)))
        for n, char in enumerate(text)
    )


def _is_upright(quad: Quad) -> bool:
    """Whether a line's box is so much taller than wide that the engine turns it."""
    a, b, c, d = quad
    width = max(math.dist(a, b), math.dist(c, d))
    return max(math.dist(b, c), math.dist(d, a)) >= 1.5 * width


def _slice(quad: Quad, start: float, end: float) -> Quad:
    """The part of a line between two fractions of its length."""
    a, b, c, d = quad
    if _is_upright(quad):
        # Taller than wide: the engine turns such a box and reads it from top to bottom.
        a, b, c, d = b, c, d, a

    def between(p: tuple[float, float], q: tuple[float, float], f: float) -> tuple[float, float]:
        return p[0] + (q[0] - p[0]) * f, p[1] + (q[1] - p[1]) * f

    return between(a, b, start), between(a, b, end), between(d, c, end), between(d, c, start)


@cache
def _engine() -> Any:
    """The engine, built at first use. Two threads: a batch runs one process a core."""
    found = find_spec("rapidocr")
    folder = Path(found.origin).parent / "models" if found and found.origin else Path()
    paths = {part: folder / name for part, name in _MODELS.items()}
    if not all(path.is_file() for path in paths.values()):
        raise UnreadableDocument(
            "文字识别模型缺失，无法读取图片。请重新安装 rapidocr。",
            "The models for reading pictures are missing. Install rapidocr again.",
        )
    from rapidocr import RapidOCR

    threads = min(2, os.cpu_count() or 1)
    params: dict[str, Any] = {f"{part}.model_path": str(path) for part, path in paths.items()}
    params |= {
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.log_level": "critical",
        "Global.max_side_len": _SIDE,
    }
    return RapidOCR(params=params)
