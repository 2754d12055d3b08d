"""An Office package (OPC, ISO/IEC 29500-2) taken apart, and what each part is to us.

Every part is named in one table. A part the table does not know is refused by name: passing on
what nobody has read is how redaction fails.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from enum import Enum

from lxml import etree

from pii.errors import TooLarge, UnknownPart, UnreadableDocument
from pii.formats.opening import Budget, Opening

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE = (b"PK", _OLE)
"""How an Office file begins: as a zip, or where it is encrypted as a compound file."""
_RATIO = 200
_SMALL = 1024 * 1024
_DEPTH = 200


class Role(Enum):
    """What we do with a part."""

    XML = "read, every text and attribute"
    TECHNICAL = "read, but the name model's guesses do not count: styles, fonts, themes"
    RELATIONS = "read: targets of links"
    TYPES = "kept: names of media types"
    CORE = "author and editor emptied, the rest read"
    CUSTOM = "values emptied"
    PICTURE = "blanked or refused by policy"
    DROPPED = "left out: thumbnails, printer settings"
    KEPT = "kept: glyphs of embedded fonts"


_ROLES: Sequence[tuple[str, Role]] = (
    (r"\[Content_Types\]\.xml", Role.TYPES),
    (r"(?:.*/)?_rels/[^/]*\.rels", Role.RELATIONS),
    (r"docProps/thumbnail\.\w+", Role.DROPPED),
    (r"docProps/(?:core|app)\.xml", Role.CORE),
    (r"docProps/custom\.xml", Role.CUSTOM),
    (r"(?:word|xl)/printerSettings/[^/]+\.bin", Role.DROPPED),
    (
        r"(?:word|xl)/(?:media|drawings/media)/[^/]+\.(?:png|jpe?g|gif|bmp|svg|emf|wmf|tiff?|ico)",
        Role.PICTURE,
    ),
    (r"word/fonts/[^/]+\.(?:odttf|ttf|otf)", Role.KEPT),
    (
        (
            r"word/(?:glossary/)?(?:document|header\d*|footer\d*|footnotes|endnotes|"
            r"comments\w*|people)\.xml"
        ),
        Role.XML,
    ),
    (
        (
            r"word/(?:glossary/)?(?:settings|styles|stylesWithEffects|fontTable|"
            r"webSettings|numbering)\.xml"
        ),
        Role.TECHNICAL,
    ),
    (r"(?:word|xl)/(?:charts|diagrams|drawings)/[^/]+\.(?:xml|vml)", Role.XML),
    (r"(?:word|xl)/theme/[^/]+\.xml", Role.TECHNICAL),
    (r"customXml/item(?:Props)?\d+\.xml", Role.XML),
    (r"docMetadata/LabelInfo\.xml", Role.DROPPED),
    (r"xl/(?:workbook|sharedStrings|metadata|comments\d*)\.xml", Role.XML),
    (r"xl/(?:styles|calcChain)\.xml", Role.TECHNICAL),
    (
        (
            r"xl/(?:worksheets|chartsheets|dialogsheets|comments|threadedComments|persons|tables|"
            r"pivotTables|pivotCache|slicers|slicerCaches|timelines|timelineCaches|queryTables|"
            r"richData)/[^/]+\.xml"
        ),
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


def read_package(data: bytes, word: str, opening: Opening) -> dict[str, bytes]:
    """The parts of a package, in order. `word` is the format's name for the error."""
    if data.startswith(_OLE):
        raise UnreadableDocument(
            f"文件已加密，或是旧版 Office 格式。请去除密码并另存为 {word} 后重试。",
            f"The file is encrypted or in an old Office format. Remove the password, save it as "
            f"{word} and try again.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_limits(archive, opening.budget)
            return {i.filename: archive.read(i) for i in archive.infolist() if not i.is_dir()}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise _damaged(word) from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "lzma"):
            raise _damaged(word) from error
        raise


def _damaged(word: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"文件已损坏，或不是 {word} 文件。请用 Office 打开并重新保存后重试。",
        f"The file is damaged or is not {word}. Open it in Office, save it again and retry.",
    )


def _check_limits(archive: zipfile.ZipFile, budget: Budget) -> None:
    entries = archive.infolist()
    budget.member(len(entries))
    budget.unpack(sum(entry.file_size for entry in entries))
    bomb = any(
        entry.file_size > _SMALL and entry.file_size > _RATIO * max(1, entry.compress_size)
        for entry in entries
    )
    if bomb:
        raise TooLarge(
            "文件解压后过大或压缩比异常，未作处理。",
            "The file unpacks to too much; it was not processed.",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableDocument(
            "压缩包已加密。请去除密码后重试。",
            "The package is encrypted. Remove the password and retry.",
        )
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise _damaged("Office")


def parse(name: str, data: bytes) -> etree._Element:
    """A part's XML. No entities, no network, no document type, limited depth."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(
            f"文件中的“{name}”已损坏。请用 Office 打开并重新保存后重试。",
            f"“{name}” in the file is damaged. Open it in Office, save it again and retry.",
        ) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableDocument(
            f"文件中的“{name}”含有文档类型声明，未作处理。",
            f"“{name}” declares a document type; refused.",
        )
    return root


def write_package(parts: dict[str, bytes]) -> bytes:
    """The parts as a package. Times are fixed: they would tell when the original was written."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return target.getvalue()
