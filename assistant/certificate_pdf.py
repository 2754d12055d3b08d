"""The certificate as a PDF: drawn the same to the byte from the same signed statement.

Its fonts are ones every reader brings, Helvetica and STSong-Light, so neither we nor the machine
that shows it need a Chinese font file. The signed JSON lies inside as an attachment.
"""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
import segno

from assistant.certificate_rows import Line, certificate_lines
from pii.formats.pdf_edit import DrawingFonts
from pii.formats.pdf_fonts import standard_width
from records.signing import BadSignature
from tickets.register import chain_hash

ATTACHMENT = "certificate.json"
LARGEST_BYTES = 16 * 1024 * 1024
_WIDTH, _HEIGHT, _MARGIN = 595, 842, 54
_LABELS, _QR = 126, 92
_INK, _SOFT, _ACCENT = "0.11 0.14 0.19", "0.38 0.42 0.48", "0.12 0.37 0.55"
# What stays together at the end of a line: a word, or one Chinese character.
_WORD = re.compile(r"[\x21-\x7e]+ ?| |[^\x20-\x7e]")
_RUN = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]+")


class _Paper:
    """Pages filled from the top; a new one begins when a line would not fit."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = [[]]
        self.y = float(_HEIGHT - _MARGIN)

    def room(self, height: float) -> None:
        """A new page unless so much is left on this one."""
        if self.y - height < _MARGIN:
            self.pages.append([])
            self.y = float(_HEIGHT - _MARGIN)

    def write(self, text: str, *, x: float, y: float, size: float, ink: str = _INK) -> None:
        """One line of text with its left end on that point."""
        parts = []
        for run in _RUN.findall(text):
            latin = run.isascii()
            font = DrawingFonts.latin if latin else DrawingFonts.han
            data = run.encode("ascii" if latin else "utf-16-be").hex()
            parts.append(f"{font} {size} Tf <{data}> Tj")
        self.pages[-1].append(f"BT {ink} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {' '.join(parts)} ET")

    def rule(self, *, ink: str = "0.81 0.84 0.87", width: float = 0.6) -> None:
        """A line across the page."""
        end = _WIDTH - _MARGIN
        self.pages[-1].append(f"{ink} RG {width} w {_MARGIN} {self.y:.2f} m {end} {self.y:.2f} l S")

    def block(self, text: str, *, x: float, size: float, right: float, ink: str = _INK) -> None:
        """Text broken into lines, the place for the next moved down."""
        for line in _broken(text, size, right - x):
            self.room(size * 1.45)
            self.y -= size * 1.45
            self.write(line, x=x, y=self.y, size=size, ink=ink)


def certificate_pdf(text: str, body: Mapping[str, Any], public_key: str) -> bytes:
    """The certificate of a signed statement; `text` goes inside as it is."""
    paper = _Paper()
    _head(paper, body)
    for line in certificate_lines(body):
        _row(paper, line)
    _foot(paper, body, public_key)
    return _file(paper, text, str(body["serial"]))


def statement_inside(untrusted: bytes) -> bytes:
    """The signed JSON inside a certificate. Raises BadSignature where there is none."""
    try:
        if len(untrusted) > LARGEST_BYTES:
            raise ValueError("too large")
        with pikepdf.open(io.BytesIO(untrusted)) as pdf:
            return bytes(pdf.attachments[ATTACHMENT].get_file().read_bytes())
    except (pikepdf.PdfError, KeyError, ValueError) as error:
        raise BadSignature(
            "这份 PDF 里没有签名内容，不是本系统出具的证明，或已损坏。",
            "This PDF holds no signed statement: not our certificate, or damaged.",
        ) from error


def _head(paper: _Paper, body: Mapping[str, Any]) -> None:
    top = paper.y
    paper.y -= 20
    paper.write("信息销毁证明", x=_MARGIN, y=paper.y, size=22)
    paper.y -= 17
    paper.write(
        "Certificate of destruction of information", x=_MARGIN, y=paper.y, size=10, ink=_SOFT
    )
    paper.y -= 24
    paper.write(str(body["serial"]), x=_MARGIN, y=paper.y, size=14, ink=_ACCENT)
    number = body["register"]["number"]
    paper.y -= 17
    paper.write(f"登记簿第 {number} 号  no. {number} in the register", x=_MARGIN, y=paper.y, size=9)
    _code(paper, body, top)
    paper.y = min(paper.y, top - _QR) - 14
    paper.rule(ink=_ACCENT, width=1.6)


def _code(paper: _Paper, body: Mapping[str, Any], top: float) -> None:
    """What stands in the register, to be compared with it: serial, number and chain hash."""
    said = f"销毁证明 {body['serial']} {body['register']['number']}\nSHA-256 {chain_hash(body)}"
    said += "\ncompliance certificate verify"
    modules = [list(row) for row in segno.make(said, error="m", micro=False).matrix]
    side = _QR / len(modules)
    left, marks = _WIDTH - _MARGIN - _QR, ["0 g"]
    for r, row in enumerate(modules):
        for c, dark in enumerate(row):
            if dark:
                x, y = left + c * side, top - (r + 1) * side
                # A hair wider than its place, so that no white line shows between two.
                marks.append(f"{x:.3f} {y:.3f} {side + 0.02:.3f} {side + 0.02:.3f} re")
    paper.pages[-1].append(" ".join([*marks, "f"]))


def _row(paper: _Paper, line: Line) -> None:
    """A label in both languages and what stands beside it."""
    paper.room(34)
    page, top = len(paper.pages), paper.y
    paper.y -= 3
    paper.write(line.name.zh, x=_MARGIN, y=top - 15, size=10)
    paper.write(line.name.en, x=_MARGIN, y=top - 27, size=7.5, ink=_SOFT)
    x, right = _MARGIN + _LABELS, _WIDTH - _MARGIN
    for said in line.said:
        size, ink = (9.5, _INK) if said.strong else (8, _SOFT)
        paper.block(said.text, x=x, size=size, right=right, ink=ink)
    low = paper.y - 6
    paper.y = min(low, top - 33) if len(paper.pages) == page else low
    paper.rule()


def _foot(paper: _Paper, body: Mapping[str, Any], public_key: str) -> None:
    right = _WIDTH - _MARGIN
    paper.y -= 8
    paper.block("本证明不包括  What this does not cover", x=_MARGIN, size=9.5, right=right)
    for number, limit in enumerate(body["limits"], start=1):
        text = f"{number}. {limit['zh']} {limit['en']}"
        paper.block(text, x=_MARGIN, size=7.5, right=right, ink=_SOFT)
    paper.y -= 6
    paper.block("核验  How to check", x=_MARGIN, size=9.5, right=right)
    for text in (
        "时间均为北京时间。 All times are Beijing time.",
        f"链校验值 chain hash: {chain_hash(body)}",
        f"公钥 public key (Ed25519): {public_key}",
        "本文件内附签名原件，可离线核验；公钥请向出具方另行取得。 The signed original lies inside "
        "this file and is checked offline; get the public key from the issuer by another way: "
        f"compliance certificate verify {body['serial']}.pdf --key KEY",
    ):
        paper.block(text, x=_MARGIN, size=7.5, right=right, ink=_SOFT)


def _file(paper: _Paper, text: str, serial: str) -> bytes:
    """The PDF with nothing in it that differs from one drawing to the next."""
    pdf = pikepdf.new()
    fonts = DrawingFonts(pdf)
    for commands in paper.pages:
        page = pdf.add_blank_page(page_size=(_WIDTH, _HEIGHT))
        fonts.add_to(page.obj.Resources)
        page.obj.Contents = pdf.make_stream("\n".join(commands).encode())
    attached = pikepdf.AttachedFileSpec(
        pdf, text.encode(), filename=ATTACHMENT, mime_type="application/json",
        creation_date="", mod_date="",
    )  # fmt: skip
    pdf.attachments[ATTACHMENT] = attached
    pdf.docinfo["/Title"] = f"销毁证明 {serial}"
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        compress_streams=False,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        force_version="1.7",
    )
    return out.getvalue()


def _broken(text: str, size: float, width: float) -> Iterator[str]:
    line, used = "", 0.0
    for word in _words(text, size, width):
        wide = _measure(word.rstrip(), size)
        if line and used + wide > width:
            yield line
            line, used = "", 0.0
        line += word
        used += _measure(word, size)
    yield line


def _words(text: str, size: float, width: float) -> Iterator[str]:
    """Words, one longer than a line cut into pieces that fit."""
    for word in _WORD.findall(" ".join(text.split())):
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
