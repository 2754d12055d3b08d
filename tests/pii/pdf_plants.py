"""PDFs made by hand: a page from operators, fonts without files, and what stands where."""

import io
from typing import Any

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name

NAME = "欧阳明华"
MOBILE = "13800138000"
ID18 = "11010519491231002X"
HARMLESS = "服务期限为十二个月"


def gb(text: str) -> str:
    """A string operand in the font /G (UniGB-UCS2-H)."""
    return f"<{text.encode('utf-16-be').hex()}>"


def subset(text: str) -> str:
    """A string operand in the font /S, whose codes are a scrambled alphabet of its own."""
    return "<" + "".join(f"{scrambled(char):04x}" for char in text) + ">"


def scrambled(char: str) -> int:
    return (ord(char) * 7 + 13) % 65521


def song(pdf: pikepdf.Pdf, encoding: str = "/UniGB-UCS2-H") -> Dictionary:
    """A Chinese font every reader brings."""
    child = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"), DW=1000,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="GB1", Supplement=4),
        FontDescriptor=pdf.make_indirect(Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/STSong-Light"), Flags=6,
            FontBBox=[-25, -254, 1000, 880], ItalicAngle=0, Ascent=880, Descent=-120,
            CapHeight=880, StemV=93,
        )),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/STSong-Light"),
        Encoding=Name(encoding), DescendantFonts=[pdf.make_indirect(child)],
    )  # fmt: skip


def subset_font(pdf: pikepdf.Pdf, text: str, *, mapped: bool = True) -> Dictionary:
    """A font of glyph numbers; only its ToUnicode map says what they mean."""
    lines = [f"<{scrambled(c):04x}> <{c.encode('utf-16-be').hex()}>" for c in dict.fromkeys(text)]
    cmap = "\n".join(
        [
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            f"{len(lines)} beginbfchar",
            *lines,
            "endbfchar",
        ]
    )
    font = song(pdf, "/Identity-H")
    font.DescendantFonts[0].CIDSystemInfo = Dictionary(
        Registry="Adobe", Ordering="Identity", Supplement=0
    )
    if mapped:
        font.ToUnicode = pdf.make_stream(cmap.encode())
    return font


def page_of(content: str, *, subset_text: str = "") -> pikepdf.Pdf:
    """One A4 page. /F is Helvetica, /G Chinese, /V Chinese downwards, /S a subset font."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    fonts = Dictionary(
        F=pdf.make_indirect(Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )),
        G=pdf.make_indirect(song(pdf)),
        V=pdf.make_indirect(song(pdf, "/UniGB-UCS2-V")),
    )  # fmt: skip
    if subset_text:
        fonts.S = pdf.make_indirect(subset_font(pdf, subset_text))
    page.Resources = Dictionary(Font=fonts)
    page.Contents = pdf.make_stream(content.encode())
    return pdf


def line(text: str, *, x: int = 60, y: int = 760) -> str:
    """A text object with one line of Chinese."""
    return f"BT /G 12 Tf {x} {y} Td {gb(text)} Tj ET\n"


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    target = io.BytesIO()
    pdf.save(target, **options)
    return target.getvalue()


def form(pdf: pikepdf.Pdf, content: str) -> Any:
    """A form with the fonts of the first page."""
    stream = pdf.make_stream(content.encode())
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([0, 0, 595, 842])
    stream.Resources = pdf.pages[0].Resources
    return stream


def spellings(value: str) -> list[bytes]:
    """A value as bytes in every encoding a PDF might keep it in."""
    kinds = ("utf-8", "utf-16-be", "utf-16-le", "gb18030", "pdfdoc_pikepdf")
    made = []
    for kind in kinds:
        try:
            made.append(value.encode(kind))
        except UnicodeEncodeError:
            continue
    return [*made, value.encode("utf-16-be").hex().encode(), value.encode().hex().encode()]


def holds(data: bytes, value: str, *, pages: bool = True) -> list[str]:
    """Where a value stands in a PDF as pypdf takes it apart; empty when it is nowhere."""
    wanted = spellings(value)
    found = ["raw bytes"] if any(w in data for w in wanted) else []
    reader = pypdf.PdfReader(io.BytesIO(data))
    for number in range(1, int(reader.trailer["/Size"])):
        try:
            item = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        except pypdf.errors.PdfReadError:
            continue
        if _in_object(item, value, wanted):
            found.append(f"object {number}")
    for number, page in enumerate(reader.pages if pages else ()):
        text = page.extract_text() + page.extract_text(extraction_mode="layout")
        if value in "".join(text.split()):
            found.append(f"text of page {number}")
    return found


def _in_object(item: Any, value: str, wanted: list[bytes]) -> bool:
    # What an object stream holds is looked at object by object.
    if isinstance(item, pypdf.generic.StreamObject) and item.get("/Type") != "/ObjStm":
        try:
            content = item.get_data()
        except Exception:  # pictures pypdf has no decoder for
            content = item._data
        plain = content.lower()
        if any(w in content or w.lower() in plain for w in wanted):
            return True
    if isinstance(item, dict):
        return any(value in str(k) or _in_object(v, value, wanted) for k, v in item.items())
    if isinstance(item, list):
        return any(_in_object(v, value, wanted) for v in item)
    return isinstance(item, str) and value in item


def revised(data: bytes) -> bytes:
    """The file with a later revision appended, in which the page is empty."""
    base = data.rfind(b"startxref")
    xref = int(data[base:].split()[1])
    reader = pypdf.PdfReader(io.BytesIO(data))
    contents = reader.pages[0].raw_get("/Contents").idnum
    size = int(reader.trailer["/Size"])
    root = reader.trailer.raw_get("/Root").idnum
    start = len(data) + 1
    empty = f"{contents} 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n".encode()
    table = f"xref\n{contents} 1\n{start:010d} 00000 n \n".encode()
    trailer = (
        f"trailer\n<< /Size {size} /Root {root} 0 R /Prev {xref} >>\n"
        f"startxref\n{start + len(empty)}\n%%EOF\n"
    ).encode()
    return data + b"\n" + empty + table + trailer
