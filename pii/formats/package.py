"""An Office package (OPC, ISO/IEC 29500-2) read within limits, unlocked, and written again."""

import io

from lxml import etree

from pii.errors import PasswordNeeded, UnreadableDocument
from pii.formats.archive import read_archive, written_archive
from pii.formats.opening import Opening

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE = (b"PK", OLE)
"""How an Office file begins: as a zip, or where it is encrypted as a compound file."""
# Excel encrypts a workbook protected against changes with this word, and opens it by itself.
_BY_ITSELF = "VelvetSweatshop"


def read_package(data: bytes, word: str, opening: Opening) -> dict[str, bytes]:
    """The parts of a package, in order. `word` is the format's name for the error."""
    if data.startswith(OLE):
        data = _unlocked(data, word, opening)
    try:
        entries = [e for e in read_archive(data, opening) if not e.name.endswith("/")]
    except UnreadableDocument as error:
        raise _damaged(word) from error
    parts = {entry.name: entry.data for entry in entries}
    if len(parts) != len(entries):
        raise _damaged(word)
    return parts


def is_locked(data: bytes) -> bool:
    """Whether the package stands in a compound file, as an encrypted one does."""
    return data.startswith(OLE)


def _unlocked(data: bytes, word: str, opening: Opening) -> bytes:
    """The package inside an encrypted compound file (MS-OFFCRYPTO)."""
    import msoffcrypto

    opening.budget.unpack(len(data))
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        encrypted = office.is_encrypted() and hasattr(office, "info")
    except Exception as error:
        raise _old_format(word) from error
    if not encrypted:
        raise _old_format(word)
    for password in (*opening.passwords, _BY_ITSELF):
        opening.budget.tick()
        target = io.BytesIO()
        try:
            office.load_key(password=password, verify_password=True)
            office.decrypt(target)
        except Exception:  # noqa: S112  a wrong password shows as any kind of damage
            continue
        return target.getvalue()
    raise PasswordNeeded(tried=bool(opening.passwords))


def _old_format(word: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"文件是旧版 Office 格式或已损坏。请另存为 {word} 后重试。",
        f"The file is in an old Office format or damaged. Save it as {word} and try again.",
    )


def _damaged(word: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"文件已损坏，或不是 {word} 文件。请用 Office 打开并重新保存后重试。",
        f"The file is damaged or is not {word}. Open it in Office, save it again and retry.",
    )


def parse(name: str, data: bytes) -> etree._Element:
    """A part's XML. No entities, no network, no document type, limited depth."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
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
    """The parts as a package."""
    return written_archive(parts.items())
