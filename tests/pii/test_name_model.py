"""The name model by itself: the same answer in any batch, nobody's name kept, any input survived."""

import random
from collections.abc import Sequence
from functools import partial
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.kinds import Kind
from pii.lac import best_path
from pii.name_model import NameModel
from pii.recognizers import names
from pii.sentence_reader import Tagged
from pii.sentences import sentences

SENTENCES = [
    "请李明华于周五前到店。",
    "王芳",
    "出租方赵若澜将位于城东的房屋出租给承租方欧阳青使用，租期两年，押金三个月。",
    "工人不戴安全绳上高空，出了事谁负责",
    "联系阿迪力·买买提确认收货。",
]


def people(sentence: str, tagged: tuple[Tagged, ...]) -> list[str]:
    return [sentence[one.start : one.end] for one in tagged if one.tag == "PER"]


@pytest.fixture(scope="module")
def model() -> NameModel:
    return NameModel()


def test_people_are_read_in_sentences(model: NameModel) -> None:
    read = [people(s, tagged) for s, tagged in zip(SENTENCES, model.names(SENTENCES), strict=True)]
    assert read[:3] == [["李明华"], ["王芳"], ["赵若澜", "欧阳青"]]
    assert read[4] == ["阿迪力·买买提"]


def test_what_our_model_is_too_eager_about_the_second_opinion_rejects(model: NameModel) -> None:
    # Should a new model not need it, choose a sentence that it does need it for.
    assert people(SENTENCES[3], model.names([SENTENCES[3]])[0]) == ["戴安全"]
    assert [f for f in names().find(SENTENCES[3]) if f.kind is Kind.PERSON_NAME] == []


def test_a_sentence_reads_the_same_in_whatever_batch_it_stands() -> None:
    alone = [
        [(one.tag, one.start, one.end) for one in NameModel().names([sentence])[0]]
        for sentence in SENTENCES
    ]
    crowd = ["、".join(random.Random(n).choices(SENTENCES, k=3)) for n in range(9)]
    together = NameModel().names([*crowd, *SENTENCES])[len(crowd) :]
    assert [[(one.tag, one.start, one.end) for one in tagged] for tagged in together] == alone


def test_what_is_remembered_holds_no_text(model: NameModel) -> None:
    model.names(SENTENCES)
    kept = b"".join(model._answers)
    assert not any(sentence.encode()[:6] in kept for sentence in SENTENCES)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_survived_and_spans_lie_inside(texts: list[str]) -> None:
    for text, tagged in zip(texts, MODEL.names(texts), strict=True):
        assert all(0 <= one.start < one.end <= len(text) for one in tagged)


@given(st.text(alphabet="请李明华，。 \nAb·、0", max_size=400))
def test_sentences_lie_apart_and_miss_nothing_worth_reading(text: str) -> None:
    spans = sentences(text)
    assert all(a < b <= c < d for (a, b), (c, d) in pairwise(spans))
    covered = {at for start, end in spans for at in range(start, end)}
    assert all(at in covered for at in range(len(text)) if text[at : at + 2] == "李明")


MODEL = NameModel()


def worth(
    options: Sequence[dict[int, float]], steps: Sequence[Sequence[float]], path: Sequence[int]
) -> float:
    moves = sum(steps[a][b] for a, b in pairwise(path))
    return moves + sum(options[at][tag] for at, tag in enumerate(path))


def test_a_path_of_tags_is_the_best_of_all_with_and_without_the_hopeless() -> None:
    chance = random.Random(2026)
    for _ in range(60):
        steps = [[chance.uniform(-0.2, 0.2) for _ in range(3)] for _ in range(3)]
        options = [{tag: chance.uniform(-1, 1) for tag in range(3)} for _ in range(5)]

        slack = 2 * (max(map(max, steps)) - min(map(min, steps)))
        hopeful = [
            {tag: score for tag, score in one.items() if score >= max(one.values()) - slack}
            for one in options
        ]
        paths = product(range(3), repeat=5)
        best = list(max(paths, key=partial(worth, options, steps)))
        assert best_path(options, steps) == best
        assert best_path(hopeful, steps) == best
