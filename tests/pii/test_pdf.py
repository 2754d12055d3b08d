"""Every place a PDF can keep text in: each test fails when its place is skipped."""

import io
import random
from collections.abc import Callable

import pikepdf
import pypdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String

from pii.detect import PresidioDetector
from pii.documents import RedactedDocument, redact_document
from pii.errors import TooLarge, UnknownPart, UnreadableDocument
from pii.policy import RedactionPolicy, load_policy
from records.errors import ProductError
from tests.pii.pdf_plants import (
    HARMLESS,
    ID18,
    MOBILE,
    NAME,
    form,
    gb,
    holds,
    line,
    page_of,
    revised,
    saved,
    subset,
)

Redactor = Callable[..., RedactedDocument]
SAID = f"客户{NAME}，电话{MOBILE}"


@pytest.fixture(scope="session")
def redacted(detector: PresidioDetector, standard: RedactionPolicy) -> Redactor:
    return lambda data, **options: redact_document(data, "a.pdf", detector, standard, **options)


def assert_gone(result: RedactedDocument, *values: str) -> None:
    for value in values or (NAME, MOBILE):
        assert holds(result.data, value) == []


def pdfium_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


# --- pages

SHOWN = {
    "one string": line(SAID),
    "character by character": "BT /G 12 Tf 60 700 Td "
    + " ".join(f"{gb(c)} Tj 12 0 Td" if ord(c) > 255 else f"{gb(c)} Tj 6 0 Td" for c in SAID)
    + " ET",
    "an array with kerning": "BT /G 12 Tf 60 700 Td ["
    + " -20 ".join(gb(c) for c in SAID)
    + "] TJ ET",
    "several text objects": line(f"客户{NAME[:2]}") + line(NAME[2:] + "，电话", x=108)
    + "BT /F 12 Tf 170 760 Td (138001) Tj ET BT /F 12 Tf 210.1 760 Td (38000) Tj ET",
    "a name across two lines": line("甲方指派的联系人为客户" + NAME[:2])
    + line(NAME[2:] + "，电话" + MOBILE, y=744),
    "invisible text": line(SAID).replace("Tf", "Tf 3 Tr"),
    "white text": "1 g " + line(SAID),
    "outside the page": line(SAID, x=2000),
    "under another text": line(SAID) + line(HARMLESS),
    "drawn twice for bold": line(SAID) + line(SAID).replace("60 760", "60.3 760"),
    "next-line operators": f"BT /G 12 Tf 14 TL 60 700 Td {gb('客户' + NAME)} ' 1 0 "
    f"{gb('电话' + MOBILE)} \" ET",
    "turned by ninety degrees": f"BT /G 12 Tf 0 1 -1 0 300 100 Tm {gb(SAID)} Tj ET",
    "upside down": f"BT /G 12 Tf -1 0 0 -1 300 300 Tm {gb(SAID)} Tj ET",
    "written downwards": f"BT /V 12 Tf 300 700 Td {gb(SAID)} Tj ET",
    "clipped away": "q 0 0 1 1 re W n " + line(SAID) + "Q",
    "a marked sequence": f"/Span <</ActualText {gb('﻿' + SAID)} /E ({MOBILE})>> BDC "
    + line(HARMLESS) + "EMC " + line(SAID),
    "a comment": f"% {MOBILE}\n" + line(SAID),
}  # fmt: skip


@pytest.mark.parametrize("way", SHOWN)
def test_what_a_page_shows_or_hides_is_taken_out(redacted: Redactor, way: str) -> None:
    result = redacted(saved(page_of(SHOWN[way] + line(HARMLESS, y=60))))
    assert_gone(result)
    # What a renderer reads beside turned text depends on the fonts of the machine.
    assert HARMLESS in pypdf.PdfReader(io.BytesIO(result.data)).pages[0].extract_text()


def test_a_subset_font_with_codes_of_its_own_is_read_through_its_map(redacted: Redactor) -> None:
    text = SAID + HARMLESS
    content = f"BT /S 12 Tf 60 700 Td {subset(SAID)} Tj 0 -30 Td {subset(HARMLESS)} Tj ET"
    result = redacted(saved(page_of(content, subset_text=text)))
    assert_gone(result)
    assert HARMLESS in pdfium_text(result.data)
    shown = shown_codes(result.data)
    assert subset(NAME)[1:-1] not in shown
    assert subset(HARMLESS)[1:-1] in shown


