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

from evals.datasets.business_documents import BusinessDocument, Half, Span, documents
from evals.harness import Result, Score
from evals.span_measures import Measures, Read, leaks, measure
from pii.case import Case
from pii.detect import Detector
from pii.documents import FORMATS, redact_document
from pii.formats.opening import Opening
from pii.formats.segments import TextDocument
from pii.policy import RedactionPolicy, Treatment
from pii.redact import redact_all
from records.errors import ProductError

LEAK_THRESHOLD = 1.0
KEEP_THRESHOLD = 0.98
BUSINESS_THRESHOLD = 0.9
# Firms are no individuals (PIPL 4): the standard policy keeps their names and codes.
OF_FIRMS = frozenset({"organisation", "credit_code"})

_TAG = re.compile(r"<[^>]+>")
_LOOSE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\-–—·.]+")


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


def business_suite(
    half: Half, detector: Detector, policy: RedactionPolicy, *, each: int = 6
) -> tuple[Result, Measures]:
    """Generated business documents: which leave nothing personal, and the figures behind that."""
    reads = [read(document, detector, policy) for document in documents(half, each=each)]
    scores = [Score(one.document.name, not leaks(one), "; ".join(leaks(one))) for one in reads]
    suite = f"redaction: {half} business documents without a leak"
    return Result(suite, tuple(scores), BUSINESS_THRESHOLD), measure(reads)


def read(document: BusinessDocument, detector: Detector, policy: RedactionPolicy) -> Read:
    """What the product would treat in a document, found through its own format."""
    form = FORMATS["." + document.name.rpartition(".")[2]]
    opened = form.open(document.text.encode(), Opening(FORMATS, pictures=policy.pictures))
    assert isinstance(opened, TextDocument)
    treated = redact_all(
        [segment.text for segment in opened.segments],
        [segment.label for segment in opened.segments],
        detector=detector,
        policy=policy,
        case=Case(),
    )
    found = [
        Span(finding.kind.value, start + finding.start, start + finding.end)
        for (start, _), one in zip(opened.spans, treated, strict=True)
        for finding in one.findings
        if policy.treatment(finding.kind) is not Treatment.KEEP
    ]
    return Read(document, tuple(found))


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
