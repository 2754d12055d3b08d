"""A page's characters as blocks of text, and whether it can be trusted as text at all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pii.formats.page_layout import Block, lay_out
from pii.formats.page_rules import Mark, Rule
from pii.formats.pdf_matrix import at
from pii.formats.pdf_shown import Glyph, Placed, Shown

ASCENT, DESCENT = 0.86, -0.14
_FEW_GLYPHS, _MANY_CURVES = 20, 150
_UNMAPPED_SHARE = 0.1


@dataclass(frozen=True)
class PageText:
    """Blocks whose sources count the glyphs; `twins` are glyphs drawn again over another."""

    blocks: Sequence[Block]
    glyphs: Sequence[Glyph]
    twins: dict[int, list[int]]


def page_text(shown: Shown) -> PageText:
    """What a page shows, as text."""
    layers: dict[tuple[int, bool], list[int]] = {}
    twins: dict[int, list[int]] = {}
    first: dict[tuple[str | None, int, int], int] = {}
    for number, glyph in enumerate(shown.glyphs):
        original = _seen(glyph, first, shown.glyphs)
        if original is None:
            layers.setdefault((_angle(glyph), glyph.invisible), []).append(number)
            first[_spot(glyph, 0, 0)] = number
        else:
            # Bold made by drawing twice, or a shadow: read once, taken out twice.
            twins.setdefault(original, []).append(number)
    blocks: list[Block] = []
    for (angle, invisible), numbers in layers.items():
        marks = [_mark(shown.glyphs[n], n, angle) for n in numbers]
        blocks += lay_out(marks, *(((), ()) if invisible else _rules(shown, angle)))
    return PageText(blocks, shown.glyphs, twins)


def _spot(glyph: Glyph, dx: int, dy: int) -> tuple[str | None, int, int]:
    step = max(0.2 * math.hypot(glyph.em[2], glyph.em[3]), 0.05)
    return glyph.text, round(glyph.em[4] / step) + dx, round(glyph.em[5] / step) + dy


def _seen(
    glyph: Glyph, first: dict[tuple[str | None, int, int], int], glyphs: Sequence[Glyph]
) -> int | None:
    for dx in (0, -1, 1):
        for dy in (0, -1, 1):
            number = first.get(_spot(glyph, dx, dy))
            if number is not None and _covers(glyph, glyphs[number]):
                return number
    return None


def _covers(glyph: Glyph, other: Glyph) -> bool:
    """Whether one lies on the other. The second l of Controller stands beside the first."""
    apart = math.hypot(glyph.em[4] - other.em[4], glyph.em[5] - other.em[5])
    size = math.hypot(*(glyph.em[2:4] if glyph.vertical else glyph.em[:2]))
    return apart < min(0.3, 0.5 * max(glyph.width, 0.1)) * size


def _angle(glyph: Glyph) -> int:
    """The direction of reading in whole degrees."""
    a, b = (-glyph.em[2], -glyph.em[3]) if glyph.vertical else glyph.em[:2]
    return round(math.degrees(math.atan2(b, a))) % 360


def _mark(glyph: Glyph, number: int, angle: int) -> Mark:
    if glyph.vertical:
        corners = [(x, y) for x in (-0.5, 0.5) for y in (glyph.width, 0.0)]
    else:
        corners = [(x, y) for x in (0.0, max(glyph.width, 0.05)) for y in (DESCENT, ASCENT)]
    x0, y0, x1, y1 = upright([at(glyph.em, *corner) for corner in corners], angle)
    return Mark(glyph.text or "\ufffd", x0, y0, x1, y1, number)


def upright(
    points: Sequence[tuple[float, float]], angle: float
) -> tuple[float, float, float, float]:
    """The box of points in a frame where text at that angle runs to the right, y downwards."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    xs = [x * cos + y * sin for x, y in points]
    ys = [x * sin - y * cos for x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _rules(shown: Shown, angle: int) -> tuple[list[Rule], list[Rule]]:
    return ruled(shown.lines, angle)


def ruled(
    lines: Sequence[tuple[float, float, float, float]], angle: float
) -> tuple[list[Rule], list[Rule]]:
    """Straight lines of the page as rules of the turned frame."""
    across: list[Rule] = []
    upwards: list[Rule] = []
    if round(angle) % 90:
        return across, upwards
    for x0, y0, x1, y1 in lines:
        a, b, c, d = upright([(x0, y0), (x1, y1)], angle)
        if c - a > d - b:
            across.append(Rule((b + d) / 2, a, c))
        else:
            upwards.append(Rule((a + c) / 2, b, d))
    return across, upwards


def why_not_text(shown: Shown) -> str | None:
    """Why a page must be taken as a picture, or None: in a word for the report."""
    if _is_unmapped(shown.glyphs):
        return "unmapped characters"
    if shown.curves > _MANY_CURVES and len(shown.glyphs) < _FEW_GLYPHS:
        return "text drawn as outlines"
    large = [p for p in shown.pictures if _area(p) > 400]
    if any(p.stencil for p in large):
        return "a picture used as a stencil"
    if any(p.inline and p.image.width * p.image.height > 1600 for p in shown.pictures):
        return "pictures inside the page's own stream"
    if len(large) > 1 and _are_tiles(large):
        return "one picture cut into tiles"
    return None


def _is_unmapped(glyphs: Sequence[Glyph]) -> bool:
    """A bullet nobody mapped is harmless; two characters in a row may be a name."""
    shown = [g for g in glyphs if g.width]
    unmapped = [g.text is None for g in shown]
    beside = any(
        a and b and (x.stream, x.instruction) == (y.stream, y.instruction)
        for a, b, x, y in zip(unmapped, unmapped[1:], shown, shown[1:], strict=False)
    )
    return beside or sum(unmapped) > max(2, _UNMAPPED_SHARE * len(unmapped))


def _area(placed: Placed) -> float:
    m = placed.place
    return abs(m[0] * m[3] - m[1] * m[2])


def _box(placed: Placed) -> tuple[float, float, float, float]:
    points = [at(placed.place, x, y) for x in (0, 1) for y in (0, 1)]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _are_tiles(pictures: Sequence[Placed]) -> bool:
    """Whether two pictures share an edge: a line of text may run across it."""
    boxes = [_box(p) for p in pictures[:300]]
    for number, a in enumerate(boxes):
        for b in boxes[:number]:
            wide = min(a[2], b[2]) - max(a[0], b[0])
            high = min(a[3], b[3]) - max(a[1], b[1])
            if (abs(high) < 1.5 and wide > 20) or (abs(wide) < 1.5 and high > 20):
                return True
    return False
