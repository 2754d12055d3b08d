"""Old and other office formats: converted to Word, Excel or PowerPoint of today, then read as those.

The binary formats (MS-DOC, MS-XLS, MS-PPT), RTF, OpenDocument (ISO/IEC 26300) and WPS have places
nobody here could walk and prove clean. Of such a file only what LibreOffice carries over is kept;
the copy is in the new format, and the report says so.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pii.errors import PasswordNeeded, UnreadableDocument
from pii.formats import libreoffice
from pii.formats.docx import open_docx, read_docx_again
from pii.formats.opening import Format, Opening
from pii.formats.package import OLE
from pii.formats.pptx import open_pptx, read_pptx_again
from pii.formats.segments import Opened, Segment
from pii.formats.xlsx import open_xlsx, read_xlsx_again
from pii.operators import Edit
from pii.policy import Pictures

_RTF = b"{\\rtf"
_ZIP = b"PK"


@dataclass(frozen=True)
class Converted:
    """A converted document, which says that it is one."""

    document: Opened
    said: str

    @property
    def segments(self) -> Sequence[Segment]:
        """Those of the new document."""
        return self.document.segments

    @property
    def removed(self) -> Sequence[str]:
        """What the conversion left behind, then what the new format leaves out."""
        return [self.said, *self.document.removed]

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The new document with the edits made."""
        return self.document.write(edits)


def _format(
    suffix: str,
    new: str,
    program: str,
    begins: tuple[bytes, ...],
    modern: tuple[Callable[[bytes, Opening], Opened], Callable[[bytes, Opening], list[Segment]]],
    checked_by: str,
) -> Format:
    def open_converted(data: bytes, opening: Opening) -> Opened:
        made = _converted(data, suffix, f"{new}:{program}", opening)
        return Converted(modern[0](made, _careful(opening)), _said(suffix, new))

    return Format(
        f"{suffix} -> {new}",
        open_converted,
        modern[1],
        checked_by,
        begins,
        copy_suffix=f".{new}",
    )


def _careful(opening: Opening) -> Opening:
    """Without walls a picture may be one of this machine's, which the file only named."""
    command = libreoffice.program()
    if opening.pictures is not Pictures.READ or (command and libreoffice.has_walls(command)):
        return opening
    return replace(opening, pictures=Pictures.BLANK)


def _said(suffix: str, new: str) -> str:
    return (
        f"由 LibreOffice 从 .{suffix} 转换为 .{new}；旧文件的隐藏部分、宏和未转换的内容没有带入 / converted "
        f"by LibreOffice from .{suffix} to .{new}; hidden parts of the old file, macros and what "
        "was not converted are not carried over"
    )


def _converted(data: bytes, suffix: str, to: str, opening: Opening) -> bytes:
    """The file in the new format. Its source is called by what it is: WPS writes Word's format."""
    if libreoffice.program() is None:
        raise libreoffice.not_installed()
    if data.startswith(OLE):
        suffix = {"wps": "doc", "et": "xls", "dps": "ppt"}.get(suffix, suffix)
        data = _unlocked(data, opening)
    elif data.startswith(_RTF):
        suffix = "rtf"
    else:
        _check_package(data)
    opening.budget.unpack(len(data))
    seconds = min(libreoffice.SECONDS, opening.budget.left)
    made = libreoffice.convert({f"source.{suffix}": data}, to, seconds=seconds)
    new = made.get(f"source.{to.partition(':')[0]}", b"")
    if not new.startswith(_ZIP):
        raise libreoffice.not_converted()
    opening.budget.unpack(len(new))
    return new


def _unlocked(data: bytes, opening: Opening) -> bytes:
    """The file without its password (MS-OFFCRYPTO, as old Word, Excel and PowerPoint have it)."""
    import msoffcrypto

    try:
        office: Any = msoffcrypto.OfficeFile(io.BytesIO(data))
        encrypted = office.is_encrypted()
    except Exception:
        # No kind that library knows, such as a text of WPS: LibreOffice says whether it can.
        return data
    if not encrypted:
        return data
    for password in opening.passwords:
        opening.budget.tick()
        target = io.BytesIO()
        try:
            office.load_key(password=password)
            office.decrypt(target)
        except Exception:  # noqa: S112  a wrong password shows as any kind of damage
            continue
        return target.getvalue()
    raise PasswordNeeded(tried=bool(opening.passwords))


def _check_package(data: bytes) -> None:
    """Refuses an encrypted OpenDocument: nothing here opens one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            locked = "META-INF/manifest.xml" in names and (
                b"encryption-data" in archive.read("META-INF/manifest.xml")
            )
    except Exception as error:
        raise libreoffice.not_converted() from error
    if locked:
        raise UnreadableDocument(
            "文件已加密。请打开后去掉密码另存，再重试。",
            "The file is encrypted. Open it, save it without a password and retry.",
        )


_WORD = ("docx", "MS Word 2007 XML"), (open_docx, read_docx_again), "python-docx, zipfile"
_EXCEL = ("xlsx", "Calc MS Excel 2007 XML"), (open_xlsx, read_xlsx_again), "openpyxl, zipfile"
_POWERPOINT = (
    ("pptx", "Impress MS PowerPoint 2007 XML"),
    (open_pptx, read_pptx_again),
    "python-pptx, zipfile",
)
_OLD = {
    "doc": (_WORD, (OLE, _RTF)),
    "wps": (_WORD, (OLE, _RTF)),
    "rtf": (_WORD, (_RTF,)),
    "odt": (_WORD, (_ZIP,)),
    "xls": (_EXCEL, (OLE,)),
    "et": (_EXCEL, (OLE,)),
    "ods": (_EXCEL, (_ZIP,)),
    "ppt": (_POWERPOINT, (OLE,)),
    "dps": (_POWERPOINT, (OLE,)),
    "odp": (_POWERPOINT, (_ZIP,)),
}
OLD_FORMATS = {
    f".{suffix}": _format(suffix, *new, begins, modern, checked_by)
    for suffix, ((new, modern, checked_by), begins) in _OLD.items()
}
"""By suffix, as the table of formats has them."""
