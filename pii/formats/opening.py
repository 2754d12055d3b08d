"""How a document is opened, with what it may cost and what may be inside it.

A file can hold files: a zip its members, a mail its attachments, a workbook a Word document. All
are opened through one registry, give their segments to one list and are paid from one budget; so a
name found in an attachment is treated in the mail too, and a bomb is counted however it is wrapped.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from pii.errors import TooLarge, UnknownFormat, UnknownPart, UnreadableDocument
from pii.formats.segments import Opened, Segment, TextDocument
from pii.operators import Edit
from pii.policy import Pictures
from records.errors import ProductError
from records.language import Bilingual

MEBIBYTE = 1024 * 1024
_BINARY = (
    b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff",
    b"GIF8", b"II*\x00", b"MM\x00*", b"Rar!", b"\x1f\x8b", b"7z\xbc\xaf", b"BM6", b"\x7fELF",
    b"MZ\x90",
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one file may cost, with everything inside it."""

    size: int = 50 * MEBIBYTE
    unpacked: int = 400 * MEBIBYTE
    members: int = 5_000
    depth: int = 5
    pages: int = 2_000
    seconds: float = 600


STANDARD_LIMITS = Limits()


class Budget:
    """What is left of the limits. One for a file and everything inside it."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._ends_at = clock() + limits.seconds
        self._unpacked = self._members = self._pages = 0

    def unpack(self, size: int) -> None:
        """Count bytes before they are unpacked. Raises TooLarge."""
        self._unpacked += size
        if self._unpacked > self._limits.unpacked:
            raise TooLarge(
                "文件解压后过大或压缩比异常，未作处理。请拆分后重试。",
                "The file unpacks to too much; it was not processed. Split it and retry.",
            )
        self.tick()

    def member(self, count: int = 1) -> None:
        """Count parts of a package or files inside a file. Raises TooLarge."""
        self._members += count
        if self._members > self._limits.members:
            raise TooLarge(
                "文件内的部分过多，未作处理。请拆分后重试。",
                "The file holds too many parts; it was not processed. Split it and retry.",
            )
        self.tick()

    def page(self, count: int = 1) -> None:
        """Count pages or pictures to be rendered or read. Raises TooLarge."""
        self._pages += count
        if self._pages > self._limits.pages:
            raise TooLarge(
                "文件页数过多，未作处理。请拆分后重试。",
                "The file has too many pages; it was not processed. Split it and retry.",
            )
        self.tick()

    def deeper(self, depth: int) -> None:
        """A file inside a file inside a file … Raises TooLarge."""
        if depth > self._limits.depth:
            raise TooLarge(
                "文件层层嵌套过深，未作处理。请先解开后重试。",
                "Files are nested too deeply; nothing was processed. Unpack them and retry.",
            )
        self.tick()

    @property
    def left(self) -> float:
        """Seconds left; raises nothing."""
        return self._ends_at - self._clock()

    def tick(self) -> None:
        """Look at the clock. Raises TooLarge when the time for one file is over."""
        if self._clock() > self._ends_at:
            raise TooLarge(
                "处理时间超过单个文件的上限，未作处理。请拆分后重试。",
                "The file took longer than one file may; it was not processed. Split it and retry.",
            )


@dataclass(frozen=True)
class Format:
    """How a format is opened and, by another library, read again."""

    name: str
    open: Callable[[bytes, "Opening"], Opened]
    read_again: Callable[[bytes, "Opening"], list[Segment]]
    checked_by: str
    begins: tuple[bytes, ...] = ()
    """The bytes such a file begins with, one of them; none for text."""
    copy_suffix: str = ""
    """What the copy is called by where it is in another format; empty where it is in the same."""


@dataclass(frozen=True)
class PageWishes:
    """What is asked of the pages of a PDF beyond redaction."""

    rasterise: bool = False
    """Every page comes back as a picture, without any text."""
    ocr_check: bool = False
    """In the second reading pages are drawn and recognised too."""


AS_THEY_ARE = PageWishes()


@dataclass(frozen=True)
class Opening:
    """Everything a format needs to know to open a document."""

    formats: Mapping[str, Format]
    budget: Budget = field(default_factory=lambda: Budget(Limits()))
    pictures: Pictures = Pictures.BLANK
    passwords: tuple[str, ...] = field(default=(), repr=False)
    depth: int = 0
    pages: PageWishes = AS_THEY_ARE

    def open_member(self, data: bytes, untrusted_name: str, place: Bilingual) -> Opened:
        """A document inside the document; its segments say in which place they stand.

        Raises UnknownPart, by place and suffix, for a member of a format nobody knows.
        """
        if not data.strip():
            return TextDocument("", lambda _: data, [], [])
        form, within = self._member(data, untrusted_name, place)
        try:
            return Inside(form.open(data, within), place)
        except ProductError as error:
            raise _said_where(error, place) from error

    def read_member_again(
        self, data: bytes, untrusted_name: str, place: Bilingual
    ) -> list[Segment]:
        """The second reading of a document inside the document."""
        if not data.strip():
            return []
        form, within = self._member(data, untrusted_name, place)
        return [inside(segment, place) for segment in form.read_again(data, within)]

    def _member(
        self, data: bytes, untrusted_name: str, place: Bilingual
    ) -> tuple[Format, "Opening"]:
        self.budget.deeper(self.depth + 1)
        self.budget.member()
        self.budget.unpack(len(data))
        try:
            form = format_of(data, untrusted_name, self.formats)
        except UnknownFormat as error:
            suffix = suffix_of(untrusted_name)
            raise UnknownPart(f"{place.zh} / {place.en} ({suffix})") from error
        return form, replace(self, depth=self.depth + 1)


def suffix_of(untrusted_name: str) -> str:
    """The suffix in small letters, with its dot; empty where there is none."""
    return PurePosixPath(untrusted_name.replace("\\", "/")).suffix.lower()


def suffix_of_copy(untrusted_name: str, formats: Mapping[str, Format]) -> str:
    """What the copy of a file of that name is called by: .docx for .doc."""
    suffix = suffix_of(untrusted_name)
    form = formats.get(suffix)
    return (form and form.copy_suffix) or suffix


def format_of(data: bytes, untrusted_name: str, formats: Mapping[str, Format]) -> Format:
    """The format the suffix names, if the content is of that kind. Raises UnknownFormat."""
    suffix = suffix_of(untrusted_name)
    form = formats.get(suffix)
    if form is None:
        known = "、".join(sorted(formats))
        shown = suffix if suffix.isascii() and len(suffix) <= 8 else ""
        raise UnknownFormat(
            f"不支持的文件类型“{shown or '（无后缀）'}”。目前支持：{known}。",
            f"Files of type “{shown or '(none)'}” are not supported. Supported: {known}.",
        )
    # A text may not begin as a binary file does; a binary file begins as its own kind does.
    if data.startswith(_BINARY) if not form.begins else not data.startswith(form.begins):
        raise UnknownFormat(
            f"文件内容与后缀“{suffix}”不符。请改回正确的后缀后重试。",
            f"The content does not match the suffix “{suffix}”. Restore the right suffix and "
            f"retry.",
        )
    return form


def _said_where(error: ProductError, place: Bilingual) -> ProductError:
    """The same error, said of the member."""
    if isinstance(error, UnknownPart):
        return UnknownPart(f"{place.zh} / {place.en}: {error.part}")
    said = error.message
    if type(error).__init__ is not ProductError.__init__:
        # PasswordNeeded and the like say what to do; where, the person will see.
        return error
    return type(error)(f"{place.zh}：{said.zh}", f"{place.en}: {said.en}")


def inside(segment: Segment, place: Bilingual) -> Segment:
    """The segment with the place of the document it belongs to."""
    outer = segment.inside
    if outer is not None:
        place = Bilingual(f"{place.zh}，{outer.zh}", f"{place.en}, {outer.en}")
    return replace(segment, inside=place)


@dataclass(frozen=True)
class Inside:
    """A document inside another."""

    document: Opened
    place: Bilingual

    @property
    def segments(self) -> Sequence[Segment]:
        """Its segments, each with the place of the document."""
        return [inside(segment, self.place) for segment in self.document.segments]

    @property
    def removed(self) -> Sequence[str]:
        """What is not carried over, with the place of the document."""
        return [f"{self.place.zh} / {self.place.en}: {one}" for one in self.document.removed]

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The document with the edits made."""
        return self.document.write(edits)


@dataclass(frozen=True)
class Members:
    """Documents side by side: their segments as one list, and edits given back to each."""

    documents: Sequence[Opened]

    @property
    def segments(self) -> list[Segment]:
        """The segments of all, in order."""
        return [segment for one in self.documents for segment in one.segments]

    @property
    def removed(self) -> list[str]:
        """What none of them carries over."""
        return [part for one in self.documents for part in one.removed]

    def write_each(self, edits: Sequence[Sequence[Edit]]) -> list[bytes]:
        """Each document with its share of the edits."""
        written = []
        position = 0
        for one in self.documents:
            count = len(one.segments)
            written.append(one.write(edits[position : position + count]))
            position += count
        if position != len(edits):
            raise UnreadableDocument(
                "文件的各部分对不上，未作处理。", "The parts of the file do not add up; refused."
            )
        return written
