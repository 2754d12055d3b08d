"""A picture read as a page, and what must not be seen painted over in its pixels.

What is read badly is painted too: a line the engine is unsure of, a number with an unsure digit, a
code (QR, bars), and the whole picture where it is an identity document, whose portrait and
signature no recognizer of text would find.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pii.formats.ocr import Line, Pixels, Quad, read_lines
from pii.formats.page_layout import Block, lay_out
from pii.formats.page_rules import Mark, Rule

_WHOLE_LINE = 0.85
_IDENTITY_DOCUMENT = re.compile(
    r"居民身份证|公民身份号码|签发机关|居留证|居民户口簿|护照\s*PASSPORT|机动车驾驶证|机动车行驶证|"
    r"往来港澳通行证|往来内地通行证|往来大陆通行证|P[<〈][A-Z]{3}|Resident Identity Card",
    re.IGNORECASE,
)
_IDENTITY_WORDS = 240
"""An identity document holds few words; a form that mentions one holds more."""
_INK = (40, 40, 40)
_SEEN_BY_EYE = 10


@dataclass(frozen=True)
class ReadPicture:
    """What was read in a picture. Sources of its blocks count the characters of all its lines."""

    blocks: Sequence[Block]
    lines: Sequence[Line]
    unsure: Sequence[Quad]
    codes: Sequence[Quad]
    is_identity_document: bool

    @property
    def confidence(self) -> float:
        """How sure the engine is of a character, on average; 0 where nothing was read."""
        count = sum(len(line.text) for line in self.lines)
        return sum(line.score * len(line.text) for line in self.lines) / count if count else 0.0

    @property
    def is_painted(self) -> bool:
        """Whether something must be painted over, whatever the findings."""
        return bool(self.unsure or self.codes or self.is_identity_document)

    @property
    def said(self) -> str:
        """What was read, for the report: lines, certainty, what was painted as unsure."""
        said = (
            f"{len(self.lines)} lines, confidence {self.confidence:.2f}, "
            f"{len(self.unsure)} unsure, {len(self.codes)} codes"
        )
        return said + (", identity document" if self.is_identity_document else "")


NOTHING_READ = ReadPicture((), (), (), (), False)


def read_picture(pixels: Pixels) -> ReadPicture:
    """The text of a picture in blocks; pictures too small or too even to hold any stay unread."""
    if min(pixels.shape[:2]) < _SEEN_BY_EYE or int(pixels.max()) - int(pixels.min()) < 12:
        return NOTHING_READ
    lines = read_lines(pixels)
    sure = [line for line in lines if not line.is_unsure]
    text = "\n".join(line.text for line in lines)
    return ReadPicture(
        _blocks(pixels, sure),
        sure,
        [line.quad for line in lines if line.is_unsure],
        _codes(pixels),
        is_identity_document(text),
    )


def is_identity_document(text: str) -> bool:
    """Whether the words are those of an identity card, a passport, a licence."""
    return len(text) < _IDENTITY_WORDS and _IDENTITY_DOCUMENT.search(text) is not None


def paint(pixels: Pixels, read: ReadPicture, findings: Iterable[Sequence[int]]) -> Pixels:
    """The pixels with each finding, given by its sources, and everything unsure painted over."""
    pixels = pixels.copy()
    if read.is_identity_document:
        pixels[:] = _INK
        return pixels
    starts: list[int] = []
    position = 0
    for line in read.lines:
        starts.append(position)
        position += len(line.chars)
    quads = [_grown(quad, 0.15) for quad in (*read.unsure, *read.codes)]
    for sources in findings:
        wanted = set(sources)
        for start, line in zip(starts, read.lines, strict=True):
            hit = [n for n in range(len(line.chars)) if start + n in wanted]
            if hit:
                quads.append(_stretch(line, hit[0], hit[-1]))
    for quad in quads:
        cv2.fillPoly(pixels, [np.array(quad).round().astype(np.int32)], _INK)
    return pixels


def _stretch(line: Line, first: int, last: int) -> Quad:
    """The part of a line from one character to another, with a margin; all of it when unsure."""
    if line.score < _WHOLE_LINE:
        return _grown(line.quad, 0.15)
    # Characters of one line are cut from one box, so their own corners give its direction.
    a, _, _, d = line.chars[first].quad
    _, b, c, _ = line.chars[last].quad
    height = math.dist(a, d)
    along = math.atan2(b[1] - a[1], b[0] - a[0])
    x, y = math.cos(along), math.sin(along)
    # Places of characters come from columns of a few pixels: half a character to be safe.
    m, n = 0.35 * height, 0.12 * height
    return (
        (a[0] - m * x + n * y, a[1] - m * y - n * x),
        (b[0] + m * x + n * y, b[1] + m * y - n * x),
        (c[0] + m * x - n * y, c[1] + m * y + n * x),
        (d[0] - m * x - n * y, d[1] - m * y + n * x),
    )


def _grown(quad: Quad, by: float) -> Quad:
    x = sum(p[0] for p in quad) / len(quad)
    y = sum(p[1] for p in quad) / len(quad)
    pad = by * min(math.dist(quad[0], quad[1]), math.dist(quad[1], quad[2]))
    grown = []
    for px, py in quad:
        length = math.dist((px, py), (x, y)) or 1.0
        grown.append((px + (px - x) / length * pad * 1.5, py + (py - y) / length * pad * 1.5))
    return tuple(grown)


# --- layout


def _blocks(pixels: Pixels, lines: Sequence[Line]) -> list[Block]:
    """Lines as blocks, those of each direction by themselves, turned upright."""
    groups: dict[int, list[tuple[int, Line]]] = {}
    position = 0
    for line in lines:
        groups.setdefault(round(_angle(line) / 90) % 4, []).append((position, line))
        position += len(line.chars)
    blocks = []
    for members in groups.values():
        angles = sorted(_angle(line) for _, line in members for _ in line.chars)
        angle = angles[len(angles) // 2]
        turn = _rotation(pixels, angle)
        marks = [
            _mark(turn, char.text, char.quad, start + n)
            for start, line in members
            for n, char in enumerate(line.chars)
        ]
        blocks += lay_out(marks, *_ruled(pixels, turn))
    return blocks


def _angle(line: Line) -> float:
    """The direction of reading in degrees, clockwise from the right."""
    (ax, ay), (bx, by) = line.chars[0].quad[0], line.chars[-1].quad[1]
    return math.degrees(math.atan2(by - ay, bx - ax))


def _rotation(pixels: Pixels, angle: float) -> np.ndarray:
    height, width = pixels.shape[:2]
    return np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0))


def _mark(turn: np.ndarray, text: str, quad: Quad, source: int) -> Mark:
    points = [
        (turn[0, 0] * x + turn[0, 1] * y + turn[0, 2], turn[1, 0] * x + turn[1, 1] * y + turn[1, 2])
        for x, y in quad
    ]
    xs, ys = [float(p[0]) for p in points], [float(p[1]) for p in points]
    return Mark(text, min(xs), min(ys), max(xs), max(ys), source)


def _ruled(pixels: Pixels, turn: np.ndarray) -> tuple[list[Rule], list[Rule]]:
    """The straight lines of tables, in the turned frame."""
    height, width = pixels.shape[:2]
    side = int(math.hypot(width, height))
    shift = turn.copy()
    dx, dy = (side - width) / 2, (side - height) / 2
    shift[:, 2] += (dx, dy)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    upright = cv2.warpAffine(grey, shift, (side, side), borderValue=255)
    dark = cv2.adaptiveThreshold(
        upright, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12
    )
    found: tuple[list[Rule], list[Rule]] = ([], [])
    length = max(60, side // 20)
    for number, kernel in enumerate(((length, 1), (1, length))):
        only = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
        only = cv2.dilate(only, np.ones((3, 3), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(only)
        for x, y, w, h, _ in stats[1:].tolist():
            if number == 0 and h < 14:
                found[0].append(Rule(y + h / 2 - dy, x - dx, x + w - dx))
            elif number == 1 and w < 14:
                found[1].append(Rule(x + w / 2 - dx, y - dy, y + h - dy))
    return found


def _codes(pixels: Pixels) -> list[Quad]:
    """QR codes and bar codes, whatever they hold."""
    scale = min(1.0, 1600 / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found: list[Quad] = []
    for detector in (
        cv2.QRCodeDetectorAruco().detectMulti,
        cv2.QRCodeDetector().detect,
        cv2.barcode.BarcodeDetector().detectMulti,
    ):
        try:
            hit, corners = detector(small)
        except cv2.error:
            continue
        if hit and corners is not None:
            for quad in np.asarray(corners).reshape(-1, 4, 2) / scale:
                found.append(tuple((float(x), float(y)) for x, y in quad))
    return found
