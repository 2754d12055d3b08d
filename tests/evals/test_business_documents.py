"""The generated business documents hold what their gold spans say, and are measured rightly."""

import re

import pytest

from evals.datasets.business_documents import HALVES, BusinessDocument, Half, Span, documents
from evals.span_measures import Read, leaks, measure, spoiled

_HOLE = re.compile(r"\{[a-z]+\d*[.}]|^%\d", re.MULTILINE)


@pytest.mark.parametrize("half", HALVES)
def test_the_same_seed_makes_the_same_documents(half: Half) -> None:
    assert documents(half, each=1) == documents(half, each=1)
    assert documents(half, each=1) != documents(half, each=1, seed=12)


@pytest.mark.parametrize("half", HALVES)
def test_every_span_lies_in_its_document_and_no_hole_is_left(half: Half) -> None:
    for document in documents(half, each=1):
        assert not _HOLE.search(document.text)
        for span in (*document.personal, *document.traps):
            assert document.text[span.start : span.end].strip()
        assert not any(
            one.start < other.end and other.start < one.end
            for one in document.personal
            for other in document.traps
        )


def test_the_halves_share_no_template_value_of_the_rare_lists() -> None:
    names = [
        {d.text[s.start : s.end] for d in documents(half) for s in d.personal if s.kind == kind}
        for kind in ("address", "person_name")
        for half in HALVES
    ]
    assert not names[0] & names[1]
    dotted = [{name for name in found if "·" in name or " " in name} for found in names[2:]]
    assert dotted[0]
    assert not dotted[0] & dotted[1]


DOCUMENT = BusinessDocument(
    "note.txt",
    "客户王小明订单88号",
    personal=(Span("person_name", 2, 5),),
    traps=(Span("order", 7, 9),),
)


@pytest.mark.parametrize(
    ("found", "covered", "leak_rate", "traps_kept"),
    [
        ((Span("person_name", 2, 5),), 1.0, 0.0, 1.0),
        ((Span("person_name", 2, 4),), 2 / 3, 1.0, 1.0),
        ((Span("account", 2, 9),), 1.0, 0.0, 0.0),
        ((), 0.0, 1.0, 1.0),
    ],
)
def test_what_is_left_of_a_value_is_a_leak_and_a_spoiled_trap_counts(
    found: tuple[Span, ...], covered: float, leak_rate: float, traps_kept: float
) -> None:
    figures = measure([Read(DOCUMENT, found)])
    assert figures.names_covered == pytest.approx(covered)
    assert (figures.leak_rate, figures.traps_kept) == (leak_rate, traps_kept)


def test_leaks_and_spoiled_words_are_named() -> None:
    read = Read(DOCUMENT, (Span("person_name", 5, 7),))
    assert leaks(read) == ["person_name: 王小明"]
    assert spoiled(read) == ["person_name: 订单"]
    assert measure([read]).names_precision == 0.0
