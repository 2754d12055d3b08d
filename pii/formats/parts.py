"""Every part an Office package can have, in one table, and what each is to us.

A part the table does not know is refused by name: passing on what nobody has read is how redaction
fails. ISO/IEC 29500-1 names the parts; Microsoft's and Kingsoft's later ones are their own.
"""

import re
from collections.abc import Sequence
from enum import Enum

from pii.errors import UnknownPart


class Role(Enum):
    """What we do with a part."""

    XML = "read, every text and attribute"
    TECHNICAL = "read, but the name model's guesses do not count: styles, fonts, themes"
    RELATIONS = "read: targets of links"
    TYPES = "kept: names of media types"
    CORE = "author and editor emptied, the rest read"
    CUSTOM = "values emptied"
    PICTURE = "blanked or refused by policy"
    INK = "handwriting: emptied or refused by policy"
    MEMBER = "an embedded document, opened as one"
    DROPPED = "left out: thumbnails, printer settings, signatures, revision logs"
    MACROS = "left out: programs, their signatures, and the buttons and keys that start them"
    OBJECT = "left out, its picture stays: what another program made and a control is"
    KEPT = "kept: glyphs of embedded fonts"


TAKEN_OUT = frozenset({Role.DROPPED, Role.MACROS, Role.OBJECT})
"""What no copy holds."""


_APP = r"(?:word|xl|ppt)"
_ROLES: Sequence[tuple[str, Role]] = (
    (r"\[Content_Types\]\.xml", Role.TYPES),
    # What no longer holds for a changed file, or tells who changed it before.
    (r"_xmlsignatures/.*", Role.DROPPED),
    (r"xl/revisions/.*", Role.DROPPED),
    (r"ppt/(?:changesInfos/.*|revisionInfo\.xml)", Role.DROPPED),
    (r"docProps/thumbnail\.\w+", Role.DROPPED),
    (r"docMetadata/LabelInfo\.xml", Role.DROPPED),
    (rf"{_APP}/printerSettings/[^/]+\.bin", Role.DROPPED),
    (r"xl/customProperty/?\w*\.bin", Role.DROPPED),
    # MS-OVBA and its signatures; MS-OE376 for keys, tool bars and ribbons.
    (rf"{_APP}/(?:_rels/)?vbaProject(?:Signature\w*)?\.bin(?:\.rels)?", Role.MACROS),
    (r"word/(?:_rels/)?(?:vbaData|customizations)\.xml(?:\.rels)?", Role.MACROS),
    (rf"{_APP}/attachedToolbars\.bin", Role.MACROS),
    (r"(?:customUI|userCustomization)/.*", Role.MACROS),
    (rf"{_APP}/activeX/(?:_rels/)?[^/]+\.(?:xml|bin|rels)", Role.OBJECT),
    (r"(?:.*/)?_rels/[^/]*\.rels", Role.RELATIONS),
    (r"docProps/(?:core|app)\.xml", Role.CORE),
    (r"docProps/custom\.xml", Role.CUSTOM),
    (
        rf"{_APP}/(?:media|drawings/media)/[^/]+\."
        r"(?:png|jpe?g|jfif|gif|bmp|svg|emf|wmf|tiff?|ico|wdp|webp)",
        Role.PICTURE,
    ),
    (rf"{_APP}/(?:ink|drawings/ink)/[^/]+\.xml", Role.INK),
    (
        rf"{_APP}/(?:embeddings/)?[^/]+\.(?:docx|xlsx|pptx|html?|txt|csv|pdf|eml|zip)",
        Role.MEMBER,
    ),
    # MS-OLEDS and files of other programs: nothing here could walk them and prove them clean.
    (
        rf"{_APP}/embeddings/[^/]+\."
        r"(?:bin|doc|xls|ppt|rtf|xlsb|docm|xlsm|pptm|sldx|sldm|vsd|vsdx|vsdm|mpp|pub|ods|odt|odp)",
        Role.OBJECT,
    ),
    (r"word/fonts/[^/]+\.(?:odttf|ttf|otf)|ppt/fonts/[^/]+\.fntdata", Role.KEPT),
    (
        r"word/(?:glossary/)?(?:document\d*|header\d*|footer\d*|footnotes|endnotes|comments\w*|"
        r"people)\.xml",
        Role.XML,
    ),
    (
        r"word/(?:glossary/)?(?:settings|styles|stylesWithEffects|fontTable|webSettings|numbering)"
        r"\.xml",
        Role.TECHNICAL,
    ),
    (rf"{_APP}/(?:charts|diagrams|drawings)/[^/]+\.(?:xml|vml)", Role.XML),
    (rf"{_APP}/theme/[^/]+\.xml", Role.TECHNICAL),
    (r"customXml/item(?:Props)?\d+\.xml", Role.XML),
    (r"xl/(?:workbook|sharedStrings|metadata|comments\d*|connections|cellimages)\.xml", Role.XML),
    (r"xl/(?:styles|calcChain)\.xml", Role.TECHNICAL),
    (
        r"xl/(?:worksheets|chartsheets|dialogsheets|comments|threadedComments|persons|tables|"
        r"pivotTables|pivotCache|slicers|slicerCaches|timelines|timelineCaches|queryTables|"
        r"externalLinks|ctrlProps|richData)/[^/]+\.xml",
        Role.XML,
    ),
    (r"ppt/(?:presentation|commentAuthors|authors)\.xml", Role.XML),
    (r"ppt/(?:presProps|viewProps|tableStyles)\.xml", Role.TECHNICAL),
    (
        r"ppt/(?:slides|notesSlides|notesMasters|slideMasters|slideLayouts|handoutMasters|comments|"
        r"tags|slideUpdateInfo)/[^/]+\.xml",
        Role.XML,
    ),
)
_COMPILED = tuple((re.compile(pattern), role) for pattern, role in _ROLES)
_NAMES_SOMEONE = re.compile(r"[㐀-鿿@]|\d{7,}")


def role_of(name: str) -> Role:
    """What a part is to us; a part nobody knows, or whose name says something, is refused."""
    if not _NAMES_SOMEONE.search(name):
        for pattern, role in _COMPILED:
            if pattern.fullmatch(name):
                return role
    raise UnknownPart(name if not _NAMES_SOMEONE.search(name) else name.rsplit(".", 1)[-1])
