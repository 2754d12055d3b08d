"""Does a planted value survive redaction, and does what must stay stay? Over files with labels.

The reader here knows nothing of the formats: it unzips, drops tags and looks for the value in what
is left, full width and spacing folded. A value counts as leaked wherever it is found.
"""

import io
import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from evals.harness import Result, Score
from pii.detect import Detector
from pii.documents import redact_document
from pii.policy import RedactionPolicy
from records.errors import ProductError

LEAK_THRESHOLD = 1.0
KEEP_THRESHOLD = 0.98
# Firms are no individuals (PIPL 4): the standard policy keeps their names and codes.
OF_FIRMS = frozenset({"organisation", "credit_code"})

_TAG = re.compile(r"<[^>]+>")
_LOOSE = re.compile(r"[\s​‌‍⁠﻿\-–—·.]+")


@dataclass(frozen=True, slots=True)
class Planted:
    """A value in a file, and its kind or the reason it must stay."""

    file: str
    value: str
    kind: str


def redaction_suites(
    folder: Path, detector: Detector, policy: RedactionPolicy
) -> tuple[Result, Result]:
    """The share of planted values gone, and of look-alikes kept, over a folder with labels.json."""
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))["files"]
    gone: list[Score] = []
    kept: list[Score] = []
    for name, label in labels.items():
        path = folder / "client_files" / name
        try:
            copy = redact_document(path.read_bytes(), name, detector, policy)
        except ProductError as error:
            gone.append(Score(name, False, f"refused: {type(error).__name__}"))
            continue
        text = folded(plain_text(copy.data, label.get("encoding", "utf-8")))
        for one in label["planted"]:
            if one["kind"] not in OF_FIRMS:
                leaked = folded(one["value"]) in text
                gone.append(Score(f"{name}: {one['kind']}", not leaked, one["value"]))
        for one in label["keep"]:
            kept.append(Score(f"{name}: {one['why']}", folded(one["value"]) in text, one["value"]))
    return (
        Result("redaction: planted values gone", tuple(gone), LEAK_THRESHOLD),
        Result("redaction: look-alikes kept", tuple(kept), KEEP_THRESHOLD),
    )


def share_by_kind(result: Result) -> Mapping[str, float]:
    """The share gone for each kind, for the report."""
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for score in result.scores:
        by_kind[score.case.rpartition(": ")[2]].append(score.passed)
    return {kind: sum(passed) / len(passed) for kind, passed in sorted(by_kind.items())}


def plain_text(data: bytes, encoding: str) -> str:
    """All text in a file, whatever its format: every part of a zip, tags dropped."""
    if not data.startswith(b"PK"):
        return data.decode(encoding)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
        names = "\n".join(package.namelist())
    attributes = "\n".join(re.findall(r'="([^"]*)"', "\n".join(parts)))
    return unescape("\n".join([names, attributes, *(_TAG.sub("", part) for part in parts)]))


def folded(text: str) -> str:
    """Full width, spacing and hyphens folded away."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text)).lower()
