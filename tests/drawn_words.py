"""The words our own papers draw, from their content streams: no font of the machine has a say in it.

PDFium leaves out a lone Chinese character where the machine has no Chinese font.
"""

import io

import pikepdf

from pii.formats.pdf_edit import DrawingFonts


def drawn_words(pdf: bytes) -> str:
    """All that `assistant.papers.paper` drew, a line each."""
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return "\n".join(_page(page) for page in paper.pages)


def _page(page: pikepdf.Page) -> str:
    lines, font = [""], ""
    for instruction in pikepdf.parse_content_stream(page):
        match str(instruction.operator):
            case "BT":
                lines.append("")
            case "Tf":
                font = str(instruction.operands[0])
            case "Tj":
                coding = "utf-16-be" if font == DrawingFonts.han else "ascii"
                lines[-1] += bytes(instruction.operands[0]).decode(coding)
    return "\n".join(lines)
