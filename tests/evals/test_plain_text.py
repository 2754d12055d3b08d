"""The reader that knows nothing of our formats reads what is packed, tagged, escaped or attached."""

import pytest

from evals.datasets.business_documents import documents, scanned
from evals.datasets.business_files import as_file, forms
from evals.datasets.identifiers import WRITINGS, identifier_documents
from evals.plain_text import folded, plain_text


@pytest.mark.parametrize("form", forms())
def test_every_labelled_value_can_be_read_from_the_file_before_redaction(form: str) -> None:
    for document in documents("tuned", each=1)[::9]:
        _, data = as_file(document, form)
        text = folded(plain_text(data))
        for span in document.personal:
            assert folded(document.text[span.start : span.end]) in text


def test_a_scanned_page_breaks_lines_and_keeps_its_spans() -> None:
    import random

    document = documents("tuned", each=1)[0]
    page = scanned(document, random.Random(1))
    assert max(map(len, page.text.splitlines())) <= 38
    for before, after in zip(document.personal, page.personal, strict=True):
        old = document.text[before.start : before.end]
        new = page.text[after.start : after.end].replace("\n", "")
        assert len(new) == len(old.replace("\n", ""))


def test_identifiers_come_in_every_kind_and_writing() -> None:
    made = identifier_documents("tuned", count=54)
    assert {document.name.rpartition("-")[0] for document in made} == set(WRITINGS)
    assert len({document.personal[0].kind for document in made}) == 5
