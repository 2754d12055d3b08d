"""Public sets are read in the forms they come in; the files here are invented."""

import json
from pathlib import Path

import pytest

from evals.datasets.business_documents import BusinessDocument
from evals.datasets.public_sets import NotASet, read_public_set


def spans(document: BusinessDocument) -> list[tuple[str, str]]:
    return [(span.kind, document.text[span.start : span.end]) for span in document.personal]


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "tags",
    [
        "O B-PER I-PER I-PER O B-ORG I-ORG",
        "O B-PER M-PER E-PER O S-ORG O",
        "O B-NR I-NR I-NR O O O",
    ],
)
def test_columns_of_characters_and_tags_are_sentences_with_names(tmp_path: Path, tags: str) -> None:
    rows = "\n".join(
        f"{char} {tag}" for char, tag in zip("请王小明去公司", tags.split(), strict=True)
    )
    read = read_public_set(written(tmp_path, "test.bio", f"{rows}\n\n{rows}\n"))
    assert [spans(one) for one in read] == [[("person_name", "王小明")]] * 2


def test_names_side_by_side_stay_two_names(tmp_path: Path) -> None:
    rows = "王 B-PER\n明 I-PER\n李 B-PER\n雷 I-PER\n"
    (read,) = read_public_set(written(tmp_path, "test.txt", rows))
    assert spans(read) == [("person_name", "王明"), ("person_name", "李雷")]


def test_cluener_counts_the_last_character_in(tmp_path: Path) -> None:
    record = {
        "text": "请王小明去远舟公司",
        "label": {"name": {"王小明": [[1, 3]]}, "company": {"远舟公司": [[5, 8]]}},
    }
    (read,) = read_public_set(
        written(tmp_path, "dev.json", json.dumps(record, ensure_ascii=False) + "\n")
    )
    assert spans(read) == [("person_name", "王小明")]


@pytest.mark.parametrize(
    "entity",
    [
        {"start": 1, "end": 4, "label": "姓名"},
        {"start": 1, "end": 4, "type": "PERSON"},
        {"start": 1, "end": 4, "entity_type": "name"},
        [1, 4, "name"],
    ],
)
@pytest.mark.parametrize("key", ["entities", "spans", "label"])
@pytest.mark.parametrize("lines", [True, False])
def test_records_with_spans_are_read_from_json_and_json_lines(
    tmp_path: Path, entity: object, key: str, lines: bool
) -> None:
    record = {"text": "请王小明去", key: [entity]}
    text = json.dumps(record) if lines else json.dumps({"data": [record]})
    (read,) = read_public_set(written(tmp_path, "bench.jsonl", text))
    assert spans(read) == [("person_name", "王小明")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "not json"),
        ("a.json", '{"text": "x", "entities": [{"start": 0, "end": 9, "label": "name"}]}'),
        ("a.json", '{"text": "x", "entities": [{"begin": 0}]}'),
        ("a.json", '{"entities": []}'),
        ("a.json", "[1, 2]"),
        ("a.bio", "王\n"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(NotASet, match=name):
        read_public_set(written(tmp_path, name, text))
