"""What the ranker sees of a question and a text: terms met, runs said alike, kinds agreed."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.embeddings import StaticEmbedder, built_in, built_in_senses
from knowledge.kinds import KINDS, kinds_asked, kinds_given
from knowledge.meeting import Meeting, asked, meeting
from knowledge.shape import Text, shape
from knowledge.tokens import asking_terms
from knowledge.topics import NONE, Subjects, Topics, law_of

TEXTS = (
    Text("个人信息处理者应当主动删除个人信息。", "个人信息保护法", "a"),
    Text("会计档案的保管期限为三十年。", "会计法", "b"),
    Text("", "会计法", "b"),
)


def met(question: str, model: StaticEmbedder) -> Meeting:
    of = asked(question, asking_terms(question), (), model)
    assert of is not None
    parts = shape(TEXTS, model, NONE, built_in_senses())[0]
    return meeting(parts.terms, parts.term_starts, model, of, np.arange(len(TEXTS)))


def test_what_a_text_says_in_the_same_words_is_met_wholly() -> None:
    found = met("会计档案的保管期限", built_in())
    assert found.exact[1] == pytest.approx(1, abs=1e-5)
    assert found.by_idf[1] == pytest.approx(1, abs=1e-2)
    assert found.missed[1] == pytest.approx(0, abs=1e-2)
    assert found.exact[0] < 0.5


def test_a_run_counts_neighbouring_pairs_as_they_were_said() -> None:
    # 会计, 计档, 档案 and then 保管, 管期, 期限: the word between is grammar and ends the run.
    assert met("会计档案", built_in()).run[1] == 3
    assert met("档案会计", built_in()).run[1] == 1


def test_a_text_without_any_word_meets_nothing_exactly() -> None:
    assert met("保管期限", built_in()).exact[2] == 0


@pytest.mark.parametrize(
    ("question", "text", "kind"),
    [
        ("资料要保存多久", "自交易结束之日起至少保存十年", "period"),
        ("偷偷烧了账本会坐牢吗", "处五年以下有期徒刑", "penalty"),
        ("什么是敏感个人信息", "敏感个人信息是指一旦泄露容易导致损害的信息", "definition"),
        ("向谁投诉", "向履行职责的部门投诉", "who"),
    ],
)
def test_a_question_and_the_provision_that_answers_it_agree_in_kind(
    question: str, text: str, kind: str
) -> None:
    place = KINDS.index(kind)
    assert kinds_asked(question)[place] == 1
    assert kinds_given([text])[0, place] == 1


def test_a_plain_word_asks_for_no_kind() -> None:
    assert not kinds_asked("客户名单").any()
    assert not kinds_given(["国家保护个人信息。"]).any()


def test_closeness_is_the_cosine_with_the_direction_of_a_term() -> None:
    model = built_in()
    columns = np.arange(0, len(model.idf), 997)
    wanted = model.of(columns)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    found = model.closeness(wanted[:3], columns)
    assert found == pytest.approx(wanted[:3] @ wanted.T, abs=1e-5)


def test_one_text_is_counted_as_among_many() -> None:
    model = built_in()
    text = [*asking_terms("会计档案，会计法"), "没有这个词"]
    columns, counts = model.counted(text)
    row = model.counts([text])
    assert columns.tolist() == row.indices.tolist()
    assert counts == pytest.approx(row.data)
    assert not len(model.counted(["没有这个词"])[0])


def test_subjects_are_read_as_they_were_written_and_name_the_likeliest_first(
    tmp_path: Path,
) -> None:
    laws = Topics(("民法典", "刑法"), np.eye(3, dtype=np.float32) * 9, np.zeros(3, np.float32))
    Subjects(laws, laws).save(tmp_path / "subjects.npz")
    found = Subjects.load(tmp_path / "subjects.npz").laws
    assert found.numbered(["刑法", "海商法"]).tolist() == [1, 2]
    likely = found.likely(np.array([0, 1, 0], dtype=np.float32))
    assert likely.argmax() == 1
    # Laws never trained on share what is left over, so each is less likely than a known one.
    assert likely[2] < likely[0]


def test_the_law_is_the_first_word_of_a_context() -> None:
    assert law_of("民法典 合同 保证合同") == "民法典"
