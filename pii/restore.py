"""A redacted copy and its case in, the copy with every stand-in turned back out.

Masks, labels and what was dropped lead back to nothing. A pseudonym leads back to the first
spelling its person had; tokens and surrogates lead back to the very text.
"""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pii.case import Case
from pii.documents import open_document
from pii.findings import Finding
from pii.formats.opening import STANDARD_LIMITS, Limits, suffix_of_copy
from pii.formats.registry import FORMATS
from pii.occurrences import ValueIndex
from pii.operators import Edit

_SUFFIX = ".redacted"
_LETTERS_RUN_ON = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True)
class Restored:
    """The document with stand-ins turned back, and how many there were."""

    data: bytes = field(repr=False)
    name: str = field(repr=False)
    places: int


def restoring_edits(text: str, case: Case, index: ValueIndex) -> list[Edit]:
    """The edits that turn back every stand-in of the case in a text."""
    made = []
    for start, end, found in index.find(text):
        stand_in = case.original_of(found)
        # 客户A is not the beginning of 客户AB, but it may stand before a year: 客户A2026年.
        if stand_in is None or _LETTERS_RUN_ON.fullmatch(found[-1:] + text[end : end + 1]):
            continue
        finding = Finding(stand_in.kind, start, end, 1.0, "case")
        made.append(Edit(start, end, stand_in.original, finding))
    return made


def restore_document(
    untrusted_data: bytes,
    untrusted_name: str,
    case: Case,
    *,
    limits: Limits = STANDARD_LIMITS,
) -> Restored:
    """The document restored, in the same format. Raises what opening it raises."""
    opened = open_document(untrusted_data, untrusted_name, limits)
    index = ValueIndex(case.texts())
    edits = [restoring_edits(segment.text, case, index) for segment in opened.segments]
    path = PurePosixPath(untrusted_name.replace("\\", "/"))
    stem = path.stem.removesuffix(_SUFFIX)
    in_name = restoring_edits(stem, case, index)
    for edit in reversed(in_name):
        stem = stem[: edit.start] + edit.text + stem[edit.end :]
    name = f"{_safe(stem)}.restored{suffix_of_copy(path.name, FORMATS)}"
    return Restored(opened.write(edits), name, sum(map(len, edits)) + len(in_name))


def _safe(stem: str) -> str:
    return "".join("_" if c in '<>:"/\\|?*' or ord(c) < 32 else c for c in stem)[:120] or "document"
