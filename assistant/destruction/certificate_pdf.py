"""The certificate as a PDF, with the signed JSON inside as an attachment."""

import io
from collections.abc import Mapping
from typing import Any

import pikepdf
import segno

from assistant.destruction.certificate_rows import Line, certificate_lines
from assistant.papers.paper import ACCENT, INK, MARGIN, SOFT, WIDTH, Paper
from records.signing import BadSignature
from tickets.destruction.register import chain_hash

ATTACHMENT = "certificate.json"
LARGEST_BYTES = 16 * 1024 * 1024
_LABELS, _QR = 126, 92


def certificate_pdf(text: str, body: Mapping[str, Any], public_key: str) -> bytes:
    """The certificate of a signed statement; `text` goes inside as it is."""
    paper = Paper()
    _head(paper, body)
    for line in certificate_lines(body):
        _row(paper, line)
    _foot(paper, body, public_key)
    return paper.pdf(f"销毁证明 {body['serial']}", attachments={ATTACHMENT: text.encode()})


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


def _head(paper: Paper, body: Mapping[str, Any]) -> None:
    top = paper.y
    paper.y -= 20
    paper.write("信息销毁证明", x=MARGIN, y=paper.y, size=22)
    paper.y -= 17
    paper.write("Certificate of destruction of information", x=MARGIN, y=paper.y, size=10, ink=SOFT)
    paper.y -= 24
    paper.write(str(body["serial"]), x=MARGIN, y=paper.y, size=14, ink=ACCENT)
    number = body["register"]["number"]
    paper.y -= 17
    paper.write(f"登记簿第 {number} 号  no. {number} in the register", x=MARGIN, y=paper.y, size=9)
    _code(paper, body, top)
    paper.y = min(paper.y, top - _QR) - 14
    paper.rule(ink=ACCENT, width=1.6)


def check_link(body: Mapping[str, Any]) -> str:
    """Where the issuer says whether serial and chain hash stand in its register; "" where nowhere."""
    at = body.get("check_at")
    return f"{at}/{body['serial']}?sha256={chain_hash(body)}" if at else ""


def _code(paper: Paper, body: Mapping[str, Any], top: float) -> None:
    """What stands in the register, to be compared with it: a link where the issuer has an address."""
    said = check_link(body)
    if not said:
        said = f"销毁证明 {body['serial']} {body['register']['number']}\nSHA-256 {chain_hash(body)}"
        said += "\ncompliance certificate verify"
    modules = [list(row) for row in segno.make(said, error="m", micro=False).matrix]
    side = _QR / len(modules)
    left, marks = WIDTH - MARGIN - _QR, ["0 g"]
    for r, row in enumerate(modules):
        for c, dark in enumerate(row):
            if dark:
                x, y = left + c * side, top - (r + 1) * side
                # A hair wider than its place, so that no white line shows between two.
                marks.append(f"{x:.3f} {y:.3f} {side + 0.02:.3f} {side + 0.02:.3f} re")
    paper.pages[-1].append(" ".join([*marks, "f"]))


def _row(paper: Paper, line: Line) -> None:
    """A label in both languages and what stands beside it."""
    paper.room(34)
    page, top = len(paper.pages), paper.y
    paper.y -= 3
    paper.write(line.name.zh, x=MARGIN, y=top - 15, size=10)
    paper.write(line.name.en, x=MARGIN, y=top - 27, size=7.5, ink=SOFT)
    x, right = MARGIN + _LABELS, WIDTH - MARGIN
    for said in line.said:
        size, ink = (9.5, INK) if said.strong else (8, SOFT)
        paper.block(said.text, x=x, size=size, right=right, ink=ink)
    low = paper.y - 6
    paper.y = min(low, top - 33) if len(paper.pages) == page else low
    paper.rule()


def _foot(paper: Paper, body: Mapping[str, Any], public_key: str) -> None:
    right = WIDTH - MARGIN
    paper.y -= 8
    paper.block("本证明不包括  What this does not cover", x=MARGIN, size=9.5, right=right)
    for number, limit in enumerate(body["limits"], start=1):
        text = f"{number}. {limit['zh']} {limit['en']}"
        paper.block(text, x=MARGIN, size=7.5, right=right, ink=SOFT)
    paper.y -= 6
    paper.block("核验  How to check", x=MARGIN, size=9.5, right=right)
    link = check_link(body)
    for text in (
        *([f"扫码或打开 scan the code, or open: {link}"] if link else []),
        "时间均为北京时间。 All times are Beijing time.",
        f"链校验值 chain hash: {chain_hash(body)}",
        f"公钥 public key (Ed25519): {public_key}",
        "本文件内附签名原件，可离线核验；公钥请向出具方另行取得。 The signed original lies inside "
        "this file and is checked offline; get the public key from the issuer by another way: "
        f"compliance certificate verify {body['serial']}.pdf --key KEY",
    ):
        paper.block(text, x=MARGIN, size=7.5, right=right, ink=SOFT)
