"""The corpus of the name model labels exactly the people it put in, and the same each time."""

import ast
import random
import re
from pathlib import Path

import pytest

import evals.training
from evals.training.corpus import PHRASES, Labelled, Maker, Phrases
from evals.training.papers import SLOT, Papers, held_out, taught
from evals.training.people import People
from pii.characters import DIGIT, OTHER, UNKNOWN_HAN, encode, vocabulary
from pii.surnames import surnames
from records.data_files import load

FOLDER = Path(evals.training.__file__).parent


def maker(seed: int) -> Maker:
    chosen = random.Random(seed)
    return Maker(chosen, People(chosen, "数据"), load(PHRASES, Phrases))


def test_a_slot_is_labelled_where_it_stands() -> None:
    made = maker(1).fill("请{P}与{O}签约，{D}前交{T}。")
    assert [tag for *_, tag in made.spans] == ["PER", "ORG", "PER"]
    left = made.text
    for start, end, _ in reversed(made.spans):
        left = left[:start] + "_" + left[end:]
    assert re.fullmatch(r"请_与_签约，.+前交_。", left)


@pytest.mark.parametrize("kind", ["composed", "sentence", "plain", "english"])
def test_spans_lie_in_the_text_and_apart_from_each_other(kind: str) -> None:
    made = maker(2)
    for _ in range(200):
        one: Labelled = getattr(made, kind)()
        edges = [edge for start, end, _ in one.spans for edge in (start, end)]
        assert edges == sorted(edges) and all(0 <= edge <= len(one.text) for edge in edges)
        assert not any("{" in one.text[start:end] for start, end, _ in one.spans)


def test_the_same_seed_makes_the_same_sentences() -> None:
    one, other = maker(3), maker(3)
    assert [one.composed() for _ in range(50)] == [other.composed() for _ in range(50)]
    assert maker(3).composed() != maker(4).composed()


def test_people_put_into_an_article_are_labelled_and_nothing_else_is() -> None:
    article = Labelled("承租人应当按照约定支付租金。", ())
    made = [maker(seed).with_people(article) for seed in range(20)]
    assert all(one.spans for one in made)
    assert all(tag == "PER" for one in made for *_, tag in one.spans)


def papers(seed: int, lines: list[str]) -> Papers:
    chosen = random.Random(seed)
    return Papers(chosen, People(chosen, "数据"), lines)


def test_every_line_of_a_paper_has_slots_that_are_known_and_labels_what_fills_them() -> None:
    lines = [*taught(), *held_out()]
    made = papers(5, lines)
    for line in lines:
        one = made.fill(line)
        assert SLOT.search(one.text) is None
        assert one.text == line or SLOT.search(line)
        assert all(one.text[start:end] for start, end, _ in one.spans)


def test_a_paper_cut_short_keeps_only_whole_labels() -> None:
    made = papers(6, ["请{P}到{V}找{L}拿钥匙，门禁{K}", "{R}的账期又拖了"])
    for _ in range(400):
        one = made.paper()
        edges = [edge for start, end, _ in one.spans for edge in (start, end)]
        assert edges == sorted(edges) and all(0 <= edge <= len(one.text) for edge in edges)
        assert {tag for *_, tag in one.spans} <= {"PER", "ORG", "KEY"}


def test_a_blank_beside_a_slot_seldom_tells_where_the_value_stands() -> None:
    made = papers(7, ["今早 {P} 打来电话"])
    assert sum(" " in made.paper().text for _ in range(300)) < 120


def test_lines_kept_out_are_never_taught() -> None:
    assert held_out() and not set(held_out()) & set(taught())


def test_training_reads_nothing_of_the_evaluation_data() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            assert not any(module.startswith("evals.datasets") for module in modules), path


def test_every_surname_has_a_number_of_its_own_and_the_rest_has_one_together() -> None:
    known = surnames()
    numbers = [vocabulary()[char] for char in sorted(known.single)]
    assert len(set(numbers)) == len(numbers)
    assert list(encode("1９㐂\U00020000")) == [DIGIT, OTHER, UNKNOWN_HAN, OTHER]