def shown_codes(data: bytes) -> str:
    """The codes of every shown string in hexadecimal, arrays joined."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        strings = []
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(operator) in ("Tj", "TJ"):
                items = operands[0].as_list() if str(operator) == "TJ" else operands
                strings += ["".join(bytes(i).hex() for i in items if isinstance(i, String))]
    return " ".join(strings)


def test_an_identity_number_broken_inside_a_ruled_cell_is_one_number(redacted: Redactor) -> None:
    rules = "".join(
        f"{x} 600 0.5 100 re f " for x in (60, 160, 260)
    ) + "".join(f"60 {y} 200 0.5 re f " for y in (600, 670, 700))  # fmt: skip
    cells = (
        line("姓名", x=64, y=680) + line("证件号码", x=164, y=680) + line(NAME, x=64, y=635)
        + f"BT /F 12 Tf 164 650 Td ({ID18[:12]}) Tj ET BT /F 12 Tf 164 620 Td ({ID18[12:]}) Tj ET"
    )  # fmt: skip
    result = redacted(saved(page_of(rules + cells)))
    assert_gone(result, NAME, ID18[:12], ID18[12:])


def test_characters_that_stay_do_not_move(redacted: Redactor) -> None:
    content = (
        f"BT /G 12 Tf 1.5 Tc 80 Tz 60 700 Td [{gb('甲方')} -300 {gb(NAME)} 50 {gb('与乙方签字')}] TJ"
        " ET BT /F 10 Tf 3 Tw 60 650 Td (Tel 13800138000 ext 12 stays) Tj ET"
    )
    before, after = (
        {(c, round(x, 1)) for c, x in _places(data) if c in "甲方与乙签字estay"}
        for data in (saved(page_of(content)), redacted(saved(page_of(content))).data)
    )
    assert len(before) > 10
    assert before <= after


def _places(data: bytes) -> list[tuple[str, float]]:
    text_page = pypdfium2.PdfDocument(data)[0].get_textpage()
    return [
        (text_page.get_text_range(n, 1), text_page.get_charbox(n)[0])
        for n in range(text_page.count_chars())
    ]


def test_a_form_inside_a_form_used_on_two_pages_is_cleaned_once_for_both(
    redacted: Redactor,
) -> None:
    pdf = page_of("q 1 0 0 1 0 -50 cm /Outer Do Q")
    inner = form(pdf, line(SAID))
    outer = form(pdf, "q 0.8 0 0 0.8 20 20 cm /Inner Do Q")
    outer.Resources = Dictionary(XObject=Dictionary(Inner=inner))
    pdf.pages[0].Resources.XObject = Dictionary(Outer=outer)
    pdf.pages.append(pdf.pages[0])
    result = redacted(saved(pdf))
    assert_gone(result)
    assert pdfium_text(result.data).count("138****8000") == 2


def test_a_hidden_layer_is_read_and_its_name_too(redacted: Redactor) -> None:
    pdf = page_of("/OC /L BDC " + line(SAID) + "EMC")
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"客户{NAME}")))
    pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer], Order=[layer]))
    pdf.pages[0].Resources.Properties = Dictionary(L=layer)
    assert_gone(redacted(saved(pdf)))


def test_patterns_and_drawn_glyphs_may_hold_text(redacted: Redactor) -> None:
    pdf = page_of("/Pattern cs /P scn 0 0 500 500 re f BT /T 12 Tf 50 50 Td (a) Tj ET")
    pattern = pdf.make_stream(line(SAID).encode())
    pattern.PatternType, pattern.PaintType, pattern.TilingType = 1, 1, 1
    pattern.BBox, pattern.XStep, pattern.YStep = Array([0, 0, 500, 800]), 500, 800
    pattern.Resources = pdf.pages[0].Resources
    fonts = pdf.pages[0].Resources.Font
    glyph = pdf.make_stream(b"1000 0 d0 " + line("电话" + MOBILE).encode())
    pdf.pages[0].Resources.Pattern = Dictionary(P=pattern)
    pdf.pages[0].Resources.Font = Dictionary(
        T=Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 1000, 1000],
            FontMatrix=[0.001, 0, 0, 0.001, 0, 0], CharProcs=Dictionary(a=glyph),
            Encoding=Dictionary(Differences=[97, Name("/a")]), FirstChar=97, LastChar=97,
            Widths=[1000], Resources=Dictionary(Font=fonts),
        ),
        **{k[1:]: v for k, v in fonts.items()},
    )  # fmt: skip
    assert_gone(redacted(saved(pdf)))


# --- what stands beside the pages


def _info(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = f"{NAME}的合同"
    pdf.docinfo["/Kunde"] = MOBILE


def _xmp(pdf: pikepdf.Pdf) -> None:
    for owner in (pdf.Root, pdf.pages[0].obj):
        owner.Metadata = pdf.make_stream(f"<x>{NAME} {MOBILE}</x>".encode())


def _private(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PieceInfo = Dictionary(App=Dictionary(Private=String(SAID)))
    pdf.pages[0].obj.Thumb = pdf.make_stream(SAID.encode())
    pdf.Root.SpiderInfo = Dictionary(V=1, C=[Dictionary(Note=String(SAID))])


def _outline(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"客户{NAME}，电话{MOBILE}", 0))


def _destinations(pdf: pikepdf.Pdf) -> None:
    target = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=[String(SAID), target]))
    pdf.Root.PageLabels = Dictionary(Nums=[0, Dictionary(P=String(SAID))])


def _annotations(pdf: pikepdf.Pdf) -> None:
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=[0, 0, 500, 50], Contents=String(SAID),
        T=String(NAME), Subj=String(f"客户{NAME}"), RC=String(f"<p>{SAID}</p>"), NM=String(MOBILE),
        DA=String("/Helv 12 Tf 0 g"), AP=Dictionary(N=form(pdf, line(SAID, y=10))),
    )  # fmt: skip
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9],
        A=Dictionary(S=Name.URI, URI=String(f"https://crm.example/?tel={MOBILE}")),
    )  # fmt: skip
    pdf.pages[0].Annots = pdf.make_indirect(Array([pdf.make_indirect(note), link]))


def _fields(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("姓名"), Rect=[0, 0, 300, 50],
        V=String(NAME), DV=String(NAME), Opt=[String(SAID)], TU=String("客户姓名"),
        AP=Dictionary(N=form(pdf, line(f"姓名：{NAME}", y=10))),
    ))  # fmt: skip
    pdf.pages[0].Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(
        Fields=[field], XFA=[String("datasets"), pdf.make_stream(SAID.encode())]
    )


def _scripts(pdf: pikepdf.Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MOBILE} {NAME}')"))
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=[String(MOBILE), script]))
    pdf.pages[0].obj.AA = Dictionary(O=script)


def _attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[f"{MOBILE}.txt"] = pikepdf.AttachedFileSpec(
        pdf, SAID.encode(), filename=f"{NAME}.txt", description=SAID
    )
    file = pdf.attachments[f"{MOBILE}.txt"].obj
    pdf.pages[0].Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=file)]
    )


def _structure(pdf: pikepdf.Pdf) -> None:
    figure = Dictionary(
        S=Name.Figure, Alt=String(SAID), ActualText=String(SAID), E=String(SAID),
        T=String(f"客户{NAME}"), ID=String(MOBILE),
    )  # fmt: skip
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=pdf.make_indirect(figure))


def _signature(pdf: pikepdf.Pdf) -> None:
    signature = Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Name=String(NAME), ContactInfo=String(MOBILE),
        Contents=String(SAID),
    )  # fmt: skip
    field = Dictionary(FT=Name.Sig, T=String("签名1"), V=pdf.make_indirect(signature))
    pdf.Root.AcroForm = Dictionary(Fields=[pdf.make_indirect(field)], SigFlags=3)
    pdf.Root.Perms = Dictionary(DocMDP=pdf.make_indirect(signature))


def _unknown_stream(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Vendor = pdf.make_stream(SAID.encode())
    pdf.Root.VendorText = String(SAID)


def _map_comment(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources.Font.G.ToUnicode = pdf.make_stream(f"% {SAID}\n".encode())


BESIDE = {f.__name__.strip("_"): f for f in (
    _info, _xmp, _private, _outline, _destinations, _annotations, _fields, _scripts, _attachment,
    _structure, _signature, _unknown_stream, _map_comment,
)}  # fmt: skip


@pytest.mark.parametrize("place", BESIDE)
def test_what_stands_beside_the_pages_is_cleaned_or_left_out(
    redacted: Redactor, place: str
) -> None:
    pdf = page_of(line(HARMLESS))
    BESIDE[place](pdf)
    data = saved(pdf)
    assert holds(data, NAME) or holds(data, MOBILE)
    result = redacted(data)
    assert_gone(result)
    assert HARMLESS in pdfium_text(result.data)


def test_an_earlier_revision_and_objects_nothing_refers_to_are_not_carried_over(
    redacted: Redactor,
) -> None:
    plain = saved(page_of(line(SAID)), compress_streams=False, object_stream_mode=_classic())
    data = revised(plain)
    assert SAID.encode("utf-16-be").hex().encode() in data
    assert NAME not in pdfium_text(data)
    assert_gone(redacted(data))


def _classic() -> pikepdf.ObjectStreamMode:
    return pikepdf.ObjectStreamMode.disable


def test_the_report_names_what_was_left_out(redacted: Redactor) -> None:
    pdf = page_of(line(HARMLESS))
    _attachment(pdf)
    _scripts(pdf)
    pdf.attachments["a.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ" + bytes(40), filename="a.exe")
    pdf.Root.Vendor = pdf.make_stream(b"x")
    removed = redacted(saved(pdf)).report.removed
    assert {"JavaScript", "Vendor"} <= set(removed)
    assert [one for one in removed if "(.exe)" in one and "cannot be read" in one]


# --- encryption, policies, limits


def test_an_encrypted_pdf_opens_with_the_password_given_and_comes_back_open(
    redacted: Redactor,
) -> None:
    locked = saved(page_of(line(SAID)), encryption=pikepdf.Encryption(user="qinghe", owner="own"))
    with pytest.raises(ProductError, match="password"):
        redacted(locked)
    assert_gone(redacted(locked, passwords=["wrong", "qinghe"]))


def test_a_form_that_calls_itself_is_refused(redacted: Redactor) -> None:
    pdf = page_of("/Loop Do")
    loop = form(pdf, "/Loop Do")
    loop.Resources = Dictionary(XObject=Dictionary(Loop=loop))
    pdf.pages[0].Resources.XObject = Dictionary(Loop=loop)
    with pytest.raises(TooLarge):
        redacted(saved(pdf))


def test_a_policy_that_refuses_pictures_refuses_a_pdf_with_one(
    detector: PresidioDetector,
) -> None:
    pdf = page_of("q 200 0 0 200 0 0 cm /I Do Q")
    image = pdf.make_stream(bytes(40 * 40))
    image.Subtype, image.Width, image.Height = Name.Image, 40, 40
    image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
    pdf.pages[0].Resources.XObject = Dictionary(I=image)
    with pytest.raises(UnknownPart):
        redact_document(saved(pdf), "a.pdf", detector, load_policy("sharing"))


def test_damaged_files_are_refused_or_redacted_but_never_crash(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    """Thirty broken copies; whatever comes back holds no value that was planted."""
    pdf = page_of(line(SAID))
    for plant in (_annotations, _fields, _outline):
        plant(pdf)
    whole = saved(pdf, compress_streams=False, object_stream_mode=_classic())
    chosen = random.Random(20261126)
    for _ in range(30):
        broken = bytearray(whole)
        for _ in range(chosen.randrange(1, 12)):
            broken[chosen.randrange(len(broken))] = chosen.randrange(256)
        if chosen.random() < 0.2:
            del broken[chosen.randrange(len(broken)) :]
        try:
            result = redact_document(bytes(broken), "a.pdf", detector, standard)
        except ProductError:
            continue
        assert holds(result.data, MOBILE, pages=False) == []


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(5000)])
def test_what_only_begins_as_a_pdf_is_unreadable(redacted: Redactor, data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        redacted(data)
