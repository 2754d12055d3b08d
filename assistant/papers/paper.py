"""Paper: a PDF filled from the top, drawn the same to the byte from the same words.

Its fonts are ones every reader brings, Helvetica and STSong-Light, so neither we nor the machine
that shows it need a Chinese font file.
"""

import io
import re
from collections.abc import Iterator, Mapping

import pikepdf

from pii.formats.pdf_edit import DrawingFonts
from pii.formats.pdf_fonts import standard_width
from records.language import Bilingual

# A4 in points.
WIDTH, HEIGHT, MARGIN = 595, 842, 54
INK, SOFT, ACCENT = "0.11 0.14 0.19", "0.38 0.42 0.48", "0.12 0.37 0.55"
_MARK, _FAINT = "0.72 0.11 0.11", "0.97 0.88 0.88"
# What stays together at the end of a line: a word, or one Chinese character.
_WORD = re.compile(r"[\x21-\x7e]+ ?| |[^\x20-\x7e]")
# The same, with closing marks kept to the character before them: none begins a line.
_WORD_AND_MARKS = re.compile(r"[\x21-\x7e]+ ?| |[^\x20-\x7e][。，、；：？！）》】”’]*")
_RUN = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]+")
_MIME = "application/json"


class Paper:
    """Pages filled from the top; a new one begins when a line would not fit."""

    def __init__(self, *, marks_stay: bool = False, mark: Bilingual | None = None) -> None:
        """`mark` stands large across every page: what it is must not be taken for real."""
        # Certificates are drawn again to be verified, so how theirs break never changes.
        self._word = _WORD_AND_MARKS if marks_stay else _WORD
        self.pages: list[list[str]] = []
        self._mark = mark
        self._turn()

    def room(self, height: float) -> None:
        """A new page unless so much is left on this one."""
        if self.y - height < MARGIN:
            self._turn()

    def _turn(self) -> None:
        self.pages.append([])
        self.y = float(HEIGHT - MARGIN)
        if self._mark is not None:
            said = f"{self._mark.zh} / {self._mark.en}"
            for y, size, ink in (
                (HEIGHT - 34, 12, _MARK),
                (HEIGHT / 2, 44, _FAINT),
                (24, 12, _MARK),
            ):
                left = (WIDTH - _measure(said, size)) / 2
                self.write(said, x=left, y=y, size=size, ink=ink)

    def head(self, text: str) -> None:
        """One line above the margin of every page there is."""
        for page in self.pages:
            page.append(_line(text, x=MARGIN, y=HEIGHT - MARGIN / 2, size=9, ink=INK))

    def write(self, text: str, *, x: float, y: float, size: float, ink: str = INK) -> None:
        """One line of text with its left end on that point."""
        self.pages[-1].append(_line(text, x=x, y=y, size=size, ink=ink))

    def rule(self, *, ink: str = "0.81 0.84 0.87", width: float = 0.6) -> None:
        """A line across the page."""
        end = WIDTH - MARGIN
        self.pages[-1].append(f"{ink} RG {width} w {MARGIN} {self.y:.2f} m {end} {self.y:.2f} l S")

    def bar(self, *, x: float, length: float, height: float, ink: str) -> None:
        """A filled bar standing on the present line."""
        corner = f"{x:.2f} {self.y - 1:.2f} {length:.2f} {height:.2f}"
        self.pages[-1].append(f"{ink} rg {corner} re f")

    def block(self, text: str, *, x: float, size: float, right: float, ink: str = INK) -> None:
        """Text broken into lines, the place for the next moved down."""
        for line in _broken(self._word, text, size, right - x):
            self.room(size * 1.45)
            self.y -= size * 1.45
            self.write(line, x=x, y=self.y, size=size, ink=ink)

    def pdf(self, title: str, *, attachments: Mapping[str, bytes] | None = None) -> bytes:
        """The file; attachments are JSON. Nothing in it differs from one drawing to the next."""
        pdf = pikepdf.new()
        fonts = DrawingFonts(pdf)
        for commands in self.pages:
            page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
            fonts.add_to(page.obj.Resources)
            page.obj.Contents = pdf.make_stream("\n".join(commands).encode())
        for name, data in (attachments or {}).items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(
                pdf, data, filename=name, mime_type=_MIME, creation_date="", mod_date=""
            )
        pdf.docinfo["/Title"] = title
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            force_version="1.7",
        )
        return out.getvalue()


def _line(text: str, *, x: float, y: float, size: float, ink: str) -> str:
    parts = []
    for run in _RUN.findall(text):
        latin = run.isascii()
        font = DrawingFonts.latin if latin else DrawingFonts.han
        data = run.encode("ascii" if latin else "utf-16-be").hex()
        parts.append(f"{font} {size} Tf <{data}> Tj")
    return f"BT {ink} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {' '.join(parts)} ET"


def _broken(pattern: re.Pattern[str], text: str, size: float, width: float) -> Iterator[str]:
    line, used = "", 0.0
    for word in _words(pattern, text, size, width):
        wide = _measure(word.rstrip(), size)
        if line and used + wide > width:
            yield line
            line, used = "", 0.0
        line += word
        used += _measure(word, size)
    yield line


def _words(pattern: re.Pattern[str], text: str, size: float, width: float) -> Iterator[str]:
    """Words, one longer than a line cut into pieces that fit."""
    for word in pattern.findall(" ".join(text.split())):
        rest = word
        while len(rest) > 1 and _measure(rest, size) > width:
            fits = max(1, int(len(rest) * width / _measure(rest, size)) - 1)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _measure(text: str, size: float) -> float:
    units = sum(
        standard_width("Helvetica", run) if run.isascii() else 1000.0 * len(run)
        for run in _RUN.findall(text)
    )
    return units * size / 1000
