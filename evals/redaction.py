"""Does a planted value survive redaction, and does what must stay stay? Over files with labels.

A value counts as leaked wherever `evals/plain_text.py`, which knows nothing of our formats, finds it,
full width and spacing folded. `python -m evals.redaction` prints every figure.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evals.datasets.business_documents import BusinessDocument, Half, Span, documents
from evals.datasets.business_files import as_file
from evals.datasets.identifiers import identifier_documents, near_misses
from evals.harness import Result, Score
from evals.plain_text import folded, plain_text
from evals.span_measures import Measures, Read, Share, leaks, measure
from pii.case import Case
from pii.detect import Detector
from pii.documents import redact_document
from pii.findings import Finding
from pii.formats.opening import Opening
from pii.formats.registry import FORMATS
from pii.formats.segments import TextDocument
from pii.policy import RedactionPolicy, Treatment
from pii.redact import redact_all
from records.errors import ProductError

LEAK_THRESHOLD = 1.0
KEEP_THRESHOLD = 0.98
BUSINESS_THRESHOLD = 0.9
# Firms are no individuals (PIPL 4): the standard policy keeps their names and codes.
OF_FIRMS = frozenset({"organisation", "credit_code"})


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
        for start, one in zip(_text_starts(opened), treated, strict=True)
        for finding in one.findings
        if policy.treatment(finding.kind) is not Treatment.KEEP
    ]
    return Read(document, tuple(found))


def _text_starts(opened: TextDocument) -> list[int]:
    """Where the text of each segment begins: a cell's, behind its quotation mark."""
    return [
        opened.text.index(segment.text, *span)
        if segment.text in opened.text[slice(*span)]
        else span[0]
        for segment, span in zip(opened.segments, opened.spans, strict=True)
    ]


def recoverable(
    half: Half, form: str, detector: Detector, policy: RedactionPolicy, *, each: int, step: int = 1
) -> Result:
    """Documents (every `step`th) as files of one form: whose copies give no labelled value back."""
    scores = []
    for document in documents(half, each=each)[::step]:
        name, data = as_file(document, form)
        try:
            copy = redact_document(data, name, detector, policy)
        except ProductError as error:
            scores.append(Score(name, False, f"refused: {type(error).__name__}"))
            continue
        text = folded(plain_text(copy.data))
        left = [kind for kind, value in _values(document, policy) if folded(value) in text]
        scores.append(Score(name, not left, ", ".join(left)))
    return Result(f"redaction: {half} documents as {form}", tuple(scores), BUSINESS_THRESHOLD)


def _values(document: BusinessDocument, policy: RedactionPolicy) -> list[tuple[str, str]]:
    """The labelled values that can be looked for: a single character stands everywhere."""
    values = ((span.kind, document.text[span.start : span.end]) for span in document.personal)
    return [(kind, value) for kind, value in values if len(folded(value)) > 1]


@dataclass(frozen=True, slots=True)
class IdentifierFigures:
    """Identifiers found whole, and near misses left alone."""

    found: Share
    clean: Share
    precision: Share
    missed: tuple[str, ...]
    """The writings that were missed; no values."""


def identifier_figures(half: Half, detector: Detector, *, count: int) -> IdentifierFigures:
    """`count` checksummed identifiers in sentences, and as many sentences with near misses."""
    made = identifier_documents(half, count=count)
    hits, wrong, missed = 0, 0, []
    for document, findings in zip(made, detector.find_all([d.text for d in made]), strict=True):
        gold = document.personal[0]
        whole = any(f.start <= gold.start and gold.end <= f.end for f in findings)
        hits += whole
        if not whole:
            missed.append(f"{gold.kind}, {document.name.rpartition('-')[0]}")
        wrong += sum(f.end <= gold.start or f.start >= gold.end for f in findings if _counts(f))
    near = list(near_misses(half, count=count))
    spoiled = 0
    for findings in detector.find_all([one.text for one in near]):
        taken = sum(_counts(finding) for finding in findings)
        spoiled += taken > 0
        wrong += taken
    return IdentifierFigures(
        Share(hits, count), Share(count - spoiled, count), Share(hits, hits + wrong), tuple(missed)
    )


def _counts(finding: Finding) -> bool:
    return finding.kind.value not in OF_FIRMS


if __name__ == "__main__":
    from evals.redaction_figures import main

    main()
