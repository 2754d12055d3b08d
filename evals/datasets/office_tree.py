"""A tree of small office files as companies have them, invented, the same for the same seed."""

import io
import random
import zipfile
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from openpyxl import Workbook

from evals.bench_redaction import business_text

_MARK = "TEXT-STANDS-HERE"
REPEATS = 0.2


def office_tree(root: Path, count: int, seed: int = 7) -> int:
    """That many files in folders of a hundred; how many bytes. One in five repeats another."""
    chosen = random.Random(seed)
    word, sheet = _template(_docx()), _template(_xlsx())
    made: list[tuple[str, bytes]] = []
    size = 0
    for number in range(count):
        if made and chosen.random() < REPEATS:
            suffix, data = chosen.choice(made)
        else:
            suffix, data = _file(chosen, word, sheet)
            made.append((suffix, data))
            del made[:-200]
        path = root / f"{number // 100:03d}" / f"{number:05d}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        size += len(data)
    return size


def _file(
    chosen: random.Random, word: dict[str, bytes], sheet: dict[str, bytes]
) -> tuple[str, bytes]:
    text = business_text(chosen.randrange(600, 3000), seed=chosen.randrange(10**9))
    suffix = chosen.choices((".docx", ".xlsx", ".txt", ".csv", ".eml"), weights=(4, 2, 2, 1, 1))[0]
    if suffix == ".docx":
        return suffix, _filled(word, text)
    if suffix == ".xlsx":
        return suffix, _filled(sheet, text)
    if suffix == ".eml":
        mail = EmailMessage()
        mail["Subject"], mail["From"] = "客户回访", "a@example.com"
        mail.set_content(text)
        return suffix, mail.as_bytes()
    if suffix == ".csv":
        rows = "".join(f"{n},{line}\n" for n, line in enumerate(text.split("\n")))
        return suffix, f"序号,内容\n{rows}".encode()
    return suffix, text.encode()


def _docx() -> bytes:
    document, out = Document(), io.BytesIO()
    document.add_paragraph(_MARK)
    document.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["内容"])
    book.active.append([_MARK])
    book.save(out)
    return out.getvalue()


def _template(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _filled(parts: dict[str, bytes], text: str) -> bytes:
    out = io.BytesIO()
    words = escape(text).encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data.replace(_MARK.encode(), words))
    return out.getvalue()
