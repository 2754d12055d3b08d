"""Zip archives (PKWARE APPNOTE 6.3): every member opened as a document, every name read.

The copy is a new archive: comments, extra fields, times, and bytes before or between the members
are not carried over. A member of a format nobody knows refuses the archive.
"""

import io
import re
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pii.formats.archive import UNLOCKED, Entry, read_archive, written_archive
from pii.formats.names import distinct, safe_part
from pii.formats.opening import Members, Opening, suffix_of_copy
from pii.formats.segments import Opened, Segment, edited
from pii.operators import Edit
from records.language import Bilingual

_LEFT_OUT = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)", re.IGNORECASE)
_NAMES = Bilingual("压缩包内的文件名", "the names of files in the archive")


@dataclass
class ZipDocument:
    """Members, and the words of their names, each word once so that it is treated alike."""

    paths: list[list[str]]
    members: Members
    words: list[str]
    left_out: list[str] = field(default_factory=list)

    @property
    def segments(self) -> Sequence[Segment]:
        """The names, then what the members hold."""
        return [*(Segment(_NAMES, word) for word in self.words), *self.members.segments]

    @property
    def removed(self) -> Sequence[str]:
        """What is not carried over."""
        return [*self.left_out, *self.members.removed]

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """A new archive."""
        count = len(self.words)
        new = {
            word: safe_part(edited(word, made))
            for word, made in zip(self.words, edits[:count], strict=True)
        }
        names = distinct(
            "/".join([*(new[part] for part in path[:-1]), _renamed(path[-1], new)])
            for path in self.paths
        )
        return written_archive(zip(names, self.members.write_each(edits[count:]), strict=True))


def _renamed(file_name: str, new: dict[str, str]) -> str:
    path = PurePosixPath(file_name)
    return new[path.stem] + path.suffix


def open_zip(data: bytes, opening: Opening) -> ZipDocument:
    """An archive by its members."""
    entries, left_out = _sorted_out(read_archive(data, opening))
    paths: list[list[str]] = []
    documents: list[Opened] = []
    for number, entry in enumerate(entries, start=1):
        place = Bilingual(f"压缩包第{number}个文件", f"file {number} of the archive")
        documents.append(opening.open_member(entry.data, entry.name, place))
        *folders, name = _parts(entry.name)
        stem = PurePosixPath(name).stem
        paths.append([*folders, stem + suffix_of_copy(name, opening.formats)])
    words = [part for path in paths for part in (*path[:-1], PurePosixPath(path[-1]).stem)]
    return ZipDocument(paths, Members(documents), list(dict.fromkeys(words)), left_out)


def _sorted_out(entries: Sequence[Entry]) -> tuple[list[Entry], list[str]]:
    """Files to open, and what is left out: links, folders' entries, the system's own files."""
    kept: list[Entry] = []
    left_out = [UNLOCKED] if any(entry.locked for entry in entries) else []
    for entry in entries:
        if stat.S_ISLNK(entry.mode):
            left_out.append("符号链接 / a symbolic link")
        elif _LEFT_OUT.fullmatch(entry.name):
            left_out.append("系统文件 / a file of the operating system")
        elif not entry.name.endswith("/"):
            kept.append(entry)
    return kept, left_out


def _parts(untrusted_name: str) -> list[str]:
    """The folders and the file name, without the steps that lead out of the archive."""
    parts = untrusted_name.replace("\\", "/").split("/")
    safe = [safe_part(part) for part in parts if part.strip(" .") and not part.endswith(":")]
    return safe or ["file"]


def read_zip_again(data: bytes, opening: Opening) -> list[Segment]:
    """The second reading: names and members, each by its own second library."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        segments = [Segment(_NAMES, name) for name in archive.namelist()]
        for number, name in enumerate(archive.namelist(), start=1):
            place = Bilingual(f"压缩包第{number}个文件", f"file {number} of the archive")
            segments += opening.read_member_again(archive.read(name), name, place)
    return segments
