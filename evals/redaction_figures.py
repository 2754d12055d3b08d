"""`python -m evals.redaction`: every figure of redaction as a table.

The held-out halves are for measuring only, so of what they leak only kinds are counted.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from evals.datasets.business_documents import HALVES, READABLE, Half, documents
from evals.datasets.business_files import forms
from evals.datasets.public_sets import read_public_set
from evals.presidio_measures import presidio_span_scores
from evals.redaction import OF_FIRMS, identifier_figures, read, recoverable
from evals.span_measures import (
    Read,
    Share,
    by_kind,
    covered,
    leaks,
    measure,
    over_redaction,
    precision,
    spoiled,
)  # fmt: skip
from pii.detect import Detector, ShippedDetector
from pii.policy import RedactionPolicy, load_policy

_FIRMS = frozenset({"firm", "short", "brand", "shop"})
_NAMES, _ADDRESSES = frozenset({"person_name", "surname"}), frozenset({"address"})


def main() -> None:
    """The command."""
    asked = _arguments()
    detector, policy = ShippedDetector(), load_policy("standard")
    for half in asked.half or HALVES:
        started = time.perf_counter()
        _print(half, _half_rows(half, detector, policy, asked))
        print(f"  ({time.perf_counter() - started:.0f} s)\n")
    for path in asked.set:
        _print(path.name, _set_rows(path, detector, policy))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.redaction", description=__doc__)
    parser.add_argument("--half", action="append", choices=HALVES, help="only this half")
    parser.add_argument("--each", type=int, default=10, help="documents of every template")
    parser.add_argument("--count", type=int, default=6000, help="identifiers, and near misses")
    parser.add_argument("--files", type=int, default=2, help="files of every template and form")
    parser.add_argument(
        "--set", type=Path, action="append", default=[], help="a public set on disk"
    )
    parser.add_argument("--leaks", action="store_true", help="what readable halves still leak")
    return parser.parse_args()


def _half_rows(
    half: Half, detector: Detector, policy: RedactionPolicy, asked: argparse.Namespace
) -> Iterator[tuple[str, str]]:
    reads = [read(document, detector, policy) for document in documents(half, each=asked.each)]
    yield from _document_rows(reads)
    yield from _firm_rows(half, detector, asked)
    if half in ("tuned", "held_out"):
        figures = identifier_figures(half, detector, count=asked.count)
        yield "checksummed identifiers found whole", str(figures.found)
        yield "  of findings, right", str(figures.precision)
        yield "near misses left alone", str(figures.clean)
    read_back = Counter[str]()
    for form in forms():
        result = recoverable(half, form, detector, policy, each=asked.files)
        clean = sum(score.passed for score in result.scores)
        read_back.update(kind for score in result.failures for kind in score.reason.split(", "))
        yield f"files as {form} from which nothing is read", str(Share(clean, len(result.scores)))
    yield "read back in all, by kind", _counted(read_back)
    if asked.leaks and half in READABLE:
        for one in reads:
            for line in (*leaks(one), *(f"spoiled {word}" for word in spoiled(one))):
                yield one.document.name, line


def _document_rows(reads: Sequence[Read]) -> Iterator[tuple[str, str]]:
    whole = measure(reads)
    leaking = sum(bool(leaks(one)) for one in reads)
    yield "documents that leak anything", str(Share(leaking, len(reads)))
    yield "  by kind", _counted(Counter(line.partition(":")[0] for r in reads for line in leaks(r)))
    yield "names, characters covered", f"{covered(reads, _NAMES):.2%}"
    yield "names, precision", f"{precision(reads, _NAMES):.2%}"
    yield "addresses, characters covered", f"{covered(reads, _ADDRESSES):.2%}"
    yield "addresses, precision", f"{precision(reads, _ADDRESSES):.2%}"
    yield "look-alikes kept", f"{whole.traps_kept:.2%}"
    yield "nobody's characters treated", str(over_redaction(reads))
    for one in by_kind(reads):
        if one.kind not in OF_FIRMS:
            yield f"  {one.kind}: recall", str(one.recall)
            yield f"  {one.kind}: precision", str(one.precision)
    if find_spec("presidio_evaluator") is None:
        yield "presidio-evaluator", "not installed: requirements-evals.lock has it"
        return
    spans = presidio_span_scores(reads)
    yield "presidio-evaluator, spans: recall", f"{spans.recall:.2%} of {spans.annotated}"
    yield "presidio-evaluator, spans: precision", f"{spans.precision:.2%}"


def _firm_rows(
    half: Half, detector: Detector, asked: argparse.Namespace
) -> Iterator[tuple[str, str]]:
    """What of the firms is hidden from a recipient who must not learn them."""
    hiding = load_policy("sharing")
    reads = [read(document, detector, hiding) for document in documents(half, each=asked.each)]
    named = [of_firms(one) for one in reads]
    yield "firms, characters covered where a policy hides them", f"{covered(named, _FIRMS):.2%}"
    for kind in by_kind(named):
        if kind.kind in _FIRMS:
            yield f"  {kind.kind}: hidden whole", str(kind.recall)
        if kind.kind == "organisation":
            yield "  of findings, right", str(kind.precision)
    if asked.leaks and half in READABLE:
        for one in named:
            found = replace(one, found=tuple(f for f in one.found if f.kind == "organisation"))
            for line in (*leaks(one), *(f"spoiled {word}" for word in spoiled(found))):
                yield one.document.name, line


def of_firms(one: Read) -> Read:
    """The same document with firms for what is to be hidden."""
    firms = tuple(trap for trap in one.document.traps if trap.kind in _FIRMS)
    return replace(one, document=replace(one.document, personal=firms))


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "none"


def _set_rows(path: Path, detector: Detector, policy: RedactionPolicy) -> Iterator[tuple[str, str]]:
    """A public set marks only some kinds, so precision is that of the kinds it marks."""
    reads = [read(document, detector, policy) for document in read_public_set(path)]
    marked = sorted({span.kind for one in reads for span in one.document.personal})
    yield "texts", str(len(reads))
    for kind in marked:
        kinds = frozenset({kind})
        yield f"  {kind}: characters covered", f"{covered(reads, kinds):.2%}"
        yield f"  {kind}: precision", f"{precision(reads, kinds):.2%}"


def _print(title: str, rows: Iterator[tuple[str, str]]) -> None:
    print(f"== {title}")
    for what, figure in rows:
        print(f"  {what:<54} {figure}", flush=True)
