"""A zip read within limits and with passwords, and one written that tells nothing of the first."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from pii.errors import PasswordNeeded, TooLarge, UnreadableDocument
from pii.formats.opening import MEBIBYTE, Budget, Opening

UNLOCKED = "打开密码（副本未加密） / the password (the copy is not encrypted)"
_RATIO = 200


@dataclass(frozen=True)
class Entry:
    """One member: its name, its bytes, and the file mode Unix gave it."""

    name: str
    data: bytes
    mode: int
    locked: bool = False


def read_archive(data: bytes, opening: Opening) -> list[Entry]:
    """The members in order. Raises TooLarge, PasswordNeeded, UnreadableDocument."""
    import pyzipper

    try:
        with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            check_sizes([(i.file_size, i.compress_size) for i in infos], opening.budget)
            password = _password(archive, opening)
            return [_entry(archive, info, password, opening.budget) for info in infos]
    except (PasswordNeeded, TooLarge):
        raise
    except Exception as error:
        # Damaged archives raise whatever zipfile, zlib, lzma or struct happen to trip over.
        raise _damaged() from error


def check_sizes(sizes: Iterable[tuple[int, int]], budget: Budget) -> None:
    """Count unpacked against packed sizes before anything is unpacked. Raises TooLarge."""
    known = list(sizes)
    budget.member(len(known))
    budget.unpack(sum(unpacked for unpacked, _ in known))
    if any(u > MEBIBYTE and u > _RATIO * max(1, packed) for u, packed in known):
        raise TooLarge(
            "文件解压后过大或压缩比异常，未作处理。",
            "The file unpacks to too much; it was not processed.",
        )


def _entry(archive: "zipfile.ZipFile", info: zipfile.ZipInfo, password: bytes | None,
           budget: Budget) -> Entry:  # fmt: skip
    budget.tick()
    data = b"" if info.is_dir() else archive.read(info, pwd=password)
    return Entry(_name(info), data, info.external_attr >> 16, bool(info.flag_bits & 1))


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name. Without the UTF-8 mark, Chinese Windows writes GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _password(archive: "zipfile.ZipFile", opening: Opening) -> bytes | None:
    """The password that opens the locked members, or None where none is locked."""
    locked = [info for info in archive.infolist() if info.flag_bits & 1 and not info.is_dir()]
    if not locked:
        return None
    smallest = min(locked, key=lambda info: (not info.file_size, info.file_size))
    for word in opening.passwords:
        for encoding in ("utf-8", "gb18030"):
            try:
                archive.read(smallest, pwd=word.encode(encoding))
            except Exception:  # noqa: S112  a wrong password shows as any kind of damage
                continue
            return word.encode(encoding)
    raise PasswordNeeded(tried=bool(opening.passwords))


def written_archive(members: Iterable[tuple[str, bytes]]) -> bytes:
    """The members as a zip. Times are fixed: they would tell when the original was written."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            archive.writestr(info, data)
    return target.getvalue()


def _damaged() -> UnreadableDocument:
    return UnreadableDocument(
        "压缩包已损坏或格式不支持（支持普通 zip）。请重新压缩后重试。",
        "The archive is damaged or of a kind we cannot read (plain zip works). Pack it anew and "
        "retry.",
    )
