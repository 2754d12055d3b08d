"""What a file holds, as counts: kinds, dates in its text, whose it is if that is certain.

Nothing personal comes out of here. Whose file it is appears as a keyed mark, the same for the same
person throughout, and only where the file names one person under a label and nobody else.
"""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path, PurePosixPath

from pii.case import Case
from pii.detect import Detector
from pii.documents import survey_document
from pii.errors import PasswordNeeded, TooLarge, UnknownFormat
from pii.findings import Finding
from pii.formats.opening import Limits
from pii.kinds import Kind, Sensitivity
from records.language import Bilingual

_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s?[-/.年]\s?(1[0-2]|0?[1-9])\s?[-/.月]\s?(3[01]|[12]\d|0?[1-9])(?!\d)"
)
_CERTAIN = 0.9


class State(StrEnum):
    """What became of a file."""

    READ = "read"
    UNSUPPORTED = "unsupported"
    PROTECTED = "protected"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    NO_ACCESS = "no_access"
    VANISHED = "vanished"
    LINK = "link"
    SPECIAL = "special"
    LEAKS = "leaks"


STATES = {
    State.READ: Bilingual("已读", "read"),
    State.UNSUPPORTED: Bilingual("类型不支持", "type not supported"),
    State.PROTECTED: Bilingual("有密码", "password-protected"),
    State.DAMAGED: Bilingual("读不出，可能损坏", "unreadable, perhaps damaged"),
    State.TOO_LARGE: Bilingual("过大或解压异常", "too large, or unpacks to too much"),
    State.TIMED_OUT: Bilingual("超过单个文件时限", "over the time for one file"),
    State.NO_ACCESS: Bilingual("无权读取", "no right to read"),
    State.VANISHED: Bilingual("读取前已不在", "gone before it was read"),
    State.LINK: Bilingual("链接，未跟随", "link, not followed"),
    State.SPECIAL: Bilingual("不是普通文件", "not a plain file"),
    State.LEAKS: Bilingual("副本仍有个人信息，未放行", "the copy still held personal data"),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a file, whatever its name: kept by its hash, so a repeat is read once."""

    state: State
    counts: Mapping[Kind, int] = field(default_factory=dict)
    oldest: date | None = None
    newest: date | None = None
    holder: str = ""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the tree."""

    path: str
    size: int
    modified: datetime | None
    mark: str
    """Keyed digest of the bytes: equal files have equal marks. Empty where nothing was read."""
    contents: Contents

    @property
    def sensitivity(self) -> Sensitivity | None:
        """The gravest class of what is in it; None where nothing personal was found."""
        kinds = {k for k in self.contents.counts if k is not Kind.ORGANISATION}
        if not kinds:
            return None
        grave = any(kind.sensitivity is Sensitivity.SENSITIVE for kind in kinds)
        return Sensitivity.SENSITIVE if grave else Sensitivity.ORDINARY

    @property
    def suffix(self) -> str:
        """The kind of file by its name."""
        return PurePosixPath(self.path).suffix.lower() or "—"


def look(
    untrusted_data: bytes, suffix: str, detector: Detector, *, key: bytes, limits: Limits
) -> Contents:
    """What is in the file. Never raises for what a file can be: that is its state."""
    counting = _Counting(detector, key)
    try:
        survey_document(untrusted_data, f"file{suffix}", counting, Case(key), limits=limits)
    except Exception as error:
        # Whatever a library trips over in a hostile file, the inventory goes on and says so.
        return Contents(state_of(error))
    return counting.contents()


def state_of(error: Exception) -> State:
    """What a file is whose reading ended so."""
    if isinstance(error, UnknownFormat):
        return State.UNSUPPORTED
    if isinstance(error, PasswordNeeded):
        return State.PROTECTED
    return State.TOO_LARGE if isinstance(error, TooLarge | MemoryError) else State.DAMAGED


class _Counting:
    """A detector that keeps counts of what passes through it, and no text."""

    def __init__(self, detector: Detector, key: bytes) -> None:
        self._detector = detector
        self._key = key
        self._counts: Counter[Kind] = Counter()
        self._days: list[date] = []
        self._people: set[str] = set()
        self._labelled: set[str] = set()

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return self.find_all([text], labels=[label])[0]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        found = self._detector.find_all(texts, labels=labels)
        for text, findings in zip(texts, found, strict=True):
            self._counts.update(finding.kind for finding in findings)
            self._note_people(text, findings)
            self._note_days(text, findings)
        return found

    def contents(self) -> Contents:
        """What was counted."""
        only = self._people if len(self._people) == 1 else set()
        return Contents(
            State.READ,
            dict(self._counts),
            min(self._days, default=None),
            max(self._days, default=None),
            next(iter(only & self._labelled), ""),
        )

    def _note_people(self, text: str, findings: Sequence[Finding]) -> None:
        for finding in findings:
            if finding.kind is Kind.PERSON_NAME:
                name = re.sub(r"\s", "", text[finding.start : finding.end]).lower()
                digest = hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()
                mark = f"H-{digest[:10]}"
                self._people.add(mark)
                if finding.score >= _CERTAIN:
                    self._labelled.add(mark)

    def _note_days(self, text: str, findings: Sequence[Finding]) -> None:
        born = [(f.start, f.end) for f in findings if f.kind in (Kind.BIRTH_DATE, Kind.RESIDENT_ID)]
        for match in _DAY.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in born):
                continue
            try:
                self._days.append(date(*(int(part) for part in match.groups())))
            except ValueError:
                continue
            if len(self._days) > 1000:
                self._days = [min(self._days), max(self._days)]


@cache
def detector_version() -> str:
    """Changes with any line of the detector or its data: what was read by another is read again."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in (".py", ".yaml"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
